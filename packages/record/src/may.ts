import { correctable, keepsReferences } from "./foldRows.ts";
import type { CaseFact, CaseKind } from "./caseKinds.ts";
import { contractInForce, personAt, rolesHeld, type RolesHeld } from "./directory.ts";
import type { Role } from "./directoryKinds.ts";
import type { Mark } from "./entry.ts";
import { bodyOf, isCaseKind } from "./facts.ts";
import { isAsked, partsOf, wasAsked, type Part } from "./participation.ts";
import { rules, type Rule } from "./rules.ts";
import type { Author, CaseView, DirectoryView, RequestView, TimelineEntry } from "./view.ts";

/** Codes of the error catalogue (packages/api) that a rule may answer with. */
export type RefusalCode =
  | "unknown_log"
  | "strangers_case"
  | "role_forbids"
  | "bad_body"
  | "no_contract"
  | "unknown_facility"
  | "unknown_person"
  | "head_moved"
  | "wrong_state"
  | "retry_later";

export type Verdict =
  | { readonly verdict: "yes"; readonly marks: readonly Mark[] }
  | { readonly verdict: "no"; readonly why: RefusalCode };

/** What every check may look at. */
interface Scene {
  readonly actor: Author;
  readonly view: CaseView;
  readonly directory: DirectoryView;
  readonly at: string;
  readonly parts: ReadonlySet<Part>;
  readonly roles: RolesHeld;
  readonly byHash: ReadonlyMap<string, TimelineEntry>;
}

const yes = (...marks: readonly Mark[]): Verdict => ({ verdict: "yes", marks });
const no = (why: RefusalCode): Verdict => ({ verdict: "no", why });

/**
 * May this person write this, as the case and the directories stand at that moment? The server asks it
 * on arrival, screens before they offer a button. Marks of keys, clocks and gaps are the server's own.
 */
export function may(
  actor: Author,
  action: CaseFact,
  view: CaseView,
  directory: DirectoryView,
  at: string,
): Verdict {
  const scene = sceneOf(actor, view, directory, at);
  const standing = judgeStanding(scene, action.kind, ruleOf(scene, action), isUrgent(action, view));
  if (standing.verdict === "no") return standing;
  const content = judgeContent(scene, action);
  if (content.verdict === "no") return content;
  return yes(...new Set([...standing.marks, ...content.marks]));
}

function sceneOf(actor: Author, view: CaseView, directory: DirectoryView, at: string): Scene {
  return {
    actor,
    view,
    directory,
    at,
    parts: partsOf(view, actor.facility),
    roles: rolesHeld(directory, actor, at),
    byHash: new Map(view.entries.map((entry) => [entry.hash, entry])),
  };
}

function ruleOf(scene: Scene, action: CaseFact): Rule {
  if (action.kind !== "correction") return rules[action.kind];
  return ruleOfCorrection(scene.byHash.get(action.body.target));
}

/** A correction is judged by the row of what it corrects, where that is known. */
function ruleOfCorrection(target: TimelineEntry | undefined): Rule {
  if (target === undefined || !isCaseKind(target.kind)) return rules.correction;
  return { ...rules[target.kind], judged: "asWritten", whenClosed: true };
}

function isUrgent(action: CaseFact, view: CaseView): boolean {
  if (action.kind === "requestSent") return action.body.urgency === "emergency";
  if (!("request" in action.body)) return false;
  return findRequest(view, action.body.request)?.urgency === "emergency";
}

/** Side, role and the state of the case: the table alone, whatever the entry says. */
function judgeStanding(scene: Scene, kind: CaseKind, rule: Rule, emergency: boolean): Verdict {
  if (kind === "opened") return judgeOpening(scene, rule);
  if (!scene.view.known) return no("unknown_log");
  if (scene.parts.size === 0) return no("strangers_case");
  const lenient = rule.judged === "asWritten" || (emergency && rule.inEmergency !== undefined);
  const gone = !scene.parts.has("treating") && !scene.parts.has("asked");
  if (gone && !lenient) return no("strangers_case");
  const role = judgeRole(scene.roles, rolesOn(scene.parts, rule, emergency), lenient);
  if (role.verdict === "no") return role;
  const closed = scene.view.state === "closed" && rule.whenClosed !== true;
  if (closed && !lenient) return no("wrong_state");
  return yes(
    ...role.marks,
    ...(gone ? (["accessEnded"] as const) : []),
    ...(closed ? (["caseClosed"] as const) : []),
  );
}

function judgeOpening(scene: Scene, rule: Rule): Verdict {
  if (scene.view.known) return no("wrong_state");
  return judgeRole(scene.roles, rule.treating ?? [], true);
}

function rolesOn(parts: ReadonlySet<Part>, rule: Rule, emergency: boolean): readonly Role[] {
  const treating = [...(rule.treating ?? []), ...(emergency ? (rule.inEmergency ?? []) : [])];
  const answering = parts.has("asked") || parts.has("former");
  return [...(parts.has("treating") ? treating : []), ...(answering ? (rule.asked ?? []) : [])];
}

function judgeRole(held: RolesHeld, allowed: readonly Role[], lenient: boolean): Verdict {
  if (held.now.some((role) => allowed.includes(role))) return yes();
  if (lenient && held.ended.some((role) => allowed.includes(role))) return yes("roleEnded");
  return no("role_forbids");
}

/** What this very entry names: requests, people, facilities, contracts, targets. */
function judgeContent(scene: Scene, action: CaseFact): Verdict {
  switch (action.kind) {
    case "opened":
      return action.body.facility === scene.actor.facility ? yes() : no("bad_body");
    case "requestSent":
      return judgeSending(scene, action.body);
    case "requestWithdrawn":
    case "urgencyChanged":
      return findRequest(scene.view, action.body.request) === undefined ? no("retry_later") : yes();
    case "contractNamed":
      return judgeContractNamed(scene, action.body);
    case "allocated":
    case "accepted":
    case "sentOn":
    case "declined":
      return judgeExclusive(scene, action);
    case "specialistAsked":
      return judgeSpecialist(scene, action.body);
    case "informationAsked":
    case "recommendationMade":
      return judgeAnswer(scene, action.body.request, []);
    case "opinionGiven":
      return judgeAnswer(scene, action.body.request, [action.body.question]);
    case "decisionMade":
      return judgeTarget(scene, action.body.recommendation, "recommendationMade");
    case "handedOver":
      return judgeHandOver(scene, action.body.to);
    case "correction":
      return judgeCorrection(scene, action.body);
    case "conflictResolved":
      return judgeResolution(scene, action.body);
    case "withheld":
      return judgeWithholding(scene, action.body);
    case "textMerged":
      return action.body.replaces.every((hash) => scene.byHash.has(hash))
        ? yes()
        : no("retry_later");
    default:
      return yes();
  }
}

function findRequest(view: CaseView, request: string | undefined): RequestView | undefined {
  return view.requests.find((one) => one.hash === request);
}

function judgeTarget(scene: Scene, hash: string, kind: CaseKind): Verdict {
  const target = scene.byHash.get(hash);
  if (target === undefined) return no("retry_later");
  return target.kind === kind ? yes() : no("bad_body");
}

type Sending = Extract<CaseFact, { kind: "requestSent" }>["body"];

/** Law 15/2023 art. 80(2)(b): a contract in force on that day; an emergency passes without, marked. */
function judgeSending(scene: Scene, body: Sending): Verdict {
  if (!body.questions.every((hash) => scene.byHash.has(hash))) return no("retry_later");
  return judgeReach(scene, { ...body, from: [scene.actor.facility] });
}

function judgeReach(
  scene: Scene,
  body: {
    readonly from: readonly string[];
    readonly to: string;
    readonly specialty: string;
    readonly urgency: RequestView["urgency"];
  },
): Verdict {
  if (!scene.directory.facilities.has(body.to)) return no("unknown_facility");
  const bound = body.from.some(
    (from) =>
      from === body.to ||
      contractInForce(scene.directory, { from, to: body.to }, scene.at, body.specialty) !==
        undefined,
  );
  if (bound) return yes();
  return body.urgency === "emergency" ? yes("noContract") : no("no_contract");
}

/** The contract is one that both directories know, in force now or not: it mends what was. */
function judgeContractNamed(
  scene: Scene,
  body: Extract<CaseFact, { kind: "contractNamed" }>["body"],
): Verdict {
  const request = findRequest(scene.view, body.request);
  if (request === undefined) return no("retry_later");
  const ends = [request.to, ...request.formerTo];
  const names = (facility: string, others: readonly string[]): boolean =>
    scene.directory.facilities
      .get(facility)
      ?.contracts.some((row) => row.contract === body.contract && others.includes(row.with)) ===
    true;
  const sender = request.sent.author?.facility ?? scene.view.facility;
  return names(sender, ends) && ends.some((end) => names(end, [sender]))
    ? yes()
    : no("no_contract");
}

type ExclusiveFact = Extract<CaseFact, { kind: "allocated" | "accepted" | "sentOn" | "declined" }>;

function judgeExclusive(scene: Scene, action: ExclusiveFact): Verdict {
  const request = findRequest(scene.view, action.body.request);
  if (request === undefined) return no("retry_later");
  if (action.body.expects !== request.head) return no("head_moved");
  if (request.to !== scene.actor.facility) return no("strangers_case");
  if (rules[action.kind].from?.includes(request.state) !== true) return no("wrong_state");
  if (action.kind === "allocated") return judgeAllocation(scene, action.body.to);
  if (action.kind !== "sentOn") return yes();
  const from = [request.sent.author?.facility ?? scene.view.facility, scene.actor.facility];
  const { to, specialty } = action.body;
  return judgeReach(scene, { from, to, specialty, urgency: request.urgency });
}

function judgeAllocation(scene: Scene, person: string): Verdict {
  const { facility } = scene.actor;
  if (personAt(scene.directory, facility, person) === undefined) return no("unknown_person");
  const roles = rolesHeld(scene.directory, { facility, person }, scene.at).now;
  return roles.some((role) => rules.accepted.asked?.includes(role)) ? yes() : no("unknown_person");
}

function judgeSpecialist(
  scene: Scene,
  body: Extract<CaseFact, { kind: "specialistAsked" }>["body"],
): Verdict {
  const request = findRequest(scene.view, body.request);
  if (request === undefined) return no("retry_later");
  if (!isAsked(request, scene.actor.facility)) return no("strangers_case");
  if (rules.specialistAsked.from?.includes(request.state) !== true) return no("wrong_state");
  const { facility: to, specialty, person } = body;
  if (person !== undefined && personAt(scene.directory, to, person) === undefined)
    return no(scene.directory.facilities.has(to) ? "unknown_person" : "unknown_facility");
  const from = [request.sent.author?.facility ?? scene.view.facility, scene.actor.facility];
  return judgeReach(scene, { from, to, specialty, urgency: request.urgency });
}

/** An answer is taken from whoever has or had this request: care that was given is never refused. */
function judgeAnswer(scene: Scene, hash: string, targets: readonly string[]): Verdict {
  const request = findRequest(scene.view, hash);
  if (request === undefined) return no("retry_later");
  if (!targets.every((target) => scene.byHash.has(target))) return no("retry_later");
  const { facility } = scene.actor;
  if (isAsked(request, facility)) return yes();
  return wasAsked(request, facility) ? yes("accessEnded") : no("strangers_case");
}

function judgeHandOver(
  scene: Scene,
  to: Extract<CaseFact, { kind: "handedOver" }>["body"]["to"],
): Verdict {
  if (to.kind === "facility")
    return scene.directory.facilities.has(to.facility) ? yes() : no("unknown_facility");
  const known = personAt(scene.directory, scene.actor.facility, to.person);
  return known === undefined ? no("unknown_person") : yes();
}

function judgeCorrection(
  scene: Scene,
  body: Extract<CaseFact, { kind: "correction" }>["body"],
): Verdict {
  const target = scene.byHash.get(body.target);
  if (target === undefined) return no("retry_later");
  if (target.author?.facility !== scene.actor.facility) return no("role_forbids");
  if (!isCaseKind(target.kind) || !correctable.has(target.kind)) return no("wrong_state");
  if (target.withheld !== undefined) return no("wrong_state");
  const read = bodyOf(target.kind, body.body);
  if (!read.ok) return no("bad_body");
  const old = bodyOf(target.kind, target.body);
  return !old.ok || keepsReferences(old.fact.body, read.fact.body) ? yes() : no("bad_body");
}

/** Who decides resolves what was decided twice: decisions and closings are the treating side's. */
function judgeResolution(
  scene: Scene,
  body: Extract<CaseFact, { kind: "conflictResolved" }>["body"],
): Verdict {
  const named = [body.chosen, ...body.over].map((hash) => scene.byHash.get(hash));
  if (named.includes(undefined)) return no("retry_later");
  const theirs = named.some((entry) => rules[kindOf(entry)].treating === undefined);
  if (theirs) return scene.parts.has("asked") ? yes() : no("role_forbids");
  const ours = named.some((entry) => rules[kindOf(entry)].asked === undefined);
  return ours && !scene.parts.has("treating") ? no("role_forbids") : yes();
}

function kindOf(entry: TimelineEntry | undefined): CaseKind {
  return entry !== undefined && isCaseKind(entry.kind) ? entry.kind : "note";
}

/** Hiding is at once and anybody's who records there; destroying, and a person's right, the facility head's. */
function judgeWithholding(
  scene: Scene,
  body: Extract<CaseFact, { kind: "withheld" }>["body"],
): Verdict {
  const target = scene.byHash.get(body.target);
  if (target === undefined) return no("retry_later");
  if (target.author?.facility !== scene.actor.facility) return no("role_forbids");
  if (target.kind === "withheld") return no("wrong_state");
  const slip = body.ground === "wrongPatient" || body.ground === "wrongPicture";
  if (slip && body.effect === "hide") return target.kind === "opened" ? no("wrong_state") : yes();
  return scene.roles.now.includes("facilityHead") ? yes() : no("role_forbids");
}

/**
 * Whether a screen offers this: the same table, and no mark that the person would only get by not
 * knowing better.
 * @param about narrows it to one request, or to the entry that would be corrected or withheld
 */
export function canDo(
  actor: Author,
  kind: CaseKind,
  view: CaseView,
  directory: DirectoryView,
  at: string,
  about?: string,
): boolean {
  const scene = sceneOf(actor, view, directory, at);
  const requests = view.requests.filter((one) => about === undefined || one.hash === about);
  const emergency = kind === "requestSent" || requests.some((one) => one.urgency === "emergency");
  const target = about === undefined ? undefined : scene.byHash.get(about);
  const rule = kind === "correction" ? ruleOfCorrection(target) : rules[kind];
  const standing = judgeStanding(scene, kind, rule, emergency);
  if (standing.verdict === "no" || standing.marks.length > 0) return false;
  if (target !== undefined && (kind === "correction" || kind === "withheld"))
    return isMendable(scene, kind, target);
  return !aboutRequests.has(kind) || requests.some((one) => fits(scene, kind, one));
}

function isMendable(scene: Scene, kind: "correction" | "withheld", target: TimelineEntry): boolean {
  if (target.author?.facility !== scene.actor.facility || target.withheld !== undefined)
    return false;
  if (kind === "withheld") return target.kind !== "withheld" && target.kind !== "opened";
  return isCaseKind(target.kind) && correctable.has(target.kind);
}

const aboutRequests: ReadonlySet<CaseKind> = new Set<CaseKind>([
  "requestWithdrawn",
  "urgencyChanged",
  "contractNamed",
  "allocated",
  "accepted",
  "sentOn",
  "declined",
  "specialistAsked",
  "informationAsked",
  "opinionGiven",
  "recommendationMade",
]);

function fits(scene: Scene, kind: CaseKind, request: RequestView): boolean {
  const { from } = rules[kind];
  if (request.state === "withdrawn" || request.state === "declined") return false;
  if (from !== undefined && !from.includes(request.state)) return false;
  if (scene.parts.has("treating") && rules[kind].treating !== undefined) return true;
  const takes =
    kind === "allocated" || kind === "accepted" || kind === "sentOn" || kind === "declined";
  return takes ? request.to === scene.actor.facility : isAsked(request, scene.actor.facility);
}
