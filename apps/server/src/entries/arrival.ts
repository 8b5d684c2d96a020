import { parseEntry, type ParsedEntry, type Primitives, type SignedEntry } from "@lientuyen/record";
import * as v from "valibot";
import { Uuid } from "@lientuyen/record";
import { targetsOf } from "../cases/targets.ts";
import { isDeeperThan } from "../http/depth.ts";

/** An entry of a batch with its place in it; the answers come back in that order. */
export interface Arrival {
  readonly index: number;
  readonly signed: SignedEntry;
  readonly entry: ParsedEntry;
}
export interface Unreadable {
  readonly index: number;
  readonly id: string;
  readonly code: "not_canonical" | "bad_header" | "bad_body" | "body_hash_mismatch";
}

/** Stands for an id that could not even be read. */
const noId = "00000000-0000-0000-0000-000000000000";

/** Checks the bytes of each entry by themselves: form, depth, body hash. No database, no keys. */
export const readArrivals = async (
  primitives: Primitives,
  entries: readonly SignedEntry[],
  jsonDepth: number,
): Promise<{
  readonly arrivals: readonly Arrival[];
  readonly unreadable: readonly Unreadable[];
}> => {
  const arrivals: Arrival[] = [];
  const unreadable: Unreadable[] = [];
  for (const [index, signed] of entries.entries()) {
    // Before any parser that recurses sees it.
    const deep = isDeeperThan(jsonDepth, signed.header)
      ? "bad_header"
      : signed.body !== undefined && isDeeperThan(jsonDepth, signed.body)
        ? "bad_body"
        : undefined;
    if (deep !== undefined) {
      unreadable.push({ index, id: idIn(signed.header, deep === "bad_body"), code: deep });
      continue;
    }
    const read = await parseEntry(primitives, signed);
    if (read.ok) arrivals.push({ index, signed, entry: read.entry });
    else unreadable.push({ index, id: idIn(signed.header, true), code: read.code });
  }
  return { arrivals, unreadable };
};

const WithId = v.object({ id: Uuid });

const idIn = (header: string, parsable: boolean): string => {
  if (!parsable) return noId;
  try {
    const read = v.safeParse(WithId, JSON.parse(header));
    return read.success ? read.output.id : noId;
  } catch {
    return noId;
  }
};

/** One group for each log, in the order in which the logs first appear. */
export const byLog = (arrivals: readonly Arrival[]): ReadonlyMap<string, readonly Arrival[]> => {
  const groups = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const log = arrival.entry.header.log;
    const group = groups.get(log);
    if (group === undefined) groups.set(log, [arrival]);
    else group.push(arrival);
  }
  return groups;
};

/** What an entry stands on comes before it, wherever the batch put it; otherwise the batch's own order. */
export const inDependencyOrder = (group: readonly Arrival[]): readonly Arrival[] => {
  const byHash = new Map(group.map((arrival) => [arrival.entry.hash, arrival]));
  const done = new Set<Arrival>();
  const sorted: Arrival[] = [];
  for (const first of group) {
    // An explicit stack: a chain of 500 must not recurse 500 deep.
    const stack: { readonly arrival: Arrival; readonly open: Arrival[] }[] = [
      { arrival: first, open: groundsOf(first, byHash) },
    ];
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top === undefined || done.has(top.arrival)) {
        stack.pop();
        continue;
      }
      const next = top.open.pop();
      if (next !== undefined) {
        if (!done.has(next) && !stack.some((each) => each.arrival === next))
          stack.push({ arrival: next, open: groundsOf(next, byHash) });
        continue;
      }
      done.add(top.arrival);
      sorted.push(top.arrival);
      stack.pop();
    }
  }
  return sorted;
};

const groundsOf = (arrival: Arrival, byHash: ReadonlyMap<string, Arrival>): Arrival[] => {
  const { header, body } = arrival.entry;
  return [...header.after, ...targetsOf(header.kind, body)].flatMap(
    (hash) => byHash.get(hash) ?? [],
  );
};
