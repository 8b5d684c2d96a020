import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, type TestPostgres } from "../../../../tests/postgres.ts";
import { startNetwork, station, type Client, type Network, type Pen } from "./network.ts";

/** A server whose database and files lie on one disk that can really be filled. */
export interface SmallDisk {
  /** Undefined where this account may not mount one: database and files lie in the temporary folder then. */
  readonly folder: string | undefined;
  readonly postgres: TestPostgres;
  readonly network: Network;
  readonly pen: Pen;
  readonly client: Client;
  /** Starts PostgreSQL where it has gone, as the program's own watch over it does. */
  readonly keepUp: () => Promise<void>;
  readonly setReadOnly: (isReadOnly: boolean) => Promise<void>;
  /** The log that PostgreSQL writes ahead has most of a segment before it: what fails next is something else. */
  readonly beginSegment: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const openSmallDisk = async (megabytes: number): Promise<SmallDisk> => {
  const folder = await mount(megabytes);
  const postgres = await startPostgres(folder);
  const network = await startNetwork({
    postgres,
    ...(folder === undefined ? {} : { parent: folder }),
    // What is kept free for the database is no file's: here the files may take all of it.
    limits: { keptFreeBytes: 0 },
  });
  const pen = await network.person("sua", station, ["physicianAssistant"]);
  return {
    folder,
    postgres,
    network,
    pen,
    client: await network.signIn("sua"),
    keepUp: async () => {
      if (postgres.hasGone()) await postgres.start();
    },
    setReadOnly: async (isReadOnly) => {
      const value = isReadOnly ? "on" : "off";
      await network.query(`alter system set default_transaction_read_only = ${value}`);
      await network.query("select pg_reload_conf()");
    },
    beginSegment: async () => {
      await network.query("select pg_switch_wal()");
      await network.query("checkpoint");
    },
    close: async () => {
      await network.close();
      await postgres.close();
      if (folder === undefined) return;
      execFileSync("umount", [folder]);
      await rm(folder, { recursive: true });
    },
  };
};

const mount = async (megabytes: number): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), "lientuyen-disk-"));
  try {
    const size = `size=${megabytes}m`;
    execFileSync("mount", ["-t", "tmpfs", "-o", size, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
};
