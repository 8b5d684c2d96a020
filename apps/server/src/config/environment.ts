import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { CannotStart } from "./cannotStart.ts";
import { readDepositPlaces } from "../tree/places.ts";
import type { LogLevel, ServerOptions } from "./options.ts";

const Environment = v.object({
  DATABASE_URL: v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//)),
  ADMIN_DATABASE_URL: v.optional(v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//))),
  /** Files, and the server's keys in `secrets/`. */
  LIENTUYEN_DATA: v.pipe(v.string(), v.minLength(1)),
  /** The built station app. */
  LIENTUYEN_APP: v.pipe(v.string(), v.minLength(1)),
  /** Places for checkpoints: folders that others keep, other installations' addresses, mail servers with who is written to. */
  LIENTUYEN_DEPOSIT: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** Fingerprints, with commas between. */
  LIENTUYEN_WITNESS: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}(,[A-Za-z0-9_-]{43})*$/)),
  ),
  LIENTUYEN_NAME: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(300))),
  HOST: v.optional(v.string(), "127.0.0.1"),
  PORT: v.optional(v.pipe(v.string(), v.regex(/^\d{1,5}$/)), "8080"),
  TLS_CERT: v.optional(v.string()),
  TLS_KEY: v.optional(v.string()),
  /** A media engine or cluster, with its keys; without it there are no live sessions. */
  LIVEKIT_URL: v.optional(v.pipe(v.string(), v.regex(/^(wss?|https?):\/\/[^/]+/))),
  LIVEKIT_API_KEY: v.optional(v.pipe(v.string(), v.minLength(1))),
  LIVEKIT_API_SECRET: v.optional(v.pipe(v.string(), v.minLength(32))),
  LOG_LEVEL: v.optional(
    v.picklist(["silent", "fatal", "error", "warn", "info", "debug"] satisfies LogLevel[]),
    "info",
  ),
});

export interface Settings {
  readonly options: Omit<ServerOptions, "keys" | "now" | "random">;
  readonly keysFile: string;
}

/** Settings of a server process from its environment. @throws CannotStart naming the first that is wrong */
export const readEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): Settings => {
  const read = v.safeParse(Environment, environment);
  if (!read.success)
    throw new CannotStart(
      `${v.getDotPath(read.issues[0]) ?? "A setting"} is missing or not of its form.`,
    );
  const given = read.output;
  // The cli's restore leaves it there while half of a database is in place.
  if (existsSync(join(given.LIENTUYEN_DATA, "restore-unfinished")))
    throw new CannotStart("A restore was cut off; run `lientuyen restore` again.");
  return {
    keysFile: join(given.LIENTUYEN_DATA, "secrets", "server-keys.json"),
    options: {
      databaseUrl: given.DATABASE_URL,
      adminDatabaseUrl: given.ADMIN_DATABASE_URL,
      filesDir: join(given.LIENTUYEN_DATA, "files"),
      depositAt: placesOf(given.LIENTUYEN_DEPOSIT),
      witness: {
        roots: given.LIENTUYEN_WITNESS?.split(",") ?? [],
        dir: join(given.LIENTUYEN_DATA, "deposits"),
      },
      staticDir: given.LIENTUYEN_APP,
      installation: given.LIENTUYEN_NAME,
      host: given.HOST,
      port: Number(given.PORT),
      tls: tlsOf(given.TLS_CERT, given.TLS_KEY),
      log: { level: given.LOG_LEVEL },
      live: liveOf(given),
    },
  };
};

const placesOf = (text: string | undefined): ServerOptions["depositAt"] => {
  const places = readDepositPlaces(text ?? "", process.cwd());
  // It may hold a password: what is wrong is not repeated.
  if (places === undefined) throw new CannotStart("LIENTUYEN_DEPOSIT is not of its form.");
  return places;
};

/** Nobody here looks after it: whether it answers is seen when it is asked. */
const liveOf = (given: v.InferOutput<typeof Environment>): ServerOptions["live"] => {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = given;
  if (url === undefined) return undefined;
  if (key === undefined || secret === undefined)
    throw new CannotStart("LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET go together.");
  return {
    state: () => "ready",
    url: url.replace(/^ws/, "http"),
    publicUrl: url.replace(/^http/, "ws"),
    key,
    secret,
  };
};

const tlsOf = (cert: string | undefined, key: string | undefined): ServerOptions["tls"] => {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new CannotStart("TLS_CERT and TLS_KEY go together.");
  return { cert: readPem("TLS_CERT", cert), key: readPem("TLS_KEY", key) };
};

const readPem = (name: string, path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new CannotStart(`The file that ${name} names cannot be read.`);
  }
};
