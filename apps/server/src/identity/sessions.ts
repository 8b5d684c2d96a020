import type { DirectoryView } from "@lientuyen/record";
import { instant, type Core } from "../core.ts";
import { openCompany } from "../db/company.ts";
import type { Database } from "../db/database.ts";
import { isUnavailable } from "../db/unavailable.ts";
import { rolesNow } from "./me.ts";
import { hashToken, makeToken } from "./tokens.ts";

export interface Session {
  readonly tokenHash: string;
  readonly person: string;
  readonly facility: string;
  /** Known once a key was enrolled in this session. */
  readonly device: string | undefined;
  /** Holds another role than that of IT administrator: may be shown cases and patients. */
  readonly clinical: boolean;
}

/** The moment of last use is written at most this often. */
const touchMs = 5 * 60_000;

export const beginSession = async (
  core: Core,
  person: string,
  facility: string,
  device?: string,
): Promise<string> => {
  const token = makeToken(core.random);
  const now = core.now();
  await core.database.asSystem(async (tx) => {
    await tx
      .deleteFrom("session")
      .where("used_at_ms", "<", now - core.limits.sessionIdleMs)
      .execute();
    await tx
      .insertInto("session")
      .values({
        token_hash: hashToken(token),
        person,
        facility,
        device: device ?? null,
        begun_at_ms: now,
        used_at_ms: now,
      })
      .execute();
  });
  return token;
};

export interface SessionRow {
  readonly token_hash: string;
  readonly person: string;
  readonly facility: string;
  readonly device: string | null;
  readonly used_at_ms: number;
  /** Of the directories, read with it: every request asks both. */
  readonly version: number;
}

/** Every request asks for one: those of the same moment ask together. */
export const openSessionRows = ({ ask }: Database): Core["findSessionRow"] =>
  openCompany(async (hashes) => {
    const rows = await ask<SessionRow>("system", {
      name: "find-sessions",
      text: "select s.token_hash, s.person, s.facility, s.device, s.used_at_ms, d.version from session s, directory_state d where s.token_hash = any ($1)",
      values: [hashes],
    });
    return new Map(rows.map((row) => [row.token_hash, row]));
  });

/** The session of a cookie; undefined when there is none, it ended, or it was idle too long. */
export const findSession = async (core: Core, token: string): Promise<Session | undefined> => {
  const tokenHash = hashToken(token);
  const row = await core.findSessionRow(tokenHash);
  const now = core.now();
  if (row === undefined || now - row.used_at_ms > core.limits.sessionIdleMs) return undefined;
  const { view } =
    core.directory.asOf(row.version) ??
    (await core.database.asSystem((tx) => core.directory.current(tx)));
  // Whose last role has ended is signed out with it.
  const roles = rolesNow(view, row, instant(now));
  if (roles.length === 0) return undefined;
  if (row.device !== null && !holdsKeyAt(view, { ...row, device: row.device })) return undefined;
  if (now - row.used_at_ms > touchMs) await touch(core, tokenHash, now);
  return {
    tokenHash,
    person: row.person,
    facility: row.facility,
    device: row.device ?? undefined,
    clinical: roles.some(({ role }) => role !== "itAdministrator"),
  };
};

/** A disk without room, or a database that only reads, keeps nobody from reading. */
const touch = async (core: Core, tokenHash: string, now: number): Promise<void> => {
  const written = core.database.asSystem((tx) =>
    tx
      .updateTable("session")
      .set({ used_at_ms: now })
      .where("token_hash", "=", tokenHash)
      .execute(),
  );
  await written.catch((error: unknown) => {
    if (!isUnavailable(error)) throw error;
  });
};

/** Whose keys on a device were all disowned, or the device with them, has no session there. */
const holdsKeyAt = (view: DirectoryView, at: Holder): boolean => {
  const known = holders.get(view) ?? holdersOf(view);
  holders.set(view, known);
  return known.has(nameOf(at));
};

type Holder = { readonly facility: string; readonly person: string; readonly device: string };
const nameOf = ({ facility, person, device }: Holder): string => `${facility} ${person} ${device}`;

/** Made once for each state of the directory: every request asks. */
const holders = new WeakMap<DirectoryView, ReadonlySet<string>>();
const holdersOf = (view: DirectoryView): ReadonlySet<string> => {
  const sound = [...view.keys.values()].filter(({ disowned }) => disowned === undefined);
  return new Set(sound.map(nameOf));
};

export const endSession = (core: Core, session: Session): Promise<void> =>
  core.database.asSystem(async (tx) => {
    await tx.deleteFrom("session").where("token_hash", "=", session.tokenHash).execute();
  });
