import { useEffect } from "react";
import { useGate } from "../device/hooks.ts";
import { flushDrafts } from "./draft.ts";
import { mayLock } from "./stayUnlocked.ts";

const idleMs = 5 * 60_000;
const lookEveryMs = 10_000;
const signs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** Locks after five minutes without a hand on the machine. What was typed is in drafts; sending goes on. */
export function useIdleLock(): void {
  const gate = useGate();
  useEffect(() => {
    let lastMs = performance.now();
    const touched = () => {
      lastMs = performance.now();
    };
    const look = () => {
      if (!mayLock()) return touched();
      if (performance.now() - lastMs < idleMs) return;
      lastMs = performance.now();
      void flushDrafts().then(() => gate.lock());
    };
    for (const sign of signs)
      window.addEventListener(sign, touched, { passive: true, capture: true });
    document.addEventListener("visibilitychange", look); // a laptop that slept
    const timer = setInterval(look, lookEveryMs);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      for (const sign of signs) window.removeEventListener(sign, touched, { capture: true });
    };
  }, [gate]);
}
