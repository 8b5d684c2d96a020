import { makeEntry, uuidv7, type SignedEntry } from "@lientuyen/record";
import type { FeedItem } from "@lientuyen/api";
import { sql } from "kysely";
import { instant, type Core } from "../core.ts";
import { append } from "../entries/append.ts";
import { inScope, type Scope } from "../entries/scope.ts";

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

/** Writes the installation's log where it is empty: the root key and the four working keys. */
export const foundInstallation = async (core: Core, name: string): Promise<void> => {
  const { server } = await core.database.asSystem((tx) => core.directory.current(tx));
  if (server.founded) return;
  const { root, receipt, certificate, checkpoint, sealing } = core.keys;
  const certify = (
    use: string,
    key: { readonly key: string; readonly publicKey: string },
  ): ServerFact => ({
    log: "installation",
    kind: "serverKeyCertified",
    body: { key: key.key, publicKey: key.publicKey, use },
  });
  await appendAsServer(core, [
    { log: "installation", kind: "installationFounded", body: { name, rootKey: root.publicKey } },
    certify("receipt", receipt),
    certify("certificate", certificate),
    certify("checkpoint", checkpoint),
    certify("sealing", sealing),
    { log: "installation", kind: "epochStarted", body: { epoch: 1, reason: "founded" } },
  ]);
};
