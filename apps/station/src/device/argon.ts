import type { Bytes } from "@lientuyen/record";
import type { DeriveSecret } from "./vault.ts";

/** RFC 9106's choice for machines with little memory: 64 MiB, three passes, one lane. */
export const argonCost = {
  memorySize: 65_536,
  iterations: 3,
  parallelism: 1,
  hashLength: 32,
} as const;

/** Argon2id on this thread; its code is fetched when it is first needed. */
export const deriveByArgon: DeriveSecret = async (secret, salt) => {
  const { argon2id } = await import("hash-wasm");
  const hash = await argon2id({ password: secret, salt, outputType: "binary", ...argonCost });
  return new Uint8Array(hash);
};

export interface ArgonQuestion {
  readonly secret: string;
  readonly salt: Bytes;
}

/** In a worker of its own, so that a slow PC's screen goes on answering; the worker and its memory end with it. */
export const deriveInWorker: DeriveSecret = (secret, salt) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./argonWorker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      worker.terminate();
      if (data instanceof Uint8Array) resolve(new Uint8Array(data));
      else reject(new Error("argon2id gave no key"));
    });
    worker.addEventListener("error", () => {
      worker.terminate();
      // No worker for us (an old page whose file is gone): slower for the screen, the same key.
      deriveByArgon(secret, salt).then(resolve, reject);
    });
    const question: ArgonQuestion = { secret, salt };
    worker.postMessage(question, []);
  });
