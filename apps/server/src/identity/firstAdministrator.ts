import { uuidv7, type FacilityView } from "@lientuyen/record";
import { shortFacilityName } from "@lientuyen/terms";
import { instant, type Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import { createAccount, isAccountTaken, shortestPassword } from "./accounts.ts";
import { appendAsServer, type ServerFact } from "./serverEntries.ts";
import { hashToken, makeToken } from "./tokens.ts";

const linkMs = 24 * 3_600_000;

/** The one-time link of an empty installation; undefined where a facility exists already. */
export const makeFirstLink = async (core: Core): Promise<string | undefined> => {
  const { view } = await core.database.asSystem((tx) => core.directory.current(tx));
  if (view.facilities.size > 0) return undefined;
  await core.database.asSystem((tx) => tx.deleteFrom("first_link").execute());
  return keepLink(core, makeToken(core.random));
};

/** The one-time link of a founded facility. Its code is part of the token: what is kept is the hash of both. */
export const makeFacilityLink = (core: Core, facility: string): Promise<string> =>
  keepLink(core, `${makeToken(core.random)}.${facility}`);

const keepLink = async (core: Core, token: string): Promise<string> => {
  const now = core.now();
  await core.database.asSystem(async (tx) => {
    await tx.deleteFrom("first_link").where("expires_at_ms", "<", now).execute();
    await tx
      .insertInto("first_link")
      .values({ token_hash: hashToken(token), expires_at_ms: now + linkMs })
      .execute();
  });
  return token;
};

/** The token of a founded facility's link names it after the dot; the very first link names none. */
const facilityOf = (token: string): string | undefined => token.split(".")[1];

/** Whether somebody of the facility can sign in already. */
export const hasAccount = (core: Core, facility: string): Promise<boolean> =>
  core.database.asSystem(async (tx) => {
    const query = tx.selectFrom("account").select("person").where("facility", "=", facility);
    return (await query.limit(1).executeTakeFirst()) !== undefined;
  });

type Founding = Pick<FacilityView, "code" | "name" | "level">;

/**
 * The facility that a link names, so that whoever opened it sees whose administrator is made; none for the very first.
 * @throws Failure link_expired
 */
export const readFirstLink = async (
  core: Core,
  token: string,
): Promise<{ readonly facility?: Founding }> => {
  await checkLink(core, token);
  const { view } = await core.database.asSystem((tx) => core.directory.current(tx));
  const facility = view.facilities.get(facilityOf(token) ?? "");
  if (facility === undefined) return {};
  const { code, name, level } = facility;
  return { facility: { code, name, level } };
};

interface First {
  readonly token: string;
  /** Of the very first link alone: any other names a facility that is there. */
  readonly facility?: Founding | undefined;
  readonly name: string;
  readonly account: string;
  readonly password: string;
}

/** @throws Failure bad_request, link_expired or account_taken; only after link_expired is the link of no more use. */
export const foundFirstAdministrator = async (core: Core, given: First): Promise<void> => {
  checkFields(given);
  await checkLink(core, given.token);
  if (await isAccountTaken(core, given.account)) throw new Failure("account_taken");
  await useLink(core, given.token);
  const at = core.now();
  const person = uuidv7(at, core.random(10));
  const facility = facilityOf(given.token) ?? given.facility?.code ?? "";
  const log = `directory/${facility}`;
  const from = instant(at);
  await appendAsServer(core, [
    ...(given.facility === undefined ? [] : [foundingFact(given.facility, from)]),
    { log, kind: "personAdded", body: { person, name: given.name, account: given.account } },
    { log, kind: "roleGranted", body: { person, role: "itAdministrator", from } },
  ]);
  const { account, password } = given;
  await createAccount(core, { person, facility, account, password });
};

export const foundingFact = (facility: Founding, from: string): ServerFact => ({
  log: `directory/${facility.code}`,
  kind: "facilityFounded",
  body: { ...facility, shortName: shortFacilityName(facility.name), from },
});

const checkFields = (given: First): void => {
  if (given.password.length < shortestPassword) throw new Failure("bad_request", "password");
  if (given.name.trim() === "" || given.account.trim() === "" || given.facility?.name.trim() === "")
    throw new Failure("bad_request", "name");
  if ((given.facility === undefined) === (facilityOf(given.token) === undefined))
    throw new Failure("bad_request", "facility");
};

/** Asked before the link is used up: a name that is taken costs nobody the link. */
const checkLink = async (core: Core, token: string): Promise<void> => {
  const known = await core.database.asSystem((tx) =>
    tx
      .selectFrom("first_link")
      .select("expires_at_ms")
      .where("token_hash", "=", hashToken(token))
      .executeTakeFirst(),
  );
  if (known === undefined || known.expires_at_ms < core.now()) throw new Failure("link_expired");
  if (await isSettled(core, facilityOf(token))) throw new Failure("link_expired");
};

/** Another link of the same facility was used; or the installation got its first facility from the console. */
const isSettled = async (core: Core, facility: string | undefined): Promise<boolean> => {
  if (facility !== undefined) return hasAccount(core, facility);
  const { view } = await core.database.asSystem((tx) => core.directory.current(tx));
  return view.facilities.size > 0;
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
