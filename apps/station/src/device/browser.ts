import { deriveInWorker } from "./argon.ts";
import { browserLine, type Line } from "./line.ts";
import type { DeriveSecret } from "./vault.ts";

/** What the device needs of the browser; tests give another clock or another line. */
export interface GateParts {
  readonly now: () => number;
  readonly crypto: Crypto;
  readonly fetch: Line;
  readonly locks: LockManager | undefined;
  readonly storage: StorageManager | undefined;
  readonly derive: DeriveSecret;
  readonly databaseName: string;
  /** Scheme and host of the server; empty for the page's own. */
  readonly base: string;
  readonly isSecure: boolean;
  readonly isOnline: () => boolean;
  /** Calls back whenever that may have changed. */
  readonly onLine: (listener: () => void) => void;
  /** What the people of the facility call this machine. */
  readonly deviceName: string;
  /** "nam, 34 tuổi" in the language of the screens. */
  readonly describePatient: (sex: string | undefined, ageMonths: number | undefined) => string;
}

export const browserParts = (): GateParts => ({
  now: () => Date.now(),
  crypto: globalThis.crypto,
  fetch: browserLine,
  locks: navigator.locks,
  storage: navigator.storage,
  derive: deriveInWorker,
  databaseName: "lientuyen",
  base: "",
  isSecure: isSecureContext,
  isOnline: () => navigator.onLine,
  onLine: (listener) => {
    addEventListener("online", listener);
    addEventListener("offline", listener);
  },
  deviceName: deviceNameOf(navigator.userAgent),
  describePatient: () => "",
});

const systems = ["Windows", "Android", "iPhone", "iPad", "Mac", "CrOS", "Linux"] as const;

const deviceNameOf = (userAgent: string): string =>
  systems.find((system) => userAgent.includes(system)) ?? "Web";
