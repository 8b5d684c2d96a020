import { append, type Core } from "@lientuyen/server";
import { makeEntry, type SignedEntry } from "@lientuyen/record";
import { province, random, uuid, type Network } from "../../../apps/server/src/test/network.ts";
import { hashToken } from "../../../apps/server/src/identity/tokens.ts";

/** A station with one nurse who is signed in. */
export interface Station {
  readonly facility: string;
  readonly cookie: string;
}

const from = "2026-01-01T00:00:00.000Z";
/** The server's own counter stays far below. */
const firstCounter = 10_000_000;

/** Founds stations with contracts to the province, and signs one person in at each: the sessions' rows are written here. */
export async function foundStations(network: Network, count: number): Promise<readonly Station[]> {
  const { core } = network.server;
  let n = firstCounter;
  const write = async (facility: string, facts: readonly Fact[]): Promise<void> => {
    const entries: SignedEntry[] = [];
    for (const fact of facts) entries.push(await signed(core, facility, fact, (n += 1)));
    const answers = await append(core, { facility }, entries);
    const bad = answers.find(({ answer }) => answer !== "received");
    if (bad !== undefined) throw new Error(`a directory was not taken: ${JSON.stringify(bad)}`);
  };
  const codes = Array.from({ length: count }, (_, at) => String(20_000 + at));
  const people = codes.map(() => uuid());
  for (const [at, code] of codes.entries()) await write(code, stationFacts(code, people[at] ?? ""));
  for (let at = 0; at < count; at += 500)
    await write(
      province,
      codes.slice(at, at + 500).map((code) => contract(code, code)),
    );
  return signAllIn(network, codes, people);
}

interface Fact {
  readonly kind: string;
  readonly body: unknown;
}

const contract = (code: string, other: string): Fact => ({
  kind: "contractAgreed",
  body: { contract: `HĐ-${code}`, with: other, from },
});

const stationFacts = (code: string, person: string): readonly Fact[] => [
  {
    kind: "facilityFounded",
    body: { code, name: `Trạm y tế ${code}`, shortName: code, level: "commune", from },
  },
  contract(code, province),
  { kind: "personAdded", body: { person, name: `Người trực ${code}`, account: `truc${code}` } },
  { kind: "roleGranted", body: { person, role: "nurse", from } },
];

const signed = async (core: Core, facility: string, { kind, body }: Fact, n: number) =>
  (
    await makeEntry(core.primitives, core.keys.certificate, {
      id: uuid(),
      log: `directory/${facility}`,
      kind,
      n,
      dir: "",
      at: new Date().toISOString(),
      after: [],
      body,
      salt: random(16),
    })
  ).signed;

async function signAllIn(
  network: Network,
  codes: readonly string[],
  people: readonly string[],
): Promise<readonly Station[]> {
  const tokens = codes.map(() => Buffer.from(random(32)).toString("base64url"));
  const now = Date.now();
  // Nobody signs in with these: no password has this hash.
  await network.query(
    `insert into account (person, facility, account, password_hash, changed_at)
       select p, f, 'truc' || f, '-', $3 from unnest($1::uuid[], $2::text[]) as x (p, f)`,
    [people, codes, from],
  );
  await network.query(
    `insert into session (token_hash, person, facility, begun_at_ms, used_at_ms)
       select t, p, f, $4, $4 from unnest($1::text[], $2::uuid[], $3::text[]) as x (t, p, f)`,
    [tokens.map(hashToken), people, codes, now],
  );
  return codes.map((facility, at) => ({ facility, cookie: `lientuyen=${tokens[at] ?? ""}` }));
}
