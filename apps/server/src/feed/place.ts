import type { Tx } from "../db/database.ts";

/** How far a device has read: everything up to `whole`, directories alone up to `directories`. */
export interface Place {
  readonly whole: number;
  readonly directories: number;
}

/** Positions stay below; a number from here on names a bookmark. Both have at most 15 digits. */
const firstBookmark = 100_000_000_000_000;

/** What a device was told to ask with. A bookmark that is not known says nothing: from the start. */
export const placeAt = async (tx: Tx, facility: string, after: number): Promise<Place> => {
  if (after < firstBookmark) return { whole: after, directories: after };
  const row = await tx
    .selectFrom("feed_bookmark")
    .select(["whole", "directories"])
    .where("id", "=", after - firstBookmark)
    .where("facility", "=", facility)
    .executeTakeFirst();
  return row ?? { whole: 0, directories: 0 };
};

/** The number to ask with next for who has read directories further than the rest. */
export const markPlace = async (tx: Tx, facility: string, place: Place): Promise<number> => {
  if (place.whole === place.directories) return place.whole;
  const find = () =>
    tx
      .selectFrom("feed_bookmark")
      .select("id")
      .where("facility", "=", facility)
      .where("whole", "=", place.whole)
      .where("directories", "=", place.directories)
      .executeTakeFirst();
  const known = await find();
  if (known !== undefined) return firstBookmark + known.id;
  await tx
    .insertInto("feed_bookmark")
    .values({ facility, ...place })
    .onConflict((it) => it.doNothing())
    .execute();
  const made = await find();
  if (made === undefined) throw new Error("a bookmark was not kept");
  return firstBookmark + made.id;
};
