import * as v from "valibot";

/** Taking a picture at the side that has the camera, asked for by anybody in the call. */
export const outcomes = ["kept", "cameraOff", "failed"] as const;
export type Outcome = (typeof outcomes)[number];

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const Message = v.variant("say", [
  v.object({ say: v.literal("take"), id: Id }),
  v.object({ say: v.literal("taken"), id: Id, outcome: v.picklist(outcomes) }),
]);
type Message = v.InferOutput<typeof Message>;

/** What there is to be said about it; `asked`: the other side takes it now; `byOther`: of one's own camera. */
export type Freezing =
  | { readonly at: "idle" }
  | { readonly at: "asked"; readonly of: string }
  | { readonly at: "done"; readonly of: string; readonly outcome: Outcome | "noAnswer" }
  | { readonly at: "byOther"; readonly by: string; readonly outcome: Outcome };

export interface Freezer {
  readonly now: () => Freezing;
  readonly subscribe: (listener: () => void) => () => void;
  /** Of somebody's camera; of one's own too. */
  readonly take: (of: string) => void;
  readonly heard: (from: string, bytes: Uint8Array) => void;
  /** How a picture of one's own camera is taken and kept; for whom. */
  readonly serve: (keep: (by: string) => Promise<Outcome>) => void;
}

/** Taking, and sending the word of it back over a bad line. */
const answerWithinMs = 20_000;

const read = (bytes: Uint8Array): Message | undefined => {
  try {
    const told = v.safeParse(Message, JSON.parse(new TextDecoder().decode(bytes)));
    return told.success ? told.output : undefined;
  } catch {
    return undefined;
  }
};

export const createFreezer = (parts: {
  readonly me: () => string;
  readonly send: (to: string, bytes: Uint8Array<ArrayBuffer>) => void;
  readonly newId: () => string;
  readonly later: (work: () => void, ms: number) => void;
}): Freezer => {
  let state: Freezing = { at: "idle" };
  let keep: (by: string) => Promise<Outcome> = () => Promise.resolve("failed");
  let asked: { readonly id: string; readonly of: string } | undefined;
  const listeners = new Set<() => void>();
  const change = (next: Freezing): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const send = (to: string, message: Message): void =>
    parts.send(to, new TextEncoder().encode(JSON.stringify(message)));
  const end = (id: string, outcome: Outcome | "noAnswer"): void => {
    if (asked?.id !== id) return;
    const { of } = asked;
    asked = undefined;
    change({ at: "done", of, outcome });
  };
  // One after the other: a camera has one size at a time.
  let turn: Promise<unknown> = Promise.resolve();
  const keepInTurn = (by: string): Promise<Outcome> => {
    const kept = turn.then(() => keep(by)).catch((): Outcome => "failed");
    turn = kept;
    return kept;
  };
  const serveFor = async (by: string, id: string): Promise<void> => {
    const outcome = await keepInTurn(by);
    send(by, { say: "taken", id, outcome });
    if (asked === undefined) change({ at: "byOther", by, outcome });
  };

  return {
    now: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    take: (of) => {
      if (asked !== undefined) return;
      const id = parts.newId();
      asked = { id, of };
      change({ at: "asked", of });
      if (of === parts.me()) void keepInTurn(of).then((outcome) => end(id, outcome));
      else send(of, { say: "take", id });
      parts.later(() => end(id, "noAnswer"), answerWithinMs);
    },
    heard: (from, bytes) => {
      const message = read(bytes);
      if (message === undefined) return;
      if (message.say === "take") void serveFor(from, message.id);
      // Only who was asked answers.
      else if (asked?.of === from) end(message.id, message.outcome);
    },
    serve: (next) => {
      keep = next;
    },
  };
};
