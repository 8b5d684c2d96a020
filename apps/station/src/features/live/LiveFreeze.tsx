import { Banner, Button } from "@lientuyen/ui";
import { useEffect, useSyncExternalStore } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Device } from "../../device/device.ts";
import { addFile } from "../capture/addFiles.ts";
import { prepare } from "../capture/prepare.ts";
import type { Talk } from "../caseView/talk.ts";
import { createFreezer, type Freezer, type Freezing, type Outcome } from "../freeze/freezer.ts";
import { takeStill } from "../freeze/still.ts";
import { useFreezeWords } from "../freeze/words.ts";
import { calls } from "./call.ts";
import { myName } from "./running.ts";
import type { Wire } from "./livekitWire.ts";
import { nameIn } from "./name.ts";

const topic = "freeze.1";
const freezers = new WeakMap<Wire, Freezer>();

const freezerOn = (wire: Wire): Freezer => {
  const known = freezers.get(wire);
  if (known !== undefined) return known;
  const freezer = createFreezer({
    me: wire.me,
    send: (to, bytes) => wire.send(topic, bytes, { lossy: false, to }),
    newId: () => crypto.randomUUID(),
    later: (work, ms) => void setTimeout(work, ms),
  });
  freezers.set(wire, freezer);
  wire.listen(topic, { heard: freezer.heard, came: () => undefined, left: () => undefined });
  return freezer;
};

/** Takes a picture of one's own camera at its full size and puts it into the case. */
const keepStill = async (device: Device, log: string, caption: string): Promise<Outcome> => {
  const camera = calls.camera();
  if (camera === undefined) return "cameraOff";
  const still = await camera(takeStill);
  if (still === undefined) return "failed";
  const prepared = await prepare(still);
  if (!prepared.ok) return "failed";
  await addFile(device, log, prepared.file, { caption });
  return "kept";
};

/** Under somebody's moving picture: keeps it as a picture of the case, sharp as their camera can. */
export function FreezeButton({ who, name }: { readonly who: string; readonly name: string }) {
  const words = useFreezeWords();
  const wire = calls.wire();
  if (wire === undefined) return null;
  return (
    <Button icon="camera" aria-label={words.takeOf(name)} onClick={() => freezerOn(wire).take(who)}>
      {words.take}
    </Button>
  );
}

const none: Freezing = { at: "idle" };
const nothing = () => () => undefined;

/** What came of taking pictures, one's own asking and others'; while it is drawn this side takes them when asked. */
export function FreezeStatus({ log, talk }: { readonly log: string; readonly talk: Talk }) {
  const device = useDevice();
  const words = useFreezeWords();
  const wire = calls.wire();
  const freezer = wire === undefined ? undefined : freezerOn(wire);
  const state = useSyncExternalStore(freezer?.subscribe ?? nothing, freezer?.now ?? (() => none));
  useEffect(() => {
    const here = talk.facility(device.author.facility);
    freezer?.serve((by) => keepStill(device, log, words.caption(here, nameIn(talk, by))));
  }, [freezer, device, log, words, talk]);
  const said = sayFreezing(state, words, (who) =>
    who === myName(device) ? words.you : nameIn(talk, who),
  );
  if (said === undefined) return null;
  return (
    <Banner tone={said.bad ? "warn" : "info"} live>
      {said.text}
    </Banner>
  );
}

function sayFreezing(
  state: Freezing,
  words: ReturnType<typeof useFreezeWords>,
  nameOf: (who: string) => string,
): { readonly text: string; readonly bad: boolean } | undefined {
  switch (state.at) {
    case "idle":
      return undefined;
    case "asked":
      return { text: words.asked(nameOf(state.of)), bad: false };
    case "done":
      return {
        text: words.outcome[state.outcome](nameOf(state.of)),
        bad: state.outcome !== "kept",
      };
    case "byOther":
      return state.outcome === "kept"
        ? { text: words.byOther(nameOf(state.by)), bad: false }
        : undefined;
  }
}
