export * from "./ports.ts";
export { createClock, type Timers } from "./clock.ts";
export type { Pause } from "./engine.ts";
export type { HttpRequest, HttpResponse } from "./exchange.ts";
export { httpNetwork, type HttpOptions } from "./http.ts";
export type { Subtle } from "./platform.ts";
export { fingerprint, makeKeyPair, signerOf, webPrimitives } from "./primitives.ts";
export { makeSealingKeyPair, openBatch, sealBatch } from "./sealed.ts";
export { startSealedSender, type SealedRows, type SealedSender } from "./sealedOutbox.ts";
export {
  lockFiles,
  startFileSender,
  type FileSender,
  type LockedFile,
  type LockedFiles,
} from "./lockedFiles.ts";
export { outboxRowOf } from "./outboxRow.ts";
export type { EngineState } from "./state.ts";
export type { NewFile } from "./commands.ts";
export { createSync, type Sync, type SyncPorts } from "./sync.ts";
export type { WriteAnswer, WriteRequest } from "./write.ts";
