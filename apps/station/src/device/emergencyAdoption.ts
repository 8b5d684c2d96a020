import { call, protocol, type Me } from "@lientuyen/api";
import { fromBase64url, parseEntry, toBase64url } from "@lientuyen/record";
import { webPrimitives, type Step } from "@lientuyen/sync";
import type { GateParts } from "./browser.ts";
import { beginningWith, strict, type Database, type EmergencyRow } from "./database.ts";
import { openDisk, type EncryptedDisk } from "./disk.ts";
import { DraftShape } from "./drafts.ts";
import type { Session } from "./session.ts";
import { importSigningKey, signWith, storeKeysOf, utf8 } from "./vault.ts";

/** When the author of an emergency has signed in: its key is certified as theirs, its entries join their store. */

export const emergencySecretBytes = 32;
export const emergencyScope = (id: string): string => `emergency-${id}`;

export interface AdoptParts extends GateParts {
  readonly db: Database;
  readonly me: Me;
  readonly scope: string;
  readonly deviceId: string;
  readonly session: Session;
  /** The author's own store; nothing else writes to it now. */
  readonly disk: EncryptedDisk;
}

/** Brings what was written in an emergency into the author's store and certifies its key; true when it is there. */
export const adoptEmergency = async (parts: AdoptParts, row: EmergencyRow): Promise<boolean> => {
  const { crypto, db, session, me } = parts;
  const way = { fetch: parts.fetch, base: parts.base, protocol, csrf: session.csrf() };
  const opened = await call("openStoreSecret", { in: row.recovery }, way);
  if (!opened.ok) return false;
  const both = fromBase64url(opened.value.secret);
  const signing = await importSigningKey(crypto, both.slice(emergencySecretBytes));
  const keys = await storeKeysOf(crypto, both.slice(0, emergencySecretBytes));
  both.fill(0);
  const proof = await signWith(
    crypto,
    signing,
    utf8(`lientuyen-enrol|${parts.deviceId}|${me.person}`),
  );
  const certified = await call(
    "enrolKey",
    {
      in: {
        publicKey: toBase64url(row.publicKey),
        device: parts.deviceId,
        deviceName: parts.deviceName,
        proof: toBase64url(proof),
      },
    },
    way,
  );
  if (!certified.ok) return false;
  const scope = emergencyScope(row.id);
  const from = await openDisk({ db, keys, scope, sealForServer: undefined });
  await moveEntries(from, parts.disk, webPrimitives(crypto.subtle));
  await moveDrafts(parts, from);
  await forgetScope(db, scope, row.id);
  return true;
};

const moveEntries = async (
  from: EncryptedDisk,
  to: EncryptedDisk,
  primitives: ReturnType<typeof webPrimitives>,
) => {
  const [{ outbox, uploads, counters }, there] = await Promise.all([from.load(), to.load()]);
  const last = Math.max(
    0,
    ...there.outbox.map((o) => o.order),
    ...there.uploads.map((u) => u.order),
  );
  const entries = await from.readEntries(outbox.map(({ hash }) => hash));
  const sound = await Promise.all(entries.map(async (row) => parseEntry(primitives, row.signed)));
  const known = new Set(sound.flatMap((answer) => (answer.ok ? [answer.entry.hash] : [])));
  for (const file of uploads) {
    const bytes = await from.readFile(file.log, file.hash, 0, file.size);
    if (bytes !== undefined) await to.writeFile(file.log, file.hash, new Blob([bytes]));
  }
  await to.commit([
    ...entries.map((row): Step => ({ do: "putEntry", row })),
    ...outbox
      .filter(({ hash }) => known.has(hash))
      .map((row): Step => ({ do: "putOutbox", row: { ...row, order: last + row.order } })),
    ...uploads.map((row): Step => ({ do: "putUpload", row: { ...row, order: last + row.order } })),
    ...counters.map(({ key, n }): Step => ({ do: "putCounter", key, n })),
  ]);
};

const moveDrafts = async ({ db, me, disk }: AdoptParts, from: EncryptedDisk) => {
  const drafts = await from.rows.list("draft", DraftShape);
  const rows = await Promise.all(
    drafts.map((draft) =>
      disk.rows.seal("draft", `${me.person}|${draft.name}`, { ...draft, person: me.person }),
    ),
  );
  const tx = db.transaction("rows", "readwrite", strict);
  await Promise.all([...rows.map((row) => tx.store.put(row.sealed, row.key)), tx.done]);
};

const scoped = ["items", "blobs", "logs", "rows", "files", "pieces", "emergencies"] as const;

const forgetScope = async (db: Database, scope: string, id: string) => {
  const tx = db.transaction(scoped, "readwrite", strict);
  const range = beginningWith(`${scope}:`);
  await Promise.all([
    tx.objectStore("items").delete(range),
    tx.objectStore("blobs").delete(range),
    tx.objectStore("logs").delete(range),
    tx.objectStore("rows").delete(range),
    tx.objectStore("files").delete(range),
    tx.objectStore("pieces").delete(range),
    tx.objectStore("emergencies").delete(id),
    tx.done,
  ]);
};
