import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { webcrypto } from "node:crypto";
import { uuidv7, type Bytes } from "@lientuyen/record";
import {
  appendAsServer,
  createAccount,
  createServer,
  keepServerKeys,
  type LientuyenServer,
} from "@lientuyen/server";
import { webPrimitives } from "@lientuyen/sync";
import pg from "pg";
import { startPostgres, type TestPostgres } from "../postgres.ts";

export const { subtle } = webcrypto;
export const primitives = webPrimitives(subtle);
export const randomBytes = (n: number): Bytes => webcrypto.getRandomValues(new Uint8Array(n));
export const newUuid = (): string => uuidv7(Date.now(), randomBytes(10));

export interface Person {
  readonly person: string;
  readonly facility: string;
  readonly account: string;
}

/** The real server on a real PostgreSQL, with a province and its stations founded by the server's own key. */
export interface TestNetwork {
  readonly url: string;
  readonly databaseUrl: string;
  /** Data folder: files, and the keys of whoever serves this database. */
  readonly data: string;
  readonly server: LientuyenServer;
  readonly postgres: TestPostgres;
  readonly query: (text: string) => Promise<readonly Record<string, unknown>[]>;
  readonly people: Readonly<Record<PersonName, Person>>;
  readonly close: () => Promise<void>;
}

export const password = "mat-khau-thu-nghiem";
export const province = "12901";
export const station = "12913";
export const otherStation = "12914";

const cast = {
  sua: { facility: station, roles: ["physicianAssistant"] },
  nhu: { facility: station, roles: ["nurse"] },
  chinh: { facility: otherStation, roles: ["physician"] },
  thanh: { facility: province, roles: ["physician", "coordinator"] },
} as const;
export type PersonName = keyof typeof cast;

export async function startNetwork(): Promise<TestNetwork> {
  const postgres = await startPostgres();
  const databaseUrl = await postgres.freshDatabase();
  const data = await mkdtemp(join(tmpdir(), "lientuyen-faults-"));
  const server = await createServer({
    databaseUrl,
    filesDir: join(data, "files"),
    staticDir: join(data, "static"),
    host: "127.0.0.1",
    port: 0,
    keys: await keepServerKeys(join(data, "secrets", "server-keys.json")),
    now: Date.now,
    random: randomBytes,
    log: { level: "fatal" },
  });
  const { url } = await server.listen();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("set search_path = lientuyen");
  const people = await found(server);
  // One connection, one query at a time.
  let last: Promise<readonly Record<string, unknown>[]> = Promise.resolve([]);
  return {
    url,
    databaseUrl,
    data,
    server,
    postgres,
    people,
    query: (text) =>
      (last = last.then(async () => (await client.query<Record<string, unknown>>(text)).rows)),
    close: async () => {
      await client.end();
      await server.close();
      await postgres.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function found({ core }: LientuyenServer): Promise<TestNetwork["people"]> {
  const from = "2026-01-01T00:00:00.000Z";
  const write = (facility: string, kind: string, body: unknown) =>
    appendAsServer(core, [{ log: `directory/${facility}`, kind, body }]);
  for (const [code, level] of [
    [province, "provincial"],
    [station, "commune"],
    [otherStation, "commune"],
  ] as const) {
    await write(code, "facilityFounded", {
      code,
      name: `Cơ sở ${code}`,
      shortName: code,
      level,
      from,
    });
  }
  for (const code of [station, otherStation]) {
    const contract = `HD-${code}`;
    await write(code, "contractAgreed", { contract, with: province, from });
    await write(province, "contractAgreed", { contract, with: code, from });
  }
  const person = async (account: PersonName): Promise<Person> => {
    const { facility, roles } = cast[account];
    const made = { person: newUuid(), facility, account };
    await write(facility, "personAdded", { person: made.person, name: account, account });
    for (const role of roles)
      await write(facility, "roleGranted", { person: made.person, role, from });
    await createAccount(core, { ...made, password });
    return made;
  };
  return {
    sua: await person("sua"),
    nhu: await person("nhu"),
    chinh: await person("chinh"),
    thanh: await person("thanh"),
  };
}
