import { generateKeyPairSync, sign } from "node:crypto";
import { makePrimitives } from "@lientuyen/server";
import pg from "pg";
import { runFor } from "./closedLoop.ts";

export interface Shape {
  readonly connections: number;
  /** Entries in one commit, or verified side by side. */
  readonly batch: number;
}

/** As long as header, body and receipt of an entry of a text case together. */
const rowText = "x".repeat(1_800);

/** Rows a second that PostgreSQL commits: one table with its key, one statement, one commit for each batch. */
export async function bareCommits(
  databaseUrl: string,
  { connections, batch }: Shape,
  forMs: number,
): Promise<number> {
  const clients = Array.from(
    { length: connections },
    () => new pg.Client({ connectionString: databaseUrl }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await clients[0]?.query(
      "create table public.bare (id bigint generated always as identity primary key, text text not null)",
    );
    const texts = Array.from({ length: batch }, () => rowText);
    const run = await runFor(
      forMs,
      clients.map((client) => async () => {
        await client.query({
          name: "bare",
          text: "insert into public.bare (text) select * from unnest($1::text[])",
          values: [texts],
        });
        return true;
      }),
    );
    return (run.done * batch) / run.seconds;
  } finally {
    await clients[0]?.query("drop table public.bare");
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** P-256 signatures a second that are verified as the server does it, and nothing else. */
export async function bareVerifications(
  { connections, batch }: Shape,
  forMs: number,
): Promise<number> {
  const { verify } = makePrimitives();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = privateKey.export({ format: "jwk" });
  const coordinates = [Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
  const point = new Uint8Array(Buffer.concat([Buffer.from([4]), ...coordinates]));
  const message = new Uint8Array(600).fill(120);
  const signature = new Uint8Array(
    sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" }),
  );
  const run = await runFor(
    forMs,
    Array.from({ length: connections }, () => async () => {
      const right = await Promise.all(
        Array.from({ length: batch }, () => verify(point, signature, message)),
      );
      if (right.includes(false)) throw new Error("a right signature was refused");
      return true;
    }),
  );
  return (run.done * batch) / run.seconds;
}
