import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { routes } from "@lientuyen/api";
import {
  depositName,
  depositText,
  parseCheckpoint,
  readDepositName,
  type Checkpoint,
  type CheckpointFacts,
  type Deposit,
  type SignedEntry,
} from "@lientuyen/record";
import * as v from "valibot";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { readLog } from "../feed/feed.ts";
import { consistencyOf } from "./checkpoints.ts";
import { readInstallationFact } from "./installationFact.ts";
import { TreeBroken } from "./nodes.ts";

/** Lays down elsewhere what was signed. */
export interface Deposits {
  /** Everything that was signed and is not there yet; rejects where the folder cannot be written. */
  readonly catchUp: () => Promise<void>;
}

export interface Place {
  readonly epoch: number;
  readonly size: number;
}

/** Where they are laid down: what is there already, and one more. */
interface Target {
  readonly last: () => Promise<Place>;
  readonly put: (name: string, deposit: Omit<Deposit, "format" | "v">) => Promise<void>;
}

/**
 * Deposits with others: in a folder that they keep (a share, a disk that is written once), or on another
 * installation's server (`https://…`).
 */
export const openDeposits = (core: Core, place: string): Deposits => {
  const target = /^https?:\/\//.test(place) ? serverTarget(core, place) : folderTarget(core, place);
  let last: Place | undefined;
  let readId = 0;
  return {
    catchUp: async () => {
      last ??= await target.last();
      for (;;) {
        const rows = await signedAfter(core, readId);
        for (const { id, checkpoint, facts } of rows) {
          if (isLater(facts, last)) {
            await target.put(
              depositName(facts),
              await depositOf(core, { checkpoint, facts }, last),
            );
            last = facts;
          }
          readId = id;
        }
        if (rows.length < mostAtOnce) return;
      }
    },
  };
};

const folderTarget = (core: Core, folder: string): Target => {
  const own = depositFolder(folder, core.keys.root.key);
  return {
    last: () => lastIn(own),
    put: (name, deposit) => writeWhole(join(own, name), depositText(deposit)),
  };
};

const patienceMs = 30_000;

const serverTarget = (core: Core, address: string): Target => {
  const at = (path: string): URL => new URL(path, address);
  const asked = async (path: string, init: RequestInit): Promise<unknown> => {
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(at(path), { ...init, signal });
    if (!response.ok) throw new DepositRefused(`${response.status}`);
    return response.json();
  };
  return {
    last: async () => {
      const answer = await asked(`/v1/deposits/${core.keys.root.key}`, {});
      return v.parse(routes.lastDeposit.out, answer);
    },
    put: async (_, deposit) => {
      const body: v.InferInput<typeof routes.deposit.in> = {
        deposit: { ...deposit, format: "lientuyen-checkpoint", v: 1 },
        certificate: await certificateOf(core),
        publicKey: core.keys.root.publicKey,
      };
      const headers = { "content-type": "application/json" };
      await asked("/v1/deposits", { method: "POST", headers, body: JSON.stringify(body) });
    },
  };
};

class DepositRefused extends Error {
  override readonly name = "DepositRefused";
}

/** The entry by which the root named the checkpoint key. */
const certificateOf = async (core: Core): Promise<SignedEntry> => {
  const log = await core.database.asSystem((tx) => readLog(tx, core.logbook, "installation"));
  for (const { entry } of log) {
    const fact = (await readInstallationFact(core.primitives, entry))?.fact;
    if (fact?.kind === "serverKeyCertified" && fact.body.key === core.keys.checkpoint.key)
      return entry;
  }
  throw new DepositRefused("no certificate");
};

/** Under the root's fingerprint, so that one folder may hold several installations'. */
export const depositFolder = (folder: string, root: string): string => join(folder, root);

/** How far those in a folder go. */
export const lastIn = async (own: string): Promise<Place> => {
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

export const isLater = (facts: Place, last: Place): boolean =>
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

const depositOf = async (
  core: Core,
  { checkpoint, facts }: Signed,
  last: Place,
): Promise<Omit<Deposit, "format" | "v">> => {
  const since = last.epoch === facts.epoch ? last.size : 0;
  const path = await core.database.asSystem((tx) => pathFrom(core, tx, since, facts.size));
  const root = core.keys.root.key;
  return { checkpoint, root, since: path === undefined ? 0 : since, path: [...(path ?? [])] };
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
export const writeWhole = async (file: string, text: string): Promise<void> => {
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
