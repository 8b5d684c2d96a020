import type { Me } from "@lientuyen/api";
import {
  makeCaseNumber,
  uuidv7,
  type Author,
  type Bytes,
  type Signer,
  type SignedEntry,
} from "@lientuyen/record";
import {
  createSync,
  httpNetwork,
  lockFiles,
  sealBatch,
  signerOf,
  webPrimitives,
  type LockedFiles,
  type Sync,
} from "@lientuyen/sync";
import type { GateParts } from "./browser.ts";
import { openCaseFiles } from "./caseFiles.ts";
import { openCases } from "./cases.ts";
import { openCataloguing } from "./cataloguing.ts";
import { clockOf } from "./clock.ts";
import type { Database, StoredFacility } from "./database.ts";
import type { Device, SyncState } from "./device.ts";
import { openDirectory } from "./directory.ts";
import { openDisk, type EncryptedDisk } from "./disk.ts";
import { openDrafts } from "./drafts.ts";
import { findEmergencies } from "./emergencyRows.ts";
import { keepDirectoryForEmergency } from "./emergencyDirectory.ts";
import { createEviction } from "./eviction.ts";
import { createMendingDoor } from "./mendingDoor.ts";
import { wholeSummary } from "./wholeSummary.ts";
import { rememberSent, takeFilesAtLock } from "./filesAtLock.ts";
import { openLooked } from "./looked.ts";
import { openLastArrived } from "./lastArrived.ts";
import { createListeners } from "./listeners.ts";
import type { OpenedPerson } from "./people.ts";
import { openRoom } from "./room.ts";
import { endAnySession, openSession, wayOf, type Session } from "./session.ts";
import { keepSession } from "./sessionKeeper.ts";
import { openShelf } from "./shelf.ts";
import { noteStore } from "./storeMemo.ts";
import { openTurns } from "./turns.ts";
import { randomBytes } from "./vault.ts";

export interface OpenParts extends GateParts {
  readonly db: Database;
  readonly person: OpenedPerson;
  readonly facility: StoredFacility;
  readonly deviceId: string;
  /** Signed in a moment ago, by password. */
  readonly signedIn: { readonly me: Me; readonly csrf: string } | undefined;
  readonly lock: () => Promise<void>;
  /** What went on being sent while this store was locked. */
  readonly sentLocked?: LockedFiles | undefined;
  /** Writes new cases into a store of their own; nothing goes over the line. */
  readonly emergency?: true;
}

/** The unlocked device, with what the gate needs of it beyond what screens see. */
export interface OpenedDevice {
  readonly device: Device;
  /** Which store. */
  readonly scope: string;
  /** The session was renewed by password; false where that was somebody else's. */
  signedIn(me: Me, csrf: string): Promise<boolean>;
  /** Stops everything and lets go of every decrypted thing but the keys of the files that have still to go. */
  close(): Promise<LockedFiles>;
}

export const openDevice = async (parts: OpenParts): Promise<OpenedDevice> => {
  const { crypto, db, person, facility } = parts;
  const { stored, keys } = person;
  const { scope } = stored;
  const kept = { db, keys, scope };
  const stopper = new AbortController();
  const random = (length: number): Bytes => randomBytes(crypto, length);
  const primitives = webPrimitives(crypto.subtle);
  const signer = await signerOf(crypto.subtle, person.signing, stored.publicKey);
  const session = openSession(parts);
  const clock = clockOf(parts.now);
  if (parts.signedIn !== undefined) session.accept(parts.signedIn.me, parts.signedIn.csrf);

  // Nobody has certified an emergency's key yet: its entries wait for their author, not for a line.
  const sealForServer = (entries: readonly SignedEntry[]) =>
    sealBatch(crypto.subtle, random, parts.facility.sealingKey, JSON.stringify({ entries }));
  const disk = await openDisk({
    ...kept,
    sealForServer: parts.emergency === true ? undefined : sealForServer,
  });
  if (parts.sentLocked !== undefined) await rememberSent(disk, parts.sentLocked);
  if (parts.emergency === undefined) await adoptEmergencies(parts, disk, session, signer);
  const syncChanged = createListeners();
  const directoryChanged = createListeners();
  const room = openRoom(parts.storage, syncChanged.tell);
  const [summary, shelf, lastArrived, drafts, looked] = await Promise.all([
    wholeSummary({ db, disk, scope, root: facility.root }),
    openShelf(disk, primitives),
    openLastArrived(db, disk.rows, reportError),
    openDrafts(db, disk.rows, stored.person, room.foundFull),
    openLooked({ ...kept, disk, person: stored.person }),
  ]);
  const cataloguing = await openCataloguing({
    ...kept,
    disk,
    shelf,
    facility: stored.facility,
    signal: stopper.signal,
  });
  const network = httpNetwork({
    fetch: parts.fetch,
    baseUrl: parts.base,
    clock,
    primitives,
    device: parts.deviceId,
    csrf: session.csrf,
  });

  // Changes are taken in one after the other: a directory first, then what its keys signed.
  const turns = openTurns(syncChanged.tell, reportError);
  let everCaughtUp = false;
  /** Read, and in the lists: the last page of a first download is still being catalogued when the engine is through. */
  const isCaughtUp = () => (everCaughtUp ||= sync.state().caughtUp && turns.waiting() === 0);
  const takeIn = async (logs: readonly string[]) => {
    if (logs.length === 0) return;
    await shelf.changed(logs);
    await cataloguing.refresh(logs);
    if (logs.some((log) => log.startsWith("directory/"))) {
      directoryChanged.tell();
      if (parts.emergency === undefined) await keepDirectoryForEmergency(db, stored.scope, disk);
    }
    cases.changed(logs);
    syncChanged.tell();
    await compactLong(disk, logs);
  };
  const sync: Sync = await createSync({
    disk: { ...disk, load: () => Promise.resolve(summary) },
    network,
    clock,
    random,
    primitives,
    onChange: ({ logs }) => {
      const now = sync.state();
      if (now.signInNeeded) keeper.lost();
      lastArrived.note(now.lastArrivedAt);
      eviction.look();
      if (now.online) mending.look();
      if (parts.emergency === undefined) noteStore(now.unsentEntries + now.unsentFiles);
      if (logs.length === 0) return syncChanged.tell();
      void turns.take(() => takeIn(logs)).catch(() => undefined);
    },
    onError: reportError,
  });
  const keeper = keepSession({
    session,
    sync,
    signer,
    person: stored.person,
    signal: stopper.signal,
    changed: syncChanged.tell,
  });
  const author: Author = {
    person: stored.person,
    facility: stored.facility,
    device: parts.deviceId,
  };
  const ids = {
    uuid: () => uuidv7(parts.now(), random(10)),
    caseNumber: () => makeCaseNumber(stored.facility, random(8)),
  };
  const cases = await openCases({
    db,
    looked,
    disk,
    shelf,
    sync,
    cataloguing,
    author,
    signer,
    ids,
    now: parts.now,
    describePatient: parts.describePatient,
    foundFull: room.foundFull,
    drafts,
    becameWhole: syncChanged.tell,
  });
  const eviction = createEviction({
    db,
    disk,
    cataloguing,
    sync,
    stored,
    directory: () => shelf.directory(),
    isShown: cases.isShown,
    changed: async (logs) => {
      await shelf.changed(logs);
      cases.changed(logs);
    },
    inTurn: turns.take,
    signal: stopper.signal,
  });
  const files = openCaseFiles({
    crypto,
    disk,
    sync,
    network,
    session,
    fetch: parts.fetch,
    base: parts.base,
    signal: stopper.signal,
    changed: (log) => cases.changed([log]),
    foundFull: room.foundFull,
    urgencyOf: cases.urgencyOf,
  });
  const directory = openDirectory({
    sync,
    session,
    signer,
    shelf,
    fetch: parts.fetch,
    base: parts.base,
    facility: stored.facility,
    subscribe: directoryChanged.add,
    signal: stopper.signal,
    isCaughtUp,
  });

  const store = { db, keys, disk, sync, network, cataloguing, shelf, files };
  const mending = createMendingDoor({ ...store, facility, now: parts.now, signal: stopper.signal });

  const state = (): SyncState => {
    const now = sync.state();
    return {
      online: now.online,
      unsentEntries: now.unsentEntries,
      unsentFiles: now.unsentFiles,
      sending: now.sending,
      lastArrivedAt: lastArrived.at(),
      signInNeeded: keeper.passwordNeeded(),
      storage: now.storageFull ? "full" : room.state(),
      refused: now.refused,
      quarantined: now.quarantined,
      updateNeeded: now.updateNeeded,
      historyChanged: now.historyChanged,
    };
  };

  const device: Device = {
    me: parts.signedIn?.me ?? stored.me,
    author,
    key: stored.key,
    now: parts.now,
    cases: cases.door,
    drafts: drafts.door,
    files,
    directory,
    damage: mending.door,
    way: () => ({ ...wayOf(parts, session.csrf()), signal: stopper.signal }),
    sync: {
      state,
      subscribe: syncChanged.add,
      nudge: () => {
        void room.look();
        if (parts.emergency === true) return;
        void keeper.look();
        sync.nudge();
      },
    },
    receiptKeys: () => sync.keys.receiptKeys(),
    lock: parts.lock,
  };

  const nudge = () => device.sync.nudge();
  addEventListener("online", nudge, { signal: stopper.signal });
  document.addEventListener("visibilitychange", () => document.hidden || nudge(), {
    signal: stopper.signal,
  });
  const roomTimer = setInterval(() => void room.look(), 60_000);
  void room.look();
  if (parts.emergency === undefined) void keeper.look();
  void turns.take(async () => takeIn(await disk.dirtyLogs())).catch(() => undefined);
  void turns.take(mending.begin).catch(() => undefined);

  return {
    device,
    scope,
    async signedIn(someone, csrf) {
      if (someone.person !== stored.person) {
        // The browser now holds a stranger's session: out with it, and back to our own.
        session.ended();
        await endAnySession(parts);
        void keeper.look();
        return false;
      }
      session.accept(someone, csrf);
      keeper.renewed();
      return true;
    },
    async close() {
      // Another window may have taken the store in the middle of a word.
      await drafts.settle();
      stopper.abort();
      clearInterval(roomTimer);
      await sync.close();
      await turns.settled();
      await lastArrived.settled();
      shelf.clear();
      // The gate ends it at the server, and does not wait for a line that may be dead: the screen locks now.
      session.ended();
      // Files of an emergency wait for its author, as its entries do.
      if (parts.emergency === true) return lockFiles([]);
      return takeFilesAtLock(sync, disk).catch((error: unknown) => {
        // The browser has closed the store: the screen is locked all the same.
        reportError(error);
        return lockFiles([]);
      });
    },
  };
};

/** Before the engine reads the store: what this person wrote in an emergency joins it, where there is a line. */
const adoptEmergencies = async (
  parts: OpenParts,
  disk: EncryptedDisk,
  session: Session,
  signer: Signer,
): Promise<void> => {
  const { me, scope } = parts.person.stored;
  const rows = await findEmergencies(parts.db, scope, me);
  if (rows.length === 0) return;
  if (session.csrf() === undefined && (await session.resume(me.person, signer)) !== "open") return;
  const { adoptEmergency } = await import("./emergencyAdoption.ts");
  for (const row of rows) await adoptEmergency({ ...parts, me, scope, disk, session }, row);
};

const longTail = 16;

/** What has grown long is written into one blob: smaller, and read in one piece. */
const compactLong = async (disk: EncryptedDisk, logs: readonly string[]): Promise<void> => {
  for (const log of logs) if ((await disk.tailLength(log)) > longTail) await disk.compact(log);
};
