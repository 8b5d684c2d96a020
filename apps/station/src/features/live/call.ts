import type { RungName } from "@lientuyen/session";
import type { Device } from "../../device/device.ts";
import type { Line, LineEnd, Own, Voice } from "./livekitLine.ts";
import type { Wire } from "./livekitWire.ts";
import type { Direction, Standing } from "./ladders.ts";
import { sessionsOf, type HearingAnswer, type LiveSession, type SessionAct } from "./sessions.ts";
import { note, noteArrival, noteChange, noteReturn, noteRung } from "./notes.ts";
import { reporterOf } from "./reporting.ts";
import { beginning, myName, type CallStage, type Into, type Running } from "./running.ts";
import { startSteering, type Steering, type Still } from "./steering.ts";
import { forgetUnfinished, keepUnfinished, readUnfinished } from "./unfinished.ts";
import { alive, ask, cameBack, tryToConnect } from "./wayIn.ts";
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
  readonly at: CallStage;
  readonly session: LiveSession | undefined;
  readonly voices: readonly Voice[];
  readonly microphone: Own;
  readonly camera: Own;
  readonly heard: boolean;
  /** How many pictures of others this machine can take, as measured. */
  readonly mostPictures: number;
  /** On which rung of the ladder one sends and receives; undefined before one is in. */
  readonly rungs: { readonly [D in Direction]: Standing } | undefined;
  /** Who does not hear whom, as far as one is told. */
  readonly deaf: HearingAnswer["deaf"];
  /** What is seen of somebody where the line carries no moving picture. */
  readonly stillOf: (who: string) => Still | undefined;
}

export interface Calls {
  /** Undefined: in none. */
  readonly now: () => Call | undefined;
  /** How the last call over this case came to its end, in this window. */
  readonly lastEnd: (log: string) => CallEnd | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  /** Fetches what a call needs, before it is needed. */
  readonly prepare: () => void;
  /** `planned`: that one; else the one that is open, or a new one. */
  readonly join: (device: Device, log: string, withCamera: boolean, planned?: string) => void;
  /** Into the call that this window was in before it was reloaded. */
  readonly comeBack: (device: Device) => void;
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
  /** On this rung whatever the line; null: by itself again. */
  readonly hold: (rung: RungName | null) => void;
  readonly show: (who: string, element: HTMLVideoElement) => () => void;
  /** Of the call that is under way; one for its whole life. */
  readonly wire: () => Wire | undefined;
  /** Another of this machine's cameras, by the browser's id; false: it cannot be opened. */
  readonly chooseCamera: (deviceId: string) => Promise<boolean>;
  readonly cameraDevice: () => string | undefined;
  /** To work on one's own camera; undefined while it is off. */
  readonly camera: () => Line["withCamera"] | undefined;
}

/** The engine tells of news; who is not in it yet has to ask. */
const lookMs = 3_000;
const lookInsideMs = 15_000;
/** Somebody looks on: the server is asked each second whether the line is back. */
const seenPauseMs = 900;
const unseenPauseMs = 4_000;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

const openDevices = async (line: Line, withCamera: boolean): Promise<void> => {
  await line.setMicrophone(true);
  if (withCamera) await line.setCamera(true);
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
    call.steering?.close();
    call.mayLock();
    ends.set(call.log, end);
    forgetUnfinished();
    if (running === call) running = undefined;
    await call.line?.close();
    tell();
  };

  /** Nothing gets through, or not to the engine: looked after from here until voice is back. */
  const mend = (call: Running): void => {
    if (call.over || call.at === "joining" || call.at === "waiting") return;
    call.brokenMs ??= performance.now();
    call.at = "mending";
    tell();
    void connect(call);
  };

  /** Back in for ever, until the session says no. */
  const connect = async (call: Running): Promise<void> => {
    if (call.connecting) return;
    call.connecting = true;
    try {
      while (!call.over && !(await attempt(call)))
        await pause(document.visibilityState === "visible" ? seenPauseMs : unseenPauseMs);
    } finally {
      call.connecting = false;
    }
  };

  const mended = async (call: Running): Promise<true> => {
    call.at = "talking";
    keepUnfinished(call);
    call.steering?.greet();
    tell();
    await noteReturn(call);
    return true;
  };

  /** False: to be tried again. Where the connection lives again by itself, it is left alone. */
  const attempt = async (call: Running): Promise<boolean> => {
    const isMending = call.at === "mending";
    const came = await ask(call);
    if (call.over) return true;
    if (came === alive) return mended(call);
    if (!came.ok) return refusedBy(call, came.error);
    take(call, came.value);
    if (call.over || call.at === "waiting") return true;
    const { media } = came.value;
    if (media === undefined && !isMending) {
      await finish(call, "noEngine");
      return true;
    }
    // The line is there: what did not come back with it by now is begun again.
    if (isMending && (await cameBack(call))) return mended(call);
    if (media === undefined || !(await tryToConnect(call, media))) return false;
    if (!isMending) void noteArrival(call).catch(() => undefined);
    return mended(call);
  };

  /** True: for good. */
  const refusedBy = async (call: Running, error: string): Promise<boolean> => {
    // After a reload the window is not signed in at once: that is no refusal, and the way back is tried on.
    const isFirst = call.session === undefined && !call.isReload;
    if (error === "session_refused") await finish(call, "removed");
    else if (error === "not_found") await finish(call, "refused");
    else if (isFirst) await finish(call, error === "offline" ? "offline" : "refused");
    return call.over;
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
    // Who was sent out is told by the session why; else it is begun again.
    void (why === "sentOut" ? look(call) : Promise.resolve()).then(() => mend(call));
  };

  const steer = (call: Running, line: Line): Steering =>
    startSteering({
      line,
      report: reporterOf(call),
      moved: (direction, change) => {
        call.toNote = { direction, change };
        void noteRung(call).catch(() => undefined);
        tell();
      },
      silent: () => mend(call),
      reconnect: () => {
        void call.line?.drop().then(() => mend(call));
      },
      changed: tell,
    });

  const begin = async (call: Running): Promise<void> => {
    const { openLine } = await import("./livekitLine.ts");
    if (call.over) return;
    const line = openLine({
      changed: () => {
        if (line.isMending()) mend(call);
        tell();
      },
      news: () => void look(call),
      gone: (why) => gone(call, why),
      told: (topic, who, bytes) => call.steering?.told(topic, who, bytes),
      left: (who) => call.steering?.left(who),
    });
    call.line = line;
    // The browser's own devices open while the server is asked.
    const devices = openDevices(line, call.withCamera);
    call.stopDecoding = watchDecoding(line, (most) => {
      call.mostPictures = most;
      tell();
    });
    call.timer = setInterval(() => {
      lookIfDue(call);
      void noteRung(call).catch(() => undefined);
    }, lookMs);
    await connect(call);
    await devices;
    if (!call.over) call.steering = steer(call, line);
  };

  const act = async (given: SessionAct): Promise<boolean> => {
    const call = running;
    if (call?.session === undefined) return false;
    const answer = await sessionsOf(call.device).act(call.session.session, given);
    if (answer.ok) take(call, answer.value);
    return answer.ok;
  };

  const start = (device: Device, into: Into, isReload: boolean): void => {
    const call = beginning(device, into, isReload);
    running = call;
    ends.delete(into.log);
    tell();
    void begin(call).catch(() => finish(call, "refused"));
  };

  addEventListener("online", () => {
    if (running !== undefined) mend(running);
  });

  return {
    now: () => shown,
    lastEnd: (log) => ends.get(log),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    prepare: () => void import("./livekitLine.ts").catch(() => undefined),
    comeBack: (device) => {
      const left = readUnfinished();
      if (running === undefined && left?.who === myName(device)) start(device, left, true);
    },
    join: (device, log, withCamera, planned) => {
      if (running === undefined) start(device, { log, withCamera, session: planned }, false);
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
    hold: (rung) => {
      running?.steering?.hold(rung);
      tell();
    },
    letBeHeard: () => void running?.line?.letBeHeard().then(tell),
    wire: () => running?.line?.wire,
    chooseCamera: (deviceId) => running?.line?.chooseCamera(deviceId) ?? Promise.resolve(false),
    cameraDevice: () => running?.line?.cameraDevice(),
    camera: () => (running?.line?.own().camera === "on" ? running.line.withCamera : undefined),
    stage: (names) => running?.line?.stage(new Set(names)),
    show: (who, element) => running?.line?.show(who, element) ?? (() => undefined),
  };
};

const callOf = ({ log, at, session, line, steering, mostPictures: most }: Running): Call => ({
  log,
  at,
  session,
  voices: line?.voices() ?? [],
  microphone: line?.own().microphone ?? "off",
  camera: line?.own().camera ?? "off",
  heard: line?.isHeard() ?? true,
  mostPictures: most,
  rungs: steering?.standing(),
  deaf: steering?.deaf() ?? [],
  stillOf: (who) => steering?.stillOf(who),
});

/** One for the window: a call goes on whatever screen is drawn. */
export const calls = createCalls();
