import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Bench } from "./harness/figure.ts";

const start = fileURLToPath(new URL("../../bin/start.mjs", import.meta.url));

/** `npm start` on an empty data folder and again on the same: seconds until the server says that it is ready. */
export const bench: Bench = {
  name: "start",
  run: async ({ say }) => {
    const data = await mkdtemp(join(tmpdir(), "lientuyen-bench-start-"));
    const port = await freePort();
    try {
      const cold = await secondsToReady(data, port);
      say(`cold ${cold.toFixed(1)} s`);
      const warm = [await secondsToReady(data, port), await secondsToReady(data, port)];
      return [
        {
          id: "cold",
          value: cold,
          unit: "s",
          note: "libraries and screens are there; the database is made and the demo network seeded",
        },
        {
          id: "warm",
          value: Math.max(...warm),
          unit: "s",
          goal: { atMost: 5 },
          note: "slower of two",
        },
      ];
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  },
};

async function secondsToReady(data: string, port: number): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [start], {
    env: { ...process.env, LIENTUYEN_DATA: join(data, "data"), PORT: String(port) },
    stdio: "ignore",
  });
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
      await wait(20);
    }
    return (performance.now() - startedMs) / 1000;
  } finally {
    await end(child);
  }
}

const isReady = async (port: number): Promise<boolean> => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.ok ?? false;
};

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}
