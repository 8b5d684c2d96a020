import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { PostgresFailure } from "./failure.ts";

/** How PostgreSQL, which refuses to run as root, is started from here. */
export interface Account {
  /** Owner of the cluster's files, where it is not the account of this process. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly command: (
    program: string,
    args: readonly string[],
  ) => { readonly program: string; readonly args: readonly string[] };
}

const ourName = "lientuyen";

const findAccount = (name: string): { readonly uid: number; readonly gid: number } | undefined => {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((row) => row.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined
    ? undefined
    : { uid: Number(uid), gid: Number(gid) };
};

const makeAccount = (): { readonly uid: number; readonly gid: number } => {
  const made = spawnSync("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    ourName,
  ]);
  const account = findAccount(ourName);
  if (account === undefined) throw new PostgresFailure("noAccount", String(made.stderr ?? ""));
  return account;
};

/** Bits of the kernel's capability mask: cap_dac_override is 1, cap_dac_read_search is 2. */
const holdsCapability = (bit: number): boolean => {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(bit)) & 1n) === 1n;
};

/**
 * Drops from root to the account. Where a folder above is closed to it (a clone under /root), the
 * program keeps the one capability that walks through closed folders, and no other.
 */
const dropper = (
  owner: { readonly uid: number; readonly gid: number },
  reachable: boolean,
): Account["command"] => {
  const capability = holdsCapability(2) ? "dac_read_search" : "dac_override";
  const kept = reachable ? "-all" : `-all,+${capability}`;
  const drop = [
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    "--clear-groups",
    // Without it access(2), by which PostgreSQL looks at its own binaries, leaves the capability out of account.
    ...(reachable ? [] : ["--securebits=+no_setuid_fixup"]),
    `--inh-caps=${kept}`,
    `--ambient-caps=${kept}`,
  ];
  return (program, args) => ({ program: "setpriv", args: [...drop, "--", program, ...args] });
};

const reaches = (
  owner: { readonly uid: number; readonly gid: number },
  files: readonly string[],
): boolean =>
  files.every(
    (file) =>
      spawnSync("test", ["-x", file], { uid: owner.uid, gid: owner.gid, cwd: "/" }).status === 0,
  );

/** `files`: what the account must be able to walk to. */
export const accountFor = (files: readonly string[]): Account => {
  if (process.getuid?.() !== 0)
    return { owner: undefined, command: (program, args) => ({ program, args }) };
  const owner = findAccount(ourName) ?? findAccount("postgres") ?? makeAccount();
  return { owner, command: dropper(owner, reaches(owner, files)) };
};
