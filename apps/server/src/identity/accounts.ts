import { hash, verify } from "@node-rs/argon2";
import { instant, type Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import { countAttempt, forgiveAttempt } from "./attempts.ts";
import { beginSession, type Session } from "./sessions.ts";

/** OWASP's second choice for Argon2id: 19 MiB, two passes; about 30 ms here. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Law 116/2025: without a second factor a password has 14 characters or more. */
export const shortestPassword = 14;

/** Verified where there is no such account, so that the answer takes as long. */
let strangerHash: Promise<string> | undefined;

export const hashPassword = (password: string): Promise<string> =>
  hash(password.normalize("NFC"), cost);

/** @throws Failure bad_request where the person or the name has an account already. */
export const createAccount = async (
  core: Core,
  given: {
    readonly person: string;
    readonly facility: string;
    readonly account: string;
    readonly password: string;
  },
): Promise<void> => {
  const password_hash = await hashPassword(given.password);
  const made = await core.database.asSystem((tx) =>
    tx
      .insertInto("account")
      .values({
        person: given.person,
        facility: given.facility,
        account: given.account.trim(),
        password_hash,
        changed_at: instant(core.now()),
      })
      .onConflict((it) => it.doNothing())
      .returning("person")
      .executeTakeFirst(),
  );
  if (made === undefined) throw new Failure("bad_request", "account");
};

/** Names are one for the whole installation, however they are written. */
export const isAccountTaken = (core: Core, account: string): Promise<boolean> =>
  core.database.asSystem(async (tx) => {
    const row = await tx
      .selectFrom("account")
      .select("person")
      .where((is) => is(is.fn<string>("lower", ["account"]), "=", account.trim().toLowerCase()))
      .executeTakeFirst();
    return row !== undefined;
  });

export interface SignedIn {
  readonly person: string;
  readonly facility: string;
  readonly account: string;
  readonly token: string;
}

/** @throws Failure wrong_sign_in or too_many; neither says whether the account exists. */
export const signIn = async (
  core: Core,
  account: string,
  password: string,
  address: string,
): Promise<SignedIn> => {
  const name = account.trim().toLowerCase();
  const buckets = [
    { bucket: `account ${name}`, most: core.limits.signInsPerAccount },
    { bucket: `address ${address}`, most: core.limits.signInsPerAddress },
  ];
  await countAttempt(core, buckets);
  const row = await core.database.asSystem((tx) =>
    tx
      .selectFrom("account")
      .selectAll()
      .where((is) => is(is.fn<string>("lower", ["account"]), "=", name))
      .executeTakeFirst(),
  );
  const right = await isPassword(row?.password_hash, password);
  if (row === undefined || !right) throw new Failure("wrong_sign_in");
  await forgiveAttempt(core, buckets);
  const token = await beginSession(core, row.person, row.facility);
  return { person: row.person, facility: row.facility, account: row.account, token };
};

const isPassword = async (stored: string | undefined, password: string): Promise<boolean> => {
  strangerHash ??= hashPassword("nobody's password");
  const right = await verify(stored ?? (await strangerHash), password.normalize("NFC"));
  return right && stored !== undefined;
};

/** Changes one's own password and ends every other session. */
export const changePassword = async (
  core: Core,
  session: Session,
  old: string,
  next: string,
): Promise<void> => {
  if (next.length < shortestPassword) throw new Failure("bad_request", "new");
  // A session left open is no way to try passwords.
  const buckets = [{ bucket: `password ${session.person}`, most: core.limits.signInsPerAccount }];
  await countAttempt(core, buckets);
  const row = await core.database.asSystem((tx) =>
    tx
      .selectFrom("account")
      .select("password_hash")
      .where("person", "=", session.person)
      .executeTakeFirst(),
  );
  if (!(await isPassword(row?.password_hash, old))) throw new Failure("wrong_sign_in");
  await forgiveAttempt(core, buckets);
  await setPassword(core, session.person, session.facility, next, session.tokenHash);
};

/** @returns false where the facility has no such account. */
export const setPassword = async (
  core: Core,
  person: string,
  facility: string,
  password: string,
  keepSession: string | undefined,
): Promise<boolean> => {
  const password_hash = await hashPassword(password);
  return core.database.asSystem(async (tx) => {
    const changed = await tx
      .updateTable("account")
      .set({ password_hash, changed_at: instant(core.now()) })
      .where("person", "=", person)
      .where("facility", "=", facility)
      .returning("person")
      .executeTakeFirst();
    if (changed === undefined) return false;
    await tx
      .deleteFrom("session")
      .where("person", "=", person)
      .where("token_hash", "!=", keepSession ?? "")
      .execute();
    return true;
  });
};
