import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import type { CaseView, DirectoryView } from "@lientuyen/record";
import type { CaseRow, Device, SyncState } from "./device.ts";
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

export function useDirectory(): DirectoryView {
  return useLive(useDevice(), subscribeDirectory, viewDirectory);
}

const subscribeSync = (device: Device, listener: () => void) => device.sync.subscribe(listener);
const readSync = (device: Device) => device.sync.state();
const howFarRead = ({ directory, sync }: Device): Reading => {
  if (directory.isCaughtUp()) return "whole";
  const { online, signInNeeded, updateNeeded } = sync.state();
  return online && !signInNeeded && !updateNeeded ? "reading" : "notRead";
};
const subscribeCases = (device: Device, listener: () => void) =>
  device.cases.subscribe(undefined, listener);
const listCases = (device: Device) => device.cases.list();
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

export type CaseLoad =
  | { readonly at: "loading" }
  /** This device does not hold the case. */
  | { readonly at: "absent" }
  | { readonly at: "here"; readonly view: CaseView };

/** One case, live. */
export function useCase(log: string): CaseLoad {
  const device = useDevice();
  const [load, setLoad] = useState<CaseLoad>({ at: "loading" });
  useEffect(() => {
    let stopped = false;
    let turn = 0;
    const take = async () => {
      const mine = ++turn;
      const view = await device.cases.view(log);
      if (stopped || mine !== turn) return;
      setLoad(view === undefined || !view.known ? { at: "absent" } : { at: "here", view });
    };
    setLoad({ at: "loading" });
    void take();
    const stop = device.cases.subscribe(log, () => void take());
    return () => {
      stopped = true;
      stop();
    };
  }, [device, log]);
  return load;
}
