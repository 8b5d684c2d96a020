import { call, protocol, type CallInput, type CallResult, type CallValue } from "@lientuyen/api";
import { browserLine } from "../../device/line.ts";
import type { Line, Own, Voice } from "../live/livekitLine.ts";

export type GuestView = CallValue<"guestAct">;
type GuestAct = NonNullable<CallInput<"guestAct">["in"]["act"]>;

export interface Guesting {
  /**
   * door: nothing pressed yet; over: the link is of no use (any more); waiting: to be let in; mending: the connection is
   * made anew.
   */
  readonly at:
    | "door"
    | "over"
    | "opening"
    | "waiting"
    | "talking"
    | "mending"
    | "left"
    | "removed"
    | "ended";
  readonly offline: boolean;
  readonly view: GuestView | undefined;
  readonly voices: readonly Voice[];
  readonly microphone: Own;
  readonly camera: Own;
  readonly heard: boolean;
}

export interface GuestCall {
  readonly now: () => Guesting;
  readonly subscribe: (listener: () => void) => () => void;
  readonly enter: (withCamera: boolean) => Promise<void>;
  readonly leave: () => Promise<void>;
  readonly act: (act: GuestAct) => Promise<boolean>;
  readonly setMicrophone: (on: boolean) => Promise<void>;
  readonly setCamera: (on: boolean) => void;
  readonly letBeHeard: () => void;
  readonly stage: (names: readonly string[]) => void;
  readonly show: (who: string, element: HTMLVideoElement) => () => void;
}

const lookMs = 3_000;
const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
const passKey = "guestPass";

/** The way to the server: a guest is nobody's session. */
const way = { fetch: browserLine, protocol };
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
const signalling = (url: string | undefined): string =>
  url ?? `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;

/** The pass is kept for this tab alone, so that a reload comes back into the same session. */
const openPass = async (link: string): Promise<CallResult<{ readonly pass: string }>> => {
  const kept = sessionStorage.getItem(passKey);
  if (link === "" && kept !== null) return { ok: true, value: { pass: kept } };
  const opened = await call("openGuestLink", { in: { link } }, way);
  if (opened.ok) {
    sessionStorage.setItem(passKey, opened.value.pass);
    history.replaceState(null, "", location.pathname);
  }
  return opened;
};

/** A guest's call: the link is used by a press, never by merely being looked at. */
export const createGuestCall = (): GuestCall => {
  let at: Guesting["at"] = "door";
  let offline = false;
  let pass = "";
  let view: GuestView | undefined;
  let line: Line | undefined;
  let connecting = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  const shownNow = (): Guesting => ({
    at,
    offline,
    view,
    voices: line?.voices() ?? [],
    microphone: line?.own().microphone ?? "off",
    camera: line?.own().camera ?? "off",
    heard: line?.isHeard() ?? true,
  });
  let shown = shownNow();
  const tell = (): void => {
    shown = shownNow();
    for (const listener of listeners) listener();
  };
  const isOver = (): boolean => ["over", "left", "removed", "ended"].includes(at);

  const finish = async (end: "over" | "left" | "removed" | "ended"): Promise<void> => {
    if (isOver()) return;
    at = end;
    clearInterval(timer);
    await line?.close();
    line = undefined;
    tell();
  };

  const take = async (next: GuestView): Promise<void> => {
    view = next;
    if (next.phase === "ended") return finish("ended");
    if (next.place === "removed") return finish("removed");
    if (next.place === "lobby") at = "waiting";
    if (next.muted && line?.own().microphone === "on") await line.setMicrophone(false);
    if (next.place === "inside" && (at === "waiting" || at === "opening")) void connect();
    tell();
  };

  const send = async (act?: GuestAct): Promise<boolean> => {
    const given = act === undefined ? { pass } : { pass, act };
    const answer = await call("guestAct", { in: given }, way);
    offline = !answer.ok && answer.error === "offline";
    if (answer.ok) await take(answer.value);
    else if (answer.error === "guest_link_over") await finish("over");
    else tell();
    return answer.ok;
  };

  /** Again and again with longer pauses, until the session says no. */
  const connect = async (): Promise<void> => {
    if (connecting) return;
    connecting = true;
    let pauseMs = firstPauseMs;
    while (!isOver() && view?.place !== "lobby") {
      if (await tryToConnect()) break;
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      await send("arrive");
    }
    connecting = false;
    tell();
  };

  const tryToConnect = async (): Promise<boolean> => {
    const token = await call("guestToken", { in: { pass } }, way);
    if (!token.ok || line === undefined) return false;
    try {
      await line.connect(signalling(token.value.url), token.value.token);
      at = "talking";
      return true;
    } catch {
      return false;
    }
  };

  const gone = async (): Promise<void> => {
    if (isOver()) return;
    at = "mending";
    tell();
    await send();
    await connect();
  };

  const enter = async (withCamera: boolean): Promise<void> => {
    at = "opening";
    tell();
    const [opened, { openLine }] = await Promise.all([
      openPass(location.hash.slice(1)),
      import("../live/livekitLine.ts"),
    ]);
    if (!opened.ok) {
      offline = opened.error === "offline";
      if (!offline) return finish("over");
      at = "door";
      return tell();
    }
    ({ pass } = opened.value);
    const opening = openLine({
      changed: () => {
        if (at === "talking" || at === "mending") at = line?.isMending() ? "mending" : "talking";
        tell();
      },
      news: () => void send(),
      gone: () => void gone(),
      told: () => undefined,
      left: () => undefined,
      // The library's own adapting.
      rungs: { send: "videoMedium", receive: "videoMedium" },
    });
    line = opening;
    await opening.setMicrophone(true);
    if (withCamera) await opening.setCamera(true);
    timer = setInterval(() => void send(), lookMs);
    await send("arrive");
  };

  return {
    now: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    enter,
    leave: async () => {
      void call("guestAct", { in: { pass, act: "leave" } }, way);
      await finish("left");
    },
    act: send,
    setMicrophone: async (on) => {
      if (!on) await line?.setMicrophone(false);
      const may = await send(on ? "unmute" : "mute");
      if (on && may) await line?.setMicrophone(true);
    },
    setCamera: (on) => void line?.setCamera(on),
    letBeHeard: () => void line?.letBeHeard().then(tell),
    stage: (names) => line?.stage(new Set(names)),
    show: (who, element) => line?.show(who, element) ?? (() => undefined),
  };
};
