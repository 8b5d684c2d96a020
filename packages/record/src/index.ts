export * from "./primitives.ts";
export * from "./entry.ts";
export * from "./identity.ts";
export * from "./caseKinds.ts";
export * from "./directoryKinds.ts";
export * from "./view.ts";
