import { parseArgs } from "node:util";
import path from "node:path";
import type { Turn } from "@lientuyen/livekit";
import { readDepositPlaces, type DepositPlace } from "@lientuyen/server";
import * as v from "valibot";
import { Failure } from "./failure.ts";

const Port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/),
  v.transform(Number),
  v.minValue(1),
  v.maxValue(65_535),
);

const Environment = v.object({
  LIENTUYEN_DATA: v.optional(v.pipe(v.string(), v.minLength(1))),
  LIENTUYEN_DEMO: v.optional(v.picklist(["0", "1"])),
  LIENTUYEN_DEPOSIT: v.optional(v.pipe(v.string(), v.minLength(1))),
  LIENTUYEN_WITNESS: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}(,[A-Za-z0-9_-]{43})*$/)),
  ),
  DATABASE_URL: v.optional(v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//))),
  PORT: v.optional(Port, "8080"),
  HOST: v.optional(v.pipe(v.string(), v.minLength(1))),
  TLS_CERT: v.optional(v.string()),
  TLS_KEY: v.optional(v.string()),
  LIENTUYEN_LIVE: v.optional(v.picklist(["0", "1"]), "1"),
  LIENTUYEN_LIVE_IP: v.optional(v.pipe(v.string(), v.ip())),
  LIENTUYEN_LIVE_TCP: v.optional(Port, "7881"),
  LIENTUYEN_LIVE_TURN: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9.-]+$/))),
  LIENTUYEN_LIVE_TURN_PORT: v.optional(Port, "5349"),
  LIENTUYEN_LIVE_UDP: v.optional(Port, "7882"),
  LIVEKIT_URL: v.optional(v.pipe(v.string(), v.regex(/^(wss?|https?):\/\/[^/]+/))),
  LIVEKIT_API_KEY: v.optional(v.string()),
  LIVEKIT_API_SECRET: v.optional(v.pipe(v.string(), v.minLength(32))),
});
type Environment = v.InferOutput<typeof Environment>;

export interface Settings {
  readonly dataFolder: string;
  /** Undefined: as the data folder says; a new folder gets the demo. */
  readonly demo: boolean | undefined;
  readonly databaseUrl: string | undefined;
  /** Where signed checkpoints are laid down. */
  readonly depositAt: readonly DepositPlace[];
  /** Roots of the installations whose checkpoints are kept here. */
  readonly witnessed: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly tlsFiles: { readonly cert: string; readonly key: string } | undefined;
  readonly lan: boolean;
  readonly demoOnNetwork: boolean;
  readonly live: LiveSettings;
}

/** The media engine: none, somebody's own, or the one that comes with the program. */
export type LiveSettings =
  | { readonly kind: "off" }
  | {
      readonly kind: "external";
      readonly url: string;
      readonly key: string;
      readonly secret: string;
    }
  | {
      readonly kind: "own";
      /** Undefined: media for this machine alone. */
      readonly network:
        | {
            readonly udp: number;
            readonly tcp: number;
            readonly ip: string | undefined;
            /** With the certificate of TLS_CERT, which has to name the domain too. */
            readonly turn: Turn | undefined;
          }
        | undefined;
    };

const readLive = (values: Environment, host: string): LiveSettings => {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = values;
  if (values.LIENTUYEN_LIVE === "0") return { kind: "off" };
  if (url !== undefined && (key === undefined || secret === undefined))
    throw new Failure({
      code: "badSetting",
      name: "LIVEKIT_URL",
      detail: "LIVEKIT_API_KEY, LIVEKIT_API_SECRET …",
    });
  if (url !== undefined && key !== undefined && secret !== undefined)
    return { kind: "external", url, key, secret };
  if (isLoopback(host)) return { kind: "own", network: undefined };
  const { LIENTUYEN_LIVE_UDP: udp, LIENTUYEN_LIVE_TCP: tcp, LIENTUYEN_LIVE_IP: ip } = values;
  return { kind: "own", network: { udp, tcp, ip, turn: readTurn(values) } };
};

const readTurn = (values: Environment): Turn | undefined => {
  const { LIENTUYEN_LIVE_TURN: domain, LIENTUYEN_LIVE_TURN_PORT: port } = values;
  if (domain === undefined) return undefined;
  const files = readTls(values.TLS_CERT, values.TLS_KEY);
  if (files === undefined)
    throw new Failure({
      code: "badSetting",
      name: "LIENTUYEN_LIVE_TURN",
      detail: "TLS_CERT, TLS_KEY …",
    });
  return { domain, port, cert: path.resolve(files.cert), key: path.resolve(files.key) };
};

const readFlags = (
  args: readonly string[],
): { readonly lan: boolean; readonly demoOnNetwork: boolean } => {
  const options = {
    lan: { type: "boolean", default: false },
    "demo-on-network": { type: "boolean", default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    return { lan: values.lan, demoOnNetwork: values["demo-on-network"] };
  } catch (error) {
    throw new Failure({
      code: "badSetting",
      name: args.join(" "),
      detail: error instanceof Error ? error.message : "",
    });
  }
};

const readTls = (cert: string | undefined, key: string | undefined): Settings["tlsFiles"] => {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined)
    throw new Failure({ code: "badSetting", name: "TLS_CERT", detail: "TLS_KEY …" });
  if (key === undefined)
    throw new Failure({ code: "badSetting", name: "TLS_KEY", detail: "TLS_CERT …" });
  return { cert, key };
};

const readPlaces = (text: string): readonly DepositPlace[] => {
  const places = readDepositPlaces(text, process.cwd());
  // It may hold a password: what is wrong is not repeated.
  if (places === undefined)
    throw new Failure({
      code: "badSetting",
      name: "LIENTUYEN_DEPOSIT",
      detail: "/folder https://server smtps://user:password@host/?to=a@b …",
    });
  return places;
};

/** Settings of one run, from the environment and the command line; `root` is the program's folder. */
export const readSettings = (
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  root: string,
): Settings => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = v.safeParse(Environment, given);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Failure({
      code: "badSetting",
      name: v.getDotPath(issue) ?? "",
      detail: issue.received,
    });
  }
  const values = parsed.output;
  const flags = readFlags(args);
  const host = values.HOST ?? (flags.lan ? "0.0.0.0" : "127.0.0.1");
  return {
    dataFolder: path.resolve(values.LIENTUYEN_DATA ?? path.join(root, ".lientuyen")),
    demo: values.LIENTUYEN_DEMO === undefined ? undefined : values.LIENTUYEN_DEMO === "1",
    databaseUrl: values.DATABASE_URL,
    depositAt: readPlaces(values.LIENTUYEN_DEPOSIT ?? ""),
    witnessed: values.LIENTUYEN_WITNESS?.split(",") ?? [],
    port: values.PORT,
    host,
    tlsFiles: readTls(values.TLS_CERT, values.TLS_KEY),
    live: readLive(values, host),
    ...flags,
  };
};

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
