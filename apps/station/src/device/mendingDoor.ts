import { beginningWith } from "./database.ts";
import type { DamagedItem, Device } from "./device.ts";
import { createListeners } from "./listeners.ts";
import type { Mending, MendingParts } from "./mending.ts";

export interface MendingDoor {
  readonly door: Device["damage"];
  /** Deals with what unlocking has found, and was found before. */
  readonly begin: () => Promise<void>;
  /** Something may be possible that was not before. Cheap where nothing waits. */
  readonly look: () => void;
}

/** What mends is fetched only where something is damaged: most devices never need it. */
export const createMendingDoor = (parts: Omit<MendingParts, "changed">): MendingDoor => {
  const { damage } = parts.disk;
  const listeners = createListeners();
  let shown: readonly DamagedItem[] = [];
  let opening: Promise<Mending> | undefined;
  let mending: Mending | undefined;

  const changed = (items: readonly DamagedItem[]) => {
    shown = items;
    listeners.tell();
  };
  const open = (): Promise<Mending> =>
    (opening ??= import("./mending.ts").then(({ openMending }) =>
      openMending({ ...parts, changed }),
    ));
  const work = () => {
    open()
      .then((opened) => {
        mending = opened;
        opened.look();
      })
      .catch(reportError);
  };
  return {
    door: {
      list: () => shown,
      subscribe: listeners.add,
      dismiss: async () => (await open()).dismiss(),
    },
    begin: async () => {
      damage.onNoted = work;
      const told = await parts.db.count("rows", beginningWith(`${parts.facility.scope}:damage:`));
      if (told > 0 || !damage.isEmpty()) work();
    },
    look: () => {
      if (shown.some(({ state }) => state === "waiting")) mending?.look();
    },
  };
};
