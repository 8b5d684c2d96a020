import { randomBytes } from "node:crypto";
import { CannotStart } from "./config/cannotStart.ts";
import { readEnvironment } from "./config/environment.ts";
import { createServer } from "./createServer.ts";
import { keepServerKeys } from "./identity/serverKeys.ts";

/** One server process of an installation; any number of them stand side by side on one PostgreSQL. */
const start = async (): Promise<void> => {
  const { options, keysFile } = readEnvironment(process.env);
  const server = await createServer({
    ...options,
    keys: await keepServerKeys(keysFile),
    now: Date.now,
    random: (count) => new Uint8Array(randomBytes(count)),
  });
  const stop = (): void => {
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const { url } = await server.listen();
  process.stdout.write(`${JSON.stringify({ url })}\n`);
};

start().catch((error: unknown) => {
  if (!(error instanceof CannotStart)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
