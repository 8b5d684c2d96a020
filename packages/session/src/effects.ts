import type { Act, By, Refusal } from "./acts.ts";
import type { Changed, Happening } from "./happenings.ts";
import { passChair } from "./succession.ts";
import {
  chairOf,
  findAttendee,
  maySpeak,
  mostAttendees,
  type Attendee,
  type Place,
  type Role,
  type Session,
} from "./session.ts";

const changed = (session: Session, ...happened: readonly Happening[]): Changed => ({
  session,
  happened,
});

const nameOf = (by: By): string => (typeof by === "string" ? by : "");

const withAttendee = (session: Session, who: string, more: Partial<Attendee>): Session => ({
  ...session,
  people: session.people.map((each) => (each.who === who ? { ...each, ...more } : each)),
});

const lowered = (session: Session, who: string): Session => ({
  ...session,
  hands: session.hands.filter((each) => each !== who),
});

/** A listener who has had the floor is heard no longer. */
const withoutFloor = (session: Session): Session => {
  const holder = findAttendee(session, session.floor ?? "");
  const next = { ...session, floor: null };
  if (holder === undefined || maySpeak(next, holder)) return next;
  return withAttendee(next, holder.who, { muted: true });
};

/** Who is not coming back by themselves gives back hand, floor and spotlight; a dead link keeps them. */
const released = (session: Session, who: string): Session => ({
  ...lowered(session.floor === who ? withoutFloor(session) : session, who),
  spotlight: session.spotlight === who ? null : session.spotlight,
});

const moved = (session: Session, who: string, place: Place, nowMs: number): Session => {
  const insideSinceMs = findAttendee(session, who)?.insideSinceMs ?? null;
  return withAttendee(session, who, {
    place,
    sinceMs: nowMs,
    insideSinceMs: place === "inside" ? (insideSinceMs ?? nowMs) : insideSinceMs,
  });
};

type Invite = Extract<Act, { readonly act: "invite" }>;
const invite = (session: Session, act: Invite, nowMs: number): Changed | Refusal => {
  if ((act.role === "guest") !== (act.untilMs !== null)) return "guestNeedsAnEnd";
  const others = session.people.filter(({ who }) => who !== act.who);
  if (others.length >= mostAttendees) return "full";
  const attendee: Attendee = {
    who: act.who,
    role: act.role,
    place: "expected",
    sinceMs: nowMs,
    insideSinceMs: null,
    muted: act.role === "listener",
    invitedUntilMs: act.untilMs,
  };
  const next = { ...session, people: [...others, attendee] };
  return changed(next, { what: "invited", who: act.who, role: act.role });
};

/** Whether somebody who arrives goes in without being admitted. */
const entersAtOnce = (session: Session, { role, place }: Attendee): boolean => {
  if (role === "chair" || role === "secretary") return true;
  if (place === "inside" || place === "lost") return true;
  if (role === "guest") return false;
  return place === "left" || (session.phase === "open" && !session.lobby);
};

const arrive = (session: Session, attendee: Attendee, nowMs: number): Changed | Refusal => {
  const { who, place, invitedUntilMs } = attendee;
  if (place === "inside") return changed(session); // another page of the same person
  if (place === "expected" && invitedUntilMs !== null && nowMs >= invitedUntilMs)
    return "invitationOver";
  const inside = entersAtOnce(session, attendee);
  if (!inside && place === "lobby") return changed(session);
  const next = moved(session, who, inside ? "inside" : "lobby", nowMs);
  const back = attendee.insideSinceMs === null ? "joined" : "returned";
  return changed(next, { what: inside ? back : "waiting", who });
};

const leave = (session: Session, { who, place }: Attendee, nowMs: number): Changed =>
  place === "lobby"
    ? changed(moved(session, who, "expected", nowMs))
    : changed(released(moved(session, who, "left", nowMs), who), { what: "left", who });

const lose = (session: Session, { who, place }: Attendee, nowMs: number): Changed =>
  place === "lobby"
    ? changed(moved(session, who, "expected", nowMs))
    : changed(moved(session, who, "lost", nowMs), { what: "lost", who });

/** Who was sent out has no claim to the chair any more. */
const remove = (session: Session, { who }: Attendee, by: By, nowMs: number): Changed => {
  const next = released(moved(session, who, "removed", nowMs), who);
  const titular = session.titular === who ? chairOf(session).who : session.titular;
  return changed({ ...next, titular }, { what: "removed", who, by: nameOf(by) });
};

const setRole = (session: Session, attendee: Attendee, role: Role): Changed | Refusal => {
  const { who, role: from } = attendee;
  if (role === "guest") return "notOfThisRole"; // a guest is who was invited as one
  if (role === from) return changed(session);
  const speaks = maySpeak(session, { ...attendee, role });
  const next = withAttendee(session, who, { role, muted: attendee.muted || !speaks });
  return changed(next, { what: "roleChanged", who, from, to: role });
};

const passed = (session: Session, to: string, why: "handedOver" | "takenBack"): Changed =>
  changed(
    { ...passChair(session, to), titular: to },
    { what: "chairPassed", from: chairOf(session).who, to, why },
  );

const raiseHand = (session: Session, who: string): Changed =>
  session.floor === who || session.hands.includes(who)
    ? changed(session)
    : changed({ ...session, hands: [...session.hands, who] });

const giveFloor = (session: Session, who: string): Changed =>
  session.floor === who
    ? changed(session)
    : changed({ ...lowered(withoutFloor(session), who), floor: who }, { what: "floorGiven", who });

const mute = (session: Session, { who, muted }: Attendee, by: By): Changed =>
  muted
    ? changed(session)
    : changed(withAttendee(session, who, { muted: true }), { what: "muted", who, by: nameOf(by) });

/** Everybody but who asks for it and who has the floor. */
const muteAll = (session: Session, by: By): Changed => {
  const spared = [nameOf(by), session.floor];
  const quiet = session.people.filter(
    ({ who, place, muted }) =>
      !muted && !spared.includes(who) && (place === "inside" || place === "lost"),
  );
  const names = new Set(quiet.map(({ who }) => who));
  const people = session.people.map((each) =>
    names.has(each.who) ? { ...each, muted: true } : each,
  );
  return changed(
    { ...session, people },
    ...quiet.map(({ who }) => ({ what: "muted", who, by: nameOf(by) }) as const),
  );
};

const unmute = (session: Session, attendee: Attendee): Changed | Refusal =>
  maySpeak(session, attendee)
    ? changed(withAttendee(session, attendee.who, { muted: false }))
    : "noFloor";

/** Without a lobby, who was waiting goes in with the start; guests are admitted one by one all the same. */
const start = (session: Session, by: By, nowMs: number): Changed => {
  const chair = chairOf(session);
  const open: Session = {
    // A chair who is not there is waited for from now on, not from when the session was planned.
    ...withAttendee(session, chair.who, chair.place === "inside" ? {} : { sinceMs: nowMs }),
    phase: "open",
  };
  const begun = changed(open, { what: "started", by: nameOf(by) });
  return session.lobby ? begun : openDoor(begun, nowMs);
};

const openDoor = ({ session, happened }: Changed, nowMs: number): Changed => {
  const waiting = session.people.filter(({ place, role }) => place === "lobby" && role !== "guest");
  return {
    session: waiting.reduce((next, { who }) => moved(next, who, "inside", nowMs), session),
    happened: [
      ...happened,
      ...waiting.map(({ who, insideSinceMs }) => ({
        what: insideSinceMs === null ? ("joined" as const) : ("returned" as const),
        who,
      })),
    ],
  };
};

const setLobby = (session: Session, on: boolean, nowMs: number): Changed => {
  const next = changed({ ...session, lobby: on });
  return on || session.phase !== "open" ? next : openDoor(next, nowMs);
};

const setAgenda = (session: Session, agenda: readonly string[]): Changed => {
  // What is being spoken about stays so, wherever it stands now.
  const kept = agenda.indexOf(session.agenda[session.item] ?? "");
  return changed({ ...session, agenda, item: Math.max(kept, 0) });
};

const takeItem = (session: Session, item: number): Changed | Refusal =>
  item < session.agenda.length
    ? changed({ ...session, item }, { what: "itemTaken", item })
    : "noSuchItem";

const startRecording = (session: Session, by: By, nowMs: number): Changed =>
  session.recording === null
    ? changed(
        { ...session, recording: { sinceMs: nowMs, by: nameOf(by) } },
        { what: "recordingStarted", by: nameOf(by) },
      )
    : changed(session);

const stopRecording = (session: Session, by: By): Changed =>
  session.recording === null
    ? changed(session)
    : changed({ ...session, recording: null }, { what: "recordingStopped", by: nameOf(by) });

/** Nothing is recorded of a session that is over. */
const end = (session: Session, by: By): Changed => {
  const stopped = stopRecording(session, by);
  return changed({ ...stopped.session, phase: "ended" }, ...stopped.happened, {
    what: "ended",
    by: nameOf(by),
  });
};

type OfAttendee = Extract<Act, { readonly who: string }>;
const applyTo = (
  session: Session,
  act: Exclude<OfAttendee, Invite>,
  attendee: Attendee,
  by: By,
  nowMs: number,
): Changed | Refusal => {
  const { who } = attendee;
  switch (act.act) {
    case "arrive":
      return arrive(session, attendee, nowMs);
    case "admit":
      return changed(moved(session, who, "inside", nowMs), {
        what: attendee.insideSinceMs === null ? "joined" : "returned",
        who,
      });
    case "leave":
      return leave(session, attendee, nowMs);
    case "lose":
      return lose(session, attendee, nowMs);
    case "remove":
      return remove(session, attendee, by, nowMs);
    case "setRole":
      return setRole(session, attendee, act.role);
    case "handOver":
      return passed(session, who, "handedOver");
    case "takeBack":
      return passed(session, who, "takenBack");
    case "raiseHand":
      return raiseHand(session, who);
    case "lowerHand":
      return changed(lowered(session, who));
    case "giveFloor":
      return giveFloor(session, who);
    case "endFloor":
      return changed(session.floor === who ? withoutFloor(session) : session);
    case "mute":
      return mute(session, attendee, by);
    case "unmute":
      return unmute(session, attendee);
    case "spotlight":
      return changed({ ...session, spotlight: who });
  }
};

/** What an act that the table allows does. */
export const apply = (session: Session, act: Act, by: By, nowMs: number): Changed | Refusal => {
  switch (act.act) {
    case "invite":
      return invite(session, act, nowMs);
    case "endSpotlight":
      return changed({ ...session, spotlight: null });
    case "muteAll":
      return muteAll(session, by);
    case "setLobby":
      return setLobby(session, act.on, nowMs);
    case "setAgenda":
      return setAgenda(session, act.agenda);
    case "takeItem":
      return takeItem(session, act.item);
    case "startRecording":
      return startRecording(session, by, nowMs);
    case "stopRecording":
      return stopRecording(session, by);
    case "start":
      return start(session, by, nowMs);
    case "end":
      return end(session, by);
    case "tick":
      return changed(session);
    default: {
      const attendee = findAttendee(session, act.who);
      return attendee === undefined ? "stranger" : applyTo(session, act, attendee, by, nowMs);
    }
  }
};
