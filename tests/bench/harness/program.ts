import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepServerKeys } from "@lientuyen/server";
import { ended, startProgram, type Running } from "../../../apps/server/src/test/killing.ts";
import { startNetwork, type Network } from "../../../apps/server/src/test/network.ts";
import { startPostgres } from "../../postgres.ts";

/** The shipped server as a process of its own, on a fresh database of a network with two stations and a province. */
export interface OwnProgram {
  readonly network: Network;
  readonly port: number;
  readonly pid: () => number;
  /** Killed, and started again on the same port. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const startOwnProgram = async (): Promise<OwnProgram> => {
  const postgres = await startPostgres();
  const data = await mkdtemp(join(tmpdir(), "lientuyen-bench-"));
  const keys = await keepServerKeys(join(data, "secrets", "server-keys.json"));
  const network = await startNetwork({ postgres, keys });
  let program: Running = await startProgram(network, data);
  const port = Number(new URL(program.url).port);
  return {
    network,
    port,
    pid: () => program.process.pid ?? 0,
    restart: async () => {
      program.process.kill("SIGKILL");
      await ended(program.process);
      program = await startProgram(network, data, port);
    },
    close: async () => {
      program.process.kill("SIGKILL");
      await ended(program.process);
      await network.close();
      await postgres.close();
      await rm(data, { recursive: true, force: true });
    },
  };
};
