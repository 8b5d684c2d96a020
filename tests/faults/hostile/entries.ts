import {
  canonicalText,
  hashBody,
  RecordError,
  toBase64url,
  type SignedEntry,
} from "@lientuyen/record";
import { makePrimitives } from "@lientuyen/server";
import { random, uuid, type Pen } from "../../../apps/server/src/test/network.ts";
import type { Json } from "./values.ts";

/** An entry that is signed as it is, whatever it says. */
export interface EntryPlan {
  readonly kind: string;
  readonly body: Json;
  readonly log: string;
  readonly after: readonly string[];
  /** Members of the header to be overwritten. */
  readonly patch: Readonly<Record<string, Json>>;
}

const primitives = makePrimitives();
const firstCount = 1_000;
let count = firstCount;

const textOf = (value: Json): string => {
  try {
    return canonicalText(value);
  } catch (error) {
    if (error instanceof RecordError) return JSON.stringify(value);
    throw error;
  }
};

export const signPlan = async (
  pen: Pen,
  plan: EntryPlan,
): Promise<{ [key in keyof Required<SignedEntry>]: string }> => {
  const salt = random(16);
  const body = textOf(plan.body);
  count += 1;
  const header = textOf({
    v: 1,
    id: uuid(),
    log: plan.log,
    kind: plan.kind,
    key: pen.key.key,
    n: count,
    dir: "",
    at: new Date().toISOString(),
    after: [...plan.after].sort(),
    bodyHash: await hashBody(primitives, salt, body),
    ...plan.patch,
  });
  const sig = toBase64url(await pen.key.sign(primitives.encodeUtf8(header)));
  return { header, body, salt: toBase64url(salt), sig };
};
