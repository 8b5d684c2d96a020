import { useEffect } from "react";
import type { Device } from "../../device/device.ts";
import { useDevice } from "../../device/hooks.ts";

const everyMs = 2_000;
const againMs = 10_000;
/** Beginning of the names of the drafts that keep links. */
export const phoneLinks = "phoneLink/";

/** False where something is still to be fetched. The rest of it is loaded only where there is a link. */
const fetchNow = async (device: Device, signal: AbortSignal): Promise<boolean> => {
  if (!device.sync.state().online) return true;
  if ((await device.drafts.list(phoneLinks)).length === 0) return true;
  const { fetchPhonePictures } = await import("./phonePictures.ts");
  return fetchPhonePictures(device, signal);
};

/** Drawn once by the frame: what a phone took for a case of this person comes in, whatever screen is open. */
export function PhonePictures() {
  const device = useDevice();
  useEffect(() => {
    const stopper = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const turn = async () => {
      const whole = await fetchNow(device, stopper.signal).catch(() => false);
      // What could not be fetched stays at the server meanwhile.
      if (!stopper.signal.aborted) timer = setTimeout(() => void turn(), whole ? everyMs : againMs);
    };
    void turn();
    return () => {
      stopper.abort();
      clearTimeout(timer);
    };
  }, [device]);
  return null;
}
