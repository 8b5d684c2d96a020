export { createServer, type LientuyenServer } from "./createServer.ts";
export {
  openInstallation,
  type Installation,
  type InstallationOptions,
} from "./openInstallation.ts";
export { CannotStart } from "./config/cannotStart.ts";
export {
  defaultLimits,
  type Limits,
  type LiveMedia,
  type LiveState,
  type LogLevel,
  type ServerOptions,
} from "./config/options.ts";
export { type Core } from "./core.ts";
export { migrate } from "./db/migrate.ts";
export { append } from "./entries/append.ts";
export { type Scope } from "./entries/scope.ts";
export { createAccount } from "./identity/accounts.ts";
export { addFacility, agreeContract } from "./identity/facilities.ts";
export { makeFirstLink } from "./identity/firstAdministrator.ts";
export { appendAsServer, foundInstallation, type ServerFact } from "./identity/serverEntries.ts";
export {
  keepServerKeys,
  makeServerKeys,
  openKeys,
  type ServerKeys,
} from "./identity/serverKeys.ts";
export { makePrimitives } from "./identity/primitives.ts";
export { readDepositPlaces, type DepositPlace } from "./tree/places.ts";
