import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import type { CaseView, DirectoryView } from "@lientuyen/record";
import type { CaseBrought, CaseRow, DamagedItem, Device, SyncState } from "./device.ts";
import type { Gate, GateState } from "./gate.ts";

/** Given once by main.tsx. */
export const GateContext = createContext<Gate | undefined>(undefined);
/** Given while the gate is unlocked (or in emergency mode). */
export const DeviceContext = createContext<Device | undefined>(undefined);

export function useGate(): Gate {
  const gate = useContext(GateContext);
  if (gate === undefined) throw new Error("useGate outside of GateContext");
  return gate;
}

export function useGateState(): GateState {
  const gate = useGate();
  const subscribe = useCallback((listener: () => void) => gate.subscribe(listener), [gate]);
  return useSyncExternalStore(subscribe, () => gate.state());
}

/** The unlocked device; only below an unlocked gate. */
export function useDevice(): Device {
  const device = useContext(DeviceContext);
  if (device === undefined) throw new Error("useDevice while locked");
  return device;
}

export function useSync(): SyncState {
  return useLive(useDevice(), subscribeSync, readSync);
}

/** Every case that this device holds, newest first. */
export function useCases(): readonly CaseRow[] {
  return useLive(useDevice(), subscribeCases, listCases);
}

/** Whether a list may say that there is nothing: what is on the server may not have been read yet. */
export type Reading = "whole" | "reading" | "notRead";

export function useReading(): Reading {
  return useLive(useDevice(), subscribeSync, howFarRead);
}

/** What of the local store was found damaged. */
export function useDamage(): readonly DamagedItem[] {
  return useLive(useDevice(), subscribeDamage, listDamage);
}

export function useDirectory(): DirectoryView {
  return useLive(useDevice(), subscribeDirectory, viewDirectory);
}

const subscribeSync = (device: Device, listener: () => void) => device.sync.subscribe(listener);
const readSync = (device: Device) => device.sync.state();
const howFarRead = ({ cases, directory, sync }: Device): Reading => {
  if (!cases.isWhole()) return "reading";
  if (directory.isCaughtUp()) return "whole";
  const { online, signInNeeded, updateNeeded } = sync.state();
  return online && !signInNeeded && !updateNeeded ? "reading" : "notRead";
};
const subscribeCases = (device: Device, listener: () => void) =>
  device.cases.subscribe(undefined, listener);
const listCases = (device: Device) => device.cases.list();
const subscribeDamage = (device: Device, listener: () => void) => device.damage.subscribe(listener);
const listDamage = (device: Device) => device.damage.list();
const subscribeDirectory = (device: Device, listener: () => void) =>
  device.directory.subscribe(listener);
const viewDirectory = (device: Device) => device.directory.view();

/** A snapshot taken anew only when told, so it does not matter whether `read` gives a new object each time. */
function useLive<T>(
  device: Device,
  subscribe: (device: Device, listener: () => void) => () => void,
  read: (device: Device) => T,
): T {
  const [value, setValue] = useState(() => read(device));
  useEffect(() => {
    const take = () => setValue(() => read(device));
    take();
    return subscribe(device, take);
  }, [device, subscribe, read]);
  return value;
}

/** Not `here` yet, and why. */
export type CaseAbsence =
  | { readonly at: "loading" }
  /** Not among the cases of this device. */
  | { readonly at: "absent" }
  /** Its entries went from this device: they are being fetched. */
  | { readonly at: "fetching" }
  /** They could not be fetched; tried again by itself when the line is back. */
  | {
      readonly at: "away";
      readonly why: Exclude<CaseBrought, "here" | "absent">;
      readonly tryAgain: () => void;
    };

export type CaseLoad = CaseAbsence | { readonly at: "here"; readonly view: CaseView };

/** One case, live; fetched where this device has let it go. */
export function useCase(log: string): CaseLoad {
  const device = useDevice();
  const [load, setLoad] = useState<CaseLoad>({ at: "loading" });
  useEffect(() => {
    setLoad({ at: "loading" });
    return followCase(device, log, setLoad);
  }, [device, log]);
  return load;
}

/** The line is seldom back for good with its first sign. */
const settleMs = 1_000;

/** Tells how the case stands, now and after every change; answers the way to stop. */
function followCase(device: Device, log: string, tell: (load: CaseLoad) => void): () => void {
  let turn = 0;
  let stopped = false;
  let isAway = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = async () => {
    const mine = ++turn;
    const say = (load: CaseLoad) => {
      if (stopped || mine !== turn) return;
      isAway = load.at === "away";
      tell(load);
    };
    const here = await viewOf(device, log);
    if (here !== undefined) return say(here);
    await device.cases.whole();
    if (!device.cases.list().some((row) => row.log === log)) return say({ at: "absent" });
    say({ at: "fetching" });
    const brought = await device.cases.bring(log);
    if (brought === "here") return say((await viewOf(device, log)) ?? { at: "absent" });
    if (brought === "absent") return say({ at: "absent" });
    say({ at: "away", why: brought, tryAgain: () => void take() });
  };
  let wasReachable = isReachable(device);
  const lookAtLine = () => {
    const now = isReachable(device);
    if (now && !wasReachable && isAway) {
      clearTimeout(timer);
      timer = setTimeout(() => void take(), settleMs);
    }
    wasReachable = now;
  };
  void take();
  const stops = [device.cases.subscribe(log, () => void take()), device.sync.subscribe(lookAtLine)];
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

const viewOf = async (device: Device, log: string): Promise<CaseLoad | undefined> => {
  const view = await device.cases.view(log);
  return view?.known === true ? { at: "here", view } : undefined;
};

const isReachable = (device: Device): boolean => {
  const { online, signInNeeded } = device.sync.state();
  return online && !signInNeeded;
};
