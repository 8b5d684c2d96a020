import { call, protocol, type CallResult, type Me } from "@lientuyen/api";
import { toBase64url, type Signer } from "@lientuyen/record";
import type { Line } from "./line.ts";
import { utf8 } from "./vault.ts";

/**
 * The session with the server: an HttpOnly cookie that this code never sees, and the CSRF token that goes with it.
 * It belongs to one person and ends when the screen is locked, so that a locked screen can read nothing from the
 * server either; unlocking opens the next one by the person's own key.
 */
export interface Session {
  /** Undefined while nobody is signed in. */
  readonly csrf: () => string | undefined;
  readonly person: () => string | undefined;
  readonly accept: (me: Me, csrf: string) => void;
  /** Opens a session by the person's key (the lock screen ended the one before). `none`: the password is needed. */
  readonly resume: (person: string, signer: Signer) => Promise<"open" | "none" | "offline">;
  readonly ended: () => void;
}

export interface SessionParts {
  readonly fetch: Line;
  readonly base: string;
}

export const wayOf = ({ fetch, base }: SessionParts, csrf?: string) => ({
  fetch,
  base,
  protocol,
  csrf,
});

export const signInByPassword = (parts: SessionParts, account: string, password: string) =>
  call("signIn", { in: { account, password } }, wayOf(parts));

const signInByKey = async (parts: SessionParts, signer: Signer) => {
  const asked = await call("keyChallenge", {}, wayOf(parts));
  if (!asked.ok) return asked;
  const { challenge } = asked.value;
  const proof = toBase64url(await signer.sign(utf8(`lientuyen-session|${challenge}`)));
  return call("keySignIn", { in: { key: signer.key, challenge, proof } }, wayOf(parts));
};

/** Ends whatever session the browser still has; true once there is none. Throws where the signal stopped it. */
export const endAnySession = async (
  parts: SessionParts,
  signal?: AbortSignal,
): Promise<boolean> => {
  const me = await call("me", {}, { ...wayOf(parts), signal });
  if (!me.ok) return me.error === "not_signed_in";
  // A stop between the two must not let the second be sent with the cookie of who signed in meanwhile.
  signal?.throwIfAborted();
  const out = await call("signOut", {}, { ...wayOf(parts, me.value.csrf), signal });
  return out.ok;
};

const isOutOfReach = (answer: CallResult<unknown>): boolean =>
  !answer.ok &&
  (answer.error === "offline" || answer.error === "unavailable" || answer.error === "too_many");

export const openSession = (parts: SessionParts): Session => {
  let open: { readonly person: string; readonly csrf: string } | undefined;
  const accept = (me: Me, csrf: string) => {
    open = { person: me.person, csrf };
  };
  return {
    csrf: () => open?.csrf,
    person: () => open?.person,
    accept,
    async resume(person, signer) {
      const byKey = await signInByKey(parts, signer);
      if (isOutOfReach(byKey)) return "offline";
      if (!byKey.ok || byKey.value.me.person !== person) return "none";
      accept(byKey.value.me, byKey.value.csrf);
      return "open";
    },
    ended() {
      open = undefined;
    },
  };
};
