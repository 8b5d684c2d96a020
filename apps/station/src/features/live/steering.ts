import { rungNames, rungs as table, type Change, type RungName } from "@lientuyen/session";
import type { Gauged } from "./gauge.ts";
import { startLadders, type Direction, type Ladders, type Rungs } from "./ladders.ts";
import type { Line } from "./livekitLine.ts";
import type { HearingAnswer } from "./sessions.ts";
import { openStillCamera, type StillCamera } from "./stills.ts";

/** Picture of somebody whose line carries no moving one, and when it came. */
export interface Still {
  readonly url: string;
  readonly atMs: number;
}

export interface SteeringParts {
  readonly line: Line;
  /** Reports what was said and heard; `weight`: characters each way, to measure the line by. */
  readonly report: (
    gauged: Pick<Gauged, "spoke" | "heard">,
    weight: number | undefined,
  ) => Promise<HearingAnswer | undefined>;
  readonly moved: (direction: Direction, change: Change) => void;
  /** Nothing arrives any more. */
  readonly silent: () => void;
  readonly reconnect: () => void;
  readonly changed: () => void;
}

/** Moves a call along the ladder: what it sends, what it asks for, and what it tells the others of that. */
export interface Steering {
  readonly standing: Ladders["standing"];
  readonly hold: (rung: RungName | null) => void;
  readonly stillOf: (who: string) => Still | undefined;
  readonly told: (topic: string, who: string, bytes: Uint8Array) => void;
  readonly left: (who: string) => void;
  readonly deaf: () => HearingAnswer["deaf"];
  /** As it was measured last. */
  readonly roundTripMs: () => number;
  /** After a new connection the others are told again. */
  readonly greet: () => void;
  readonly close: () => void;
}

const stillTopic = "still";
const rungTopic = "rung";
/** Twice in the five seconds that are promised: one may come late. */
const stillEveryMs = 2_400;
/** Others who come later, or missed it, learn on which rung this one receives. */
const greetEveryMs = 10_000;
const probeCharacters = 2_000;
const mostKbps = 5_000;
const doubtedKbps = 1_500;
const shortWayMs = 150;

const isRung = (text: string): text is RungName => rungNames.some((name) => name === text);

const isPicture = (rung: RungName): boolean => table[rung].video !== undefined;

/** Voice as the narrowest of those who hear it carries it. */
const voiceKbps = (own: RungName, others: Iterable<RungName>): number =>
  Math.min(...[own, ...others].map((rung) => table[rung].voiceKbps ?? table.voice.voiceKbps ?? 12));

export const startSteering = (parts: SteeringParts): Steering => {
  const { line } = parts;
  const receivers = new Map<string, RungName>();
  const stills = new Map<string, Still>();
  let camera: { readonly track: MediaStreamTrack; readonly still: StillCamera } | undefined;
  let rungs: Rungs = { send: "voice", receive: "voice" };
  let deaf: HearingAnswer["deaf"] = [];
  let roundTripMs = 0;
  let reporting = false;
  let sending = false;

  const stand = (): void => line.stand(rungs, voiceKbps(rungs.send, receivers.values()));
  const greet = (): void =>
    void line.tell(rungTopic, new TextEncoder().encode(rungs.receive)).catch(() => undefined);

  const repair = (answer: HearingAnswer): void => {
    for (const each of answer.repairs)
      if (each.repair === "resubscribe") line.resubscribe(each.speaker);
      else if (each.repair === "republish") void line.republish().catch(() => undefined);
      else parts.reconnect();
    if (deaf.length !== 0 || answer.deaf.length !== 0) {
      ({ deaf } = answer);
      parts.changed();
    }
  };
  const report = async (gauged: Gauged): Promise<void> => {
    if (reporting) return;
    reporting = true;
    const answer = await parts.report(gauged, undefined);
    reporting = false;
    if (answer !== undefined) repair(answer);
  };

  const ask = async (weight: number | undefined): Promise<number | undefined> => {
    const startedMs = performance.now();
    const answer = await parts.report({ spoke: 0, heard: {} }, weight);
    return answer === undefined ? undefined : performance.now() - startedMs;
  };
  /** What a heavy question takes longer than a light one. It is as heavy as its answer: half of that is each one's. */
  const weigh = async (): Promise<number | undefined> => {
    const light = await ask(undefined);
    const heavy = light === undefined ? undefined : await ask(probeCharacters);
    if (light === undefined || heavy === undefined) return undefined;
    return Math.min(mostKbps, (2 * probeCharacters * 8) / Math.max(4, heavy - light));
  };

  const ladders = startLadders({
    look: line.sight,
    probe: async (roundTrip) => {
      const first = await weigh();
      // On a short way it is rather the server that was busy: once more, and the better of the two.
      const again = first !== undefined && first < doubtedKbps && roundTrip < shortWayMs;
      const second = again ? await weigh() : undefined;
      return first === undefined ? undefined : Math.max(first, second ?? 0);
    },
    apply: (next) => {
      const before = rungs;
      rungs = next;
      stand();
      if (next.receive !== before.receive) greet();
      if (isPicture(next.receive)) for (const who of stills.keys()) forgetStill(who);
      // Nothing instead of a still: the picture moves again.
      if (isPicture(next.send) && !isPicture(before.send))
        void line.tell(stillTopic, new Uint8Array()).catch(() => undefined);
      parts.changed();
    },
    changed: (direction, change) => {
      parts.moved(direction, change);
      if (change.why === "silence" && direction === "receive") parts.silent();
    },
    gauged: (gauged) => {
      if (gauged.send.roundTripMs > 0) ({ roundTripMs } = gauged.send);
      void report(gauged);
    },
  });

  /** Those who get no moving picture of this camera: all, or who receives none. */
  const stillFor = (): readonly string[] | undefined => {
    if (rungs.send === "stills") return undefined;
    if (!isPicture(rungs.send)) return [];
    return [...receivers].flatMap(([who, rung]) => (rung === "stills" ? [who] : []));
  };
  const sendStill = async (): Promise<void> => {
    const track = line.cameraTrack();
    const to = stillFor();
    if (track !== camera?.track) {
      camera?.still.close();
      camera = track === undefined ? undefined : { track, still: openStillCamera(track) };
    }
    if (camera === undefined || to?.length === 0 || sending) return;
    sending = true;
    const bytes = await camera.still.take().catch(() => undefined);
    if (bytes !== undefined) await line.tell(stillTopic, bytes, to).catch(() => undefined);
    sending = false;
  };
  const forgetStill = (who: string): void => {
    const still = stills.get(who);
    if (still !== undefined) URL.revokeObjectURL(still.url);
    stills.delete(who);
  };

  const timers = [
    setInterval(() => void sendStill(), stillEveryMs),
    setInterval(greet, greetEveryMs),
  ];
  return {
    standing: ladders.standing,
    hold: ladders.hold,
    stillOf: (who) => stills.get(who),
    told: (topic, who, bytes) => {
      if (topic === rungTopic) {
        const rung = new TextDecoder().decode(bytes);
        if (!isRung(rung) || receivers.get(who) === rung) return;
        receivers.set(who, rung);
        stand();
      } else if (topic === stillTopic) {
        forgetStill(who);
        if (bytes.length === 0) return parts.changed();
        const blob = new Blob([new Uint8Array(bytes)], { type: "image/jpeg" });
        stills.set(who, { url: URL.createObjectURL(blob), atMs: performance.now() });
        parts.changed();
      }
    },
    left: (who) => {
      receivers.delete(who);
      forgetStill(who);
      stand();
    },
    deaf: () => deaf,
    roundTripMs: () => roundTripMs,
    greet,
    close: () => {
      ladders.close();
      for (const timer of timers) clearInterval(timer);
      camera?.still.close();
      for (const who of stills.keys()) forgetStill(who);
    },
  };
};
