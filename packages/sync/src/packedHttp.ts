import {
  unpackEntries,
  unpackReceipts,
  type EntryAnswer,
  type FeedItem,
  type Receivable,
  type routes,
} from "@lientuyen/api";
import { hashText, type Primitives, type Receipt, type SignedEntry } from "@lientuyen/record";
import * as v from "valibot";
import type { FeedPage } from "./ports.ts";

type PackedAnswer = v.InferOutput<typeof routes.packedEntries.out>;
type PackedPage = v.InferOutput<typeof routes.packedFeed.out>;

const HeaderPart = v.pipe(v.string(), v.parseJson(), v.object({ id: v.string(), log: v.string() }));

type Named = Receivable & { readonly id: string };

/** What receipts say of these entries; undefined where a header is none. */
async function namesOf(
  p: Primitives,
  entries: readonly SignedEntry[],
): Promise<readonly Named[] | undefined> {
  const names = await Promise.all(
    entries.map(async ({ header, sig }) => {
      const part = v.safeParse(HeaderPart, header);
      return part.success ? { ...part.output, sig, hash: await hashText(p, header) } : undefined;
    }),
  );
  return names.every((name) => name !== undefined) ? names : undefined;
}

async function receiptsOf(
  p: Primitives,
  names: readonly Named[],
  batches: PackedAnswer["batches"],
): Promise<ReadonlyMap<number, Receipt> | undefined> {
  const receipts = new Map<number, Receipt>();
  for (const batch of batches) {
    const found = await unpackReceipts(p, names, batch);
    if (found === undefined) return undefined;
    for (const [at, receipt] of found) receipts.set(at, receipt);
  }
  return receipts;
}

/** The answers as they would have come one by one. */
export async function answersOf(
  p: Primitives,
  entries: readonly SignedEntry[],
  { answers, batches }: PackedAnswer,
): Promise<readonly EntryAnswer[] | undefined> {
  const names = await namesOf(p, entries);
  const receipts = names === undefined ? undefined : await receiptsOf(p, names, batches);
  if (names === undefined || receipts === undefined) return undefined;
  const received = [...receipts].map(([at, receipt]): EntryAnswer => ({
    answer: "received",
    id: names[at]?.id ?? "",
    receipt,
  }));
  return [...answers, ...received];
}

/** The page as it would have come in full; undefined where it does not fit together. */
export async function pageOf(p: Primitives, packed: PackedPage): Promise<FeedPage | undefined> {
  const entries = await unpackEntries(p, packed.entries);
  const names = entries === undefined ? undefined : await namesOf(p, entries);
  if (entries === undefined || names === undefined) return undefined;
  const together = await receiptsOf(p, names, packed.batches);
  if (together === undefined) return undefined;
  const loose = new Map(packed.loose.map(({ of, receipt }) => [of, receipt]));
  const items = entries.map((entry, at): FeedItem | undefined => {
    const receipt = together.get(at) ?? loose.get(at);
    const position = packed.positions[at];
    return receipt === undefined || position === undefined
      ? undefined
      : { position, entry, receipt };
  });
  if (!items.every((item) => item !== undefined)) return undefined;
  const { epoch, next, more, own } = packed;
  return { epoch, next, more, own, items };
}
