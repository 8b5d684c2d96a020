import { packEntries, packReceipts } from "@lientuyen/api";
import type { Primitives } from "@lientuyen/record";
import type { FeedPage } from "./feed.ts";

/** The page as it goes over a weak line. */
export const packPage = async (p: Primitives, { items, own, next, more }: FeedPage) => {
  const received = items.map(({ entry, receipt }) => ({
    hash: receipt.entry,
    log: receipt.log,
    sig: entry.sig,
    receipt,
  }));
  const { batches, loose } = await packReceipts(p, received);
  return {
    next,
    more,
    positions: items.map(({ position }) => position),
    entries: await packEntries(
      p,
      items.map(({ entry }) => entry),
    ),
    batches: [...batches],
    loose: [...loose].map(([of, receipt]) => ({ of, receipt })),
    own: [...own],
  };
};
