import { createHash } from "node:crypto";
import type { Core } from "../core.ts";
import { errorFields } from "../config/logbook.ts";
import { openMedia, type Media, type Present } from "./media.ts";
import { reconcile, type Order } from "./reconcile.ts";
import type { StoredSession } from "./store.ts";

const carryOut = (media: Media, room: string, order: Order): Promise<void> => {
  switch (order.order) {
    case "dismiss":
      return media.dismiss(room, order.who);
    case "permit":
      return media.permit(room, order.who, order.publish);
    case "mute":
      return media.mute(room, order.who, order.track);
  }
};

/** Makes the room be as the session says, and gives who is in it. */
export const settleRoom = async (
  media: Media,
  { session: room, state }: StoredSession,
): Promise<readonly Present[]> => {
  if (state.phase === "ended") {
    await media.closeRoom(room);
    return [];
  }
  const present = await media.listPresent(room);
  for (const order of reconcile(state, present)) await carryOut(media, room, order);
  return present;
};

/** A state's mark: who is in the room and has another one asks what is new. Says nothing of the state itself. */
export const markOf = ({ state }: StoredSession): string =>
  createHash("sha256").update(JSON.stringify(state)).digest("base64url").slice(0, 12);

/** Undefined: there is none now. */
export const readyMedia = (core: Core): Media | undefined =>
  core.live?.state() === "ready" ? openMedia(core.live) : undefined;

/** At once after an act; where the engine is away, the watch does it when it is back. */
export const settleSoon = async (core: Core, stored: StoredSession): Promise<void> => {
  const media = readyMedia(core);
  if (media === undefined) return;
  const settle = async () => {
    await settleRoom(media, stored);
    await media.tell(stored.session, markOf(stored));
  };
  await settle().catch((error: unknown) => {
    core.logbook.warn("mediaFailed", errorFields(error));
  });
};
