import {
  doAct,
  findAttendee,
  plan,
  server,
  type Act,
  type Session as State,
} from "@lientuyen/session";
import { personAt, uuidv7 } from "@lientuyen/record";
import { demandAccess } from "../cases/routes.ts";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { Failure } from "../http/failure.ts";
import type { Handlers } from "../http/register.ts";
import type { Session } from "../identity/sessions.ts";
import { isRecordable } from "../recordings/consent.ts";
import { openHearingDesk, type HearingDesk } from "./hearing.ts";
import { playAct } from "./play.ts";
import { planOverCase } from "./plan.ts";
import { settleSoon } from "./room.ts";
import {
  addLiveSession,
  findLiveSession,
  listOpenSessions,
  saveLiveSession,
  type StoredSession,
} from "./store.ts";
import { nameOf, plainly } from "./told.ts";
import { tokenFor } from "./token.ts";

type Names =
  | "openSession"
  | "enterSession"
  | "sessions"
  | "session"
  | "actInSession"
  | "sessionToken"
  | "reportHearing";

export const sessionHandlers = (
  core: Core,
  desk: HearingDesk = openHearingDesk(),
): Pick<Handlers, Names> => ({
  openSession: async ({ session, input }) =>
    core.database.asFacility(session.facility, async (tx) => {
      await demandAccess(tx, input.log, session.facility);
      return input.plan === undefined
        ? openOverCase(core, tx, session, input.log)
        : planOverCase(core, tx, session, { log: input.log, plan: input.plan });
    }),
  enterSession: async ({ session, input }) => {
    const stored = await core.database.asFacility(session.facility, async (tx) => {
      await demandAccess(tx, input.log, session.facility);
      return enterOverCase(core, tx, session, input);
    });
    await settleSoon(core, stored);
    const media = await tokenFor(core, stored, nameOf(session)).catch(withoutMedia);
    return { ...plainly(stored), ...(media === undefined ? {} : { media }) };
  },
  sessions: async ({ session }) => ({
    sessions: [...(await core.database.asFacility(session.facility, listOpenSessions))].map(
      plainly,
    ),
  }),
  session: async ({ session, params }) =>
    plainly(await demandSession(core, session, params.session)),
  actInSession: async ({ session, params, input }) => {
    const stored = await core.database.asFacility(session.facility, async (tx) => {
      await demandSound(core, tx, session, params.session, input.act);
      await inviteByPart(core, tx, session, params.session, input.act);
      return playAct(core, tx, params.session, nameOf(session), input.act);
    });
    await settleSoon(core, stored);
    return plainly(stored);
  },
  sessionToken: async ({ session, params }) => {
    const { state } = await demandSession(core, session, params.session);
    return tokenFor(core, { session: params.session, state }, nameOf(session));
  },
  reportHearing: async ({ session, params, input }) => {
    const { spoke, heard, weight } = input;
    const { state } = await demandSession(core, session, params.session);
    const report = { who: nameOf(session), atMs: core.now(), spoke, heard };
    const { repairs, deaf } = desk.report(params.session, state, report);
    return {
      repairs: [...repairs],
      deaf: [...deaf],
      ...(weight === undefined ? {} : { weight: weightOf(core, weight) }),
    };
  },
});

const enterOverCase = async (
  core: Core,
  tx: Tx,
  session: Session,
  { log, session: known }: { readonly log: string; readonly session?: string | undefined },
) => {
  const opened =
    known === undefined
      ? await openOverCase(core, tx, session, log)
      : await findLiveSession(tx, known);
  if (opened === undefined) throw new Failure("not_found");
  const who = nameOf(session);
  if (opened.state.phase === "ended") return opened;
  const arrive: Act = { act: "arrive", who };
  await inviteByPart(core, tx, session, opened.session, arrive);
  return playAct(core, tx, opened.session, who, arrive);
};

/** At the door, and while there is no engine, entering goes as far as it goes. */
const withoutMedia = (error: unknown): undefined => {
  if (error instanceof Failure) return undefined;
  throw error;
};

/** As it is on the wire: what does not repeat is not packed. */
const weightOf = (core: Core, characters: number): string =>
  Buffer.from(core.random(Math.ceil((characters * 3) / 4)))
    .toString("base64")
    .slice(0, characters);

/** Row-level security shows a session to who takes part in its case now. */
const demandSession = async (
  core: Core,
  { facility }: Session,
  id: string,
): Promise<StoredSession> => {
  const stored = await core.database.asFacility(facility, (tx) => findLiveSession(tx, id));
  if (stored === undefined) throw new Failure("not_found");
  return stored;
};

/** From a case nobody waits: it is open at once, and who takes part in the case comes in without being admitted. */
const openingActs = (chair: string): readonly Act[] => [
  { act: "arrive", who: chair },
  { act: "setLobby", on: false },
  { act: "start" },
];

const openOverCase = async (core: Core, tx: Tx, session: Session, log: string) => {
  const chair = nameOf(session);
  const id = uuidv7(core.now(), core.random(10));
  let state: State = plan(chair, [log], core.now());
  if (!(await addLiveSession(core, tx, { session: id, log, state }))) {
    const open = (await listOpenSessions(tx)).find(
      (each) => each.log === log && each.startsAtMs === undefined,
    );
    if (open === undefined) throw new Failure("not_found");
    return plainly(open);
  }
  for (const act of openingActs(chair)) {
    const answer = doAct(state, chair, act, core.now());
    if (!answer.ok) throw new Error(`${act.act}: ${answer.why}`);
    state = answer.session;
    await saveLiveSession(core, tx, { session: id, log, state }, answer.happened);
  }
  return plainly({ session: id, log, state });
};

/** Every case on the agenda is talked of in what is recorded. */
const demandConsent = async (core: Core, tx: Tx, id: string): Promise<void> => {
  const stored = await findLiveSession(tx, id);
  if (stored === undefined) throw new Failure("not_found");
  for (const log of new Set([stored.log, ...stored.state.agenda]))
    if (!(await isRecordable(core, tx, log))) throw new Failure("recording_needs_consent");
};

/** What the machine cannot know: who is a person here, and which cases the one who acts may show. */
const demandSound = async (
  core: Core,
  tx: Tx,
  session: Session,
  id: string,
  act: Act,
): Promise<void> => {
  if (act.act === "setAgenda")
    for (const log of act.agenda) await demandAccess(tx, log, session.facility);
  if (act.act === "startRecording") await demandConsent(core, tx, id);
  if (act.act !== "invite") return;
  const [facility = "", person = ""] = act.who.split("/");
  const { view } = await core.directory.current(tx);
  // A guest has no account, and no way in yet.
  if (act.role === "guest" || personAt(view, facility, person) === undefined)
    throw new Failure("bad_request", "act.who");
};

/** Who takes part in the case by their facility needs nobody's invitation to come to its door. */
const inviteByPart = async (
  core: Core,
  tx: Tx,
  session: Session,
  id: string,
  act: Act,
): Promise<void> => {
  if (act.act !== "arrive" || act.who !== nameOf(session)) return;
  const stored = await findLiveSession(tx, id);
  if (stored === undefined || findAttendee(stored.state, act.who) !== undefined) return;
  await playAct(core, tx, id, server, {
    act: "invite",
    who: act.who,
    role: "member",
    untilMs: null,
  });
};
