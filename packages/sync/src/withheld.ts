import { caseBodies } from "@lientuyen/record";
import * as v from "valibot";
import type { Checked } from "./check.ts";
import type { StoredEntry } from "./ports.ts";

/** The entry that this one withholds. */
export const withheldTarget = (item: Checked): readonly string[] => {
  if (item.fault !== undefined || item.entry?.header.kind !== "withheld") return [];
  const body = v.safeParse(caseBodies.withheld, item.entry.body);
  return body.success ? [body.output.target] : [];
};

const FileHash = v.object({ file: v.object({ hash: v.string() }) });

/** Hash of the file that an entry brings. */
export function fileIn(row: StoredEntry): string | undefined {
  const body = v.safeParse(v.pipe(v.string(), v.parseJson(), FileHash), row.signed.body);
  return body.success ? body.output.file.hash : undefined;
}
