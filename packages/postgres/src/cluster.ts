import { spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { PostgresFailure, failureFrom } from "./failure.ts";
import { endOrphans } from "./orphans.ts";

const major = "18";

const run = (program: string, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "ignore", "pipe"],
      cwd: "/",
      detached: true,
      env: { LC_ALL: "C", PATH: process.env["PATH"] },
    });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(failureFrom(errors))));
  });

const initialise = async (
  folder: string,
  password: string,
  binaries: Binaries,
  account: Account,
): Promise<void> => {
  const passwordFile = `${folder}.pw`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  for (const file of account.owner ? [folder, passwordFile] : [])
    chownSync(file, account.owner?.uid ?? 0, account.owner?.gid ?? 0);
  // The builtin provider sorts by code point and knows Unicode's upper and lower case: no locale of the machine is needed.
  const locale = [
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
  const access = ["--username=lientuyen", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const { program, args } = account.command(binaries.initdb, [
    `--pgdata=${folder}`,
    ...locale,
    ...access,
    "--no-instructions",
  ]);
  try {
    await run(program, args);
  } finally {
    rmSync(passwordFile, { force: true });
  }
};

/**
 * Makes the cluster where there is none. It is made beside its place and moved there when it is whole,
 * so that one which was cut off half-way is never taken for a database.
 */
export const ensureCluster = async (
  folder: string,
  password: string,
  binaries: Binaries,
  account: Account,
): Promise<void> => {
  if (existsSync(folder)) {
    const version = readFileSync(path.join(folder, "PG_VERSION"), "utf8").trim();
    if (version !== major) throw new PostgresFailure("otherVersion", version);
    return;
  }
  const fresh = `${folder}.new`;
  await endOrphans(fresh);
  rmSync(fresh, { recursive: true, force: true });
  await initialise(fresh, password, binaries, account);
  renameSync(fresh, folder);
};
