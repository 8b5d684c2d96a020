import { facilityAt, personAt, type DirectoryView } from "@lientuyen/record";
import { findAttendee, type Session as State } from "@lientuyen/session";
import { instant, type Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { Failure } from "../http/failure.ts";
import type { Handlers } from "../http/register.ts";
import { hashToken, makeToken } from "../identity/tokens.ts";
import { playAct } from "./play.ts";
import { settleSoon } from "./room.ts";
import { findLiveSession, type StoredSession } from "./store.ts";
import { nameOf } from "./told.ts";
import { tokenFor } from "./token.ts";

type Names = "inviteGuest" | "openGuestLink" | "guestAct" | "guestToken";

/** Their own name is in how the session calls them: no list besides says who a guest was. */
const guestCalled = (core: Core, name: string): string =>
  `guest/${Buffer.from(core.random(6)).toString("base64url")}/${name}`;

export const guestHandlers = (core: Core): Pick<Handlers, Names> => ({
  inviteGuest: async ({ session, params, input }) => {
    const link = makeToken(core.random);
    const who = guestCalled(core, input.name);
    const untilMs = core.now() + input.minutes * 60_000;
    const stored = await core.database.asFacility(session.facility, async (tx) => {
      const act = { act: "invite", who, role: "guest", untilMs } as const;
      const invited = await playAct(core, tx, params.session, nameOf(session), act);
      await tx
        .insertInto("live_guest")
        .values({
          link_hash: hashToken(link),
          session: params.session,
          who,
          until_ms: untilMs,
        })
        .execute();
      return invited;
    });
    await settleSoon(core, stored);
    return { link, until: instant(untilMs) };
  },
  openGuestLink: async ({ input }) => {
    const pass = makeToken(core.random);
    const stored = await core.database.asSystem(async (tx) => {
      const opened = await tx
        .updateTable("live_guest")
        .set({ pass_hash: hashToken(pass) })
        .where("link_hash", "=", hashToken(input.link))
        .where("pass_hash", "is", null)
        .where("until_ms", ">", core.now())
        .returning(["session", "who"])
        .executeTakeFirst();
      if (opened === undefined) throw new Failure("guest_link_over");
      const { session, who } = opened;
      return playAct(core, tx, session, who, { act: "arrive", who });
    });
    await settleSoon(core, stored);
    return { pass };
  },
  guestAct: async ({ input: { pass, act } }) => {
    const { stored, who, view } = await core.database.asSystem(async (tx) => {
      const guest = await demandGuest(tx, pass);
      const { view: directory } = await core.directory.current(tx);
      const after =
        act === undefined
          ? guest.stored
          : await playAct(core, tx, guest.stored.session, guest.who, { act, who: guest.who });
      return { stored: after, who: guest.who, view: directory };
    });
    if (act !== undefined) await settleSoon(core, stored);
    return asSeenBy(stored.state, who, view, instant(core.now()));
  },
  guestToken: async ({ input }) => {
    const { stored, who } = await core.database.asSystem((tx) => demandGuest(tx, input.pass));
    return tokenFor(core, stored, who);
  },
});

/** @throws Failure guest_link_over */
const demandGuest = async (
  tx: Tx,
  pass: string,
): Promise<{ readonly stored: StoredSession; readonly who: string }> => {
  const row = await tx
    .selectFrom("live_guest")
    .select(["session", "who"])
    .where("pass_hash", "=", hashToken(pass))
    .executeTakeFirst();
  const stored = row === undefined ? undefined : await findLiveSession(tx, row.session);
  if (row === undefined || stored === undefined) throw new Failure("guest_link_over");
  return { stored, who: row.who };
};

const spokenName = (view: DirectoryView, who: string, at: string): string => {
  const [facility = "", person = "", ...name] = who.split("/");
  if (facility === "guest") return name.join("/");
  const found = personAt(view, facility, person);
  const called = [found?.title, found?.name].filter((part) => part !== undefined).join(" ");
  return [called, facilityAt(view, facility, at)?.name].filter((part) => part !== "").join(", ");
};

/** Nothing of any case, and of the others their names alone, once inside. */
const asSeenBy = (state: State, who: string, view: DirectoryView, at: string) => {
  const me = findAttendee(state, who);
  if (me === undefined) throw new Failure("guest_link_over");
  const inside = me.place === "inside" && state.phase !== "ended";
  return {
    who,
    name: spokenName(view, who, at),
    phase: state.phase,
    place: me.place,
    muted: me.muted,
    handRaised: state.hands.includes(who),
    spotlight: inside ? state.spotlight : null,
    floor: inside ? state.floor : null,
    recording: state.recording !== null,
    people: inside
      ? state.people
          .filter(({ place }) => place === "inside")
          .map((each) => ({ who: each.who, name: spokenName(view, each.who, at) }))
      : [],
  };
};
