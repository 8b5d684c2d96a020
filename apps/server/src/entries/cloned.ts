import type { EntryAnswer } from "@lientuyen/api";
import { Header, type SignedEntry } from "@lientuyen/record";
import * as v from "valibot";
import { errorFields } from "../config/logbook.ts";
import type { Core } from "../core.ts";
import { isUnavailable } from "../db/unavailable.ts";
import { appendAsServer } from "../identity/serverEntries.ts";
import { append } from "./append.ts";
import type { Scope } from "./scope.ts";

/**
 * Takes in what a device sends. A counter that came with two entries shows that the key is in use on two machines: that
 * is written into the directory before anybody is answered, so that both people and their administrator read of it.
 */
export const receive = async (
  core: Core,
  scope: Scope,
  entries: readonly SignedEntry[],
): Promise<readonly EntryAnswer[]> => {
  const answers = await append(core, scope, entries);
  const keys = new Set(
    answers.flatMap((answer, at) => {
      const header = entries[at]?.header;
      return header !== undefined && tellsOfClone(answer) ? [keyIn(header)] : [];
    }),
  );
  for (const key of keys) await flag(core, key).catch((error: unknown) => passOver(core, error));
  return answers;
};

/** Nobody's entries wait for it: the next collision tells again. */
const passOver = (core: Core, error: unknown): void => {
  if (!isUnavailable(error)) core.logbook.error("flagFailed", errorFields(error));
};

const tellsOfClone = (answer: EntryAnswer): boolean =>
  answer.answer === "received"
    ? answer.receipt.marks.includes("keyCloned")
    : answer.code === "counter_reused";

/** Of a header that was read before: it was answered for. */
const keyIn = (header: string): string => v.parse(Header, JSON.parse(header)).key;

const flag = async (core: Core, key: string): Promise<void> => {
  const { view } = await core.database.asSystem((tx) => core.directory.current(tx));
  const known = view.keys.get(key);
  if (known === undefined || known.cloned) return;
  core.logbook.warn("keyCloned", { facility: known.facility });
  await appendAsServer(core, [
    { log: `directory/${known.facility}`, kind: "keyCloned", body: { key } },
  ]);
};
