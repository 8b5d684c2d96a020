import * as v from "valibot";

/** What a camera looks at. */
export const cameraNames = [
  "room",
  "examination",
  "ultrasound",
  "endoscope",
  "theatre",
  "other",
] as const;
export type CameraName = (typeof cameraNames)[number];

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const Offer = v.object({
  cameras: v.pipe(v.array(v.object({ id: Id, name: v.picklist(cameraNames) })), v.maxLength(20)),
  /** The one whose picture is sent; null: none. */
  now: v.nullable(Id),
});
/** The cameras of one endpoint, as the others know them. */
export type Offer = {
  readonly cameras: readonly { readonly id: string; readonly name: CameraName }[];
  readonly now: string | null;
};

const Message = v.variant("say", [
  v.object({ say: v.literal("have"), offer: Offer }),
  v.object({ say: v.literal("use"), id: Id }),
]);
type Message = v.InferOutput<typeof Message>;

export interface CameraDesk {
  /** Everybody's by their names in the session; one's own too. The same map until something changes. */
  readonly now: () => ReadonlyMap<string, Offer>;
  readonly subscribe: (listener: () => void) => () => void;
  /** What this endpoint has now; told to all where it has changed. */
  readonly offer: (offer: Offer) => void;
  /** The camera of this id is wanted from that endpoint. */
  readonly want: (who: string, id: string) => void;
  /** How one's own is switched, and by whom it may be. */
  readonly serve: (switching: Switching) => void;
  readonly heard: (from: string, bytes: Uint8Array) => void;
  readonly came: (who: string) => void;
  readonly left: () => void;
}

export interface Switching {
  readonly maySwitch: (who: string) => boolean;
  readonly choose: (id: string) => void;
}

const read = (bytes: Uint8Array): Message | undefined => {
  try {
    const told = v.safeParse(Message, JSON.parse(new TextDecoder().decode(bytes)));
    return told.success ? told.output : undefined;
  } catch {
    return undefined;
  }
};

/** Which cameras there are in a call, and asking another side for another of theirs. */
export const createCameraDesk = (parts: {
  readonly me: () => string;
  readonly present: () => readonly string[];
  readonly send: (bytes: Uint8Array<ArrayBuffer>, to?: string) => void;
}): CameraDesk => {
  let offers: ReadonlyMap<string, Offer> = new Map();
  let switching: Switching = { maySwitch: () => false, choose: () => undefined };
  const listeners = new Set<() => void>();
  const change = (next: ReadonlyMap<string, Offer>): void => {
    offers = next;
    for (const listener of listeners) listener();
  };
  const send = (message: Message, to?: string): void =>
    parts.send(new TextEncoder().encode(JSON.stringify(message)), to);
  const tell = (to?: string): void => {
    const own = offers.get(parts.me());
    if (own !== undefined) send({ say: "have", offer: mutable(own) }, to);
  };
  return {
    now: () => offers,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    offer: (offer) => {
      if (JSON.stringify(offers.get(parts.me())) === JSON.stringify(offer)) return;
      change(new Map([...offers, [parts.me(), offer]]));
      tell();
    },
    want: (who, id) => (who === parts.me() ? switching.choose(id) : send({ say: "use", id }, who)),
    serve: (next) => {
      switching = next;
    },
    heard: (from, bytes) => {
      const message = read(bytes);
      if (message === undefined) return;
      if (message.say === "have") return change(new Map([...offers, [from, message.offer]]));
      const known = offers.get(parts.me())?.cameras.some(({ id }) => id === message.id) === true;
      if (known && switching.maySwitch(from)) switching.choose(message.id);
    },
    came: (who) => tell(who === parts.me() ? undefined : who),
    left: () => {
      const present = new Set(parts.present());
      if ([...offers.keys()].every((who) => present.has(who) || who === parts.me())) return;
      change(new Map([...offers].filter(([who]) => present.has(who) || who === parts.me())));
    },
  };
};

const mutable = ({ cameras, now }: Offer) => ({
  cameras: cameras.map((each) => ({ ...each })),
  now,
});

/**
 * Another's camera is switched by who leads the session or was asked about this patient: the picture is theirs to
 * need. `asked`: persons whom a request of the case was given to or who took it, and facilities where nobody has yet.
 */
export const maySwitchCameras = (
  who: string,
  people: readonly { readonly who: string; readonly role: string; readonly place: string }[],
  asked: ReadonlySet<string>,
): boolean => {
  const attendee = people.find((each) => each.who === who);
  if (attendee === undefined || attendee.place !== "inside") return false;
  if (attendee.role === "chair" || attendee.role === "secretary") return true;
  return who.split("/").some((part) => asked.has(part));
};
