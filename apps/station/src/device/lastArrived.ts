import * as v from "valibot";
import { isQuotaError, type Database } from "./database.ts";
import type { Rows } from "./rows.ts";

/** When something last arrived at the server: known again after a lock or a restart. */
export interface LastArrived {
  readonly at: () => string | undefined;
  readonly note: (at: string | undefined) => void;
  /** Resolves when what was noted is kept. */
  readonly settled: () => Promise<unknown>;
}

const name = "lastArrived";

export const openLastArrived = async (
  db: Database,
  rows: Rows,
  onError: (error: unknown) => void,
): Promise<LastArrived> => {
  let at = await rows.find("fixed", name, v.string());
  let keeping: Promise<unknown> = Promise.resolve();
  const keep = async (value: string) => {
    const row = await rows.seal("fixed", name, value);
    await db.put("rows", row.sealed, row.key);
  };
  return {
    at: () => at,
    note(when) {
      if (when === undefined || when === at) return;
      at = when;
      // A full disk is told by whoever had more to write.
      keeping = keeping.then(() => keep(when)).catch((e) => isQuotaError(e) || onError(e));
    },
    settled: () => keeping,
  };
};
