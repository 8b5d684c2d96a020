export * from "./session.ts";
export * from "./acts.ts";
export * from "./happenings.ts";
export { chairGraceMs, successorOf } from "./succession.ts";
export { doAct, type Answer } from "./machine.ts";
export * from "./rungs.ts";
export * from "./ladder.ts";
export * from "./hearing.ts";
