import { access, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { routes } from "@lientuyen/api";
import {
  depositName,
  depositText,
  fingerprint,
  isBase64url,
  isContinued,
  parseCheckpoint,
  parseDeposit,
  readDepositName,
  verifyCheckpoint,
  verifySignature,
  type CheckpointFacts,
  type Deposit,
} from "@lientuyen/record";
import type * as v from "valibot";
import type { Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import type { Handlers } from "../http/register.ts";
import { depositFolder, isLater, lastIn, writeWhole, type Place } from "./deposits.ts";
import { readInstallationFact } from "./installationFact.ts";

/** Keeps the checkpoints of other installations, of those that this one was told to keep. */
export const witnessHandlers = (core: Core): Pick<Handlers, "lastDeposit" | "deposit"> => ({
  lastDeposit: async ({ params }) => lastIn(await folderOf(core, params.root)),
  deposit: async ({ input }) => {
    const own = await folderOf(core, input.deposit.root);
    const facts = await provenFacts(core, input);
    if (facts === undefined) throw new Failure("forbidden");
    const file = join(own, depositName(facts));
    if (await isThere(file)) return { continued: true };
    if ((await core.files.free()) < core.limits.keptFreeBytes) throw new Failure("storage_full");
    const continued = await continuesLast(core, own, input.deposit, facts);
    // It is kept all the same: two signed histories are evidence, and of more weight than one.
    if (!continued) core.logbook.error("depositContradicts");
    await writeWhole(file, depositText(input.deposit));
    return { continued };
  },
});

/** @throws Failure not_found: nobody told this server to keep those. */
const folderOf = async ({ witness }: Core, root: string): Promise<string> => {
  if (witness === undefined || !witness.roots.includes(root)) throw new Failure("not_found");
  await mkdir(witness.dir, { recursive: true, mode: 0o700 });
  return depositFolder(witness.dir, root);
};

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** What the checkpoint says, where a key signed it that the deposit's own root named for that. */
const provenFacts = async (
  { primitives: p }: Core,
  { deposit, certificate, publicKey }: v.InferOutput<typeof routes.deposit.in>,
): Promise<CheckpointFacts | undefined> => {
  if (!isBase64url(publicKey) || (await fingerprint(p, publicKey)) !== deposit.root)
    return undefined;
  const read = await readInstallationFact(p, certificate);
  if (read?.fact.kind !== "serverKeyCertified" || read.fact.body.use !== "checkpoint")
    return undefined;
  if (!(await verifySignature(p, read.entry, publicKey))) return undefined;
  const { checkpoint } = deposit;
  const { key, publicKey: signer } = read.fact.body;
  const signed = key === checkpoint.key && (await verifyCheckpoint(p, checkpoint, signer));
  return signed ? parseCheckpoint(checkpoint.text) : undefined;
};

const continuesLast = async (
  core: Core,
  own: string,
  { since, path }: Deposit,
  facts: CheckpointFacts,
): Promise<boolean> => {
  const last = await lastIn(own);
  if (last.size === 0 || facts.epoch > last.epoch) return true;
  const before = isLater(facts, last) && since === last.size ? await factsAt(own, last) : undefined;
  return before !== undefined && isContinued(core.primitives, before, facts, path);
};

const factsAt = async (own: string, place: Place): Promise<CheckpointFacts | undefined> => {
  const name = (await readdir(own)).find((each) => {
    const found = readDepositName(each);
    return found?.epoch === place.epoch && found.size === place.size;
  });
  const text = name === undefined ? "" : await readFile(join(own, name), "utf8");
  return parseCheckpoint(parseDeposit(text)?.checkpoint.text ?? "");
};
