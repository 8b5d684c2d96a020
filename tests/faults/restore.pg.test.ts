import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { canonicalText } from "@lientuyen/record";
import { keepServerKeys, makePrimitives, openKeys } from "@lientuyen/server";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openArchive, writeArchive } from "../../apps/cli/src/bundle/archive.ts";
import { checkBundle } from "../../apps/cli/src/bundle/check.ts";
import { signExtent } from "../../apps/cli/src/bundle/extent.ts";
import { readBundle, type Bundle } from "../../apps/cli/src/bundle/format.ts";
import { startNetwork, type TestNetwork } from "./network.ts";
import { restoredServer } from "./restored.ts";

/* A server that is put back to a backup while stations hold newer receipts. RESTORE_SEED repeats a run's choices. */

const seed = Number(process.env["RESTORE_SEED"] ?? Date.now() % 1_000_000);
let network: TestNetwork;
beforeEach(async () => {
  network = await startNetwork();
});
afterEach(() => network.close());

const p = makePrimitives();

test(`a server put back to a backup: after one sync nothing is lost, a new epoch is on record, and doubled receipts are believed by that alone (RESTORE_SEED=${seed})`, async () => {
  process.stdout.write(`RESTORE_SEED=${seed}\n`);
  const found = await restoredServer({ network, seed, entries: [20, 40], bundles: 1 });
  process.stdout.write(`${JSON.stringify(found)}\n`);
  expect(found).toMatchObject({ lost: [], doubled: [], differing: [], broken: [], authentic: 1 });
  expect(found.epochs).toEqual([expect.any(Number)]);
  expect(found.epochs[0]).toBeGreaterThan(1);
  // Each receipt that was given after the backup is evidence now, beside the one that counts.
  expect(found.earlier).toBe(found.takenAway);

  const archive = openArchive(await readFile(found.bundle ?? ""));
  const read = readBundle(archive.read("bundle.json"));
  if (!read.ok) throw new Error(read.detail);
  expect(read.bundle.earlier?.length).toBeGreaterThan(0);
  const checked = async (bundle: Bundle) => {
    const file = join(network.data, `${randomUUID()}.zip`);
    await writeArchive(file, [
      member("bundle.json", Buffer.from(canonicalText(bundle))),
      ...archive.files.map((hash) => member(`files/${hash}`, archive.read(`files/${hash}`))),
    ]);
    const answer = await checkBundle(p, await readFile(file), undefined);
    if (!answer.read) throw new Error(answer.detail);
    return [answer.report.verdict, [...new Set(answer.report.faults.map(({ what }) => what))]];
  };
  expect(await checked(read.bundle)).toEqual(["consistent", []]);
  // The same from a server that keeps silent about it, though it signs all the rest anew.
  expect(await checked(await withoutStatement(read.bundle))).toEqual(["broken", ["doubled"]]);
  // And a receipt of before that somebody altered.
  const earlier = (read.bundle.earlier ?? []).map((receipt, n) =>
    n === 0 ? { ...receipt, receivedAt: "2026-01-01T00:00:00.000Z" } : receipt,
  );
  const [verdict, faults] = await checked({ ...read.bundle, earlier });
  expect([verdict, faults]).toEqual(["broken", ["earlierReceipt"]]);
}, 240_000);

const member = (name: string, bytes: Uint8Array) => ({
  name,
  content: Readable.from([bytes]),
  squeeze: true,
});

/** Signed by the very keys of that server. */
const withoutStatement = async (bundle: Bundle): Promise<Bundle> => {
  const keys = openKeys(await keepServerKeys(join(network.data, "secrets", "server-keys.json")));
  const logs = bundle.logs.map(({ log, entries }) => ({
    log,
    entries: entries.filter(
      ({ entry }) => log !== "installation" || !(entry.body ?? "").includes('"reason":"restored'),
    ),
  }));
  const ends = logs.flatMap(({ log, entries }) => {
    const last = entries.at(-1)?.receipt;
    return last === undefined ? [] : [{ log, seq: last.seq, chain: last.chain }];
  });
  const { tree: _, ...rest } = bundle;
  const at = new Date().toISOString();
  return { ...rest, logs, extent: await signExtent(p, keys.checkpoint, { at, logs: ends }) };
};
