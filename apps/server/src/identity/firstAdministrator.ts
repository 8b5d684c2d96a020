import { uuidv7, type Level } from "@lientuyen/record";
import { instant, type Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import { createAccount, shortestPassword } from "./accounts.ts";
import { appendAsServer } from "./serverEntries.ts";
import { hashToken, makeToken } from "./tokens.ts";

const linkMs = 24 * 3_600_000;

/** The one-time link of an empty installation; undefined where a facility exists already. */
export const makeFirstLink = async (core: Core): Promise<string | undefined> => {
  const { view } = await core.database.asSystem((tx) => core.directory.current(tx));
  if (view.facilities.size > 0) return undefined;
  const token = makeToken(core.random);
  await core.database.asSystem(async (tx) => {
    await tx.deleteFrom("first_link").execute();
    await tx
      .insertInto("first_link")
      .values({ token_hash: hashToken(token), expires_at_ms: core.now() + linkMs })
      .execute();
  });
  return token;
};

interface First {
  readonly token: string;
  readonly facility: { readonly code: string; readonly name: string; readonly level: Level };
  readonly name: string;
  readonly account: string;
  readonly password: string;
}

export const foundFirstAdministrator = async (core: Core, given: First): Promise<void> => {
  if (given.password.length < shortestPassword) throw new Failure("bad_request", "password");
  if (given.name.trim() === "" || given.account.trim() === "" || given.facility.name.trim() === "")
    throw new Failure("bad_request", "name");
  await useLink(core, given.token);
  const at = core.now();
  const person = uuidv7(at, core.random(10));
  const log = `directory/${given.facility.code}`;
  const from = instant(at);
  await appendAsServer(core, [
    {
      log,
      kind: "facilityFounded",
      body: { ...given.facility, shortName: given.facility.name, from },
    },
    { log, kind: "personAdded", body: { person, name: given.name, account: given.account } },
    { log, kind: "roleGranted", body: { person, role: "itAdministrator", from } },
  ]);
  await createAccount(core, {
    person,
    facility: given.facility.code,
    account: given.account,
    password: given.password,
  });
};

/** Deleted before anything is founded: two at once found one. */
const useLink = async (core: Core, token: string): Promise<void> => {
  const used = await core.database.asSystem((tx) =>
    tx
      .deleteFrom("first_link")
      .where("token_hash", "=", hashToken(token))
      .returning("expires_at_ms")
      .executeTakeFirst(),
  );
  if (used === undefined || used.expires_at_ms < core.now()) throw new Failure("link_expired");
};
