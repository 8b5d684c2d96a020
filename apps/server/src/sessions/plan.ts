import type { CallInput } from "@lientuyen/api";
import { personAt, uuidv7 } from "@lientuyen/record";
import { doAct, plan as planned, server, type Session as State } from "@lientuyen/session";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { Failure } from "../http/failure.ts";
import type { Session } from "../identity/sessions.ts";
import { addLiveSession } from "./store.ts";
import { nameOf, plainly } from "./told.ts";

type Plan = NonNullable<CallInput<"openSession">["in"]["plan"]>;

const longestAheadMs = 366 * 24 * 3_600_000;
/** Typed a moment ago. */
const lateMs = 10 * 60_000;

/** @throws Failure bad_request where it is no hour to come */
const hourOf = (core: Core, startsAt: string): number => {
  const aheadMs = Date.parse(startsAt) - core.now();
  if (aheadMs < -lateMs || aheadMs > longestAheadMs)
    throw new Failure("bad_request", "plan.startsAt");
  return core.now() + aheadMs;
};

/** A session for a later hour: nobody is inside before its chair or a secretary begins it. */
export const planOverCase = async (
  core: Core,
  tx: Tx,
  session: Session,
  { log, plan }: { readonly log: string; readonly plan: Plan },
) => {
  const startsAtMs = hourOf(core, plan.startsAt);
  const me = nameOf(session);
  const chair = plan.chair ?? me;
  const people: Plan["people"] =
    chair === me ? plan.people : [{ who: me, role: "secretary" }, ...plan.people];
  const { view } = await core.directory.current(tx);
  let state: State = planned(chair, [log], core.now());
  for (const who of [chair, ...people.map((each) => each.who)]) {
    const [facility = "", person = ""] = who.split("/");
    if (personAt(view, facility, person) === undefined)
      throw new Failure("bad_request", "plan.people");
  }
  for (const { who, role } of people) {
    const answer = doAct(state, server, { act: "invite", who, role, untilMs: null }, core.now());
    if (!answer.ok) throw new Failure("bad_request", "plan.people");
    state = answer.session;
  }
  const stored = { session: uuidv7(core.now(), core.random(10)), log, state, startsAtMs };
  await addLiveSession(core, tx, stored);
  return plainly(stored);
};
