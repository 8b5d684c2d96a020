import { makeEntry, uuidv7, type SignedEntry } from "@lientuyen/record";
import type { FeedItem } from "@lientuyen/api";
import { sql } from "kysely";
import { instant, type Core } from "../core.ts";
import { append } from "../entries/append.ts";
import { inScope, type Scope } from "../entries/scope.ts";
import type { ServerStanding } from "./installation.ts";

/** A fact that the server itself writes, into a directory or into the installation's log. */
export interface ServerFact {
  readonly log: string;
  readonly kind: string;
  readonly body: unknown;
}

/**
 * Signs with the certificate key (directories) or the root key (installation) and appends, one after the other.
 * @returns the entries with their receipts.
 * @throws Error when one is refused: the server's own facts are right or a fault of the program.
 */
export const appendAsServer = async (
  core: Core,
  facts: readonly ServerFact[],
): Promise<readonly FeedItem[]> => {
  const items: FeedItem[] = [];
  for (const fact of facts) items.push(await appendOne(core, fact));
  return items;
};

const appendOne = async (core: Core, fact: ServerFact): Promise<FeedItem> => {
  const scope: Scope =
    fact.log === "installation" ? "system" : { facility: fact.log.split("/")[1] ?? "" };
  const entry = await signAsServer(core, scope, fact);
  const [answer] = await append(core, scope, [entry]);
  if (answer?.answer === "received") return { position: 0, entry, receipt: answer.receipt };
  throw new Error(`the server's own ${fact.kind} was not taken: ${answer?.code ?? ""}`);
};

const signAsServer = (core: Core, scope: Scope, fact: ServerFact): Promise<SignedEntry> =>
  inScope(core, scope, async (tx) => {
    const signer = fact.log === "installation" ? core.keys.root : core.keys.certificate;
    // A sequence leaves holes but never gives a number twice, whichever process asks.
    const { rows } = await sql<{ n: number }>`select nextval('server_counter') as n`.execute(tx);
    const last = await tx
      .selectFrom("entry")
      .select(["hash", "chain"])
      .where("log", "=", fact.log)
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    const at = core.now();
    const made = await makeEntry(core.primitives, signer, {
      id: uuidv7(at, core.random(10)),
      log: fact.log,
      kind: fact.kind,
      n: rows[0]?.n ?? 1,
      dir: last?.chain ?? "",
      at: instant(at),
      after: last === undefined ? [] : [last.hash],
      body: fact.body,
      salt: core.random(16),
    });
    return made.signed;
  });

/** One number for everybody who founds this installation. */
const foundingLock = 7_105_003;

/**
 * Writes the installation's log where it is empty: the root key and the four working keys. One server at a time,
 * and what a crash left half done is finished.
 */
export const foundInstallation = (core: Core, name: string): Promise<void> =>
  core.database.asSystem(async (tx) => {
    await sql`select pg_advisory_xact_lock(${foundingLock})`.execute(tx);
    const { server } = await core.directory.current(tx);
    // Keys of another installation are told by who looks at them next.
    if (server.begun || (server.founded && !server.root.has(core.keys.root.key))) return;
    await appendAsServer(core, foundingFacts(core, server, name));
  });

const foundingFacts = (core: Core, server: ServerStanding, name: string): readonly ServerFact[] => {
  const { root } = core.keys;
  const log = "installation";
  const founded = {
    log,
    kind: "installationFounded",
    body: { name, rootKey: root.publicKey },
  };
  const uses = ["receipt", "certificate", "checkpoint", "sealing"] as const;
  const certified = uses
    .filter((use) => !server[use].has(core.keys[use].key))
    .map((use) => {
      const { key, publicKey } = core.keys[use];
      return { log, kind: "serverKeyCertified", body: { key, publicKey, use } };
    });
  const begun = { log, kind: "epochStarted", body: { epoch: 1, reason: "founded" } };
  return [...(server.founded ? [] : [founded]), ...certified, begun];
};
