import * as v from "valibot";

/** What somebody is in a session. Exactly one is the chair. */
export const roles = ["chair", "secretary", "presenter", "member", "listener", "guest"] as const;
export type Role = (typeof roles)[number];

/**
 * Where somebody on the list stands. `lost`: was inside and the link died; comes back without being admitted
 * anew. `left`: went of their own will.
 */
export const places = ["expected", "lobby", "inside", "lost", "left", "removed"] as const;
export type Place = (typeof places)[number];

export const phases = ["planned", "open", "ended"] as const;
export type Phase = (typeof phases)[number];

/** A person at a facility, or a guest; opaque here. */
export const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const Moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A case's log, e.g. `case/<uuid>`; opaque here. */
export const AgendaItem = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const Attendee = v.strictObject({
  who: Name,
  role: v.picklist(roles),
  place: v.picklist(places),
  /** When the place became what it is; ms since 1970, the server's clock. */
  sinceMs: Moment,
  /** First time inside, which is the order of succession; null before. */
  insideSinceMs: v.nullable(Moment),
  muted: v.boolean(),
  /** A guest's invitation is taken up before this moment or not at all; null for everybody else. */
  invitedUntilMs: v.nullable(Moment),
});
export type Attendee = Readonly<v.InferOutput<typeof Attendee>>;

/** The most people on one list: 200 connection points with who comes and goes. */
export const mostAttendees = 400;
export const mostItems = 100;

/** A session as it is kept and sent. It outlives rooms, servers and browsers. */
export const Session = v.strictObject({
  v: v.literal(1),
  phase: v.picklist(phases),
  /** Whether those who arrive wait to be admitted. Guests always do. */
  lobby: v.boolean(),
  people: v.pipe(v.array(Attendee), v.maxLength(mostAttendees)),
  /** The chair by a person's own act; may take the chair back after having been stood in for. */
  titular: Name,
  agenda: v.pipe(v.array(AgendaItem), v.maxLength(mostItems)),
  /** Place in the agenda. */
  item: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Raised hands, first raised first. */
  hands: v.array(Name),
  /** Who was given the floor. */
  floor: v.nullable(Name),
  /** Whom everybody sees large. */
  spotlight: v.nullable(Name),
  /** Since when everything said is recorded, and who turned it on; null: nothing is. */
  recording: v.nullable(v.strictObject({ sinceMs: Moment, by: Name })),
});
export type Session = Readonly<
  Omit<v.InferOutput<typeof Session>, "people" | "agenda" | "hands" | "recording">
> & {
  readonly people: readonly Attendee[];
  readonly agenda: readonly string[];
  readonly hands: readonly string[];
  readonly recording: { readonly sinceMs: number; readonly by: string } | null;
};

/** A session that nobody has come to yet. */
export const plan = (chair: string, agenda: readonly string[], nowMs: number): Session => ({
  v: 1,
  phase: "planned",
  lobby: true,
  people: [
    {
      who: chair,
      role: "chair",
      place: "expected",
      sinceMs: nowMs,
      insideSinceMs: null,
      muted: false,
      invitedUntilMs: null,
    },
  ],
  titular: chair,
  agenda,
  item: 0,
  hands: [],
  floor: null,
  spotlight: null,
  recording: null,
});

export const findAttendee = (session: Session, who: string): Attendee | undefined =>
  session.people.find((each) => each.who === who);

/** There is always one: no act takes the chair away without giving it to another. */
export const chairOf = (session: Session): Attendee => {
  const chair = session.people.find(({ role }) => role === "chair");
  if (chair === undefined) throw new Error("a session without a chair");
  return chair;
};

/** A listener speaks only while having the floor. */
export const maySpeak = (session: Session, { who, role }: Attendee): boolean =>
  role !== "listener" || session.floor === who;

/** What the media engine may grant; undefined: nothing at all, not even the room. */
export const mediaGrants = (
  session: Session,
  who: string,
): { readonly publish: boolean } | undefined => {
  const attendee = findAttendee(session, who);
  if (session.phase === "ended" || attendee === undefined) return undefined;
  if (attendee.place !== "inside" && attendee.place !== "lost") return undefined;
  return { publish: maySpeak(session, attendee) };
};
