import type { CaseView } from "@lientuyen/record";
import { useEffect, useRef } from "react";
import { useDevice, useDirectory } from "../../device/hooks.ts";
import { allows } from "./acts.ts";
import { firstOpened } from "./side.ts";

const clinician: ReadonlySet<string> = new Set([
  "physician",
  "departmentHead",
  "physicianAssistant",
]);

/** Logs the view, marks the case as looked at, and tells the sender once that a clinician has opened it. */
export function useOpened(view: CaseView): void {
  const device = useDevice();
  const directory = useDirectory();
  const told = useRef(new Set<string>());
  const { log } = view;
  useEffect(() => {
    void device.cases.opened(log);
  }, [device, log]);
  useEffect(() => {
    if (document.visibilityState === "visible") void device.cases.markLooked(log);
    if (!device.me.roles.some((r) => clinician.has(r.role))) return;
    const at = new Date(device.now()).toISOString();
    const facts = firstOpened(view.requests, device.author)
      .filter((r) => !told.current.has(r.hash))
      .map((r) => ({ kind: "seen" as const, body: { request: r.hash } }))
      .filter((fact) => allows({ actor: device.author, view, directory, at }, fact));
    for (const fact of facts) told.current.add(fact.body.request);
    if (facts.length > 0) void device.cases.write(log, facts);
  }, [device, directory, log, view]);
}
