import type { Core } from "../core.ts";
import { Failure } from "../http/failure.ts";

export interface Bucket {
  readonly bucket: string;
  readonly most: number;
}

/** Counted before the password is looked at: a hundred guesses at once are a hundred. */
export const countAttempt = async (core: Core, buckets: readonly Bucket[]): Promise<void> => {
  const minute = Math.floor(core.now() / 60_000);
  const counts = await core.database.asSystem(async (tx) => {
    await tx
      .deleteFrom("sign_in_attempt")
      .where("minute", "<", minute - 1)
      .execute();
    return tx
      .insertInto("sign_in_attempt")
      .values(buckets.map(({ bucket }) => ({ bucket, minute, count: 1 })))
      .onConflict((it) =>
        it
          .columns(["bucket", "minute"])
          .doUpdateSet((row) => ({ count: row("sign_in_attempt.count", "+", 1) })),
      )
      .returning(["bucket", "count"])
      .execute();
  });
  const most = new Map(buckets.map((each) => [each.bucket, each.most]));
  if (counts.some(({ bucket, count }) => count > (most.get(bucket) ?? 0)))
    throw new Failure("too_many");
};

/** A right password counts for nothing against its owner. */
export const forgiveAttempt = async (core: Core, buckets: readonly Bucket[]): Promise<void> => {
  const minute = Math.floor(core.now() / 60_000);
  await core.database.asSystem((tx) =>
    tx
      .updateTable("sign_in_attempt")
      .set((row) => ({ count: row("count", "-", 1) }))
      .where("minute", "=", minute)
      .where(
        "bucket",
        "in",
        buckets.map(({ bucket }) => bucket),
      )
      .execute(),
  );
};
