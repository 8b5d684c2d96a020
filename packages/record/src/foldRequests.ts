import type { CaseBody, CaseFact, Urgency } from "./caseKinds.ts";
import { factsOf, latest, rowsOf, sourceOf, standing, type FactOf, type Row } from "./foldRows.ts";
import { textHeads } from "./foldTexts.ts";
import type { Knew } from "./order.ts";
import type { Conflict, Fact, RecommendationView, RequestState, RequestView } from "./view.ts";

/** What the folding of requests needs to know of the whole case. */
export interface Whole {
  readonly rows: readonly Row[];
  readonly knew: Knew;
  readonly overruled: ReadonlySet<string>;
}

type Exclusive = FactOf<"allocated"> | FactOf<"accepted"> | FactOf<"sentOn"> | FactOf<"declined">;
type ExclusiveRow = Row<Exclusive>;
type Step = RequestView["steps"][number];

/** Where the exclusive acts, each expecting the one before it, have brought a request. */
interface Course {
  readonly acts: readonly ExclusiveRow[];
  readonly conflicts: readonly Conflict[];
}

const urgencies: readonly Urgency[] = ["emergency", "urgent", "routine"];

export function foldRequests(whole: Whole): {
  readonly requests: readonly RequestView[];
  readonly conflicts: readonly Conflict[];
} {
  const opinions = textHeads(whole.rows, "opinionGiven", whole.overruled);
  const recommendations = recommendationsOf(whole);
  const folded = rowsOf(whole.rows, "requestSent").map((row) =>
    foldRequest(whole, row, opinions, recommendations.views),
  );
  return {
    requests: folded.map((one) => one.request),
    conflicts: [...folded.flatMap((one) => one.conflicts), ...recommendations.conflicts],
  };
}

function foldRequest(
  whole: Whole,
  row: Row<FactOf<"requestSent">>,
  allOpinions: readonly Fact<CaseBody<"opinionGiven">>[],
  allRecommendations: readonly RecommendationView[],
): { readonly request: RequestView; readonly conflicts: readonly Conflict[] } {
  const { hash } = row;
  const about = <F extends { readonly body: { readonly request?: string | undefined } }>(
    facts: readonly F[],
  ): readonly F[] => facts.filter((fact) => fact.body.request === hash);
  const sent = { ...sourceOf(row), body: row.fact.body };
  const course = courseOf(whole, hash);
  const place = placeOf(course.acts, sent);
  const withdrawals = about(factsOf(whole.rows, "requestWithdrawn"));
  const specialistsAsked = about(factsOf(whole.rows, "specialistAsked"));
  const recommendations = allRecommendations.filter((one) => one.request === hash);
  const opinions = about(allOpinions);
  const questions = questionsOf(whole, row, opinions);
  const answering = new Set([place.to, ...specialistsAsked.map((fact) => fact.body.facility)]);
  const state = stateOf({
    place,
    withdrawn: withdrawals.length > 0,
    answers: answersBy(answering, questions, recommendations),
  });
  const seenBy = seenRows(whole, row, [place.to, ...place.formerTo, ...answering]);
  const request: RequestView = {
    sent,
    hash,
    state,
    ...place.shown,
    ...urgencyOf(whole, row),
    contract:
      about(factsOf(whole.rows, "contractNamed")).at(-1)?.body.contract ?? row.fact.body.contract,
    head: withdrawals.at(-1)?.hash ?? place.head,
    questions,
    recommendations,
    informationAsked: about(factsOf(whole.rows, "informationAsked")),
    seenBy: seenBy.map(sourceOf),
    specialistsAsked,
    steps: stepsOf(whole, row, { course, seenBy, questions }),
  };
  return { request, conflicts: course.conflicts };
}

/** Of the acts that expect the same head, the first wins: by receipt, then by fold order. */
function courseOf(whole: Whole, request: string): Course {
  const acts = exclusiveActs(whole.rows, request);
  const done: ExclusiveRow[] = [];
  const conflicts: Conflict[] = [];
  for (let head: string | undefined = request; head !== undefined;) {
    const expected: string = head;
    const rivals = acts
      .filter((act) => act.fact.body.expects === expected && !done.includes(act))
      .sort(firstReceived);
    const winner = rivals[0];
    const over: boolean = done.at(-1)?.fact.kind === "declined";
    if (winner === undefined || over) break;
    done.push(winner);
    const open = rivals.filter((act) => act === winner || !whole.overruled.has(act.hash));
    if (open.length > 1)
      conflicts.push({ about: "exclusive", entries: open.map((act) => act.hash) });
    head = winner.hash;
  }
  return { acts: done, conflicts };
}

function exclusiveActs(rows: readonly Row[], request: string): readonly ExclusiveRow[] {
  return [
    ...rowsOf(rows, "allocated"),
    ...rowsOf(rows, "accepted"),
    ...rowsOf(rows, "sentOn"),
    ...rowsOf(rows, "declined"),
  ].filter((row) => row.fact.body.request === request);
}

function firstReceived(a: ExclusiveRow, b: ExclusiveRow): number {
  const seq = (row: ExclusiveRow): number => row.input.receipt?.seq ?? Number.MAX_SAFE_INTEGER;
  return seq(a) - seq(b) || a.place - b.place;
}

interface Place {
  readonly state: "sent" | "allocated" | "accepted" | "sentOn" | "declined";
  readonly to: string;
  readonly formerTo: readonly string[];
  readonly head: string;
  readonly shown: Pick<RequestView, "to" | "specialty" | "formerTo" | "allocatedTo" | "acceptedBy">;
}

function placeOf(acts: readonly ExclusiveRow[], sent: Fact<CaseBody<"requestSent">>): Place {
  let state: Place["state"] = "sent";
  let shown: Place["shown"] = {
    to: sent.body.to,
    specialty: sent.body.specialty,
    formerTo: [],
    allocatedTo: undefined,
    acceptedBy: undefined,
  };
  for (const act of acts) {
    state = act.fact.kind;
    shown = afterAct(shown, act);
  }
  return {
    state,
    to: shown.to,
    formerTo: shown.formerTo,
    head: acts.at(-1)?.hash ?? sent.hash,
    shown,
  };
}

function afterAct(shown: Place["shown"], act: ExclusiveRow): Place["shown"] {
  switch (act.fact.kind) {
    case "allocated":
      return { ...shown, allocatedTo: act.fact.body.to, acceptedBy: undefined };
    case "accepted":
      return { ...shown, acceptedBy: act.input.author };
    case "sentOn": {
      const { to, specialty } = act.fact.body;
      const left = to === shown.to ? [] : [shown.to];
      const formerTo = [...shown.formerTo, ...left].filter((facility) => facility !== to);
      return { to, specialty, formerTo, allocatedTo: undefined, acceptedBy: undefined };
    }
    case "declined":
      return shown;
  }
}

/** Opinions and recommendations of whoever has it now count towards its state; earlier ones are shown all the same. */
function answersBy(
  facilities: ReadonlySet<string>,
  questions: RequestView["questions"],
  recommendations: readonly RecommendationView[],
): "none" | "some" | "all" {
  const counts = (fact: Fact<unknown>): boolean =>
    fact.author !== undefined && facilities.has(fact.author.facility);
  const answered = questions.filter((one) => one.opinions.some(counts)).length;
  const recommended = recommendations.some((one) => counts(one.fact));
  if (answered === questions.length && (answered > 0 || recommended)) return "all";
  return answered > 0 || recommended ? "some" : "none";
}

/** The whole table of a request's state; SPEC.md I13 reads it aloud. */
function stateOf(of: {
  readonly place: Place;
  readonly withdrawn: boolean;
  readonly answers: "none" | "some" | "all";
}): RequestState {
  if (of.withdrawn) return "withdrawn";
  if (of.place.state === "declined") return "declined";
  switch (of.answers) {
    case "all":
      return "answered";
    case "some":
      return "answering";
    case "none":
      return of.place.state;
  }
}

/** Changes that crossed: the most urgent one counts, for nobody may wait because two people wrote at once. */
function urgencyOf(
  whole: Whole,
  row: Row<FactOf<"requestSent">>,
): { readonly urgency: Urgency; readonly worse: boolean } {
  const changes = rowsOf(whole.rows, "urgencyChanged").filter(
    (change) => change.fact.body.request === row.hash,
  );
  const heads = latest(changes, whole.knew, whole.overruled).map((head) => head.fact.body);
  const urgency =
    urgencies.find((one) => heads.some((head) => head.urgency === one)) ?? row.fact.body.urgency;
  return { urgency, worse: heads.some((head) => head.worse === true) };
}

/** Those it was sent with; those that an opinion answers; and those asked later that no other request carries. */
function questionsOf(
  whole: Whole,
  row: Row<FactOf<"requestSent">>,
  opinions: readonly Fact<CaseBody<"opinionGiven">>[],
): RequestView["questions"] {
  const listed = new Set(row.fact.body.questions);
  const answered = new Set(opinions.map((opinion) => opinion.body.question));
  const carried = new Set(
    rowsOf(whole.rows, "requestSent").flatMap((request) => request.fact.body.questions),
  );
  return factsOf(whole.rows, "questionAsked")
    .filter(
      ({ hash }) =>
        listed.has(hash) ||
        answered.has(hash) ||
        (!carried.has(hash) && whole.knew(hash, row.hash)),
    )
    .map((question) => ({
      question,
      opinions: opinions.filter((opinion) => opinion.body.question === question.hash),
    }));
}

function recommendationsOf(whole: Whole): {
  readonly views: readonly RecommendationView[];
  readonly conflicts: readonly Conflict[];
} {
  const views = textHeads(whole.rows, "recommendationMade", whole.overruled).map(
    (fact): RecommendationView => ({
      hash: fact.hash,
      fact,
      request: fact.body.request,
      decisions: decisionsOn(whole, fact.hash),
    }),
  );
  const crossed = views.filter((view) => differ(view.decisions));
  return {
    views,
    conflicts: crossed.map((view) => ({
      about: "decision",
      entries: view.decisions.map((decision) => decision.hash),
    })),
  };
}

function decisionsOn(
  whole: Whole,
  recommendation: string,
): readonly Fact<CaseBody<"decisionMade">>[] {
  const all = factsOf(whole.rows, "decisionMade").filter(
    (fact) => fact.body.recommendation === recommendation,
  );
  const byHash = new Map(all.map((fact) => [fact.hash, fact]));
  const replaced = new Set(
    all.flatMap((fact) =>
      fact.body.replaces.filter(
        (hash) =>
          hash !== fact.hash && byHash.get(hash)?.author?.facility === fact.author?.facility,
      ),
    ),
  );
  const heads = all.filter((fact) => !replaced.has(fact.hash));
  return standing(heads, (head) => head.hash, whole.overruled);
}

/** Two who decided the same thing at once did not disagree. */
function differ(decisions: readonly Fact<CaseBody<"decisionMade">>[]): boolean {
  const said = new Set(decisions.map(({ body }) => `${body.decision} ${body.text ?? ""}`));
  return said.size > 1;
}

function seenRows(
  whole: Whole,
  row: Row<FactOf<"requestSent">>,
  facilities: readonly string[],
): readonly Row<FactOf<"seen">>[] {
  return rowsOf(whole.rows, "seen").filter((seen) => {
    if (seen.fact.body.request !== undefined) return seen.fact.body.request === row.hash;
    const facility = seen.input.author?.facility;
    return (
      facility !== undefined && facilities.includes(facility) && whole.knew(seen.hash, row.hash)
    );
  });
}

function stepsOf(
  whole: Whole,
  row: Row<FactOf<"requestSent">>,
  of: {
    readonly course: Course;
    readonly seenBy: readonly Row<FactOf<"seen">>[];
    readonly questions: RequestView["questions"];
  },
): readonly Step[] {
  const done = new Set([...of.course.acts, ...of.seenBy].map((act) => act.hash));
  const answers = firstAndLastAnswer(whole, row.hash, of.questions);
  return whole.rows.flatMap((one): Step[] => {
    const source = sourceOf(one);
    if (one.hash === row.hash) return [{ state: "sent", source, reason: undefined }];
    const answer = answers.get(one.hash);
    if (answer !== undefined) return [{ state: answer, source, reason: undefined }];
    return one.fact === undefined ? [] : stepOf(one.fact, row.hash, source, done);
  });
}

function stepOf(
  fact: CaseFact,
  request: string,
  source: Step["source"],
  done: ReadonlySet<string>,
): Step[] {
  switch (fact.kind) {
    case "allocated":
    case "accepted":
      return done.has(source.hash) ? [{ state: fact.kind, source, reason: undefined }] : [];
    case "sentOn":
    case "declined":
      return done.has(source.hash) ? [{ state: fact.kind, source, reason: fact.body.reason }] : [];
    case "seen":
      return done.has(source.hash) ? [{ state: "seen", source, reason: undefined }] : [];
    case "requestWithdrawn":
      return fact.body.request === request
        ? [{ state: "withdrawn", source, reason: fact.body.reason }]
        : [];
    case "urgencyChanged":
      return fact.body.request === request
        ? [{ state: "urgencyChanged", source, reason: fact.body.reason }]
        : [];
    default:
      return [];
  }
}

/** The first answer makes it `answering`; the one that leaves no question open makes it `answered`. */
function firstAndLastAnswer(
  whole: Whole,
  request: string,
  questions: RequestView["questions"],
): ReadonlyMap<string, "answering" | "answered"> {
  const open = new Set(questions.map((one) => one.question.hash));
  const steps = new Map<string, "answering" | "answered">();
  for (const { hash, fact } of whole.rows) {
    const isAnswer = fact?.kind === "opinionGiven" || fact?.kind === "recommendationMade";
    if (!isAnswer || fact.body.request !== request) continue;
    const closes = fact.kind === "opinionGiven" && open.delete(fact.body.question);
    if (closes && open.size === 0) steps.set(hash, "answered");
    else if (steps.size === 0) steps.set(hash, "answering");
  }
  return steps;
}
