import type { Me } from "@lientuyen/api";
import type { DirectoryView, Role } from "@lientuyen/record";
import type { Screen } from "./screens.ts";

export function hasRole(me: Me, roles: readonly Role[]): boolean {
  return me.roles.some((row) => roles.includes(row.role));
}

export function mayOpen(me: Me, screen: Screen): boolean {
  return screen.roles === "all" || hasRole(me, screen.roles);
}

/** In emergency mode roles may not be known here: what a nurse may open, anybody may. */
export function isForAll(screen: Screen): boolean {
  return screen.roles === "all" || screen.roles.includes("nurse");
}

/** What a person came for: decides the first screen and the order of the menu. */
export type Work = "station" | "specialist" | "coordinator" | "administrator";

export function workOf(me: Me, directory: DirectoryView): Work {
  const treats = hasRole(me, [
    "physician",
    "physicianAssistant",
    "nurse",
    "departmentHead",
    "facilityHead",
  ]);
  const level = directory.facilities.get(me.facility)?.level;
  // Before the first feed, and in an emergency without one, the level is not known: whoever treats can write.
  if (treats && (level === undefined || level === "commune")) return "station";
  if (hasRole(me, ["coordinator"])) return "coordinator";
  return treats ? "specialist" : "administrator";
}
