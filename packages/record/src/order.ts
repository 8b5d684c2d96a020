import type { FoldInput } from "./view.ts";

export type Tie = (a: FoldInput, b: FoldInput) => number;

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Ties of a case: by hash alone, so that order says nothing of clocks or of who was online. */
export const byHash: Tie = (a, b) => compareText(a.entry.hash, b.entry.hash);

/** Ties of a directory, which only the server and its administrators write: what was received first, then by hash. */
export const byReceipt: Tie = (a, b) =>
  (a.receipt?.seq ?? Number.MAX_SAFE_INTEGER) - (b.receipt?.seq ?? Number.MAX_SAFE_INTEGER) ||
  byHash(a, b);

/** One input for each hash: the one with a receipt, then the one with an author, then the one with a body. */
export function withoutRepeats(inputs: readonly FoldInput[]): FoldInput[] {
  const kept = new Map<string, FoldInput>();
  for (const input of inputs) {
    const other = kept.get(input.entry.hash);
    if (other === undefined || worth(input) > worth(other)) kept.set(input.entry.hash, input);
  }
  return [...kept.values()];
}

function worth(input: FoldInput): number {
  const received = input.receipt === undefined ? 0 : 4;
  const authored = input.author === undefined ? 0 : 2;
  return received + authored + (input.entry.body === undefined ? 0 : 1);
}

/**
 * Topological by `after`, ties as told. What names entries that are not here stands as if they were
 * not named; a ring (which hashes rule out, but a fold is total) comes last, in tie order.
 */
export function orderEntries(inputs: readonly FoldInput[], tie: Tie): FoldInput[] {
  const here = new Map(inputs.map((input) => [input.entry.hash, input]));
  const waitsFor = new Map<string, number>();
  const followers = new Map<string, FoldInput[]>();
  const ready: FoldInput[] = [];
  for (const input of here.values()) {
    const before = [...new Set(input.entry.header.after)].filter((hash) => here.has(hash));
    waitsFor.set(input.entry.hash, before.length);
    for (const hash of before) followers.set(hash, [...(followers.get(hash) ?? []), input]);
    if (before.length === 0) ready.push(input);
  }
  ready.sort((a, b) => tie(b, a));
  const ordered: FoldInput[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    ordered.push(next);
    waitsFor.delete(next.entry.hash);
    for (const follower of followers.get(next.entry.hash) ?? []) {
      const left = (waitsFor.get(follower.entry.hash) ?? 0) - 1;
      waitsFor.set(follower.entry.hash, left);
      if (left === 0) insert(ready, follower, tie);
    }
  }
  const ring = [...here.values()].filter((input) => waitsFor.has(input.entry.hash));
  return [...ordered, ...ring.sort(tie)];
}

/** Keeps the list sorted with the next one last. */
function insert(ready: FoldInput[], input: FoldInput, tie: Tie): void {
  let low = 0;
  let high = ready.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = ready[middle];
    if (other !== undefined && tie(other, input) > 0) low = middle + 1;
    else high = middle;
  }
  ready.splice(low, 0, input);
}

/** Whether the author of `later` could see `earlier`: it is reached by `after`, in any number of steps. */
export type Knew = (later: string, earlier: string) => boolean;

export function knowledge(inputs: readonly FoldInput[]): Knew {
  const after = new Map(inputs.map((input) => [input.entry.hash, input.entry.header.after]));
  const seen = new Map<string, ReadonlySet<string>>();
  const pastOf = (hash: string): ReadonlySet<string> => {
    const known = seen.get(hash);
    if (known !== undefined) return known;
    const past = new Set<string>();
    const todo = [...(after.get(hash) ?? [])];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (past.has(next)) continue;
      past.add(next);
      todo.push(...(after.get(next) ?? []));
    }
    seen.set(hash, past);
    return past;
  };
  return (later, earlier) => pastOf(later).has(earlier);
}

/** Entries that nothing here names in `after`, and names that are not here. */
export function edges(inputs: readonly FoldInput[]): {
  readonly heads: readonly string[];
  readonly missing: readonly string[];
} {
  const named = new Set(inputs.flatMap((input) => input.entry.header.after));
  const here = new Set(inputs.map((input) => input.entry.hash));
  return {
    heads: [...here].filter((hash) => !named.has(hash)).sort(compareText),
    missing: [...named].filter((hash) => !here.has(hash)).sort(compareText),
  };
}
