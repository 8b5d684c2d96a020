import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestNetwork } from "./network.ts";

const main = fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url));

/** `lientuyen …` as a process of its own on the network's data folder and database. */
export const lientuyen = (
  { databaseUrl, data }: Pick<TestNetwork, "databaseUrl" | "data">,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, DATABASE_URL: databaseUrl, LIENTUYEN_DATA: data, INIT_CWD: data },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.on("close", (code) => resolve({ code, said }));
  });
