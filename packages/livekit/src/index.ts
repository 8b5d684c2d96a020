export { type Archive } from "./archive.ts";
export { findEngine, sharedFolder } from "./binary.ts";
export { startEngine, type Engine, type EngineOptions, type Turn } from "./engine.ts";
export { freePort } from "./port.ts";
export { makeEngine, type Making } from "./make.ts";
