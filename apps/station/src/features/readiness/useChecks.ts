import { call } from "@lientuyen/api";
import { useCallback, useEffect, useRef, useState } from "react";
import * as v from "valibot";
import type { Device } from "../../device/device.ts";
import { useDevice } from "../../device/hooks.ts";
import { close, listen, open, watchCamera, type Opened } from "./devices.ts";
import { Readiness } from "./judge.ts";
import { measureLink, type Probe } from "./link.ts";

/** Kept with this person on this device, where whoever helps them finds it. */
const kept = "readiness";
/** Whatever happens, by then it is over. */
const mostMs = 14_000;

const probeOf =
  (device: Device): Probe =>
  async (up, down) =>
    (await call("probe", { in: { up, down } }, device.way())).ok;

export interface Checks {
  readonly running: boolean;
  /** Of this look, or of the last one here. */
  readonly result: Readiness | undefined;
  readonly picture: MediaStream | undefined;
  /** 0–1, while somebody is listened to. */
  readonly level: number | undefined;
}

/** The check of camera, microphone and line; lets go of all devices when its screen goes. */
export function useChecks() {
  const device = useDevice();
  const [checks, setChecks] = useState<Checks>({
    running: false,
    result: undefined,
    picture: undefined,
    level: undefined,
  });
  const stop = useRef<() => void>(() => undefined);
  const latest = useRef<Readiness>(undefined);
  const add = useCallback(
    (more: Partial<Readiness>) => {
      const at = new Date(device.now()).toISOString();
      const result: Readiness = { v: 1, ...latest.current, ...more, at };
      latest.current = result;
      setChecks((now) => ({ ...now, result }));
      void device.drafts.save(kept, result).catch(() => undefined);
    },
    [device],
  );
  useEffect(() => {
    void device.drafts.load(kept).then((value) => {
      const told = v.safeParse(Readiness, value);
      if (told.success && latest.current === undefined)
        setChecks((now) => ({ ...now, result: told.output }));
    });
    return () => stop.current();
  }, [device]);

  const run = useCallback(async () => {
    stop.current();
    const stopper = new AbortController();
    const streams: Opened[] = [];
    const timer = setTimeout(() => stopper.abort(), mostMs);
    stop.current = () => {
      stopper.abort();
      clearTimeout(timer);
      for (const opened of streams) if (opened.ok) close(opened.stream);
    };
    const here = () => !stopper.signal.aborted;
    latest.current = undefined;
    setChecks({ running: true, result: undefined, picture: undefined, level: undefined });
    const opening = async (wish: MediaStreamConstraints) => {
      const opened = await open(wish);
      streams.push(opened);
      if (!here() && opened.ok) close(opened.stream);
      return opened;
    };
    const camera = async () => {
      const opened = await opening({ video: true });
      if (!opened.ok) return add({ camera: opened.fault });
      setChecks((now) => ({ ...now, picture: opened.stream }));
      const seen = await watchCamera(opened.stream, stopper.signal);
      add({ camera: seen, cameraName: opened.name });
    };
    const microphone = async () => {
      const opened = await opening({ audio: true });
      if (!opened.ok) return add({ microphone: opened.fault });
      const heard = await listen(opened.stream, stopper.signal, (level) => {
        if (here()) setChecks((now) => ({ ...now, level }));
      });
      close(opened.stream);
      setChecks((now) => ({ ...now, level: undefined }));
      if (here()) add({ microphone: heard, microphoneName: opened.name });
    };
    const link = async () => {
      const found = await measureLink(probeOf(device), (measured) => here() && add({ measured }));
      if (here()) add({ link: found });
    };
    await Promise.race([
      Promise.all([camera(), microphone(), link()]),
      new Promise((resolve) => {
        stopper.signal.addEventListener("abort", resolve);
      }),
    ]);
    clearTimeout(timer);
    setChecks((now) => ({ ...now, running: false }));
  }, [device, add]);
  return { checks, run, add };
}
