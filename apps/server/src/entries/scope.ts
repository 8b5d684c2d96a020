import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";

/** For whom a batch comes in: a facility's session or device, or the server itself (the installation's log). */
export type Scope = { readonly facility: string } | "system";

export const inScope = <T>(core: Core, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> =>
  scope === "system"
    ? core.database.asSystem(work)
    : core.database.asFacility(scope.facility, work);
