import type { DiskSummary } from "@lientuyen/sync";
import type { RebuildingParts } from "./rebuilding.ts";

/**
 * What the engine starts from. Rows of it that are damaged are made again; an entry that waits and cannot be read is
 * taken out and noted, so that it holds up no other.
 */
export const wholeSummary = async (parts: RebuildingParts): Promise<DiskSummary> => {
  const { damage, ...disk } = parts.disk;
  const summary = await disk.load();
  const here = new Set(
    (await disk.readEntries(summary.outbox.map(({ hash }) => hash))).map(({ hash }) => hash),
  );
  damage.noteUnsent(summary.outbox.filter(({ hash }) => !here.has(hash)));
  const readable = { ...summary, outbox: summary.outbox.filter(({ hash }) => here.has(hash)) };
  const kinds = ["outbox", "held", "counter", "upload", "fixed"] as const;
  if (!kinds.some((kind) => damage.has("rows", kind))) return readable;
  const { rebuildRows } = await import("./rebuilding.ts");
  return rebuildRows(parts, readable);
};
