import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { connect, createServer } from "node:net";
import { Failure } from "../failure.ts";
import { isCode } from "./secretFile.ts";

export interface Lock {
  /** What a second start is told: where this one can be reached. */
  setAddress(address: string): void;
  release(): Promise<void>;
}

/** A name in the kernel, not a file: it goes with the process that held it, however that ended. */
const socketName = (folder: string): string =>
  `\0lientuyen-${createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 40)}`;

const askHolder = (name: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = "";
    const socket = connect({ path: name });
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on("data", (chunk) => (answer += chunk.toString("utf8")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });

/** Where the process that works on the folder can be reached; undefined where none does, or not yet. */
export const askRunning = async (folder: string): Promise<string | undefined> => {
  const address = await askHolder(socketName(folder));
  return address === "" || address === stillOpening ? undefined : address;
};

const stillOpening = "…";

/** One process at a time works on a data folder. */
export const takeLock = (folder: string): Promise<Lock> =>
  new Promise((resolve, reject) => {
    const name = socketName(folder);
    let address = stillOpening;
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end(address);
    });
    server.once("error", (error) => {
      if (!isCode(error, "EADDRINUSE")) return reject(error);
      void askHolder(name).then((holder) =>
        reject(new Failure({ code: "alreadyRunning", folder, address: holder })),
      );
    });
    server.listen({ path: name }, () => {
      server.unref();
      resolve({
        setAddress: (text) => void (address = text),
        release: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
