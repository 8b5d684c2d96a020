import { useSyncExternalStore } from "react";
import { calls, type Call } from "./call.ts";

/** This window's call, live. */
export const useCall = (): Call | undefined => useSyncExternalStore(calls.subscribe, calls.now);
