import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { dispose } from "@livekit/rtc-node";
import * as v from "valibot";
import { joinRecording, runName } from "./join.ts";
import { Order } from "./orders.ts";
import { recordRoom } from "./room.ts";
import { writeSegments } from "./segment.ts";

// The recorder's own process: what it holds in memory is at most a tenth of a second, so that it may be killed at any time.

/** Goes forward even where the machine's clock is set back meanwhile. */
const begunMs = Date.now() - performance.now();
const now = (): number => begunMs + performance.now();
const pauseMs = 200;

const stop = new AbortController();
let token = "";

const stopped = new Promise<void>((resolve) => {
  stop.signal.addEventListener("abort", () => resolve(), { once: true });
});

const record = async (order: Extract<Order, { readonly order: "record" }>): Promise<void> => {
  ({ token } = order);
  mkdirSync(order.folder, { recursive: true, mode: 0o700 });
  const name = runName(now(), randomBytes(4).toString("hex"));
  const segments = writeSegments(
    path.join(order.folder, name),
    Buffer.from(order.key, "base64url"),
  );
  while (!stop.signal.aborted) {
    const stay = await recordRoom(order.url, token, now, segments.write).catch(() => undefined);
    if (stay !== undefined) {
      await Promise.race([stay.over, stopped]);
      await stay.leave();
    }
    // The engine is away, or the room is: it is tried again until somebody says that it is enough.
    await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  segments.close();
  await dispose();
  process.exit(0);
};

/** Hours of sound take minutes of a processor: not the server's own. */
const join = async (order: Extract<Order, { readonly order: "join" }>): Promise<void> => {
  const joined = await joinRecording({ ...order, key: Buffer.from(order.key, "base64url") });
  process.send?.(joined, undefined, undefined, () => process.exit(0));
};

const obey = (order: Order): void => {
  switch (order.order) {
    case "record":
      void record(order);
      return;
    case "join":
      void join(order);
      return;
    case "token":
      ({ token } = order);
      return;
    case "stop":
      stop.abort();
      return;
  }
};

process.on("message", (message) => obey(v.parse(Order, message)));
// Whoever started it is gone: another takes over, and two would only be one too many.
process.on("disconnect", () => {
  stop.abort();
  if (token === "") process.exit(1);
});
// Ctrl-C reaches the whole group; the server says when it is over.
process.on("SIGINT", () => undefined);
