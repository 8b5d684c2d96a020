import { call, protocol } from "@lientuyen/api";
import type { DirectoryFact, Signer } from "@lientuyen/record";
import type { Sync } from "@lientuyen/sync";
import { valueOf } from "./caseFiles.ts";
import type { Device } from "./device.ts";
import { DeviceError, isCatalogued } from "./deviceError.ts";
import type { Line } from "./line.ts";
import type { Session } from "./session.ts";
import type { Shelf } from "./shelf.ts";

export interface DirectoryParts {
  readonly sync: Sync;
  readonly session: Session;
  readonly signer: Signer;
  readonly shelf: Shelf;
  readonly fetch: Line;
  readonly base: string;
  readonly facility: string;
  readonly isCaughtUp: () => boolean;
  readonly subscribe: (listener: () => void) => () => void;
  readonly signal: AbortSignal;
}

/** An administrator sees at once whether the server took it: this long is waited for its answer. */
const answerWithinMs = 30_000;

/** The facility's directory: read from this device, written by its administrator while there is a line. */
export const openDirectory = (parts: DirectoryParts): Device["directory"] => {
  const { sync, signer, session } = parts;
  const way = () => ({
    fetch: parts.fetch,
    base: parts.base,
    protocol,
    csrf: session.csrf(),
    signal: parts.signal,
  });

  const write = async (facts: readonly DirectoryFact[]) => {
    if (!sync.state().online || session.csrf() === undefined) throw new DeviceError("offline");
    const log = `directory/${parts.facility}`;
    const answer = await sync.write({ signer, log, facility: parts.facility, facts });
    if (!answer.ok) throw new DeviceError("storageFull");
    const hashes = answer.entries.map(({ hash }) => hash);
    const waiting = new AbortController();
    const stop = () => waiting.abort();
    const timer = setTimeout(stop, answerWithinMs);
    parts.signal.addEventListener("abort", stop);
    await sync.whenAnswered(hashes, waiting.signal);
    clearTimeout(timer);
    parts.signal.removeEventListener("abort", stop);
    const refused = sync.held(log).find(({ hash }) => hashes.includes(hash));
    if (refused !== undefined) {
      await sync.dismiss(hashes);
      throw new DeviceError(isCatalogued(refused.code) ? refused.code : "internal");
    }
    await parts.shelf.changed([log]);
  };

  return {
    view: () => parts.shelf.directory(),
    isCaughtUp: parts.isCaughtUp,
    subscribe: parts.subscribe,
    write,
    async createAccount(person, account, password) {
      valueOf(await call("addPerson", { in: { person, account, password } }, way()));
    },
    async resetPassword(person) {
      return valueOf(await call("resetPassword", { params: { person } }, way())).password;
    },
  };
};
