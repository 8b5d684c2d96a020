import {
  holdRung,
  rungs,
  startLadder,
  stepLadder,
  type Change,
  type Ladder,
  type Measure,
  type RungName,
} from "@lientuyen/session";
import { Gauge, type Gauged, type Sight } from "./gauge.ts";

export type Direction = "send" | "receive";
export interface Rungs {
  readonly send: RungName;
  readonly receive: RungName;
}

/** How a direction stands, and what was last done to it. */
export interface Standing {
  readonly rung: RungName;
  readonly held: RungName | null;
  readonly last: Change | undefined;
}

export interface LaddersParts {
  readonly look: () => Promise<Sight>;
  /** Kilobits a second that a small question and its answer find, each way; undefined: it could not be told. */
  readonly probe: (roundTripMs: number) => Promise<number | undefined>;
  /** Makes what is sent and asked for be as the rungs say. */
  readonly apply: (rungs: Rungs) => void;
  readonly changed: (direction: Direction, change: Change) => void;
  /** Once a second, for who hears whom. */
  readonly gauged: (gauged: Gauged) => void;
}

export interface Ladders {
  readonly standing: () => { readonly [D in Direction]: Standing };
  /** Both directions; null: by themselves again. */
  readonly hold: (rung: RungName | null) => void;
  readonly close: () => void;
}

const everyMs = 1_000;
/** Without a picture nothing says how much more the line would carry: it is asked, seldom, and ever less often in vain. */
const firstProbeMs = 20_000;
const longestProbeMs = 320_000;
/** With a quarter to spare, as the ladder wants it for a climb. */
const enoughKbps = rungs.videoSmall.needsKbps * 1.25;

const hasPicture = (rung: RungName): boolean => rungs[rung].video !== undefined;
const voiceFirst = (measure: Measure): Ladder => {
  const ladder = startLadder(measure);
  return hasPicture(ladder.rung) && measure.availableKbps === undefined
    ? { ...ladder, rung: "stills" }
    : ladder;
};

/** Both ladders of one call: looks once a second, and moves what is sent and received. Voice first, whatever the line. */
export const startLadders = (parts: LaddersParts): Ladders => {
  const gauge = new Gauge();
  let ladders: { readonly [D in Direction]: Ladder } | undefined;
  const last: { [D in Direction]?: Change } = {};
  let probedKbps: number | undefined;
  let nextProbeAtMs = 0;
  let probePauseMs = firstProbeMs;
  let closed = false;

  const rungsNow = (): Rungs => ({
    send: ladders?.send.rung ?? "voice",
    receive: ladders?.receive.rung ?? "voice",
  });
  const probe = async ({ send }: Gauged): Promise<void> => {
    nextProbeAtMs = Infinity;
    const found = await parts.probe(send.roundTripMs).catch(() => undefined);
    probedKbps = found ?? probedKbps;
    probePauseMs =
      found === undefined || found < enoughKbps
        ? Math.min(probePauseMs * 2, longestProbeMs)
        : firstProbeMs;
    nextProbeAtMs = performance.now() + probePauseMs;
  };
  const move = (direction: Direction, measure: Measure): void => {
    const { ladder, change } = stepLadder(ladders?.[direction] ?? voiceFirst(measure), measure);
    const { send, receive } = ladders ?? { send: ladder, receive: ladder };
    ladders = { send, receive, [direction]: ladder };
    if (change === undefined) return;
    last[direction] = change;
    parts.changed(direction, change);
  };
  const step = async (): Promise<void> => {
    const sight = await parts.look();
    if (closed) return;
    const before = rungsNow();
    const pictured = { send: hasPicture(before.send), receive: hasPicture(before.receive) };
    const gauged = gauge.take(sight, probedKbps, pictured);
    parts.gauged(gauged);
    const { send, receive } = gauged;
    const isFirst = ladders === undefined;
    // The first rung is chosen when the line has been asked once, voice meanwhile.
    if (isFirst && send.roundTripMs > 0) await probe(gauged);
    if (closed || (isFirst && send.roundTripMs === 0)) return;
    const knows = probedKbps === undefined ? {} : { availableKbps: probedKbps };
    move("send", isFirst ? { ...send, ...knows } : send);
    move("receive", isFirst ? { ...receive, ...knows } : receive);
    const now = rungsNow();
    if (isFirst || now.send !== before.send || now.receive !== before.receive) parts.apply(now);
    const calm = send.silentMs === 0 && !(pictured.send && pictured.receive);
    if (calm && performance.now() >= nextProbeAtMs) void probe(gauged);
  };
  const run = async (): Promise<void> => {
    while (!closed) {
      const startedMs = performance.now();
      await step().catch(() => undefined);
      const leftMs = everyMs - (performance.now() - startedMs);
      await new Promise((resolve) => {
        setTimeout(resolve, Math.max(100, leftMs));
      });
    }
  };
  void run();

  const standingOf = (direction: Direction): Standing => ({
    rung: rungsNow()[direction],
    held: ladders?.[direction].held ?? null,
    last: last[direction],
  });
  return {
    standing: () => ({ send: standingOf("send"), receive: standingOf("receive") }),
    hold: (rung) => {
      if (ladders === undefined) return;
      for (const direction of ["send", "receive"] as const) {
        const { ladder, change } = holdRung(ladders[direction], rung);
        ladders = { ...ladders, [direction]: ladder };
        if (change === undefined) continue;
        last[direction] = change;
        parts.changed(direction, change);
      }
      parts.apply(rungsNow());
    },
    close: () => {
      closed = true;
    },
  };
};
