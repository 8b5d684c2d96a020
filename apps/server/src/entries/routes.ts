import { packReceipts, unpackEntries } from "@lientuyen/api";
import type { EntryAnswer } from "@lientuyen/api";
import type { SignedEntry } from "@lientuyen/record";
import type { Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import type { Handlers } from "../http/register.ts";
import { receive } from "./cloned.ts";
import { keepEarlier } from "./earlier.ts";

export const entryHandlers = (core: Core): Pick<Handlers, "entries" | "packedEntries"> => ({
  entries: async ({ session, input }) => {
    const answers = [...(await receive(core, { facility: session.facility }, input.entries))];
    await keepEarlier(core, input.earlier ?? []);
    return { answers };
  },
  packedEntries: async ({ session, input }) => {
    const entries = await unpackEntries(core.primitives, input);
    if (entries === undefined) throw new Failure("bad_request", "packed");
    const answers = await receive(core, { facility: session.facility }, entries);
    return packAnswers(core, entries, answers);
  },
});

/** Receipts of whole batches together, every other answer as it is. */
const packAnswers = async (
  core: Core,
  entries: readonly SignedEntry[],
  answers: readonly EntryAnswer[],
) => {
  const received = answers.flatMap((answer, at) => {
    const sig = entries[at]?.sig;
    if (answer.answer !== "received" || sig === undefined) return [];
    const { receipt } = answer;
    return [{ at, hash: receipt.entry, log: receipt.log, sig, receipt }];
  });
  const { batches } = await packReceipts(core.primitives, received);
  const placed = batches.map((batch) => ({
    ...batch,
    of: batch.of.map((place) => received[place]?.at ?? 0),
  }));
  const together = new Set(placed.flatMap((batch) => batch.of));
  return { answers: answers.filter((_, at) => !together.has(at)), batches: placed };
};
