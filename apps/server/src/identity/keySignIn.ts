import { instant, type Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import type { SignedIn } from "./accounts.ts";
import { countAttempt } from "./attempts.ts";
import { rolesNow } from "./me.ts";
import { bytesOf } from "./primitives.ts";
import { beginSession } from "./sessions.ts";
import { hashToken, makeToken } from "./tokens.ts";

const challengeMs = 2 * 60_000;

const countAddress = (core: Core, address: string): Promise<void> =>
  countAttempt(core, [{ bucket: `key ${address}`, most: core.limits.signInsPerAddress * 2 }]);

/** Random, kept as a hash until it is taken or two minutes have gone. */
export const makeChallenge = async (core: Core, address: string): Promise<string> => {
  await countAddress(core, address);
  const challenge = makeToken(core.random);
  const now = core.now();
  await core.database.asSystem(async (tx) => {
    await tx.deleteFrom("sign_in_challenge").where("expires_at_ms", "<", now).execute();
    await tx
      .insertInto("sign_in_challenge")
      .values({ challenge_hash: hashToken(challenge), expires_at_ms: now + challengeMs })
      .execute();
  });
  return challenge;
};

/** Taken by whoever names it first, whether the rest of the request is right or not. */
const takeChallenge = (core: Core, challenge: string): Promise<boolean> =>
  core.database.asSystem(async (tx) => {
    const taken = await tx
      .deleteFrom("sign_in_challenge")
      .where("challenge_hash", "=", hashToken(challenge))
      .returning("expires_at_ms")
      .executeTakeFirst();
    return taken !== undefined && taken.expires_at_ms >= core.now();
  });

/**
 * A session for the person whose certified key signs the challenge: the key lies on the device under the person's PIN.
 * @throws Failure wrong_sign_in, which does not say what was wrong, or too_many
 */
export const signInByKey = async (
  core: Core,
  given: { readonly key: string; readonly challenge: string; readonly proof: string },
  address: string,
): Promise<SignedIn> => {
  await countAddress(core, address);
  if (!(await takeChallenge(core, given.challenge))) throw new Failure("wrong_sign_in");
  const { view } = await core.database.asSystem((tx) => core.directory.current(tx));
  const key = view.keys.get(given.key);
  if (key === undefined || key.disowned !== undefined) throw new Failure("wrong_sign_in");
  const message = core.primitives.encodeUtf8(`lientuyen-session|${given.challenge}`);
  const point = bytesOf(Buffer.from(key.publicKey, "base64url"));
  const proven = await core.primitives.verify(
    point,
    bytesOf(Buffer.from(given.proof, "base64url")),
    message,
  );
  if (!proven || rolesNow(view, key, instant(core.now())).length === 0)
    throw new Failure("wrong_sign_in");
  const account = await core.database.asSystem((tx) =>
    tx
      .selectFrom("account")
      .select("account")
      .where("person", "=", key.person)
      .where("facility", "=", key.facility)
      .executeTakeFirst(),
  );
  if (account === undefined) throw new Failure("wrong_sign_in");
  const token = await beginSession(core, key.person, key.facility, key.device);
  return { person: key.person, facility: key.facility, account: account.account, token };
};
