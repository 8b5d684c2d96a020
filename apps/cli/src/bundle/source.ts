import { createReadStream, existsSync } from "node:fs";
import path from "node:path";
import {
  canonicalText,
  parseEntry,
  readCaseNumber,
  Receipt,
  Uuid,
  type Primitives,
  type Signer,
} from "@lientuyen/record";
import pg from "pg";
import * as v from "valibot";
import { Failure } from "../failure.ts";
import { mostArchiveBytes, type Member } from "./archive.ts";
import { signExtent, type ExtentFacts } from "./extent.ts";
import { bundleVersion, fileNamedBy, indexName, nameOfFile } from "./format.ts";
import type { Bundle, BundledEntry } from "./format.ts";
import { readEarlier } from "./earlierSource.ts";
import { readTree } from "./treeSource.ts";

/** A case as it lies in the database, at one moment. */
export interface CaseSource {
  readonly bundle: Bundle;
  /** The number that people call it by; its uuid where it never got one. */
  readonly number: string;
}

const Row = v.object({
  header: v.string(),
  sig: v.string(),
  receipt: v.string(),
  facility: v.nullable(v.string()),
  body: v.nullable(v.string()),
  salt: v.nullable(v.string()),
});
type Row = v.InferOutput<typeof Row>;

/** One reading transaction as the server itself, so that all logs are of one moment. */
const inOneMoment = async <T>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  const client = new pg.Client({
    connectionString: databaseUrl,
    options: "-c role=lientuyen_system -c search_path=lientuyen",
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    return await work(client);
  } finally {
    await client.end();
  }
};

/** @param name case number as spoken or typed, or uuid */
const findCase = async (client: pg.Client, name: string): Promise<string> => {
  const wanted = name.trim();
  const uuid = wanted.toLowerCase();
  const { rows } = v.is(Uuid, uuid)
    ? await client.query<{ log: string }>("select name as log from log where name = $1", [
        `case/${uuid}`,
      ])
    : await client.query<{ log: string }>("select log from case_number where number = any ($1)", [
        [wanted, readCaseNumber(wanted) ?? wanted],
      ]);
  const [first, ...others] = [...new Set(rows.map(({ log }) => log.slice("case/".length)))];
  if (first === undefined) throw new Failure({ code: "noSuchCase", name });
  if (others.length > 0)
    throw new Failure({ code: "severalCases", name, cases: [first, ...others] });
  return first;
};

const numberOf = async (client: pg.Client, uuid: string): Promise<string> => {
  const { rows } = await client.query<{ number: string }>(
    "select number from case_number where log = $1 order by number limit 1",
    [`case/${uuid}`],
  );
  return rows[0]?.number ?? uuid;
};

const readLog = async (client: pg.Client, log: string): Promise<readonly Row[]> => {
  const { rows } = await client.query(
    `select e.header, e.sig, e.receipt, e.facility, b.body, b.salt
       from entry e left join body b on b.entry = e.hash where e.log = $1 order by e.seq`,
    [log],
  );
  return v.parse(v.array(Row), rows);
};

const bundled = ({ header, sig, receipt, body, salt }: Row): BundledEntry => ({
  entry: { header, sig, ...(body === null || salt === null ? {} : { body, salt }) },
  receipt: v.parse(Receipt, JSON.parse(receipt)),
});

const endOf = ({ log, entries }: Bundle["logs"][number]): ExtentFacts["logs"] => {
  const last = entries.at(-1)?.receipt;
  return last === undefined ? [] : [{ log, seq: last.seq, chain: last.chain }];
};

export interface Export {
  readonly p: Primitives;
  /** The server's checkpoint key, which says how far the logs go. */
  readonly signer: Signer;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * Everything that is needed to check the case elsewhere: its log, the whole directories of those facilities
 * whose people wrote in it, the installation's log. A directory in part could leave out that a key was disowned.
 */
export const readCase = (databaseUrl: string, name: string, by: Export): Promise<CaseSource> =>
  inOneMoment(databaseUrl, async (client) => {
    const uuid = await findCase(client, name);
    const own = await readLog(client, `case/${uuid}`);
    const facilities = [...new Set(own.flatMap(({ facility }) => facility ?? []))].sort();
    const names = ["installation", ...facilities.map((code) => `directory/${code}`)];
    const logs = [];
    for (const log of names) logs.push({ log, entries: (await readLog(client, log)).map(bundled) });
    logs.push({ log: `case/${uuid}`, entries: own.map(bundled) });
    const number = await numberOf(client, uuid);
    const tree = await readTree(client, { logs }, by);
    const earlier = await readEarlier(client, by.p, { case: uuid, logs });
    return {
      number,
      bundle: {
        format: "lientuyen-bundle",
        v: bundleVersion,
        case: uuid,
        logs,
        extent: await signExtent(by.p, by.signer, { at: by.now, logs: logs.flatMap(endOf) }),
        ...(tree === undefined ? {} : { tree }),
        ...(earlier.length === 0 ? {} : { earlier: [...earlier] }),
      },
    };
  });

/** Members of the zip: the index, then each named file that is on the disk. What is missing the check will name. */
export const membersOf = async (
  p: Primitives,
  { bundle }: CaseSource,
  filesFolder: string,
): Promise<readonly Member[]> => {
  const files = new Map<string, number>();
  for (const { entry } of bundle.logs.at(-1)?.entries ?? []) {
    const parsed = await parseEntry(p, entry);
    const file = parsed.ok ? fileNamedBy(parsed.entry) : undefined;
    if (file !== undefined) files.set(file.hash, file.size);
  }
  const index = Buffer.from(canonicalText(bundle));
  const bytes = [...files.values()].reduce((sum, size) => sum + size, index.length);
  if (bytes > mostArchiveBytes)
    throw new Failure({ code: "bundleTooLarge", bytes, most: mostArchiveBytes });
  const placeOf = (hash: string): string => path.join(filesFolder, "cases", bundle.case, hash);
  const kept = [...files.keys()].filter((hash) => existsSync(placeOf(hash)));
  return [
    { name: indexName, content: oneOf(index), squeeze: true },
    ...kept.map((hash) => ({
      name: nameOfFile(hash),
      content: createReadStream(placeOf(hash)),
      squeeze: false,
    })),
  ];
};

// oxlint-disable-next-line require-await -- a list of one as the pieces of a stream
async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
