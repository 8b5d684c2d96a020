import type { Page } from "playwright-core";
import type { DamagedItem } from "../../../apps/station/src/device/device.ts";

/** Which values of the store: by table, and by a part of their key. */
export interface Where {
  readonly table: "items" | "blobs" | "rows" | "logs" | "files" | "pieces";
  readonly key?: string;
}

/** Keys of the values there, in their order. */
export const keysOf = (page: Page, where: Where): Promise<readonly string[]> =>
  page.evaluate(async ({ table, key }) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("lientuyen");
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(new Error("not opened")));
    });
    const keys = await new Promise<IDBValidKey[]>((resolve, reject) => {
      const request = db.transaction(table).objectStore(table).getAllKeys();
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(new Error("not read")));
    });
    db.close();
    return keys.map(String).filter((name) => name.includes(key ?? ""));
  }, where);

/**
 * One byte of each of these values is another from now on, as a failing disk or memory leaves it.
 * @returns the keys of those that hold bytes; others are left as they are.
 */
export const harm = (
  page: Page,
  table: Where["table"],
  keys: readonly string[],
): Promise<readonly string[]> =>
  page.evaluate(
    async ([name, wanted]) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open("lientuyen");
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(new Error("not opened")));
      });
      /** Sealed bytes lie in a value alone or in one of its fields. */
      const bytesIn = (value: unknown): Uint8Array | undefined => {
        if (value instanceof Uint8Array) return value;
        const parts = typeof value === "object" && value !== null ? Object.values(value) : [];
        return parts.find((part): part is Uint8Array => part instanceof Uint8Array);
      };
      const harmed: string[] = [];
      await new Promise<void>((resolve, reject) => {
        const tx = db.transaction(name, "readwrite", { durability: "strict" });
        const store = tx.objectStore(name);
        for (const key of wanted) {
          const request = store.get(key);
          request.addEventListener("success", () => {
            const value: unknown = request.result;
            const bytes = bytesIn(value);
            if (bytes === undefined) return;
            const at = Math.floor(bytes.length / 2);
            bytes[at] = (bytes[at] ?? 0) ^ 1;
            store.put(value, key);
            harmed.push(key);
          });
        }
        tx.addEventListener("complete", () => resolve());
        tx.addEventListener("abort", () => reject(new Error("not harmed")));
      });
      db.close();
      return harmed;
    },
    [table, keys] as const,
  );

/** What the device tells of it. */
export const told = (
  page: Page,
): Promise<readonly Pick<DamagedItem, "what" | "state" | "kind" | "log">[]> =>
  page.evaluate(() => {
    const state = window.gate.state();
    if (state.at !== "unlocked") throw new Error(state.at);
    return state.device.damage
      .list()
      .map(({ what, state: now, kind, log }) => ({ what, state: now, kind, log }));
  });
