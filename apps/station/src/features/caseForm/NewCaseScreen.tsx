import { useState } from "react";
import { Redirect } from "wouter";
import { useDevice } from "../../device/hooks.ts";
import { begin } from "./about.ts";

/** A new case gets its place first; nothing is written until something is typed. */
export function NewCaseScreen() {
  return <Begin step="patient" />;
}

export function EmergencyScreen() {
  return <Begin step="emergency" />;
}

function Begin({ step }: { readonly step: string }) {
  const device = useDevice();
  const [log] = useState(() => {
    const fresh = device.cases.newLog();
    begin(fresh);
    return fresh;
  });
  return <Redirect to={`/${log}/form/${step}`} replace />;
}
