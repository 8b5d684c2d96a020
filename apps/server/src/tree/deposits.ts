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
import { mailTarget } from "./mail.ts";
import { TreeBroken } from "./nodes.ts";
import type { DepositPlace } from "./places.ts";

/** Lays down elsewhere what was signed. */
export interface Deposits {
  readonly kind: DepositPlace["kind"];
  /** Everything that was signed and is not there yet; rejects where it cannot be laid down. */
  readonly catchUp: () => Promise<void>;
}

export interface Place {
  readonly epoch: number;
  readonly size: number;
}

/** A checkpoint on its way, under the name of its file. */
export interface Laid {
  readonly name: string;
  readonly place: Place;
  readonly deposit: Omit<Deposit, "format" | "v">;
}

/** Where they are laid down. */
export interface Target {
  /** How far those there go, `known` being what was found or laid there before; undefined: nothing more is to go there yet. */
  readonly last: (known: Place | undefined) => Promise<Place | undefined>;
  /** In their order; all or, where it rejects, any of them: they are put again. */
  readonly put: (laid: readonly Laid[]) => Promise<void>;
}

/** Deposits with others, in one place. */
export const openDeposits = (core: Core, place: DepositPlace): Deposits => {
  const target = targetOf(core, place);
  let known: Place | undefined;
  let readId = 0;
  return {
    kind: place.kind,
    catchUp: async () => {
      let last = await target.last(known);
      if (last === undefined) return;
      known = last;
      for (;;) {
        const rows = await signedAfter(core, readId);
        const laid = await layOut(core, rows, last);
        if (laid.length > 0) await target.put(laid);
        known = last = laid.at(-1)?.place ?? last;
        readId = rows.at(-1)?.id ?? readId;
        if (rows.length < mostAtOnce) return;
      }
    },
  };
};

const targetOf = (core: Core, place: DepositPlace): Target => {
  switch (place.kind) {
    case "folder":
      return folderTarget(core, place.folder);
    case "server":
      return serverTarget(core, place.url);
    case "mail":
      return mailTarget(core, place.mail);
  }
};

/** Those that are later than what is there, each tied to the one before it. */
const layOut = async (
  core: Core,
  rows: readonly Signed[],
  last: Place,
): Promise<readonly Laid[]> => {
  const laid: Laid[] = [];
  for (const signed of rows) {
    const before = laid.at(-1)?.place ?? last;
    if (!isLater(signed.facts, before)) continue;
    const deposit = await depositOf(core, signed, before);
    laid.push({ name: depositName(signed.facts), place: signed.facts, deposit });
  }
  return laid;
};

const folderTarget = (core: Core, folder: string): Target => {
  const own = depositFolder(folder, core.keys.root.key);
  return {
    last: async (known) => known ?? lastIn(own),
    put: async (laid) => {
      for (const { name, deposit } of laid) await writeWhole(join(own, name), depositText(deposit));
    },
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
    last: async (known) =>
      known ??
      v.parse(routes.lastDeposit.out, await asked(`/v1/deposits/${core.keys.root.key}`, {})),
    put: async (laid) => {
      for (const { deposit } of laid) {
        const body: v.InferInput<typeof routes.deposit.in> = {
          deposit: { ...deposit, format: "lientuyen-checkpoint", v: 1 },
          certificate: await certificateOf(core),
          publicKey: core.keys.root.publicKey,
        };
        const headers = { "content-type": "application/json" };
        await asked("/v1/deposits", { method: "POST", headers, body: JSON.stringify(body) });
      }
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

/** A mail of that many is below a megabyte. */
const mostAtOnce = 200;

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
