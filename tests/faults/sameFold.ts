import {
  authorOf,
  checkProof,
  foldCase,
  foldDirectory,
  parseEntry,
  type DirectoryView,
  type FoldInput,
  type Proof,
} from "@lientuyen/record";
import type { StoredEntry } from "@lientuyen/sync";
import type { FaultyDevice } from "./faultyDevice.ts";
import { primitives } from "./network.ts";

const kept = (device: FaultyDevice): readonly StoredEntry[] => {
  const held = new Set(device.disk.held().map((row) => row.hash));
  return device.disk.entries().filter((row) => !held.has(row.hash));
};

async function inputsOf(
  rows: readonly StoredEntry[],
  directory: DirectoryView | undefined,
): Promise<readonly FoldInput[]> {
  const inputs: FoldInput[] = [];
  for (const row of rows) {
    const parsed = await parseEntry(primitives, row.signed);
    if (!parsed.ok) throw new Error(`${row.hash} does not parse: ${parsed.code}`);
    const { entry } = parsed;
    inputs.push({
      entry,
      author: directory === undefined ? undefined : authorOf(directory, entry.header.key),
      receipt: row.receipt,
    });
  }
  return inputs;
}

/** The directories as this device reads them. */
export const directoryOn = async (device: FaultyDevice): Promise<DirectoryView> => {
  const rows = kept(device).filter((row) => row.log.startsWith("directory/"));
  return foldDirectory(await inputsOf(rows, undefined));
};

/** What one device makes of what it holds: each case's view as text, and its proof. */
export async function readDevice(device: FaultyDevice): Promise<{
  readonly views: ReadonlyMap<string, string>;
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly hashes: ReadonlyMap<string, readonly string[]>;
}> {
  const rows = kept(device);
  const directory = await directoryOn(device);
  const views = new Map<string, string>();
  const proofs = new Map<string, Proof>();
  const hashes = new Map<string, readonly string[]>();
  for (const log of new Set(
    rows.map((row) => row.log).filter((each) => each.startsWith("case/")),
  )) {
    const own = rows.filter((row) => row.log === log);
    views.set(log, JSON.stringify(foldCase(log, await inputsOf(own, directory))));
    proofs.set(log, await checkProof(primitives, own, directory, device.sync().keys.receiptKeys()));
    hashes.set(log, own.map((row) => row.hash).sort());
  }
  return { views, proofs, hashes };
}
