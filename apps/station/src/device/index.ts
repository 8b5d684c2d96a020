export { createGate } from "./createGate.ts";
export { browserParts } from "./browser.ts";
export type { Gate, GateAnswer, GateState } from "./gate.ts";
