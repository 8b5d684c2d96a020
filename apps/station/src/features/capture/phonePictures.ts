import { useSyncExternalStore } from "react";
import * as v from "valibot";
import type { Device } from "../../device/device.ts";
import { DeviceError } from "../../device/deviceError.ts";
import { createListeners } from "../../device/listeners.ts";
import { addFile } from "./addFiles.ts";
import { phoneLinks } from "./PhonePictures.tsx";
import { prepare } from "./prepare.ts";

/*
 * Whoever takes the pictures stands at the bed, not at the PC: its dialog may be closed by then, another screen open,
 * or the screen locked. So what a link is for is kept as a draft, and its pictures are fetched wherever the person is
 * in the app, until the server forgets them.
 */

const Link = v.strictObject({
  log: v.string(),
  url: v.string(),
  expiresAtMs: v.number(),
  /** Content hashes of what is in the case already. */
  taken: v.array(v.string()),
});
type Link = v.InferOutput<typeof Link>;

const nameOf = (link: Link): string =>
  `${phoneLinks}${link.url.slice(link.url.lastIndexOf("/") + 1)}`;

/** So long after its end the server still gives what the phone brought before. */
const fetchableMs = 3_600_000;
/** What the phone began to send at the last moment has come by then. */
const lastUploadMs = 120_000;

/** Where the files of a case are being added on the screen: retakes and faults are told there. */
const receivers = new Map<string, (picture: Blob) => Promise<boolean>>();
const arrived = new Map<string, number>();
const changed = createListeners();

/** Answers the way out. `receive` resolves to false where the picture is to be fetched again. */
export function receivePhonePictures(
  log: string,
  receive: (picture: Blob) => Promise<boolean>,
): () => void {
  receivers.set(log, receive);
  return () => {
    if (receivers.get(log) === receive) receivers.delete(log);
  };
}

export const keepPhoneLink = (device: Device, link: Link): Promise<void> =>
  device.drafts.save(nameOf(link), link);

/** How many pictures came through this link since the page was opened. */
export function usePhonePicturesOf(url: string | undefined): number {
  return useSyncExternalStore(changed.add, () => arrived.get(url ?? "") ?? 0);
}

/**
 * Fetches what has come through the links of this person; stops between two pictures.
 * False where something is still to be fetched: no line, no session yet, no room on the disk.
 */
export async function fetchPhonePictures(device: Device, signal: AbortSignal): Promise<boolean> {
  let whole = true;
  for (const name of await device.drafts.list(phoneLinks)) {
    const read = v.safeParse(Link, await device.drafts.load(name));
    const done = read.success ? await follow(device, read.output, signal) : "over";
    if (done === "over") await device.drafts.remove(name);
    if (done === "failed") whole = false;
  }
  return whole;
}

/** `over`: nothing comes through this link any more. */
async function follow(
  device: Device,
  link: Link,
  signal: AbortSignal,
): Promise<"over" | "goesOn" | "failed"> {
  const endMs = link.expiresAtMs + lastUploadMs;
  const startedMs = device.now();
  if (startedMs > link.expiresAtMs + fetchableMs) return "over";
  try {
    if (!(await fetchThrough(device, link, signal))) return "failed";
  } catch (error) {
    return error instanceof DeviceError && error.code === "link_expired" ? "over" : "failed";
  }
  return startedMs > endMs && !signal.aborted ? "over" : "goesOn";
}

async function fetchThrough(device: Device, link: Link, signal: AbortSignal): Promise<boolean> {
  const { log, url } = link;
  let { taken } = link;
  for (const hash of await device.files.cameraLinkPhotos(url)) {
    if (signal.aborted) return false;
    if (taken.includes(hash)) continue;
    const picture = await device.files.takeFromCameraLink(url, hash);
    const receive = receivers.get(log) ?? ((one: Blob) => keepPicture(device, log, one));
    if (!(await receive(picture))) return false;
    taken = [...taken, hash];
    await keepPhoneLink(device, { ...link, taken });
    arrived.set(url, (arrived.get(url) ?? 0) + 1);
    changed.tell();
  }
  return true;
}

/** The first photograph of a case is the one to be looked at first, as on the form. */
async function keepPicture(device: Device, log: string, picture: Blob): Promise<boolean> {
  const prepared = await prepare(picture);
  if (!prepared.ok) return true; // The server took it for a photograph; no second try makes it one.
  const view = await device.cases.view(log);
  const keyed = view?.files.some((file) => file.body.key === true) ?? false;
  await addFile(device, log, prepared.file, keyed ? {} : { key: true });
  return true;
}
