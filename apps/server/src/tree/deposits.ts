import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  depositName,
  depositText,
  parseCheckpoint,
  readDepositName,
  type Checkpoint,
  type CheckpointFacts,
} from "@lientuyen/record";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { consistencyOf } from "./checkpoints.ts";
import { TreeBroken } from "./nodes.ts";

/** Lays down elsewhere what was signed. */
export interface Deposits {
  /** Everything that was signed and is not there yet; rejects where the folder cannot be written. */
  readonly catchUp: () => Promise<void>;
}

interface Place {
  readonly epoch: number;
  readonly size: number;
}

/**
 * Deposits in a folder that others keep: a share, a disk that is written once. Under the root's fingerprint,
 * so that one folder may hold several installations'.
 */
export const openDeposits = (core: Core, folder: string): Deposits => {
  const own = join(folder, core.keys.root.key);
  let last: Place | undefined;
  let readId = 0;
  return {
    catchUp: async () => {
      last ??= await lastIn(own);
      for (;;) {
        const rows = await signedAfter(core, readId);
        for (const { id, checkpoint, facts } of rows) {
          if (isLater(facts, last)) {
            await lay(core, own, { checkpoint, facts }, last);
            last = facts;
          }
          readId = id;
        }
        if (rows.length < mostAtOnce) return;
      }
    },
  };
};

const lastIn = async (own: string): Promise<Place> => {
  // Only what belongs to us is made: a share that is not mounted shows as a missing folder above it.
  await mkdir(own).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
  const names = (await readdir(own)).sort();
  const places = names.flatMap((name) => readDepositName(name) ?? []);
  return places.at(-1) ?? { epoch: 0, size: 0 };
};

interface Signed {
  readonly checkpoint: Checkpoint;
  readonly facts: CheckpointFacts;
}

const isLater = (facts: Place, last: Place): boolean =>
  facts.epoch > last.epoch || (facts.epoch === last.epoch && facts.size > last.size);

const mostAtOnce = 1_000;

/** In the order of signing. */
const signedAfter = async (
  core: Core,
  readId: number,
): Promise<readonly (Signed & { readonly id: number })[]> => {
  const rows = await core.database.asSystem((tx) =>
    tx
      .selectFrom("checkpoint")
      .select(["id", "text", "key", "sig"])
      .where("id", ">", readId)
      .orderBy("id", "asc")
      .limit(mostAtOnce)
      .execute(),
  );
  return rows.flatMap(({ id, ...checkpoint }) => {
    const facts = parseCheckpoint(checkpoint.text);
    return facts === undefined ? [] : [{ id, checkpoint, facts }];
  });
};

const lay = async (core: Core, own: string, signed: Signed, last: Place): Promise<void> => {
  const since = last.epoch === signed.facts.epoch ? last.size : 0;
  const path = await core.database.asSystem((tx) => pathFrom(core, tx, since, signed.facts.size));
  const name = depositName(signed.facts);
  const text = depositText({
    checkpoint: signed.checkpoint,
    root: core.keys.root.key,
    since: path === undefined ? 0 : since,
    path: [...(path ?? [])],
  });
  await writeWhole(join(own, name), text);
};

/** A tree that was cut shows nothing; what was signed is laid down all the same, as evidence. */
const pathFrom = async (
  core: Core,
  tx: Tx,
  since: number,
  size: number,
): Promise<readonly string[] | undefined> => {
  try {
    return since === 0 ? [] : await consistencyOf(core, tx, since, size);
  } catch (error) {
    if (error instanceof TreeBroken) return undefined;
    throw error;
  }
};

/** There with all its bytes or not at all, whatever goes out meanwhile. */
const writeWhole = async (file: string, text: string): Promise<void> => {
  const fresh = `${file}.${process.pid}.new`;
  await rm(fresh, { force: true });
  const handle = await open(fresh, "wx", 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
};
