import type { Me } from "@lientuyen/api";
import { plain } from "@lientuyen/terms";
import type { Database, EmergencyRow } from "./database.ts";

/** What this person wrote in emergencies and has not joined their store yet. */
export const findEmergencies = async (
  db: Database,
  scope: string,
  me: Me,
): Promise<readonly EmergencyRow[]> => {
  const rows = await db.getAll("emergencies");
  const mine = (row: EmergencyRow) =>
    row.person === me.person || plain(row.name) === plain(me.name);
  return rows.filter((row) => row.scope === scope && mine(row));
};
