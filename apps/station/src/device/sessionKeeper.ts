import type { Signer } from "@lientuyen/record";
import type { Sync } from "@lientuyen/sync";
import type { Session } from "./session.ts";

/** Sees to it that there is a session while there is a line; says so when only the password can open one. */
export interface SessionKeeper {
  readonly passwordNeeded: () => boolean;
  /** The server no longer knows our session. */
  readonly lost: () => void;
  readonly renewed: () => void;
  /** Looks now: the line may be back. */
  readonly look: () => Promise<void>;
}

export interface SessionKeeperParts {
  readonly session: Session;
  readonly sync: Sync;
  readonly signer: Signer;
  readonly person: string;
  readonly signal: AbortSignal;
  readonly changed: () => void;
}

const longestWaitMs = 30_000;

export const keepSession = (parts: SessionKeeperParts): SessionKeeper => {
  const { session, sync, signal } = parts;
  let passwordNeeded = false;
  let looking: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = 1_000;
  signal.addEventListener("abort", () => clearTimeout(timer));

  const begin = () => {
    waitMs = 1_000;
    if (passwordNeeded) parts.changed();
    passwordNeeded = false;
    sync.start();
    sync.resume("signInNeeded");
  };

  const once = async () => {
    if (session.csrf() !== undefined) return begin();
    const answer = await session.resume(parts.person, parts.signer).catch(() => "offline" as const);
    if (signal.aborted) return;
    if (answer === "open") return begin();
    if (answer === "none") {
      passwordNeeded = true;
      return parts.changed();
    }
    clearTimeout(timer);
    timer = setTimeout(() => void look(), waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  };

  const look = (): Promise<void> => {
    if (signal.aborted) return Promise.resolve();
    looking ??= once().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  return {
    passwordNeeded: () => passwordNeeded,
    lost() {
      if (session.csrf() === undefined) return;
      session.ended();
      void look();
    },
    renewed: begin,
    look,
  };
};
