import { randomUUID, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import {
  append,
  appendAsServer,
  makePrimitives,
  readDepositPlaces,
  type Core,
} from "@lientuyen/server";
import {
  canonicalText,
  depositText,
  fingerprint,
  fromBase64url,
  makeCheckpoint,
  treeWithPaths,
  makeEntry,
  makeReceipts,
  nextChain,
  parseCheckpoint,
  parseEntry,
  toBase64url,
  uuidv7,
  zeroChain,
  type ParsedEntry,
  type Receipt,
  type SignedEntry,
  type Signer,
} from "@lientuyen/record";
import { strFromU8, strToU8, unzipSync, zipSync, type Unzipped } from "fflate";
import pg from "pg";
import { SMTPServer } from "smtp-server";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSettings } from "../environment.ts";
import { exportCase } from "../export.ts";
import { makeLocalTls } from "../lan/authority.ts";
import { ensureReady, makeServer, openInstallation, unchecked } from "../installation.ts";
import { verify } from "../verify.ts";
import { checkBundle, type BundleReport } from "./check.ts";
import { signExtent } from "./extent.ts";
import { readBundle, type Bundle, type BundledEntry } from "./format.ts";
import { ArchiveFault } from "./zip.ts";

const p = makePrimitives();
const program = fileURLToPath(new URL("../../../..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "lientuyen-bundle-"));
const settings = readSettings({ LIENTUYEN_DATA: path.join(folder, "data") }, [], program);
const deposits = path.join(folder, "deposits");
const random = (count: number) => new Uint8Array(randomBytes(count));
const closers: (() => Promise<void>)[] = [];

/** A real mail server, under an authority that this process trusts; what it takes lies in `mails` as a reader saves it. */
const mails = path.join(folder, "mails");
const startMailbox = async (): Promise<string> => {
  mkdirSync(mails);
  const named = { addresses: ["127.0.0.1"], names: ["localhost"] };
  const tls = await makeLocalTls({ folder, nowMs: Date.now(), ...named });
  const authority = Buffer.from(tls.authority).toString("base64");
  setDefaultCACertificates([
    ...getCACertificates(),
    `-----BEGIN CERTIFICATE-----\n${authority}\n-----END CERTIFICATE-----`,
  ]);
  const server = new SMTPServer({
    secure: true,
    cert: tls.cert,
    key: tls.key,
    onAuth: ({ username, password }, _, done) =>
      username === "moc@so.vn" && password === "mật khẩu"
        ? done(null, { user: username })
        : done(new Error("no")),
    onData: (stream, _, done) => {
      const file = createWriteStream(path.join(mails, `${randomUUID()}.eml`));
      stream.pipe(file).on("finish", done);
    },
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  closers.push(() => new Promise<void>((done) => server.close(done)));
  const { port } = server.server.address() as AddressInfo;
  const login = `${encodeURIComponent("moc@so.vn")}:${encodeURIComponent("mật khẩu")}`;
  return `smtps://${login}@localhost:${port}/?to=giu@bv.vn`;
};

const there = <T>(value: T | undefined | null): T => {
  if (value === undefined || value === null) throw new Error("the test misses what it works on");
  return value;
};

interface Key extends Signer {
  readonly publicKey: string;
  readonly device: string;
}
const makeKey = async (): Promise<Key> => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(there(x), "base64url"),
    Buffer.from(there(y), "base64url"),
  ]).toString("base64url");
  return {
    key: await fingerprint(p, point),
    publicKey: point,
    device: uuidv7(Date.now(), random(10)),
    sign: (message) =>
      Promise.resolve(
        new Uint8Array(sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" })),
      ),
  };
};

let counter = 0;
const make = (
  signer: Signer,
  log: string,
  kind: string,
  body: unknown,
  more: { readonly at?: string; readonly dir?: string } = {},
): Promise<{ readonly signed: SignedEntry; readonly parsed: ParsedEntry }> => {
  counter += 1;
  return makeEntry(p, signer, {
    id: uuidv7(Date.now(), random(10)),
    log,
    kind,
    n: counter,
    dir: more.dir ?? "",
    at: more.at ?? new Date().toISOString(),
    after: [],
    body,
    salt: random(16),
  });
};

/** The case with the most files that the seed tells, its author's key in our hands. */
interface Told {
  readonly log: string;
  readonly uuid: string;
  readonly facility: string;
  readonly key: Key;
  readonly note: string;
}
let core: Core;
let told: Told;
/** Before and after the device of `told.key` was disowned. */
let before: Unzipped;
let after: Unzipped;
let root: string;

const exported = async (name: string): Promise<Unzipped> => {
  expect(await exportCase(settings, [told.uuid, name], folder)).toBe(0);
  return unzipSync(readFileSync(path.join(folder, name)));
};

const someAuthor = async (url: string) => {
  const client = new pg.Client({
    connectionString: url,
    options: "-c role=lientuyen_system -c search_path=lientuyen",
  });
  await client.connect();
  const { rows } = await client.query<{ log: string; facility: string; person: string }>(
    `select e.log, e.facility, e.person from entry e
       where e.kind = 'opened' order by (select count(*) from file f where f.log = e.log) desc, e.log limit 1`,
  );
  await client.end();
  return there(rows[0]);
};

/** Gives the author of a case one key more, writes a note with it and hides that again, all by the server's own rules. */
const writeMore = async (url: string): Promise<Told> => {
  const { log, facility, person } = await someAuthor(url);
  const key = await makeKey();
  const { device, publicKey } = key;
  await appendAsServer(core, [
    { log: `directory/${facility}`, kind: "deviceEnrolled", body: { device, name: "PC" } },
    {
      log: `directory/${facility}`,
      kind: "keyCertified",
      body: { key: key.key, publicKey, person, device },
    },
    { log: `directory/${facility}`, kind: "keyConfirmed", body: { key: key.key } },
  ]);
  const note = await make(key, log, "note", { text: "nhầm bệnh nhân" });
  const hidden = { target: note.parsed.hash, ground: "wrongPatient", effect: "hide" };
  const withheld = await make(key, log, "withheld", hidden);
  const answers = await append(core, { facility }, [note.signed, withheld.signed]);
  expect(answers.map(({ answer }) => answer)).toEqual(["received", "received"]);
  return { log, uuid: log.slice(5), facility, key, note: note.parsed.hash };
};

beforeAll(async () => {
  const opened = await openInstallation(settings, unchecked);
  closers.push(opened.close);
  await ensureReady(opened, path.join(program, "apps/station/dist"));
  mkdirSync(deposits);
  const door = {
    host: "127.0.0.1",
    port: 0,
    tls: undefined,
    staticDir: folder,
    depositAt: there(readDepositPlaces(`${deposits} ${await startMailbox()}`, folder)),
  };
  const server = await makeServer(opened, door, Date.now);
  closers.push(server.close);
  ({ core } = server);
  root = core.keys.root.key;
  told = await writeMore(opened.database.url);
  await server.settleFeed();
  before = await exported("before.zip");
  await appendAsServer(core, [
    {
      log: `directory/${told.facility}`,
      kind: "deviceDisowned",
      body: { device: told.key.device, reason: "mất máy" },
    },
  ]);
  await server.settleFeed();
  after = await exported("after.zip");
}, 240_000);
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

const bundleOf = (files: Unzipped): Bundle => {
  const read = readBundle(there(files["bundle.json"]));
  if (!read.ok) throw new Error(read.detail);
  return read.bundle;
};
const entriesOf = (bundle: Bundle, log: string = told.log): BundledEntry[] =>
  there(bundle.logs.find((each) => each.log === log)).entries;
const directory = (): string => `directory/${told.facility}`;

const check = async (files: Unzipped, asked: string | undefined = root): Promise<BundleReport> => {
  const checked = await checkBundle(p, zipSync(files, { level: 1 }), asked);
  if (!checked.read) throw new Error(checked.detail);
  return checked.report;
};
const faultsOf = ({ faults }: BundleReport): readonly string[] =>
  faults.map(({ what, item }) => `${what} ${item?.hash ?? ""}`.trim());

/** The exported case with something done to it, and what the check makes of that. */
const spoil = async (
  change: (bundle: Bundle, files: Unzipped) => unknown,
  from: Unzipped = before,
): Promise<BundleReport> => {
  const files = { ...from };
  const bundle = bundleOf(files);
  await change(bundle, files);
  return check({ ...files, "bundle.json": strToU8(canonicalText(bundle)) });
};

const hashOf = async ({ entry }: BundledEntry): Promise<string> => {
  const parsed = await parseEntry(p, entry);
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.entry.hash;
};

const extentOf = (bundle: Bundle, signer: Signer): Promise<Bundle["extent"]> =>
  signExtent(p, signer, {
    at: new Date().toISOString(),
    logs: bundle.logs.map(({ log, entries }) => {
      const { seq, chain } = there(entries.at(-1)).receipt;
      return { log, seq, chain };
    }),
  });

/** One more entry at the end of a log, with a receipt of the server's own key. */
const receive = async (
  bundle: Bundle,
  { signed, parsed }: { readonly signed: SignedEntry; readonly parsed: ParsedEntry },
  receivedAt: string,
  receiver: Signer = core.keys.receipt,
): Promise<void> => {
  const entries = entriesOf(bundle, parsed.header.log);
  const last = entries.at(-1)?.receipt;
  const link = {
    entry: parsed.hash,
    seq: (last?.seq ?? 0) + 1,
    receivedAt,
    marks: [],
  };
  const chain = await nextChain(p, last?.chain ?? zeroChain, { ...link, sig: signed.sig });
  const [receipt] = await makeReceipts(p, receiver, [{ log: parsed.header.log, ...link, chain }]);
  entries.push({ entry: signed, receipt: there(receipt) });
  bundle.extent = await extentOf(bundle, core.keys.checkpoint);
  delete bundle.tree;
};

/** All receipts as leaves of one tree, in the order told, and what the server would sign of it. */
const plant = async (
  bundle: Bundle,
  { signer = core.keys.checkpoint, at = "2099-01-01T00:00:00.000Z" } = {},
  rank: (entry: BundledEntry) => number = () => 0,
): Promise<void> => {
  const all = bundle.logs.flatMap(({ entries }) => entries).sort((a, b) => rank(a) - rank(b));
  const leaves = all.map(({ receipt }) => fromBase64url(receipt.chain));
  const { root: head, paths } = await treeWithPaths(p, leaves);
  const facts = { at, epoch: 1, root: head, size: leaves.length };
  const proofs = all.map(({ receipt: { entry } }, index) => ({
    entry,
    index,
    path: there(paths[index]).map(toBase64url),
  }));
  bundle.tree = { checkpoint: await makeCheckpoint(p, signer, facts), proofs };
};

const otherSign = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

describe("an honest bundle", () => {
  test("is authentic under its root; only consistent without; nobody else's under another", async () => {
    expect(faultsOf(await check(before))).toEqual([]);
    expect((await check(before)).verdict).toBe("authentic");
    const alone = await checkBundle(p, zipSync(before), undefined);
    expect(alone).toMatchObject({ read: true, report: { verdict: "consistent", root } });
    const others = await check(before, (await makeKey()).key);
    expect([others.verdict, ...faultsOf(others)]).toEqual(["broken", "otherRoot"]);
  });

  test("holds every file that is named and no body that was withheld", async () => {
    const report = await check(before);
    expect(report.files).toBeGreaterThan(0);
    expect(report.checkpoint?.size).toBeGreaterThan(report.entries);
    expect(report.withheld.map(({ hash }) => hash)).toEqual([told.note]);
    expect(strFromU8(there(before["bundle.json"]))).not.toContain("nhầm bệnh nhân");
  });

  test("stays so when the key of an entry is disowned after that was received", async () => {
    expect((await check(after)).verdict).toBe("authentic");
  });

  test("the command answers 0 for it, and 1 for another root", async () => {
    expect(await verify(["before.zip", "--root", root], folder)).toBe(0);
    expect(await verify(["before.zip"], folder)).toBe(0);
    expect(await verify(["before.zip", "--root", (await makeKey()).key], folder)).toBe(1);
    const dashed = `-${root.slice(1)}`;
    expect(await verify(["before.zip", "--root", dashed], folder)).toBe(root === dashed ? 0 : 1);
  });

  test("is found by the case's number too, and does not overwrite a file", async () => {
    const opening: unknown = JSON.parse(there(entriesOf(bundleOf(before))[0]?.entry.body));
    const { number } = v.parse(v.object({ number: v.string() }), opening);
    expect(await exportCase(settings, [number.toLowerCase(), "by-number.zip"], folder)).toBe(0);
    await expect(exportCase(settings, [number, "by-number.zip"], folder)).rejects.toMatchObject({
      reason: { code: "fileThere" },
    });
  });
});

describe("a spoilt bundle is not sound, and the entry is named", () => {
  test("a changed byte in any entry's header, body or signature", async () => {
    for (const [index, original] of entriesOf(bundleOf(before)).entries()) {
      const parts = original.entry.body === undefined ? ["sig"] : ["sig", "body", "header"];
      for (const part of parts) {
        const report = await spoil((bundle) => {
          const { entry } = there(entriesOf(bundle)[index]);
          if (part === "sig") entry.sig = otherSign(entry.sig, 20);
          else if (part === "body") entry.body = otherSign(there(entry.body), 4);
          else entry.header = entry.header.replace(/"at":"2/, '"at":"1');
        });
        expect(report.verdict).toBe("broken");
        expect(report.faults.map(({ item }) => item?.place)).toContain(index + 1);
      }
    }
  });

  test("a body that is missing without having been withheld", async () => {
    const hash = await hashOf(there(entriesOf(bundleOf(before))[0]));
    const report = await spoil((bundle) => {
      const { entry } = there(entriesOf(bundle)[0]);
      delete entry.body;
      delete entry.salt;
    });
    expect(faultsOf(report)).toContain(`bodyHash ${hash}`);
  });

  test("a changed byte in a file, a missing file, a file that no entry names", async () => {
    const name = there(Object.keys(before).find((each) => each.startsWith("files/")));
    const changed = await spoil((_, files) => {
      const content = new Uint8Array(there(files[name]));
      content[9] = (content[9] ?? 0) ^ 1;
      files[name] = content;
    });
    const missing = await spoil((_, files) => delete files[name]);
    for (const [report, what] of [
      [changed, "fileChanged"],
      [missing, "fileMissing"],
    ] as const)
      expect(report.faults).toMatchObject([
        { what, file: name.slice(6), item: { entry: { header: { kind: "fileAdded" } } } },
      ]);
    const stray = toBase64url(random(32));
    const more = await spoil((_, files) => (files[`files/${stray}`] = random(5)));
    expect(more.faults).toEqual([{ what: "fileStray", file: stray }]);
  });

  test("a removed entry, of the case or of a directory", async () => {
    const next = await hashOf(there(entriesOf(bundleOf(before))[2]));
    const ofCase = await spoil((bundle) => entriesOf(bundle).splice(1, 1));
    expect(faultsOf(ofCase)).toContain(`gap ${next}`);
    const ofDirectory = await spoil((bundle) => {
      const entries = entriesOf(bundle, directory());
      const at = entries.findIndex(({ entry }) => entry.body?.includes(told.key.publicKey));
      entries.splice(at, 1);
    });
    expect(faultsOf(ofDirectory)).toContain(`unknownKey ${told.note}`);
    expect(ofDirectory.faults.map(({ what }) => what)).toContain("gap");
  });

  test("a swapped order, in the list and in the receipts", async () => {
    const [first, second] = await Promise.all(entriesOf(bundleOf(before)).slice(1, 3).map(hashOf));
    const listed = await spoil((bundle) => {
      const entries = entriesOf(bundle);
      entries.splice(1, 2, there(entries[2]), there(entries[1]));
    });
    expect(faultsOf(listed)).toEqual([`order ${first}`]);
    const numbered = await spoil((bundle) => {
      const entries = entriesOf(bundle);
      const [a, b] = [there(entries[1]), there(entries[2])];
      [a.receipt.seq, b.receipt.seq] = [b.receipt.seq, a.receipt.seq];
      entries.splice(1, 2, b, a);
    });
    expect(faultsOf(numbered)).toEqual(
      expect.arrayContaining([`chain ${first}`, `chain ${second}`]),
    );
  });

  test("a forged receipt: another time, another entry's, another server's", async () => {
    const index = entriesOf(bundleOf(before)).length - 1;
    const hash = await hashOf(there(entriesOf(bundleOf(before))[index]));
    const change = (receipt: Receipt, with_: Partial<Receipt>): void =>
      void Object.assign(receipt, with_);
    const later = await spoil((bundle) =>
      change(there(entriesOf(bundle)[index]).receipt, { receivedAt: "2020-01-01T00:00:00.000Z" }),
    );
    expect(faultsOf(later)).toEqual([`chain ${hash}`]);
    const anothers = await spoil((bundle) =>
      change(there(entriesOf(bundle)[index]).receipt, { entry: told.note }),
    );
    expect(faultsOf(anothers)).toContain(`receipt ${hash}`);
    const stranger = await makeKey();
    const foreign = await spoil(async (bundle) => {
      const { entry, receipt } = there(entriesOf(bundle).pop());
      const parsed = await parseEntry(p, entry);
      if (!parsed.ok) throw new Error(parsed.code);
      await receive(bundle, { signed: entry, parsed: parsed.entry }, receipt.receivedAt, stranger);
    });
    expect(faultsOf(foreign)).toEqual([`receipt ${hash}`]);
  });

  test("an entry by a key that was disowned before, by receipts and by no author's clock", async () => {
    const disowning = there(entriesOf(bundleOf(after), directory()).at(-1)).receipt;
    const ms = Date.parse(disowning.receivedAt);
    const note = { text: "sau khi thu hồi" };
    const old = await make(told.key, told.log, "note", note, { at: "2026-01-01T00:00:00.000Z" });
    const late = await spoil(
      (bundle) => receive(bundle, old, new Date(ms + 1).toISOString()),
      after,
    );
    expect(faultsOf(late)).toEqual([`disownedKey ${old.parsed.hash}`]);
    const fast = await make(told.key, told.log, "note", note, { at: "2027-01-01T00:00:00.000Z" });
    const early = await spoil((bundle) => receive(bundle, fast, new Date(ms).toISOString()), after);
    expect([early.verdict, ...faultsOf(early)]).toEqual(["authentic"]);
    // Whatever time its receipt tells: its author names the directory as it was after the disowning.
    const knowing = await make(told.key, told.log, "note", note, { dir: disowning.chain });
    const pretending = await spoil(
      (bundle) => receive(bundle, knowing, new Date(ms - 1).toISOString()),
      after,
    );
    expect(faultsOf(pretending)).toEqual([`disownedKey ${knowing.parsed.hash}`]);
  });

  test("the same by the order of the tree, where it stands in the bundle, whatever time a receipt tells", async () => {
    const disowning = there(entriesOf(bundleOf(after), directory()).at(-1)).receipt;
    const ms = Date.parse(disowning.receivedAt);
    const entry = await make(told.key, told.log, "note", { text: "trước hay sau?" });
    const placed = (rank: number, receivedMs: number) =>
      spoil(async (bundle) => {
        await receive(bundle, entry, new Date(receivedMs).toISOString());
        await plant(bundle, {}, ({ receipt }) =>
          receipt.entry === entry.parsed.hash ? rank : receipt.entry === disowning.entry ? 1 : 0,
        );
      }, after);
    expect(faultsOf(await placed(2, ms - 1))).toEqual([`disownedKey ${entry.parsed.hash}`]);
    expect(faultsOf(await placed(0, ms + 1))).toEqual([]);
  });

  test("a checkpoint that is back-dated, forked, or not the server's; an entry without its proof", async () => {
    const last = there(entriesOf(bundleOf(before)).at(-1)).receipt;
    const early = new Date(Date.parse(last.receivedAt) - 1).toISOString();
    const dated = await spoil((bundle) => plant(bundle, { at: early }));
    expect(faultsOf(dated)).toContain(`checkpointDate ${last.entry}`);
    const forked = await spoil(async (bundle) => {
      const { proofs } = there(bundle.tree);
      await plant(bundle);
      there(bundle.tree).proofs = proofs;
    });
    expect(faultsOf(forked)).toContain(`tree ${last.entry}`);
    const foreign = await spoil((bundle) => plant(bundle, { signer: core.keys.receipt }));
    expect(faultsOf(foreign)).toEqual(["checkpoint"]);
    const unproven = await spoil((bundle) => {
      const { proofs } = there(bundle.tree);
      proofs.splice(
        proofs.findIndex(({ entry }) => entry === last.entry),
        1,
      );
    });
    expect(faultsOf(unproven)).toEqual([`tree ${last.entry}`]);
  });

  test("an entry by a key that no directory certifies, the server's own keys among them", async () => {
    const now = new Date().toISOString();
    for (const signer of [await makeKey(), core.keys.certificate, core.keys.root]) {
      const entry = await make(signer, told.log, "note", { text: "ai viết?" });
      const report = await spoil((bundle) => receive(bundle, entry, now));
      expect(faultsOf(report)).toEqual([`unknownKey ${entry.parsed.hash}`]);
    }
  });

  test("a key that a person certified, and a server key that the root did not", async () => {
    const [stranger, now] = [await makeKey(), new Date().toISOString()];
    const { key, publicKey, device } = stranger;
    const person = uuidv7(0, random(10));
    const certificate = { key, publicKey, person, device };
    const own = await make(told.key, directory(), "keyCertified", certificate);
    const byPerson = await spoil((bundle) => receive(bundle, own, now));
    expect(faultsOf(byPerson)).toContain(`wrongSigner ${own.parsed.hash}`);
    const use = { key, publicKey, use: "receipt" };
    const server = await make(core.keys.certificate, "installation", "serverKeyCertified", use);
    const entry = await make(told.key, told.log, "note", { text: "biên nhận lạ" });
    const byOther = await spoil(async (bundle) => {
      await receive(bundle, server, now);
      await receive(bundle, entry, now, stranger);
    });
    expect(faultsOf(byOther)).toEqual(
      expect.arrayContaining([`unknownKey ${server.parsed.hash}`, `receipt ${entry.parsed.hash}`]),
    );
  });

  test("a tail cut off, of the case or of a directory; a server's word that is not the server's", async () => {
    const kept = await hashOf(there(entriesOf(bundleOf(before)).at(-2)));
    const ofCase = await spoil((bundle) => entriesOf(bundle).pop());
    expect(faultsOf(ofCase)).toContain(`tailCut ${kept}`);
    const ofDirectory = await spoil((bundle) => entriesOf(bundle, directory()).pop(), after);
    expect(ofDirectory.faults).toMatchObject([{ what: "tailCut", item: { log: directory() } }]);
    for (const signer of [await makeKey(), core.keys.receipt]) {
      const forged = await spoil(async (bundle) => {
        entriesOf(bundle).pop();
        bundle.extent = await extentOf(bundle, signer);
      });
      expect(faultsOf(forged)).toContain("extent");
      expect(forged.completeAt).toBeUndefined();
    }
    const dated = await spoil((bundle) => {
      bundle.extent.text = bundle.extent.text.replace(/"at":"2/, '"at":"1');
    });
    expect(faultsOf(dated)).toEqual(["extent"]);
  });

  test("an entry between its device's disowning and that of its key, whichever was first", async () => {
    const disowning = there(entriesOf(bundleOf(after), directory()).at(-1)).receipt;
    const later = (more: number) => new Date(Date.parse(disowning.receivedAt) + more).toISOString();
    const between = await make(told.key, told.log, "note", { text: "ở giữa" });
    const body = { key: told.key.key, reason: "mất máy" };
    const second = await make(core.keys.certificate, directory(), "keyDisowned", body);
    const report = await spoil(async (bundle) => {
      await receive(bundle, between, later(1));
      await receive(bundle, second, later(2));
    }, after);
    expect(faultsOf(report)).toEqual([`disownedKey ${between.parsed.hash}`]);
  });

  test("an entry that is there twice, by a receipt of its own each time", async () => {
    const again = there(entriesOf(bundleOf(before))[1]).entry;
    const parsed = await parseEntry(p, again);
    if (!parsed.ok) throw new Error(parsed.code);
    const twice = { signed: again, parsed: parsed.entry };
    const report = await spoil((bundle) => receive(bundle, twice, new Date().toISOString()));
    expect(faultsOf(report)).toContain(`repeated ${parsed.entry.hash}`);
  });

  test("a log that is another case's, a case without entries, no founding", async () => {
    const stray = await spoil((bundle) => {
      bundle.case = uuidv7(0, random(10));
    });
    expect(stray.faults.map(({ what }) => what)).toEqual(
      expect.arrayContaining(["noCase", "otherLog"]),
    );
    const rootless = await spoil((bundle) => entriesOf(bundle, "installation").shift());
    expect(rootless.faults.map(({ what }) => what)).toContain("noFounding");
  });
});

describe("checkpoints that others keep", () => {
  test("are tied to it from saved mails too", async () => {
    const ask = () => verify(["before.zip", "--root", root, "--deposits", "mails"], folder);
    await expect.poll(ask).toBe(0);
    const [name = ""] = readdirSync(mails);
    const saved = path.join(mails, name);
    const honest = readFileSync(saved, "utf8");
    // A mail that was cut on its way says nothing, and is no fault of the bundle.
    writeFileSync(saved, honest.slice(0, honest.indexOf("Content-Transfer-Encoding: base64") + 80));
    expect(await ask()).toBe(1);
    writeFileSync(saved, honest);
    expect(await verify(["before.zip", "--root", root, "--deposits", saved], folder)).toBe(0);
  });

  test("are tied to the bundle; it fails where none can be, or where one tells another history", async () => {
    const ask = (...more: readonly string[]) =>
      verify(["before.zip", "--root", root, ...more], folder);
    // The server lays them down when it starts, behind everything else.
    await expect.poll(() => ask("--deposits", "deposits")).toBe(0);
    const other = path.join(folder, "other");
    mkdirSync(other);
    expect(await ask("--deposits", "other")).toBe(1);
    const { since, checkpoint } = there(bundleOf(before).tree);
    const facts = there(parseCheckpoint(there(since).checkpoint.text));
    expect(facts.size).toBeLessThan(there(parseCheckpoint(checkpoint.text)).size);
    const forked = await makeCheckpoint(p, core.keys.checkpoint, { ...facts, root: random(32) });
    const text = depositText({ checkpoint: forked, root, since: 0, path: [] });
    writeFileSync(path.join(other, "fork.json"), text);
    expect(await ask("--deposits", "other")).toBe(1);
    const named = [{ name: "fork.json", text }];
    const checked = await checkBundle(p, zipSync(before), root, named);
    expect(checked).toMatchObject({
      report: { verdict: "broken", faults: [{ what: "fork", file: "fork.json" }] },
    });
    await expect(ask("--deposits", "nowhere")).rejects.toMatchObject({
      reason: { code: "unreadable" },
    });
  });
});

describe("a hostile archive is refused before it is unpacked", () => {
  /** The first member's size unpacked, as the zip's directory tells it. */
  const claiming = (size: number, zip: Uint8Array): Uint8Array => {
    const bytes = Buffer.from(zip);
    bytes.writeUInt32LE(size, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    return new Uint8Array(bytes);
  };
  const outcomeOf = (bytes: Uint8Array): Promise<unknown> =>
    checkBundle(p, bytes, root).catch((error: unknown) => error);

  test("names that lead elsewhere, and no bundle at all", async () => {
    for (const name of ["../x", "/etc/passwd", "files/../x", "files\\x", "bundle.json/", "x", ""])
      expect(await outcomeOf(zipSync({ ...before, [name]: random(3) }))).toBeInstanceOf(
        ArchiveFault,
      );
    expect(await outcomeOf(zipSync({ "files/": random(3) }))).toBeInstanceOf(ArchiveFault);
    expect(await outcomeOf(random(1_000))).toBeInstanceOf(ArchiveFault);
    expect(await outcomeOf(new Uint8Array(0))).toBeInstanceOf(ArchiveFault);
    expect(await outcomeOf(zipSync(before).subarray(0, -40))).toBeInstanceOf(ArchiveFault);
  });

  test("a member that unpacks to more than any may have, or that is there twice", async () => {
    expect(await outcomeOf(claiming(300_000_000, zipSync(before)))).toBeInstanceOf(ArchiveFault);
    const name = `files/${toBase64url(random(32))}`;
    const twin = name.replace("files/", "filez/");
    const twice = zipSync({ ...before, [name]: random(3), [twin]: random(3) }, { level: 0 });
    const text = Buffer.from(twice);
    for (let at = text.indexOf("filez/"); at !== -1; at = text.indexOf("filez/"))
      text.write("files/", at);
    expect(await outcomeOf(new Uint8Array(text))).toBeInstanceOf(ArchiveFault);
  });

  test("a member that says it is small and is not", async () => {
    const bomb = claiming(10, zipSync({ "bundle.json": new Uint8Array(5_000_000) }));
    expect(await outcomeOf(bomb)).toBeInstanceOf(ArchiveFault);
  });

  test("a zip that shows another reader something else", async () => {
    const zip = Buffer.from(zipSync(before));
    const changed = (change: (bytes: Buffer) => unknown): Uint8Array => {
      const bytes = Buffer.from(zip);
      change(bytes);
      return new Uint8Array(bytes);
    };
    const others = [
      changed((bytes) => bytes.write("X", bytes.indexOf("bundle.json"))),
      changed((bytes) => bytes.writeUInt32LE(7, 14)),
      new Uint8Array(Buffer.concat([zip, Buffer.from("x")])),
      new Uint8Array(Buffer.concat([Buffer.from("x"), zip])),
    ];
    for (const bytes of others) expect(await outcomeOf(bytes)).toBeInstanceOf(ArchiveFault);
    const spaced = strToU8(strFromU8(there(before["bundle.json"])).replace(":", ": "));
    const loose = zipSync({ ...before, "bundle.json": spaced });
    expect(await outcomeOf(loose)).toMatchObject({ read: false, why: "malformed" });
  });

  test("another format: a newer one is told from a broken one", async () => {
    const bundle = bundleOf(before);
    const of = (value: unknown) =>
      checkBundle(p, zipSync({ "bundle.json": strToU8(canonicalText(value)) }), root);
    expect(await of({ ...bundle, v: 2 })).toMatchObject({ read: false, why: "newer" });
    expect(await of({ ...bundle, more: 1 })).toMatchObject({ read: false, why: "malformed" });
    expect(await of([])).toMatchObject({ read: false, why: "malformed" });
  });
});
