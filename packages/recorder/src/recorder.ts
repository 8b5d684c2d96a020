import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import type { Joining } from "./join.ts";
import { Joined, type Order } from "./orders.ts";

export interface RecorderOptions {
  /** Signalling of the engine, and a token that may only listen in one room. */
  readonly url: string;
  readonly token: string;
  /** Where its runs are kept, sealed with the key: 32 bytes. */
  readonly folder: string;
  readonly key: Uint8Array;
}

export interface Recorder {
  readonly pid: number;
  /** For when it has to go in again. */
  readonly renew: (token: string) => void;
  /** Ends it, everything written; a second call waits for the same end. */
  readonly stop: () => Promise<void>;
  readonly isGone: () => boolean;
  /** Settles when it is gone, however it went. */
  readonly ended: Promise<void>;
}

const program = fileURLToPath(new URL("./main.ts", import.meta.url));
const patienceMs = 5_000;

const fromHere = () =>
  fork(program, [], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [],
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
  });

/**
 * One playable file of everything that the runs recorded, and the list of what they did not; by a process of its own.
 * @throws Error where it does not come to an end, or is stopped
 */
export const startJoining = async (joining: Joining, stop: AbortSignal): Promise<Joined> => {
  const child = fromHere();
  const end = (): boolean => child.kill("SIGKILL");
  stop.addEventListener("abort", end, { once: true });
  try {
    const key = Buffer.from(joining.key).toString("base64url");
    child.send({ order: "join", ...joining, key } satisfies Order, () => undefined);
    return await new Promise<Joined>((resolve, reject) => {
      child.once("message", (message) => resolve(v.parse(Joined, message)));
      child.once("error", reject);
      child.once("exit", () => reject(new Error("the joining ended before its time")));
    });
  } finally {
    stop.removeEventListener("abort", end);
  }
};

/** A process of its own, so that neither its kill nor its fault is anybody else's. */
export const startRecorder = ({ url, token, folder, key }: RecorderOptions): Recorder => {
  const child = fromHere();
  let gone = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      gone = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  const tell = (order: Order): void => {
    if (child.connected) child.send(order, () => undefined);
  };
  tell({
    order: "record",
    url,
    token,
    folder,
    key: Buffer.from(key).toString("base64url"),
  });
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    tell({ order: "stop" });
    const insist = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await ended;
    clearTimeout(insist);
  };
  return {
    pid: child.pid ?? 0,
    renew: (next) => tell({ order: "token", token: next }),
    stop: () => (stopping ??= gone ? Promise.resolve() : stop()),
    isGone: () => gone,
    ended,
  };
};
