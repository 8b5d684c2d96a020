import { Hash } from "@lientuyen/record";
import * as v from "valibot";

/**
 * Fields of a case entry's body that name another entry without which it says nothing.
 * `replaces` and `expects` are not among them: the first is soft, the second is judged.
 */
const single = [
  "request",
  "question",
  "target",
  "recommendation",
  "answers",
  "chosen",
  "dissentsFrom",
  "originalOf",
  "retakeOf",
];
const several = ["questions", "over"];

const Fields = v.record(v.string(), v.unknown());

/** Hashes that an entry's body stands on. */
export const targetsOf = (kind: string, body: unknown): readonly string[] => {
  const fields = v.safeParse(Fields, body);
  // Directory and patient entries name keys and people, never entries of their own log.
  if (!fields.success || kind === "entryReleased") return [];
  const found: string[] = [];
  const take = (value: unknown): void => {
    if (v.is(Hash, value)) found.push(value);
  };
  for (const name of single) take(fields.output[name]);
  for (const name of several) {
    const list = fields.output[name];
    if (Array.isArray(list)) list.forEach(take);
  }
  return found;
};
