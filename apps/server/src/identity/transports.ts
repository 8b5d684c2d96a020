import type { Core } from "../core.ts";
import { hashToken } from "./tokens.ts";

/** What a locked screen may do: send what is sealed, and files. It reads nothing. */
export interface Transport {
  readonly person: string;
  readonly facility: string;
  readonly device: string;
}

/** Undefined where there is none, or its key or device was disowned. */
export const findTransport = async (core: Core, token: string): Promise<Transport | undefined> => {
  const row = await core.database.asSystem((tx) =>
    tx
      .selectFrom("transport")
      .selectAll()
      .where("token_hash", "=", hashToken(token))
      .executeTakeFirst(),
  );
  if (row === undefined) return undefined;
  const { view } = await core.database.asFacility(row.facility, (tx) => core.directory.current(tx));
  const key = view.keys.get(row.key);
  if (key === undefined || key.disowned !== undefined) return undefined;
  return { person: row.person, facility: row.facility, device: row.device };
};
