import { parseArgs } from "node:util";
import path from "node:path";
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
  DATABASE_URL: v.optional(v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//))),
  PORT: v.optional(Port, "8080"),
  HOST: v.optional(v.pipe(v.string(), v.minLength(1))),
  TLS_CERT: v.optional(v.string()),
  TLS_KEY: v.optional(v.string()),
});

export interface Settings {
  readonly dataFolder: string;
  /** Undefined: as the data folder says; a new folder gets the demo. */
  readonly demo: boolean | undefined;
  readonly databaseUrl: string | undefined;
  readonly port: number;
  readonly host: string;
  readonly tlsFiles: { readonly cert: string; readonly key: string } | undefined;
  readonly lan: boolean;
  readonly demoOnNetwork: boolean;
}

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
  return {
    dataFolder: path.resolve(values.LIENTUYEN_DATA ?? path.join(root, ".lientuyen")),
    demo: values.LIENTUYEN_DEMO === undefined ? undefined : values.LIENTUYEN_DEMO === "1",
    databaseUrl: values.DATABASE_URL,
    port: values.PORT,
    host: values.HOST ?? (flags.lan ? "0.0.0.0" : "127.0.0.1"),
    tlsFiles: readTls(values.TLS_CERT, values.TLS_KEY),
    ...flags,
  };
};

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
