import { bodyOf } from "@lientuyen/record";
import { notesOf } from "./happened.ts";
import { myName, type Running } from "./running.ts";
import type { LiveSession } from "./sessions.ts";

const lostMs = 10_000;
const noteEveryMs = 30_000;

/** What stays for ever: an entry of the case, signed here. */
export const note = async (
  { device, log, session }: Running,
  what: "joined" | "returned" | "left" | "ended",
) => {
  if (session !== undefined)
    await device.cases.write(log, [
      { kind: "sessionNoted", body: { session: session.session, what } },
    ]);
};

/** By the case itself: the server cannot tell a reload from a first coming. */
const hasBeenIn = async ({ device, log, session }: Running): Promise<boolean> => {
  const view = await device.cases.view(log);
  return (view?.entries ?? []).some(({ kind, body, author }) => {
    const read = bodyOf(kind, body);
    return (
      author?.person === device.author.person &&
      read.ok &&
      read.fact.kind === "sessionNoted" &&
      read.fact.body.session === session?.session
    );
  });
};

export const noteArrival = async (call: Running): Promise<void> =>
  note(call, (await hasBeenIn(call)) ? "returned" : "joined");

/** A break so long that the server has called the link dead is told in the case. */
export const noteReturn = async (call: Running): Promise<void> => {
  const { brokenMs } = call;
  call.brokenMs = undefined;
  if (brokenMs !== undefined && performance.now() - brokenMs > lostMs)
    await note(call, "returned").catch(() => undefined);
};

/** A change of rung is an entry of the case, the last of each half minute. */
export const noteRung = async (call: Running): Promise<void> => {
  const { device, log, session, toNote } = call;
  const waits = (call.notedAtMs ?? -noteEveryMs) + noteEveryMs > performance.now();
  if (toNote === undefined || session === undefined || waits) return;
  call.toNote = undefined;
  call.notedAtMs = performance.now();
  const { direction, change } = toNote;
  await device.cases.write(log, [
    {
      kind: "sessionNoted",
      body: {
        session: session.session,
        what: "rung",
        direction: direction === "send" ? "sends" : "receives",
        rung: change.to,
        because: change.why,
      },
    },
  ]);
};

/** What another did to one, or one to another. */
export const noteChange = (
  { device, log }: Running,
  before: LiveSession,
  after: LiveSession,
): void => {
  const notes = notesOf(before, after, myName(device));
  const facts = notes.map((body) => ({ kind: "sessionNoted", body }) as const);
  if (facts.length > 0) void device.cases.write(log, facts).catch(() => undefined);
};
