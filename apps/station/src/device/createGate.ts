import type { Me } from "@lientuyen/api";
import type { LockedFiles } from "@lientuyen/sync";
import { browserParts, type GateParts } from "./browser.ts";
import { isQuotaError, openDatabase, type Database, type StoredPerson } from "./database.ts";
import type { Gate, GateAnswer, GateState } from "./gate.ts";
import { createListeners } from "./listeners.ts";
import type { OpenedDevice } from "./openDevice.ts";
import { enrolledOf, listPeople, openPerson, type OpenedPerson } from "./people.ts";
import { createSessionEnding } from "./sessionEnding.ts";
import { notedStore, noteStore } from "./storeMemo.ts";
import { createUpdates } from "./updates.ts";
import { isStrongEnough } from "./vault.ts";
import { holdWindow } from "./windowLock.ts";

/*
 * Where this browser stands, and the ways from one place to the next. What is heavy (record, sync, the network) is
 * fetched when it is needed: the sign-in screen stays light.
 */

const ok: GateAnswer = { ok: true };
const no = (why: Exclude<GateAnswer, { ok: true }>["why"], waitMs?: number): GateAnswer =>
  waitMs === undefined ? { ok: false, why } : { ok: false, why, waitMs };

interface SignedIn {
  readonly me: Me;
  readonly csrf: string;
}

/** Everything that has to go when the screen is locked hangs on one of these. */
type Place =
  | { readonly at: "closed" }
  | { readonly at: "chooser" }
  | { readonly at: "signIn" }
  | { readonly at: "chooseSecret"; readonly signedIn: SignedIn }
  | { readonly at: "open"; readonly opened: OpenedDevice }
  | { readonly at: "emergency"; readonly opened: OpenedDevice };

export function createGate(parts: GateParts = browserParts()): Gate {
  const listeners = createListeners();
  const updates = createUpdates(() => show());
  let state: GateState = { at: "starting" };
  let place: Place = { at: "closed" };
  let db: Database | undefined;
  let people: readonly StoredPerson[] = [];
  let sending = 0;
  let lostUnsent: number | undefined;
  /** By the scope of their store: files that had still to go when it was locked. */
  const lockedFiles = new Map<string, LockedFiles>();
  let atLock = new AbortController();
  let busy: Promise<unknown> = Promise.resolve();
  const sessionEnding = createSessionEnding(async (signal) => {
    const { endAnySession } = await import("./session.ts");
    return endAnySession(parts, signal);
  });

  /** Acts follow each other: a double click or a lock in the middle of an unlock finds a settled place. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = busy.then(act);
    busy = turn.catch(() => undefined);
    return turn;
  };

  const set = (next: GateState) => {
    state = next;
    listeners.tell();
  };

  const show = () => {
    const enrolled = enrolledOf(people);
    const online = parts.isOnline();
    switch (place.at) {
      case "closed":
        return;
      case "chooser":
        return set({ at: "locked", enrolled, online, sending, updateReady: updates.isReady() });
      case "signIn":
        return set({
          at: "signIn",
          online,
          enrolled,
          lostUnsent: people.length === 0 ? lostUnsent : undefined,
        });
      case "chooseSecret":
        return set({ at: "chooseSecret", name: place.signedIn.me.name });
      case "open":
        if (state.at !== "unlocked") set({ at: "unlocked", device: place.opened.device });
        return;
      case "emergency":
        if (state.at !== "emergency") set({ at: "emergency", device: place.opened.device });
        return;
    }
  };

  const go = (next: Place) => {
    place = next;
    atLock.abort();
    atLock = new AbortController();
    const nobodyHere = next.at === "chooser" || next.at === "signIn";
    if (nobodyHere && people.length > 0) sessionEnding.want();
    else sessionEnding.forget();
    show();
    if (nobodyHere) whileLocked(atLock.signal).catch(reportError);
    else fetchForLater();
  };

  /** What the lock screen needs must be here before the line goes: on a first visit nothing is kept for offline yet. */
  const fetchForLater = () => {
    for (const part of [import("./outgoing.ts"), import("./emergency.ts")])
      part.catch(() => undefined);
  };

  /** What was signed before the screen was locked still goes out, and the server's session ends. */
  const whileLocked = async (signal: AbortSignal) => {
    const store = db;
    if (store === undefined || people.length === 0) return;
    const { sendWhileLocked } = await import("./outgoing.ts");
    if (signal.aborted) return;
    await sendWhileLocked({
      ...parts,
      db: store,
      signal,
      gotThrough: sessionEnding.look,
      files: lockedFiles,
      left: (count) => {
        sending = count;
        noteStore(count);
        show();
      },
    });
  };

  const toChooser = () => go(people.length === 0 ? { at: "signIn" } : { at: "chooser" });

  const leave = async () => {
    const opened = place.at === "open" || place.at === "emergency" ? place.opened : undefined;
    place = { at: "closed" };
    if (opened === undefined) return;
    const files = await opened.close();
    if (files.left() > 0) lockedFiles.set(opened.scope, files);
  };

  const begin = () =>
    inTurn(async () => {
      try {
        db = await openDatabase(parts.databaseName, () => void inTurn(lostStore));
        people = await listPeople(db);
        lostUnsent = people.length === 0 ? await notedStore() : undefined;
      } catch (error) {
        reportError(error);
        return set({ at: "impossible", why: "noStorage" });
      }
      toChooser();
    });

  /** Another window took over, or the browser closed the database: nothing decrypted may stay. */
  const lostStore = async () => {
    await leave();
    atLock.abort();
    sessionEnding.forget();
    db?.close();
    db = undefined;
    people = [];
    lockedFiles.clear();
    set({ at: "elsewhere" });
  };

  const open = async (person: OpenedPerson, signedIn: SignedIn | undefined) => {
    const store = db;
    if (store === undefined) return no("internal");
    const facility = await store.get("facilities", person.stored.scope);
    if (facility === undefined) return no("internal");
    const { openDevice } = await import("./openDevice.ts");
    const opened = await openDevice({
      ...parts,
      db: store,
      person,
      facility,
      deviceId: (await store.get("device", "id")) ?? "",
      signedIn,
      lock: () => gate.lock(),
      sentLocked: lockedFiles.get(facility.scope),
    });
    lockedFiles.delete(facility.scope);
    go({ at: "open", opened });
    return ok;
  };

  const signIn = async (account: string, password: string): Promise<GateAnswer> => {
    const { signInByPassword } = await import("./session.ts");
    const answer = await signInByPassword(parts, account.trim(), password);
    if (!answer.ok) return no(failureOf(answer.error));
    if (place.at === "open") return renew(place.opened, answer.value);
    go({ at: "chooseSecret", signedIn: answer.value });
    return ok;
  };

  /** The session had ended while the store was open. */
  const renew = async (opened: OpenedDevice, signedIn: SignedIn): Promise<GateAnswer> =>
    (await opened.signedIn(signedIn.me, signedIn.csrf)) ? ok : no("wrong_sign_in");

  const chooseSecret = async (secret: string): Promise<GateAnswer> => {
    if (place.at !== "chooseSecret" || db === undefined) return no("internal");
    if (!isStrongEnough(secret)) return no("weakSecret");
    const { signedIn } = place;
    const { enrol } = await import("./enrol.ts");
    const answer = await enrol({ ...parts, db, ...signedIn, secret });
    if (!answer.ok) return no(failureOf(answer.error));
    people = await listPeople(db);
    return open(answer.person, signedIn);
  };

  const unlock = async (person: string, secret: string): Promise<GateAnswer> => {
    if (place.at !== "chooser" || db === undefined) return no("internal");
    // Fetched while the key is being derived.
    void import("./openDevice.ts").catch(() => undefined);
    const answer = await openPerson({ ...parts, db }, person, secret);
    if (answer.ok) return open(answer.person, undefined);
    return answer.why === "tooMany"
      ? no("too_many", answer.waitMs)
      : no("wrongSecret", answer.waitMs);
  };

  const enterEmergency = async (name: string) => {
    const facility =
      people[0] === undefined ? undefined : await db?.get("facilities", people[0].scope);
    if (place.at !== "chooser" || db === undefined || facility === undefined) return;
    const { openEmergency } = await import("./emergency.ts");
    const opened = await openEmergency({
      ...parts,
      db,
      people,
      facility,
      name,
      lock: () => gate.lock(),
    });
    go({ at: "emergency", opened });
  };

  const guarded = (act: () => Promise<GateAnswer>): Promise<GateAnswer> =>
    inTurn(() => sessionEnding.suspendFor(act)).catch((error: unknown) => {
      if (isQuotaError(error)) return no("storageFull");
      reportError(error);
      return no("internal");
    });

  const gate: Gate = {
    state: () => state,
    subscribe: listeners.add,
    signIn: (account, password) => guarded(() => signIn(account, password)),
    chooseSecret: (secret) => guarded(() => chooseSecret(secret)),
    unlock: (person, secret) => guarded(() => unlock(person, secret)),
    resetSecret: (account, password) => guarded(() => signIn(account, password)),
    lock: () =>
      inTurn(async () => {
        if (place.at !== "open" && place.at !== "emergency") return;
        await leave();
        toChooser();
      }),
    takeOver: () => {
      windowLock?.takeOver();
      return Promise.resolve();
    },
    enterEmergency: (name) => inTurn(() => enterEmergency(name)).catch(reportError),
    addPerson: () => void inTurn(async () => place.at === "chooser" && go({ at: "signIn" })),
    backToChooser: () =>
      void inTurn(async () => {
        if (place.at === "signIn" || place.at === "chooseSecret") toChooser();
      }),
    update: () => updates.take(),
  };

  const impossible = whyImpossible(parts);
  if (impossible !== undefined) state = { at: "impossible", why: impossible };
  const windowLock =
    impossible !== undefined || parts.locks === undefined
      ? undefined
      : holdWindow(parts.locks, {
          got: () => void begin(),
          lost: () => void inTurn(lostStore),
        });
  parts.onLine(show);
  return gate;
}

const whyImpossible = (
  parts: GateParts,
): Extract<GateState, { at: "impossible" }>["why"] | undefined => {
  if (!parts.isSecure) return "insecureAddress";
  if (typeof indexedDB === "undefined" || parts.locks === undefined) return "noStorage";
  return parts.crypto.subtle === undefined ? "noCrypto" : undefined;
};

/** Codes of the catalogue that the sign-in screen has a sentence for. */
const failureOf = (error: string): Exclude<GateAnswer, { ok: true }>["why"] => {
  switch (error) {
    case "wrong_sign_in":
    case "too_many":
    case "offline":
    case "unavailable":
    case "forbidden":
    case "storageFull":
      return error;
    default:
      return "internal";
  }
};
