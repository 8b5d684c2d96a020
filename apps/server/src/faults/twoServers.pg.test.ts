import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { routes } from "@lientuyen/api";
import pg from "pg";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../../../tests/postgres.ts";
import { createServer, makeServerKeys, type LientuyenServer } from "../index.ts";
import {
  clientOf,
  province,
  random,
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
} from "../test/network.ts";

let postgres: TestPostgres;
let folder: string;
const keys = makeServerKeys();
const opened: LientuyenServer[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), "lientuyen-two-"));
});
afterAll(async () => {
  for (const server of opened) await server.close();
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});

const serverOn = async (
  databaseUrl: string,
  filesDir = join(folder, "files"),
): Promise<LientuyenServer> => {
  const server = await createServer({
    databaseUrl,
    filesDir,
    staticDir: folder,
    host: "127.0.0.1",
    port: 0,
    keys,
    now: Date.now,
    random,
  });
  opened.push(server);
  return server;
};

test("two servers that start at once on an empty database found one installation", async () => {
  const databaseUrl = await postgres.freshDatabase();
  const [one] = await Promise.all([serverOn(databaseUrl), serverOn(databaseUrl)]);
  const { url } = await one.listen();
  const { entries } = v.parse(
    routes.serverKeys.out,
    await (await fetch(`${url}/v1/server-keys`)).json(),
  );
  const kinds = entries.map(({ entry }) => /"kind":"(\w+)"/.exec(entry.header)?.[1]);
  expect(kinds.filter((kind) => kind === "installationFounded")).toHaveLength(1);
  expect(kinds).toHaveLength(6);
});

test("a founding that a crash cut off is finished by the next start", async () => {
  const databaseUrl = await postgres.freshDatabase();
  const whole = await serverOn(databaseUrl);
  await whole.close();
  const client = new pg.Client({
    connectionString: databaseUrl,
    options: "-c search_path=lientuyen -c session_replication_role=replica",
  });
  await client.connect();
  for (const table of ["feed", "feed_pending", "body"])
    await client.query(
      `delete from ${table} t using entry e where e.hash = t.entry and e.log = 'installation' and e.seq > 2`,
    );
  await client.query("delete from entry where log = 'installation' and seq > 2");
  await client.query(
    "update log set seq = 2, chain = (select chain from entry where log = 'installation' and seq = 2) where name = 'installation'",
  );
  await client.end();
  const { url } = await (await serverOn(databaseUrl)).listen();
  const { entries } = v.parse(
    routes.serverKeys.out,
    await (await fetch(`${url}/v1/server-keys`)).json(),
  );
  expect(entries.map(({ receipt }) => receipt.seq)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("writers at two servers, a reader that moves between them: each entry once, none missed", async () => {
  const network: Network = await startNetwork({ postgres, keys });
  const second = await serverOn(network.databaseUrl);
  const { url } = await second.listen();
  const sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician"]);
  const both = async (account: string): Promise<readonly [Client, Client]> => {
    const client = await network.signIn(account);
    // A session is the database's: either server knows it.
    return [client, clientOf(url, client.headers)];
  };
  const writers = await both("sua");
  const readers = await both("thanh");
  const cases = await Promise.all(
    Array.from({ length: 4 }, (_, index) => sendCase(sua, writers[index % 2 === 0 ? 0 : 1])),
  );
  const seen: string[] = [];
  const state = { writing: true, after: 0, turn: 0 };
  const read = async (): Promise<number> => {
    state.turn += 1;
    const reader = readers[state.turn % 2 === 0 ? 0 : 1];
    const response = await reader.get(`/v1/feed?after=${state.after}&limit=9`);
    const page = v.parse(routes.feed.out, await response.json());
    seen.push(...page.items.map(({ receipt }) => receipt.entry));
    state.after = page.next;
    return page.items.length;
  };
  const reading = (async () => {
    while (state.writing) await read();
  })();
  const written = await Promise.all(
    Array.from({ length: 16 }, async (_, number) => {
      const made: string[] = [];
      for (let round = 0; round < 8; round += 1) {
        const log = cases[(number + round) % cases.length]?.log ?? "";
        const { signed, hash } = await sua.fact(log, {
          kind: "note",
          body: { text: `${number}.${round}` },
        });
        const [answer] = await writers[(number + round) % 2 === 0 ? 0 : 1].append(signed);
        expect(answer?.answer).toBe("received");
        made.push(hash);
      }
      return made;
    }),
  );
  state.writing = false;
  await reading;
  await second.settleFeed();
  while ((await read()) + (await read()) > 0);
  const expected = written.flat();
  expect(expected.filter((hash) => !seen.includes(hash))).toEqual([]);
  expect(new Set(seen).size).toBe(seen.length);
  const chains = await network.query(
    "select log, count(*)::int as n, max(seq)::int as last, count(distinct seq)::int as different from entry group by log having count(*) <> max(seq) or count(distinct seq) <> count(*)",
  );
  expect(chains).toEqual([]);
  await network.close();
});

test("an upload that hangs at one server is let go when its sender comes to the other, and goes on from there", async () => {
  const network: Network = await startNetwork({ postgres, keys });
  const { url } = await (
    await serverOn(network.databaseUrl, join(network.folder, "files"))
  ).listen();
  const sua = await network.person("sua", station, ["physicianAssistant"]);
  await network.person("thanh", province, ["physician"]);
  const client = await network.signIn("sua");
  const other = clientOf(url, client.headers);
  const { log, id } = await sendCase(sua, client);
  const content = Buffer.concat([
    Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"),
    Buffer.from(random(50_000)),
  ]);
  const hash = createHash("sha256").update(content).digest("base64url");
  const b64 = (text: string): string => Buffer.from(text).toString("base64");
  const tus = { "tus-resumable": "1.0.0" };
  const created = await client.send("/v1/files", {
    method: "POST",
    headers: {
      ...tus,
      "upload-length": String(content.length),
      "upload-metadata": `log ${b64(log)},hash ${b64(hash)},type ${b64("image/jpeg")}`,
    },
  });
  const location = created.headers.get("location") ?? "";
  const patching = { ...tus, "content-type": "application/offset+octet-stream" };
  // Its sender is long gone; the server does not know that yet.
  const hanging = request(network.url + location, {
    method: "PATCH",
    headers: {
      ...client.headers,
      ...patching,
      "upload-offset": "0",
      "content-length": String(content.length),
    },
  });
  hanging.on("error", () => undefined);
  hanging.write(content.subarray(0, 20_000));
  const locked = () =>
    network.query(
      "select count(*)::int as n from pg_locks where locktype = 'advisory' and classid = 7105006 and granted",
    );
  await expect.poll(locked, { timeout: 20_000 }).toEqual([{ n: 1 }]);
  const offset = Number(
    (await other.send(location, { method: "HEAD", headers: tus })).headers.get("upload-offset"),
  );
  expect(offset).toBeLessThanOrEqual(20_000);
  const rest = await other.send(location, {
    method: "PATCH",
    headers: { ...patching, "upload-offset": String(offset) },
    body: new Uint8Array(content.subarray(offset)),
  });
  expect(rest.status).toBe(204);
  hanging.destroy();
  expect(await (await client.get(`/v1/cases/${id}/files`)).json()).toEqual({ held: [hash] });
  await expect.poll(locked, { timeout: 20_000 }).toEqual([{ n: 0 }]);
  await network.close();
});
