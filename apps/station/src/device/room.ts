import type { SyncState } from "./device.ts";

/** How much room the browser gives, watched so that the person hears of it before anything is lost. */
export interface Room {
  readonly state: () => SyncState["storage"];
  /** A write found no room. */
  readonly foundFull: () => void;
  readonly look: () => Promise<void>;
}

const nearlyFullShare = 0.85;
const leastLeftBytes = 100 * 1024 * 1024;

export const openRoom = (storage: StorageManager | undefined, changed: () => void): Room => {
  let state: SyncState["storage"] = "notPersisted";
  const set = (next: SyncState["storage"]) => {
    if (next === state) return;
    state = next;
    changed();
  };
  return {
    state: () => state,
    foundFull: () => set("full"),
    async look() {
      if (storage === undefined) return;
      const { usage = 0, quota = 0 } = await storage.estimate();
      const left = quota - usage;
      const isNearlyFull = quota > 0 && (usage / quota > nearlyFullShare || left < leastLeftBytes);
      // Full until there is visibly room again: one write that succeeded says nothing of the next.
      if (isNearlyFull) return set(state === "full" ? "full" : "nearlyFull");
      set((await storage.persisted()) || (await storage.persist()) ? "persisted" : "notPersisted");
    },
  };
};
