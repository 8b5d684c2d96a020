import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "../../e2e/harness/browser.ts";

/** How the line behaves, each way; what is missing has no limit. */
export interface LineShape {
  readonly kbps?: number;
  readonly delayMs?: number;
  /** 0–1. */
  readonly loss?: number;
  readonly cut?: boolean;
}

/** The worst line on which people still have to hear each other: 64 kbit/s, there and back in 600 ms. */
export const thinLine: LineShape = { kbps: 64, delayMs: 300 };

/** A browser's only way out of a network namespace of its own; every packet goes through it. */
export interface BadLine {
  /** A program that starts Chromium behind the line. */
  readonly chromium: string;
  readonly namespace: string;
  readonly shape: (shape: LineShape) => void;
  readonly close: () => Promise<void>;
}

/** This machine's own address that is reached from behind every line. */
export const ownAddress = (): string => {
  const found = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  if (found === undefined) throw new Error("this machine has no address but loopback");
  return found.address;
};

let count = 0;

/** Needs root and /dev/net/tun: the kernel's own TCP and UDP meet the line, not a model of them. */
export const openBadLine = async (): Promise<BadLine> => {
  if (process.getuid?.() !== 0)
    throw new Error("a bad line needs root: it makes a network namespace");
  count += 1;
  const namespace = `lt${process.pid}x${count}`;
  const net = `10.${100 + (process.pid % 100)}.${count}`;
  const program = fileURLToPath(new URL("line.py", import.meta.url));
  const python = process.env["LIENTUYEN_PYTHON"] ?? "python3";
  const child = spawn(python, [program, namespace, `${net}.1`, `${net}.2`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error("the line did not start")));
  });
  const folder = await mkdtemp(join(tmpdir(), "lientuyen-line-"));
  const chromium = join(folder, "chromium");
  await writeFile(chromium, `#!/bin/sh\nexec ip netns exec ${namespace} ${findChromium()} "$@"\n`);
  await chmod(chromium, 0o755);
  return {
    chromium,
    namespace,
    shape: (shape) => void child.stdin.write(`${JSON.stringify(shape)}\n`),
    close: async () => {
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
