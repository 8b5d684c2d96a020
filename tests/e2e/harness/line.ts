import { createServer, connect, type Server, type Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";

/** How a line behaves; each direction has its own rate, which all connections share. */
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

/** One direction of the line: all its connections share it. */
interface Lane {
  freeAtMs: number;
}

/** What goes in one piece, so that connections take turns as packets do. */
const packet = 1_400;

/** Lets bytes through at the lane's rate, each after the delay. */
class Shaper extends Transform {
  readonly #shape: () => LineShape | undefined;
  readonly #lane: Lane;
  readonly #count: (bytes: number) => void;
  /** A new connection is greeted first: nothing arrives before. */
  readonly #openAtMs: number;
  #arrived: Promise<void> = Promise.resolve();

  constructor(
    shape: () => LineShape | undefined,
    lane: Lane,
    greetings: number,
    count: (bytes: number) => void,
  ) {
    super({ highWaterMark: 4096 });
    this.#shape = shape;
    this.#lane = lane;
    this.#count = count;
    this.#openAtMs = Date.now() + greetings * 2 * (shape()?.oneWayDelayMs ?? 0);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#count(chunk.length);
    void this.#take(chunk, done);
  }

  override _flush(done: TransformCallback): void {
    void this.#finish(done);
  }

  async #take(chunk: Buffer, done: TransformCallback): Promise<void> {
    await this.#pass(chunk);
    done();
  }

  async #finish(done: TransformCallback): Promise<void> {
    await this.#arrived;
    done();
  }

  async #pass(chunk: Buffer): Promise<void> {
    await until(this.#openAtMs);
    for (let rest = chunk; rest.length > 0;) {
      const shape = this.#shape();
      const piece = shape === undefined ? rest : rest.subarray(0, packet);
      rest = rest.subarray(piece.length);
      const sentAtMs = shape === undefined ? 0 : this.#takeTurn(piece.length, shape);
      this.#arrive(piece, sentAtMs + (shape?.oneWayDelayMs ?? 0));
      await until(sentAtMs);
    }
  }

  /** When the lane has the piece behind it. */
  #takeTurn(bytes: number, shape: LineShape): number {
    const beginsAtMs = Math.max(Date.now(), this.#lane.freeAtMs);
    return (this.#lane.freeAtMs = beginsAtMs + (bytes * 8000) / shape.bitsPerSecond);
  }

  #arrive(piece: Buffer, atMs: number): void {
    this.#arrived = this.#arrived.then(async () => {
      await until(atMs);
      if (!this.destroyed) this.push(piece);
    });
  }
}

async function until(atMs: number): Promise<void> {
  const leftMs = atMs - Date.now();
  if (leftMs > 0) await wait(leftMs);
}

export async function openLine(targetPort: number): Promise<Line> {
  const open = new Set<Socket>();
  let shape: LineShape | undefined;
  let bytes = 0;
  const lanes = { up: { freeAtMs: 0 }, down: { freeAtMs: 0 } };
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
    near.pipe(new Shaper(() => shape, lanes.up, 1, count)).pipe(far);
    far.pipe(new Shaper(() => shape, lanes.down, 0, count)).pipe(near);
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
