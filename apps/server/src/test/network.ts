import { generateKeyPairSync, sign as signBytes, type KeyObject } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { routes, type EntryAnswer, type FeedItem } from "@lientuyen/api";
import {
  makeEntry,
  uuidv7,
  type CaseFact,
  type Role,
  type SignedEntry,
  type Signer,
} from "@lientuyen/record";
import pg from "pg";
import * as v from "valibot";
import { startPostgres, type TestPostgres } from "../../../../tests/postgres.ts";
import { bytesOf } from "../identity/primitives.ts";
import { fingerprintOf } from "../identity/serverKeys.ts";
import {
  appendAsServer,
  createAccount,
  createServer,
  makeServerKeys,
  makePrimitives,
  type LientuyenServer,
  type ServerOptions,
} from "../index.ts";

export const password = "mat khau thu nghiem";
export const station = "12913";
export const otherStation = "12912";
export const province = "12901";
export const central = "01901";
const from = "2026-01-01T00:00:00.000Z";

const primitives = makePrimitives();
export const random = (count: number): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(count));
export const uuid = (): string => uuidv7(Date.now(), random(10));

/** One key of one person on one device. */
export interface Key extends Signer {
  readonly publicKey: string;
  readonly device: string;
  readonly privateKey: KeyObject;
}

export const makeKey = (device: string = uuid()): Key => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = privateKey.export({ format: "jwk" });
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(x, "base64url"),
    Buffer.from(y, "base64url"),
  ]);
  return {
    key: fingerprintOf(point),
    publicKey: point.toString("base64url"),
    device,
    privateKey,
    sign: async (message) =>
      bytesOf(signBytes("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" })),
  };
};

export interface EntryParts {
  readonly log: string;
  readonly kind: string;
  readonly body: unknown;
  readonly after?: readonly string[];
  readonly at?: string;
  readonly id?: string;
  readonly n?: number;
}

/** A person with a key: makes entries, knows their hashes. */
export class Pen {
  readonly person: string;
  readonly facility: string;
  readonly account: string;
  readonly key: Key;
  #n = 0;
  constructor(person: string, facility: string, account: string, key: Key) {
    this.person = person;
    this.facility = facility;
    this.account = account;
    this.key = key;
  }
  async make(
    parts: EntryParts,
  ): Promise<{ readonly signed: SignedEntry; readonly hash: string; readonly id: string }> {
    this.#n += 1;
    const id = parts.id ?? uuid();
    const { signed, parsed } = await makeEntry(primitives, this.key, {
      id,
      log: parts.log,
      kind: parts.kind,
      n: parts.n ?? this.#n,
      dir: "",
      at: parts.at ?? new Date().toISOString(),
      after: [...(parts.after ?? [])],
      body: parts.body,
      salt: random(16),
    });
    return { signed, hash: parsed.hash, id };
  }
  fact(log: string, fact: CaseFact, more: Partial<EntryParts> = {}) {
    return this.make({ log, kind: fact.kind, body: fact.body, ...more });
  }
}

/** A signed-in browser, as far as HTTP shows it. */
export interface Client {
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly post: (
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ) => Promise<Response>;
  readonly send: (
    path: string,
    init: Omit<RequestInit, "headers"> & { headers?: Record<string, string> },
  ) => Promise<Response>;
  readonly append: (...entries: readonly SignedEntry[]) => Promise<readonly EntryAnswer[]>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Network {
  readonly postgres: TestPostgres;
  readonly databaseUrl: string;
  readonly folder: string;
  readonly server: LientuyenServer;
  readonly url: string;
  /** As the database's superuser. */
  readonly query: (
    text: string,
    values?: readonly unknown[],
  ) => Promise<readonly Record<string, unknown>[]>;
  readonly signIn: (account: string) => Promise<Client>;
  /** A person with roles, an account and a confirmed certified key. */
  readonly person: (
    account: string,
    facility: string,
    roles: readonly Role[],
    confirmed?: boolean,
  ) => Promise<Pen>;
  readonly close: () => Promise<void>;
}

export interface NetworkOptions extends Partial<
  Pick<ServerOptions, "now" | "limits" | "log" | "keys" | "live" | "witness" | "depositAt">
> {
  readonly postgres?: TestPostgres;
  /** Where the files lie; a small disk, say. */
  readonly parent?: string;
}

/** The real server on a real PostgreSQL: a station with contracts upward, one without. */
export const startNetwork = async (options: NetworkOptions = {}): Promise<Network> => {
  const postgres = options.postgres ?? (await startPostgres());
  const databaseUrl = await postgres.freshDatabase();
  const folder = await mkdtemp(join(options.parent ?? tmpdir(), "lientuyen-server-"));
  const server = await createServer({
    databaseUrl,
    filesDir: join(folder, "files"),
    staticDir: join(folder, "static"),
    host: "127.0.0.1",
    port: 0,
    keys: options.keys ?? makeServerKeys(),
    now: options.now ?? Date.now,
    random,
    log: options.log,
    witness: options.witness,
    depositAt: options.depositAt,
    limits: options.limits,
    live: options.live,
  });
  const { url } = await server.listen();
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    options: "-c search_path=lientuyen",
    max: 2,
  });
  pool.on("error", () => undefined);
  await foundFacilities(server);
  return {
    postgres,
    databaseUrl,
    folder,
    server,
    url,
    query: async (text, values = []) =>
      (await pool.query<Record<string, unknown>>(text, [...values])).rows,
    signIn: (account) => signIn(url, account),
    person: (account, facility, roles, confirmed = true) =>
      addPerson(server, account, facility, roles, confirmed),
    close: async () => {
      await pool.end();
      await server.close();
      if (options.postgres === undefined) await postgres.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const foundFacilities = async (server: LientuyenServer): Promise<void> => {
  const levels = [
    [station, "commune"],
    [otherStation, "commune"],
    [province, "provincial"],
    [central, "central"],
  ] as const;
  await appendAsServer(
    server.core,
    levels.map(([code, level]) => ({
      log: `directory/${code}`,
      kind: "facilityFounded",
      body: { code, name: `Cơ sở ${code}`, shortName: code, level, from },
    })),
  );
  const contracts = [
    [station, province],
    [otherStation, province],
    [province, central],
  ] as const;
  await appendAsServer(
    server.core,
    contracts.flatMap(([one, other]) => [
      {
        log: `directory/${one}`,
        kind: "contractAgreed",
        body: { contract: `HĐ-${one}-${other}`, with: other, from },
      },
      {
        log: `directory/${other}`,
        kind: "contractAgreed",
        body: { contract: `HĐ-${one}-${other}`, with: one, from },
      },
    ]),
  );
};

const addPerson = async (
  server: LientuyenServer,
  account: string,
  facility: string,
  roles: readonly Role[],
  confirmed: boolean,
): Promise<Pen> => {
  const person = uuid();
  const key = makeKey();
  const log = `directory/${facility}`;
  await appendAsServer(server.core, [
    { log, kind: "personAdded", body: { person, name: account, account } },
    ...roles.map((role) => ({ log, kind: "roleGranted", body: { person, role, from } })),
    { log, kind: "deviceEnrolled", body: { device: key.device, name: "PC" } },
    {
      log,
      kind: "keyCertified",
      body: { key: key.key, publicKey: key.publicKey, person, device: key.device },
    },
    ...(confirmed ? [{ log, kind: "keyConfirmed", body: { key: key.key } }] : []),
  ]);
  await createAccount(server.core, { person, facility, account, password });
  return new Pen(person, facility, account, key);
};

export const signIn = async (url: string, account: string): Promise<Client> => {
  const response = await fetch(`${url}/v1/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account, password }),
  });
  if (response.status !== 200) throw new Error(`sign-in: ${response.status}`);
  const { csrf } = v.parse(routes.signIn.out, await response.json());
  const headers = {
    cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "",
    "x-lientuyen-csrf": csrf,
    "x-lientuyen-protocol": "1",
  };
  return clientOf(url, headers);
};

export const clientOf = (url: string, headers: Readonly<Record<string, string>>): Client => {
  const send: Client["send"] = (path, init) =>
    fetch(url + path, { ...init, headers: { ...headers, ...init.headers } });
  const post: Client["post"] = (path, body, more = {}) =>
    send(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...more },
    });
  return {
    headers,
    send,
    post,
    get: (path, more = {}) => send(path, { headers: more }),
    append: async (...entries) => {
      const response = await post("/v1/entries", { entries });
      if (response.status !== 200)
        throw new Error(`entries: ${response.status} ${await response.text()}`);
      return v.parse(routes.entries.out, await response.json()).answers;
    },
  };
};

export interface OpenedCase {
  readonly log: string;
  readonly id: string;
  readonly opened: string;
  readonly question: string;
  readonly request: string;
}

/** A case opened, one question asked and sent; all received. */
export const sendCase = async (
  pen: Pen,
  client: Client,
  to: string = province,
  urgency: "emergency" | "urgent" | "routine" = "urgent",
): Promise<OpenedCase> => {
  const id = uuid();
  const log = `case/${id}`;
  const opened = await pen.fact(log, {
    kind: "opened",
    body: { number: `T${id.slice(-6)}`, facility: pen.facility, mode: "support" },
  });
  const question = await pen.fact(
    log,
    { kind: "questionAsked", body: { text: "Có chuyển ngay không?" } },
    { after: [opened.hash] },
  );
  const request = await pen.fact(
    log,
    {
      kind: "requestSent",
      body: { to, specialty: "toxicology", urgency, questions: [question.hash] },
    },
    { after: [question.hash] },
  );
  const answers = await client.append(opened.signed, question.signed, request.signed);
  const bad = answers.find(({ answer }) => answer !== "received");
  if (bad !== undefined) throw new Error(`case not taken: ${JSON.stringify(bad)}`);
  return { log, id, opened: opened.hash, question: question.hash, request: request.hash };
};

/** A streamed answer, piece by piece. */
export async function* textsOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const pieces: AsyncIterable<Uint8Array> | null = response.body;
  if (pieces === null) return;
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
}

/** The whole feed of a client's facility, everything committed numbered first. */
export const wholeFeed = async (network: Network, client: Client): Promise<readonly FeedItem[]> => {
  await network.server.settleFeed();
  const items: FeedItem[] = [];
  for (let after = 0; ;) {
    const page = v.parse(
      routes.feed.out,
      await (await client.get(`/v1/feed?after=${after}`)).json(),
    );
    items.push(...page.items);
    after = page.next;
    if (!page.more) return items;
  }
};
