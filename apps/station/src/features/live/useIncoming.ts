import { useEffect } from "react";
import { useLocation } from "wouter";
import { ring } from "../notify/sound.ts";

/** Told once each, whatever screen is drawn and however often this is. */
const told = new Set<string>();

/** A session that others have opened: by sound, and by the system where it may; the bar stands besides. */
export function useIncoming(
  session: { readonly session: string; readonly log: string } | undefined,
  text: string,
): void {
  const [, go] = useLocation();
  const { session: id, log } = session ?? {};
  useEffect(() => {
    if (id === undefined || log === undefined || told.has(id)) return;
    told.add(id);
    ring("worse");
    tellSystem(text, id, () => go(`/${log}/live`));
  }, [id, log, text, go]);
}

/** The case's number only: a passer-by learns nothing of the patient. */
function tellSystem(text: string, tag: string, open: () => void): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const shown = new Notification(text, { tag, requireInteraction: true });
    shown.onclick = () => {
      window.focus();
      open();
      shown.close();
    };
  } catch {
    // Some phones allow notifications from a service worker only; sound and bar remain.
  }
}
