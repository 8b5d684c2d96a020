import type { Core } from "../core.ts";
import { isUnavailable } from "../db/unavailable.ts";
import { flyFreely, flyLocked, DirectoryMoved } from "./flight.ts";
import type { GroupInput, GroupResult } from "./group.ts";
import { persistently } from "./persistently.ts";

/**
 * Takes groups of many requests in together: while some are read, judged and written, the next gather. One log is in
 * one flight at a time, and what goes wrong in company is tried again alone.
 */
export interface Intake {
  /** @throws DirectoryMoved, Unavailable, or what nobody foresaw. */
  readonly take: (core: Core, group: GroupInput) => Promise<GroupResult>;
}

interface Waiting {
  readonly given: GroupInput;
  readonly resolve: (result: GroupResult) => void;
  readonly reject: (error: unknown) => void;
}

/** More would wait for each other's locks and fill memory; fewer leave a core idle while another one writes. */
const mostFlights = 3;
const mostEntries = 200;

export const openIntake = (): Intake => {
  let waiting: Waiting[] = [];
  const busy = new Set<string>();
  let flights = 0;

  const board = (): readonly Waiting[] => {
    const boarded: Waiting[] = [];
    const left: Waiting[] = [];
    const logs = new Set(busy);
    let entries = 0;
    for (const each of waiting) {
      const { log, arrivals } = each.given.group;
      const fits = boarded.length === 0 || entries + arrivals.length <= mostEntries;
      // Whoever waits behind another of the same log stays behind it.
      if (!fits || logs.has(log)) left.push(each);
      else {
        boarded.push(each);
        entries += arrivals.length;
      }
      logs.add(log);
    }
    waiting = left;
    // Always in the same order: two servers that write the same logs never wait for each other crosswise.
    return boarded.sort((a, b) => (a.given.group.log < b.given.group.log ? -1 : 1));
  };

  const pump = (core: Core): void => {
    while (flights < mostFlights) {
      const boarded = board();
      if (boarded.length === 0) return;
      flights += 1;
      for (const { given } of boarded) busy.add(given.group.log);
      void fly(core, boarded).finally(() => {
        flights -= 1;
        for (const { given } of boarded) busy.delete(given.group.log);
        pump(core);
      });
    }
  };

  return {
    take: (core, given) =>
      new Promise((resolve, reject) => {
        waiting.push({ given, resolve, reject });
        // Whatever arrives in the same turn of the loop goes together.
        setImmediate(() => pump(core));
      }),
  };
};

const fly = async (core: Core, boarded: readonly Waiting[]): Promise<void> => {
  const groups = boarded.map(({ given }) => given);
  try {
    const results = await flyFreely(core, { facility: "" }, groups);
    for (const [at, { resolve, reject }] of boarded.entries()) {
      const result = results[at];
      if (result === undefined) reject(new Error("a group was left without a result"));
      else resolve(result);
    }
  } catch (error) {
    if (error instanceof DirectoryMoved || isUnavailable(error)) {
      for (const { reject } of boarded) reject(error);
      return;
    }
    await Promise.all(boarded.map((each) => flyAlone(core, each)));
  }
};

const flyAlone = async (core: Core, { given, resolve, reject }: Waiting): Promise<void> => {
  try {
    const [result] = await persistently(() => flyLocked(core, given.scope, given));
    if (result === undefined) throw new Error("a group was left without a result");
    resolve(result);
  } catch (error) {
    reject(error);
  }
};
