import { useEffect, useState } from "react";
import { useDevice, useSync } from "../../device/hooks.ts";
import { sessionsOf, type LiveSession } from "./sessions.ts";

const lookMs = 60_000;
/** Entries come in bunches: one look for all of them. */
const gatherMs = 500;

/** The open sessions over this facility's cases: asked for once a minute, and half a second after a case has changed. */
export function useOpenSessions(): readonly LiveSession[] {
  const device = useDevice();
  const { online, signInNeeded } = useSync();
  const [open, setOpen] = useState<readonly LiveSession[]>([]);
  const reachable = online && !signInNeeded;
  useEffect(() => {
    if (!reachable) return undefined;
    let stopped = false;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const answer = await sessionsOf(device).list();
      if (!stopped && answer.ok) setOpen(answer.value.sessions);
    };
    const lookSoon = () => {
      clearTimeout(soon);
      soon = setTimeout(() => void look(), gatherMs);
    };
    lookSoon();
    const timer = setInterval(() => void look(), lookMs);
    const stop = device.cases.subscribe(undefined, lookSoon);
    return () => {
      stopped = true;
      stop();
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [device, reachable]);
  return open;
}
