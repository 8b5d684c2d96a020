import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import type { Station } from "./stations.ts";

const Message = v.object({
  atMs: v.number(),
  station: v.number(),
  stands: v.optional(v.boolean()),
  entries: v.optional(v.array(v.string())),
});

/** Stations that listen, in processes of their own. */
export interface Listeners {
  /** When each stood since the last `forget`, by the machine's clock. */
  readonly stands: ReadonlyMap<number, number>;
  /** Entry → when each station had its receipt. */
  readonly received: (entry: string) => ReadonlyMap<number, number>;
  readonly forget: () => void;
  readonly close: () => void;
}

export const nowMs = (): number => performance.timeOrigin + performance.now();

export function startListeners(
  port: number,
  stations: readonly Station[],
  processes: number,
): Listeners {
  const stands = new Map<number, number>();
  const received = new Map<string, Map<number, number>>();
  const share = Math.ceil(stations.length / processes);
  const children = Array.from({ length: processes }, (_, at) => {
    const child = fork(fileURLToPath(new URL("listener.ts", import.meta.url)));
    child.on("message", (message) => {
      const said = v.parse(Message, message);
      const station = at * share + said.station;
      if (said.stands === true) stands.set(station, said.atMs);
      for (const entry of said.entries ?? []) {
        const by = received.get(entry) ?? new Map<number, number>();
        if (!by.has(station)) by.set(station, said.atMs);
        received.set(entry, by);
      }
    });
    child.send({
      port,
      cookies: stations.slice(at * share, (at + 1) * share).map(({ cookie }) => cookie),
    });
    return child;
  });
  return {
    stands,
    received: (entry) => received.get(entry) ?? new Map(),
    forget: () => stands.clear(),
    close: () => {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}
