import type { EntryAnswer } from "@lientuyen/api";
import type { SignedEntry } from "@lientuyen/record";
import type { ServerOptions } from "./config/options.ts";
import type { Core } from "./core.ts";
import { append } from "./entries/append.ts";
import { openUploadLocks } from "./files/uploadLocks.ts";
import { openWake } from "./feed/wake.ts";
import { buildApp } from "./http/app.ts";
import { openInstallation } from "./openInstallation.ts";
import { startRecordingWatch } from "./recordings/watch.ts";
import { startSessionWatch } from "./sessions/watch.ts";
import { CannotStart } from "./config/cannotStart.ts";

export interface LientuyenServer {
  /** For the seed and the CLI, beside a running door. */
  readonly core: Core;
  readonly listen: () => Promise<{ readonly url: string; readonly port: number }>;
  /** Takes entries in as if they had come from a session of `facility`. */
  readonly append: (
    facility: string,
    entries: readonly SignedEntry[],
  ) => Promise<readonly EntryAnswer[]>;
  /** Numbers everything committed so far, so that every feed shows it. */
  readonly settleFeed: () => Promise<void>;
  /** Ends streams, lets requests under way finish, closes the database; twice is fine. */
  readonly close: () => Promise<void>;
}

/** Everything of the server, wired but not yet listening. @throws CannotStart */
export const createServer = async (options: ServerOptions): Promise<LientuyenServer> => {
  const installation = await openInstallation(options);
  const { core, sequencer } = installation;
  const wake = openWake(options.databaseUrl, core.logbook);
  const uploadLocks = openUploadLocks(options.databaseUrl);
  const app = await buildApp({
    core,
    wake,
    uploadLocks,
    staticDir: options.staticDir,
    tls: options.tls,
  });
  const watch = startSessionWatch(core);
  const recordings = startRecordingWatch(core);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await watch.close();
    await recordings.close();
    await app.close();
    await wake.close();
    await uploadLocks.close();
    await installation.close();
    core.logbook.info("stopped");
  };
  return {
    core,
    listen: async () => {
      await listening(() => app.listen({ host: options.host, port: options.port }), options.port);
      const address = app.server.address();
      const port = typeof address === "object" && address !== null ? address.port : options.port;
      core.logbook.info("started", { port });
      const host = options.host === "0.0.0.0" || options.host === "::" ? "localhost" : options.host;
      return {
        url: `${options.tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
        port,
      };
    },
    append: (facility, entries) => append(core, { facility }, entries),
    settleFeed: () => sequencer.settle(),
    close: () => (closing ??= close()),
  };
};

const listening = async (listen: () => Promise<string>, port: number): Promise<void> => {
  try {
    await listen();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EADDRINUSE")
      throw new CannotStart(`Port ${port} is in use by another program; choose one with PORT.`);
    if (code === "EACCES")
      throw new CannotStart(
        `Port ${port} needs more rights than this user has; choose one above 1024 with PORT.`,
      );
    throw error;
  }
};
