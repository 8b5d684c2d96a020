import * as v from "valibot";
import { targetsIn } from "./outbox.ts";
import type { OutboxRow, StoredEntry } from "./ports.ts";

const HeaderPart = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ id: v.string(), kind: v.string(), key: v.string() }),
);

/** Signature, salt and JSON around header and body. */
const around = 200;

/** Fingerprint of the key that a stored entry was signed with; throws on a header that was never sound. */
export const keyOf = (entry: StoredEntry): string => v.parse(HeaderPart, entry.signed.header).key;

/** The outbox row of an entry that is stored here with its body; throws on a header that was never sound. */
export function outboxRowOf(entry: StoredEntry, order: number): OutboxRow {
  const { id, kind, key } = v.parse(HeaderPart, entry.signed.header);
  const { header, body = "{}" } = entry.signed;
  const size = header.length + body.length + around;
  return {
    hash: entry.hash,
    id,
    log: entry.log,
    kind,
    key,
    order,
    size,
    targets: targetsIn(JSON.parse(body)),
    rank: 2,
  };
}
