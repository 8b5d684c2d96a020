export { createGate } from "./createGate.ts";
export { browserParts, type GateParts } from "./browser.ts";
export type { Gate, GateAnswer, GateFailure, GateState, EnrolledPerson } from "./gate.ts";
export type { CaseRow, Device, RequestRow, SyncState } from "./device.ts";
