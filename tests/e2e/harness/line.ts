import { createServer, connect, type Server, type Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";

/** How a line behaves; each direction has its own bucket. */
export interface LineShape {
  readonly bitsPerSecond: number;
  readonly oneWayDelayMs: number;
}

/**
 * A telephone line between a browser and the server: a TCP relay that can be cut (connections die,
 * new ones are refused) and shaped. The page's own offline switch proves less: it leaves the
 * service worker and open streams alone.
 */
export interface Line {
  readonly url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
  shape(shape: LineShape | undefined): void;
  /** Bytes that went through, both ways together, since the last call. */
  takeBytes(): number;
  close(): Promise<void>;
}

/** Lets bytes through at the given rate, each after the delay. */
class Shaper extends Transform {
  readonly #shape: () => LineShape | undefined;
  readonly #count: (bytes: number) => void;
  #freeAtMs = 0;

  constructor(shape: () => LineShape | undefined, count: (bytes: number) => void) {
    super({ highWaterMark: 4096 });
    this.#shape = shape;
    this.#count = count;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#count(chunk.length);
    const shape = this.#shape();
    if (shape === undefined) {
      done(null, chunk);
      return;
    }
    const now = Date.now();
    this.#freeAtMs = Math.max(now, this.#freeAtMs) + (chunk.length * 8000) / shape.bitsPerSecond;
    const arrivesAtMs = this.#freeAtMs + shape.oneWayDelayMs;
    setTimeout(() => this.push(chunk), arrivesAtMs - now);
    setTimeout(() => done(), this.#freeAtMs - now);
  }

  override _flush(done: TransformCallback): void {
    const shape = this.#shape();
    setTimeout(() => done(), shape === undefined ? 0 : shape.oneWayDelayMs + 5);
  }
}

export async function openLine(targetPort: number): Promise<Line> {
  const open = new Set<Socket>();
  let shape: LineShape | undefined;
  let bytes = 0;
  const count = (n: number): void => {
    bytes += n;
  };

  const relay = (near: Socket): void => {
    const far = connect(targetPort, "127.0.0.1");
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
      socket.on("error", () => socket.destroy());
    }
    near.pipe(new Shaper(() => shape, count)).pipe(far);
    far.pipe(new Shaper(() => shape, count)).pipe(near);
  };

  let server: Server | undefined;
  const listen = async (port: number): Promise<number> => {
    const fresh = createServer(relay);
    await new Promise<void>((resolve, reject) => {
      fresh.once("error", reject);
      fresh.listen(port, "127.0.0.1", resolve);
    });
    server = fresh;
    const address = fresh.address();
    return typeof address === "object" && address !== null ? address.port : port;
  };
  const stop = async (): Promise<void> => {
    const old = server;
    server = undefined;
    for (const socket of open) socket.destroy();
    if (old !== undefined) await new Promise<void>((resolve) => old.close(() => resolve()));
  };

  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    cut: stop,
    mend: async () => {
      if (server === undefined) await listen(port);
    },
    shape: (next) => {
      shape = next;
    },
    takeBytes: () => {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    close: stop,
  };
}
