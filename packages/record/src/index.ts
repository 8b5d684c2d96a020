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
export {
  appendLeaf,
  consistencyPath,
  emptyTree,
  headOfEdge,
  inclusionPath,
  isConsistent,
  leafHash,
  rootFromInclusion,
  treeHead,
  treeWithPaths,
  type TreeAt,
  type TreeEdge,
} from "./merkle.ts";
export * from "./storedTree.ts";
export * from "./checkpoint.ts";
export * from "./deposit.ts";
export { edges, knowledge, orderEntries, byHash, byReceipt, type Knew, type Tie } from "./order.ts";
export * from "./directory.ts";
export * from "./fold.ts";
export { partsOf, isAsked, type Part } from "./participation.ts";
export * from "./rules.ts";
export * from "./may.ts";
export * from "./mayDirectory.ts";
export * from "./proof.ts";
export * from "./earlier.ts";
export * from "./clock.ts";
