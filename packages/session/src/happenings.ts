import type { Role, Session } from "./session.ts";

/** What an act brought about, in the words of the case's timeline. */
export type Happening =
  | { readonly what: "invited"; readonly who: string; readonly role: Role }
  | { readonly what: "waiting"; readonly who: string }
  | { readonly what: "joined"; readonly who: string }
  | { readonly what: "returned"; readonly who: string }
  | { readonly what: "left"; readonly who: string }
  | { readonly what: "lost"; readonly who: string }
  | { readonly what: "removed"; readonly who: string; readonly by: string }
  | { readonly what: "roleChanged"; readonly who: string; readonly from: Role; readonly to: Role }
  | {
      readonly what: "chairPassed";
      readonly from: string;
      readonly to: string;
      /** handedOver and takenBack are persons' acts; the others are the stated rule's. */
      readonly why: "handedOver" | "takenBack" | "chairLost" | "chairLeft";
    }
  | { readonly what: "floorGiven"; readonly who: string }
  | { readonly what: "muted"; readonly who: string; readonly by: string }
  | { readonly what: "itemTaken"; readonly item: number }
  | { readonly what: "recordingStarted"; readonly by: string }
  /** By nobody: the patient's consent was taken back. */
  | { readonly what: "recordingStopped"; readonly by: string }
  | { readonly what: "started"; readonly by: string }
  | { readonly what: "ended"; readonly by: string };

export interface Changed {
  readonly session: Session;
  readonly happened: readonly Happening[];
}
