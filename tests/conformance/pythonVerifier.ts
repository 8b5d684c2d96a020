import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

/** What both verifiers say of a bundle, in one form; faults as `what log seq hash file`. */
export interface Report {
  readonly verdict: string;
  readonly faults?: readonly string[];
  readonly withheld?: readonly string[];
  readonly root?: string | null;
  readonly completeAt?: string | null;
  /** Name of the checkpoint kept elsewhere that the bundle's history holds. */
  readonly confirmed?: string | null;
  readonly checkpoint?: {
    readonly at: string;
    readonly size: number;
    readonly root: string;
  } | null;
}

const Fault = v.strictObject({
  fault: v.string(),
  log: v.optional(v.string()),
  seq: v.optional(v.number()),
  entry: v.optional(v.string()),
  file: v.optional(v.string()),
});
const Refused = v.strictObject({
  verdict: v.picklist(["notBundle", "newerFormat"]),
  why: v.optional(v.string()),
});
const Checked = v.strictObject({
  verdict: v.picklist(["authentic", "consistent", "broken"]),
  faults: v.array(Fault),
  withheld: v.array(v.string()),
  root: v.nullable(v.string()),
  completeAt: v.nullable(v.string()),
  confirmed: v.nullable(v.string()),
  checkpoint: v.nullable(v.strictObject({ at: v.string(), size: v.number(), root: v.string() })),
});
const Answer = v.union([Refused, Checked]);

const reportOf = (line: string): Report => {
  const answer = v.parse(Answer, JSON.parse(line));
  if (!("faults" in answer)) return { verdict: answer.verdict };
  const { verdict, faults, withheld, root, completeAt, checkpoint, confirmed } = answer;
  return {
    verdict,
    faults: faults
      .map(({ fault, log = "", seq = "", entry = "", file = "" }) =>
        [fault, log, seq, entry, file].join(" ").trim(),
      )
      .sort(),
    withheld: [...withheld].sort(),
    root,
    completeAt,
    checkpoint,
    confirmed,
  };
};

const folder = fileURLToPath(new URL(".", import.meta.url));
const cached = fileURLToPath(new URL("../../.cache/python/bin/python3", import.meta.url));

const probe = "from cryptography.hazmat.primitives.asymmetric import ec";

const findPython = (): string => {
  const places = [process.env["LIENTUYEN_PYTHON"], cached, "python3", "/usr/bin/python3"];
  const found = places.find(
    (place) => place !== undefined && spawnSync(place, ["-c", probe]).status === 0,
  );
  if (found === undefined)
    throw new Error(
      "No Python 3 with `cryptography` found: apt-get install python3-cryptography (as root), or set LIENTUYEN_PYTHON.",
    );
  return found;
};

export interface Python {
  readonly ask: (
    file: string,
    root: string | undefined,
    deposits: readonly { readonly name: string; readonly text: string }[] | undefined,
  ) => Promise<Report>;
  readonly close: () => Promise<void>;
}

/** One process of the Python verifier for many bundles, asked one after the other. */
export const startPython = (): Python => {
  const child = spawn(findPython(), ["-B", "-m", "verifier", "--batch"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (file, root, deposits) => {
      const kept = deposits?.map(({ name, text }) => [name, text]);
      child.stdin.write(`${JSON.stringify({ file, root, deposits: kept })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the Python verifier ended at ${file}`);
      return reportOf(value);
    },
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
};
