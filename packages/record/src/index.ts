export * from "./primitives.ts";
export * from "./entry.ts";
export * from "./identity.ts";
export * from "./caseKinds.ts";
export * from "./directoryKinds.ts";
export * from "./view.ts";

export * from "./recordError.ts";
export * from "./canonical.ts";
export * from "./base64url.ts";
export { fingerprint, hashBody, hashText } from "./bytes.ts";
export * from "./make.ts";
export * from "./caseNumber.ts";
export * from "./parse.ts";
export * from "./facts.ts";
export * from "./chain.ts";
export * from "./merkle.ts";
