import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { foundedBefore, people, seedDemo } from "@lientuyen/cli";
import {
  addFacility,
  appendAsServer,
  createAccount,
  createServer,
  makeServerKeys,
  type LientuyenServer,
  type ServerOptions,
  type LiveMedia,
} from "@lientuyen/server";
import { startPostgres, type TestPostgres } from "../../postgres.ts";

const staticDir = fileURLToPath(new URL("../../../apps/station/dist", import.meta.url));

/** A whole installation of its own: real PostgreSQL, real server, the demo network with other patients' cases. */
export interface World {
  readonly port: number;
  readonly url: string;
  /** The cluster's superuser: what an attacker with the database in hand is. */
  readonly superuserUrl: string;
  /** Where the server keeps what was uploaded. */
  readonly filesDir: string;
  readonly passwordOf: (account: string) => string;
  /** The server's clock, moved on: due dates come by it. The shipped server has no such thing. */
  readonly advance: (ms: number) => void;
  readonly now: () => number;
  readonly postgres: TestPostgres;
  /** Two facilities agree on a contract, each in its own directory, in force for a minute already. */
  readonly agreeContract: (contract: string, between: readonly [string, string]) => Promise<void>;
  /** As the server does on seeing the counter of a key twice, for every key of this account's person. */
  readonly flagAsCopied: (account: string) => Promise<void>;
  /** A further facility, as at the console; answers its administrator's one-time link. */
  readonly foundFacility: (given: Parameters<typeof addFacility>[1]) => Promise<string>;
  /** The server goes and comes back on the same port and data. */
  readonly stopServer: () => Promise<void>;
  readonly startServer: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WorldOptions {
  /** False: the network alone. */
  readonly cases?: boolean;
  readonly depositAt?: ServerOptions["depositAt"];
  /** Where it listens; undefined: on loopback alone. */
  readonly host?: string;
  /** The media engine, for live sessions. */
  readonly live?: LiveMedia;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const postgres = await startPostgres();
  const filesDir = await mkdtemp(join(tmpdir(), "lientuyen-files-"));
  const databaseUrl = await postgres.freshDatabase();
  const keys = makeServerKeys();
  const passwords = Object.fromEntries(
    people.map(({ account }) => [account, `mat-khau-${account}-2026`]),
  );
  const startedMs = Date.now();
  let seedClockMs: number | undefined = foundedBefore(startedMs);
  let aheadMs = 0;
  const now = (): number => seedClockMs ?? Date.now() + aheadMs;
  const make = (port: number): Promise<LientuyenServer> =>
    createServer({
      databaseUrl,
      filesDir,
      staticDir,
      host: options.host ?? "127.0.0.1",
      port,
      keys,
      now,
      random: (count) => new Uint8Array(randomBytes(count)),
      log: {
        level: "error",
        stream: {
          write: (line) =>
            process.env["LIENTUYEN_TEST_LOG"] === undefined || process.stderr.write(line),
        },
      },
      depositAt: options.depositAt,
      limits: { signInsPerAccount: 500, signInsPerAddress: 500, enrolmentsPerPerson: 500 },
      live: options.live,
    });
  let server = await make(0);
  const { url, port } = await server.listen();
  await seedDemo(
    {
      base: url,
      setNow: (ms) => {
        seedClockMs = ms;
      },
      appendAsServer: (facts) => appendAsServer(server.core, facts),
      createAccount: (account) => createAccount(server.core, account),
    },
    {
      nowMs: startedMs,
      passwords,
      ...(options.cases === undefined ? {} : { cases: options.cases }),
    },
  );
  await server.settleFeed();
  seedClockMs = undefined;
  return {
    port,
    url,
    superuserUrl: databaseUrl,
    filesDir,
    passwordOf: (account) => passwords[account] ?? "",
    advance: (ms) => {
      aheadMs += ms;
    },
    now,
    postgres,
    agreeContract: async (contract, [low, high]) => {
      const from = new Date(now() - 60_000).toISOString();
      const fact = (facility: string, other: string) => ({
        log: `directory/${facility}`,
        kind: "contractAgreed" as const,
        body: { contract, with: other, from },
      });
      await appendAsServer(server.core, [fact(low, high), fact(high, low)]);
      await server.settleFeed();
    },
    flagAsCopied: async (account) => {
      const facts = await server.core.database.asSystem(async (tx) => {
        const { person } = await tx
          .selectFrom("account")
          .select("person")
          .where("account", "=", account)
          .executeTakeFirstOrThrow();
        const { view } = await server.core.directory.current(tx);
        return [...view.keys.values()]
          .filter((key) => key.person === person)
          .map(({ key, facility }) => ({
            log: `directory/${facility}`,
            kind: "keyCloned" as const,
            body: { key },
          }));
      });
      await appendAsServer(server.core, facts);
      await server.settleFeed();
    },
    foundFacility: async (given) => {
      const added = await addFacility(server.core, given);
      if (added.answer !== "added") throw new Error(added.answer);
      return `${url}/first#${added.token}`;
    },
    stopServer: () => server.close(),
    startServer: async () => {
      server = await make(port);
      await server.listen();
    },
    close: async () => {
      await server.close();
      await postgres.close();
      await rm(filesDir, { recursive: true, force: true });
    },
  };
}
