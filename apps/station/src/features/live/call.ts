import { bodyOf } from "@lientuyen/record";
import { stayUnlocked } from "../../app/stayUnlocked.ts";
import type { Device } from "../../device/device.ts";
import type { Line, LineEnd, Own, Voice, Wire } from "./livekitLine.ts";
import { mostPictures } from "./decoding.ts";
import { notesOf } from "./happened.ts";
import { sessionsOf, type LiveSession, type SessionAct } from "./sessions.ts";
import { watchDecoding } from "./watchDecoding.ts";

/** Why one is not, or no longer, in a call. */
export type CallEnd =
  | "left"
  | "ended" // by the chair
  | "removed"
  | "takenOver" // the same person came in at another window or machine
  | "noEngine" // the server has no media engine now
  | "offline"
  | "refused";

/** This window's call, if it is in one. */
export interface Call {
  readonly log: string;
  /** joining: on the way in; waiting: at the door; talking; mending: the connection is made anew. */
  readonly at: "joining" | "waiting" | "talking" | "mending";
  readonly session: LiveSession | undefined;
  readonly voices: readonly Voice[];
  readonly microphone: Own;
  readonly camera: Own;
  readonly heard: boolean;
  /** How many pictures of others this machine can take, as measured. */
  readonly mostPictures: number;
}

export interface Calls {
  /** Undefined: in none. */
  readonly now: () => Call | undefined;
  /** How the last call over this case came to its end, in this window. */
  readonly lastEnd: (log: string) => CallEnd | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  /** `planned`: that one; else the one that is open, or a new one. */
  readonly join: (device: Device, log: string, withCamera: boolean, planned?: string) => void;
  readonly leave: () => Promise<void>;
  /** The chair's alone: for everybody. */
  readonly end: () => Promise<void>;
  /** To somebody else in the session; false where it was refused. */
  readonly act: (act: SessionAct) => Promise<boolean>;
  readonly setMicrophone: (on: boolean) => void;
  readonly setCamera: (on: boolean) => void;
  readonly letBeHeard: () => void;
  /** Who is drawn: nobody else's picture comes over the line. */
  readonly stage: (names: readonly string[]) => void;
  readonly show: (who: string, element: HTMLVideoElement) => () => void;
  /** Of the call that is under way; one for its whole life. */
  readonly wire: () => Wire | undefined;
  /** Another of this machine's cameras, by the browser's id; false: it cannot be opened. */
  readonly chooseCamera: (deviceId: string) => Promise<boolean>;
  readonly cameraDevice: () => string | undefined;
  /** To work on one's own camera; undefined while it is off. */
  readonly camera: () => Line["withCamera"] | undefined;
}

export const myName = ({ author }: Device): string => `${author.facility}/${author.person}`;

/** The engine tells of news; who is not in it yet has to ask. */
const lookMs = 3_000;
const lookInsideMs = 15_000;
const lostMs = 10_000;
const firstPauseMs = 1_000;
const longestPauseMs = 10_000;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

interface Running {
  readonly device: Device;
  readonly log: string;
  line: Line | undefined;
  session: LiveSession | undefined;
  at: Call["at"];
  over: boolean;
  timer: ReturnType<typeof setInterval> | undefined;
  lookedMs: number;
  mostPictures: number;
  stopDecoding: () => void;
  readonly mayLock: () => void;
  /** Since when the connection is being mended. */
  brokenMs: number | undefined;
}

const signalling = (url: string | undefined): string =>
  url ?? `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;

/** By the case itself: the server cannot tell a reload from a first coming. */
const hasBeenIn = async ({ device, log, session }: Running): Promise<boolean> => {
  const view = await device.cases.view(log);
  return (view?.entries ?? []).some(({ kind, body, author }) => {
    const read = bodyOf(kind, body);
    return (
      author?.person === device.author.person &&
      read.ok &&
      read.fact.kind === "sessionNoted" &&
      read.fact.body.session === session?.session
    );
  });
};

const noteChange = ({ device, log }: Running, before: LiveSession, after: LiveSession): void => {
  const notes = notesOf(before, after, myName(device));
  const facts = notes.map((body) => ({ kind: "sessionNoted", body }) as const);
  if (facts.length > 0) void device.cases.write(log, facts).catch(() => undefined);
};

const createCalls = (): Calls => {
  let running: Running | undefined;
  let shown: Call | undefined;
  const ends = new Map<string, CallEnd>();
  const listeners = new Set<() => void>();
  const tell = (): void => {
    shown = running === undefined ? undefined : callOf(running);
    for (const listener of listeners) listener();
  };

  /** What stays for ever: an entry of the case, signed here. */
  const note = async (
    { device, log, session }: Running,
    what: "joined" | "returned" | "left" | "ended",
  ) => {
    if (session !== undefined)
      await device.cases.write(log, [
        { kind: "sessionNoted", body: { session: session.session, what } },
      ]);
  };

  const beRemoved = async (call: Running): Promise<void> => {
    if (call.over) return;
    await finish(call, "removed");
    await note(call, "left").catch(() => undefined);
  };

  const finish = async (call: Running, end: CallEnd): Promise<void> => {
    if (call.over) return;
    call.over = true;
    clearInterval(call.timer);
    call.stopDecoding();
    call.mayLock();
    ends.set(call.log, end);
    if (running === call) running = undefined;
    await call.line?.close();
    tell();
  };

  /** Back in for ever with back-off, until the session says no. */
  const connect = async (call: Running): Promise<void> => {
    let pauseMs = firstPauseMs;
    while (!call.over && call.session !== undefined) {
      const { device, session } = call;
      const came = await sessionsOf(device).act(session.session, {
        act: "arrive",
        who: myName(device),
      });
      if (came.ok) take(call, came.value);
      else if (came.error === "session_refused") {
        await look(call);
        return finish(call, "refused");
      } else if (came.error === "not_found" || came.error === "forbidden")
        return finish(call, "refused");
      if (call.over || call.at === "waiting") return;
      const token = came.ok ? await sessionsOf(device).token(session.session) : came;
      if (token.ok && (await tryToConnect(call, token.value))) {
        call.at = "talking";
        await noteReturn(call);
        return tell();
      }
      if (!token.ok && token.error === "live_absent" && call.at === "joining")
        return finish(call, "noEngine");
      if (!token.ok && token.error === "offline" && call.at === "joining")
        return finish(call, "offline");
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  };

  /** A break so long that the server has called the link dead is told in the case. */
  const noteReturn = async (call: Running): Promise<void> => {
    const { brokenMs } = call;
    call.brokenMs = undefined;
    if (brokenMs !== undefined && performance.now() - brokenMs > lostMs)
      await note(call, "returned").catch(() => undefined);
  };

  const tryToConnect = async (
    { line }: Running,
    { url, token }: { readonly url?: string | undefined; readonly token: string },
  ): Promise<boolean> => {
    try {
      await line?.connect(signalling(url), token);
      return true;
    } catch {
      return false;
    }
  };

  /** What the server says of the session. */
  const take = (call: Running, session: LiveSession): void => {
    if (call.session !== undefined) noteChange(call, call.session, session);
    call.session = session;
    const me = session.state.people.find(({ who }) => who === myName(call.device));
    if (session.state.phase === "ended") return void finish(call, "ended");
    if (me?.place === "removed") return void beRemoved(call);
    if (me?.place === "lobby") call.at = "waiting";
    else if (call.at === "waiting" && me?.place === "inside") {
      call.at = "joining";
      void connect(call);
    }
    if (me?.muted === true && call.line?.own().microphone === "on")
      void call.line.setMicrophone(false);
    tell();
  };

  const look = async (call: Running): Promise<void> => {
    if (call.session === undefined || call.over) return;
    call.lookedMs = performance.now();
    const answer = await sessionsOf(call.device).get(call.session.session);
    if (answer.ok && !call.over) take(call, answer.value);
  };

  const lookIfDue = (call: Running): void => {
    const everyMs = call.at === "talking" ? lookInsideMs : lookMs;
    if (performance.now() - call.lookedMs >= everyMs) void look(call);
  };

  const gone = (call: Running, why: LineEnd): void => {
    if (call.over) return;
    if (why === "takenOver") return void finish(call, "takenOver");
    call.at = "mending";
    call.brokenMs ??= performance.now();
    tell();
    // Who was sent out is told by the session why; else it is begun again.
    void (why === "sentOut" ? look(call) : Promise.resolve()).then(() => connect(call));
  };

  const begin = async (
    call: Running,
    withCamera: boolean,
    planned: string | undefined,
  ): Promise<void> => {
    const sessions = sessionsOf(call.device);
    const [opened, { openLine }] = await Promise.all([
      planned === undefined ? sessions.open(call.log) : sessions.get(planned),
      import("./livekitLine.ts"),
    ]);
    if (call.over) return;
    if (!opened.ok) return finish(call, opened.error === "offline" ? "offline" : "refused");
    call.session = opened.value;
    call.line = openLine({
      changed: () => {
        if (call.at === "talking" || call.at === "mending")
          call.at = call.line?.isMending() === true ? "mending" : "talking";
        tell();
      },
      news: () => void look(call),
      gone: (why) => gone(call, why),
    });
    await call.line.setMicrophone(true);
    if (withCamera) await call.line.setCamera(true);
    call.stopDecoding = watchDecoding(call.line, (most) => {
      call.mostPictures = most;
      tell();
    });
    call.timer = setInterval(() => lookIfDue(call), lookMs);
    await note(call, (await hasBeenIn(call)) ? "returned" : "joined");
    await connect(call);
  };

  const act = async (given: SessionAct): Promise<boolean> => {
    const call = running;
    if (call?.session === undefined) return false;
    const answer = await sessionsOf(call.device).act(call.session.session, given);
    if (answer.ok) take(call, answer.value);
    return answer.ok;
  };

  return {
    now: () => shown,
    lastEnd: (log) => ends.get(log),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    join: (device, log, withCamera, planned) => {
      if (running !== undefined) return;
      const call: Running = {
        device,
        log,
        line: undefined,
        session: undefined,
        at: "joining",
        over: false,
        timer: undefined,
        lookedMs: 0,
        mostPictures,
        stopDecoding: () => undefined,
        mayLock: stayUnlocked(),
        brokenMs: undefined,
      };
      running = call;
      ends.delete(log);
      tell();
      void begin(call, withCamera, planned).catch(() => finish(call, "refused"));
    },
    leave: async () => {
      const call = running;
      if (call === undefined) return;
      await note(call, "left").catch(() => undefined);
      const who = myName(call.device);
      if (call.session !== undefined)
        void sessionsOf(call.device).act(call.session.session, { act: "leave", who });
      await finish(call, "left");
    },
    end: async () => {
      const call = running;
      if (call === undefined || !(await act({ act: "end" }))) return;
      await note(call, "ended").catch(() => undefined);
      await finish(call, "ended");
    },
    act,
    setMicrophone: (on) => {
      const call = running;
      if (call?.line === undefined) return;
      const { line } = call;
      // Silent at once; heard when the session says so: a listener has to have the floor.
      const who = myName(call.device);
      if (!on) void line.setMicrophone(false).then(() => act({ act: "mute", who }));
      else
        void act({ act: "unmute", who }).then((may) =>
          may ? line.setMicrophone(true) : undefined,
        );
    },
    setCamera: (on) => void running?.line?.setCamera(on),
    letBeHeard: () => void running?.line?.letBeHeard().then(tell),
    wire: () => running?.line?.wire,
    chooseCamera: (deviceId) => running?.line?.chooseCamera(deviceId) ?? Promise.resolve(false),
    cameraDevice: () => running?.line?.cameraDevice(),
    camera: () => (running?.line?.own().camera === "on" ? running.line.withCamera : undefined),
    stage: (names) => running?.line?.stage(new Set(names)),
    show: (who, element) => running?.line?.show(who, element) ?? (() => undefined),
  };
};

const callOf = ({ log, at, session, line, mostPictures: most }: Running): Call => ({
  log,
  at,
  session,
  voices: line?.voices() ?? [],
  microphone: line?.own().microphone ?? "off",
  camera: line?.own().camera ?? "off",
  heard: line?.isHeard() ?? true,
  mostPictures: most,
});

/** One for the window: a call goes on whatever screen is drawn. */
export const calls = createCalls();
