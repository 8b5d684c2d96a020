import type { Device } from "./device.ts";

/** Where this browser stands: the sign-in and lock screens draw exactly this. */
export type GateState =
  | { readonly at: "starting" }
  /** Nobody is enrolled on this device: sign in online. */
  | {
      readonly at: "signIn";
      readonly online: boolean;
      readonly enrolled: readonly EnrolledPerson[];
      /** There was a store on this device and the browser has lost it: so many of its items had not been sent. */
      readonly lostUnsent: number | undefined;
    }
  /** Signed in online for the first time here: choose a PIN or passphrase. */
  | { readonly at: "chooseSecret"; readonly name: string }
  /** Enrolled people; each unlocks with the own PIN. `sending` counts what still goes out while locked. */
  | {
      readonly at: "locked";
      readonly enrolled: readonly EnrolledPerson[];
      readonly online: boolean;
      readonly sending: number;
      readonly updateReady: boolean;
    }
  /** Another window of this browser holds the store. */
  | { readonly at: "elsewhere" }
  /** Emergency mode: writes new cases, reads nothing (forgotten PIN at night, no line). */
  | { readonly at: "emergency"; readonly device: Device }
  | { readonly at: "unlocked"; readonly device: Device }
  /** The browser lacks what is needed, or the address is not secure: says which. */
  | { readonly at: "impossible"; readonly why: "insecureAddress" | "noStorage" | "noCrypto" };

export interface EnrolledPerson {
  readonly person: string;
  readonly name: string;
  readonly account: string;
}

export type GateFailure =
  | "wrong_sign_in"
  | "too_many"
  | "offline"
  | "unavailable"
  | "forbidden" // the device was disowned, or the person has no role any more
  | "wrongSecret"
  | "weakSecret"
  | "storageFull"
  | "internal";
export type GateAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: GateFailure; readonly waitMs?: number };

export interface Gate {
  state(): GateState;
  subscribe(listener: () => void): () => void;
  signIn(account: string, password: string): Promise<GateAnswer>;
  /** 6 or more digits, or a passphrase of 12 or more characters. */
  chooseSecret(secret: string): Promise<GateAnswer>;
  unlock(person: string, secret: string): Promise<GateAnswer>;
  /** Forgot the PIN: sign in online again with the password and choose a new one; unsent work stays. */
  resetSecret(account: string, password: string): Promise<GateAnswer>;
  /** Locks; what was typed is in drafts, sending goes on. */
  lock(): Promise<void>;
  /** From the window that waits: the other one lets go of the store and locks. */
  takeOver(): Promise<void>;
  enterEmergency(name: string): Promise<void>;
  /** A person not yet enrolled here signs in on a device that others use. */
  addPerson(): void;
  backToChooser(): void;
  /** Lock screen only: take the new version. */
  update(): Promise<void>;
}
