import { resolve } from "node:path";
import * as v from "valibot";

/** Where signed checkpoints are laid down, outside of the installation that signed them. */
export type DepositPlace =
  /** That others keep: a share, a disk that is written once. */
  | { readonly kind: "folder"; readonly folder: string }
  /** Another installation's. */
  | { readonly kind: "server"; readonly url: string }
  | { readonly kind: "mail"; readonly mail: MailPlace };

export interface MailPlace {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`); otherwise by STARTTLS. */
  readonly secure: boolean;
  readonly login: { readonly user: string; readonly password: string } | undefined;
  readonly from: string;
  /** In order, each once. */
  readonly to: readonly string[];
}

/**
 * Places with a space or a comma between; a folder's name may hold both, so that a place ends where the next one begins
 * with `/` or its scheme. Undefined where one is not of its form.
 * @param from folder that a relative one is meant from
 */
export const readDepositPlaces = (
  text: string,
  from: string,
): readonly DepositPlace[] | undefined => {
  const parts = text.split(/[\s,]+(?=\/|[a-z]+:\/\/)/).map((part) => part.replace(/[\s,]+$/, ""));
  const places = parts.filter((part) => part !== "").map((part) => placeOf(part, from));
  return places.every((place) => place !== undefined) ? places : undefined;
};

const placeOf = (text: string, from: string): DepositPlace | undefined => {
  const scheme = /^([a-z]+):\/\//.exec(text)?.[1];
  if (scheme === undefined) return { kind: "folder", folder: resolve(from, text) };
  if (!URL.canParse(text)) return undefined;
  if (scheme === "http" || scheme === "https") return { kind: "server", url: text };
  const mail = scheme === "smtp" || scheme === "smtps" ? mailOf(new URL(text)) : undefined;
  return mail === undefined ? undefined : { kind: "mail", mail };
};

const Address = v.pipe(v.string(), v.regex(/^[^\s@<>",;:]+@[^\s@<>",;:]+$/));
const Addresses = v.pipe(v.array(Address), v.minLength(1), v.maxLength(20));

/** `smtps://user:password@host[:port]/?to=a@b[,…][&from=c@d]`; without `from` the user is it. */
const mailOf = (url: URL): MailPlace | undefined => {
  const named = url.searchParams.getAll("to").flatMap((each) => each.split(","));
  const to = v.safeParse(Addresses, [...new Set(named.map((each) => each.trim()))].sort());
  const user = decoded(url.username);
  const password = decoded(url.password);
  const from = v.safeParse(Address, url.searchParams.get("from") ?? user);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (user === undefined || password === undefined || !to.success || !from.success || host === "")
    return undefined;
  const secure = url.protocol === "smtps:";
  const port = url.port === "" ? (secure ? 465 : 587) : Number(url.port);
  const login = user === "" ? undefined : { user, password };
  return { host, port, secure, login, from: from.output, to: to.output };
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
