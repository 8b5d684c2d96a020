import type { Measure } from "@lientuyen/session";

/** One row of WebRTC's statistics; names as in the standard. */
export type StatsRow = Readonly<Record<string, unknown>>;

/** Everything that the library's tracks say of their connection at one moment. */
export interface Sight {
  /** A clock that only goes forward. */
  readonly atMs: number;
  /** Of what this endpoint sends. */
  readonly sent: readonly StatsRow[];
  /** Of what it receives, by who sends it. */
  readonly received: ReadonlyMap<string, readonly StatsRow[]>;
  /** The server holds somebody's picture back, because it believes that the line does not carry it. */
  readonly heldBack: boolean;
  /** Somebody's microphone is on: something has to arrive all the time. */
  readonly expectsVoice: boolean;
}

/** What two sights, one after the other, say of the line. */
export interface Gauged {
  readonly send: Measure;
  readonly receive: Measure;
  /** Energy of the own voice that went out, and of each other one that was decoded, since the sight before. */
  readonly spoke: number;
  readonly heard: Readonly<Record<string, number>>;
}

/** What of a picture's bandwidth the estimator says is no word about voice: below this it is called this. */
const leastByPictureKbps = 40;
/** Below this many packets a share of lost ones is chance. */
const fewestPackets = 10;
/** Without anybody's voice only the connection's own checks arrive, every few seconds. */
const quietAllowanceMs = 4_000;
/** A timer so late means that this machine has no time left; less is a moment's other work. */
const latestMs = 2_000;
/** The server's own limit when it holds a picture back: below the smallest one's need. */
const heldBackKbps = 120;

const numberIn = (row: StatsRow | undefined, name: string): number | undefined => {
  const value = row?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};
const rowsOf = (rows: readonly StatsRow[], type: string, kind?: string): readonly StatsRow[] =>
  rows.filter((row) => row["type"] === type && (kind === undefined || row["kind"] === kind));

/** Each connection's way as it is now: one to send and one to receive, or one for both. */
const pairsIn = ({ sent, received }: Sight): readonly StatsRow[] =>
  [sent, ...received.values()]
    .flatMap((rows) => rowsOf(rows, "candidate-pair"))
    .filter((row) => row["nominated"] === true && row["state"] === "succeeded")
    .filter((row, at, all) => all.findIndex((each) => isSame(each, row)) === at);
const isSame = (one: StatsRow, other: StatsRow): boolean =>
  one["id"] === other["id"] && one["bytesReceived"] === other["bytesReceived"];

/** Of one speaker: what the last sight said is subtracted; a track that is new begins at nothing. */
const grown = (
  now: readonly StatsRow[],
  before: readonly StatsRow[],
  type: string,
  name: string,
): number =>
  rowsOf(now, type, "audio").reduce((sum, row) => {
    const was = before.find((each) => each["id"] === row["id"] && each["ssrc"] === row["ssrc"]);
    return sum + Math.max(0, (numberIn(row, name) ?? 0) - (numberIn(was, name) ?? 0));
  }, 0);

const lostOf = (now: readonly StatsRow[], before: readonly StatsRow[]): number | undefined => {
  const lost = grown(now, before, "inbound-rtp", "packetsLost");
  const came = grown(now, before, "inbound-rtp", "packetsReceived");
  return lost + came < fewestPackets ? undefined : lost / (lost + came);
};

export class Gauge {
  #before: Sight | undefined;
  #bytes = 0;
  #cameAtMs: number | undefined;
  #loss = { send: 0, receive: 0 };

  /**
   * @param probedKbps what the last probe of the line gave, for a direction without a picture
   * @param pictured whether a picture is sent, and received
   */
  take(
    sight: Sight,
    probedKbps: number | undefined,
    pictured: { readonly send: boolean; readonly receive: boolean },
  ): Gauged {
    const before = this.#before ?? { ...sight, received: new Map<string, readonly StatsRow[]>() };
    this.#before = sight;
    const pairs = pairsIn(sight);
    const [pair] = pairs;
    this.#loss = {
      send: this.#sendLoss(sight),
      receive: this.#receiveLoss(sight, before),
    };
    const common = {
      atMs: sight.atMs,
      roundTripMs: (numberIn(pair, "currentRoundTripTime") ?? 0) * 1_000,
      cpu: this.#cpu(sight, before),
      silentMs: this.#silentMs(sight, pairs),
    };
    const estimated = numberIn(pair, "availableOutgoingBitrate");
    const up =
      pictured.send && estimated !== undefined
        ? Math.max(estimated / 1_000, leastByPictureKbps)
        : probedKbps;
    const down = pictured.receive ? (sight.heldBack ? heldBackKbps : undefined) : probedKbps;
    return {
      send: {
        ...common,
        loss: this.#loss.send,
        ...(up === undefined ? {} : { availableKbps: up }),
      },
      receive: {
        ...common,
        loss: this.#loss.receive,
        ...(down === undefined ? {} : { availableKbps: down }),
      },
      spoke: grown(sight.sent, before.sent, "media-source", "totalAudioEnergy"),
      heard: Object.fromEntries(
        [...sight.received].map(([who, rows]) => [
          who,
          grown(rows, before.received.get(who) ?? [], "inbound-rtp", "totalAudioEnergy"),
        ]),
      ),
    };
  }

  /** By the other end's word, which comes every second or so; voice is steady, a picture's loss is its own doing. */
  #sendLoss({ sent }: Sight): number {
    const [said] = rowsOf(sent, "remote-inbound-rtp", "audio");
    return Math.min(1, Math.max(0, numberIn(said, "fractionLost") ?? 0));
  }

  /** Of the speaker from whom least is lost: what others lose more was lost before it came to this line. */
  #receiveLoss(sight: Sight, before: Sight): number {
    const losses = [...sight.received].flatMap(([who, rows]) => {
      const lost = lostOf(rows, before.received.get(who) ?? []);
      return lost === undefined ? [] : [lost];
    });
    return losses.length === 0 ? this.#loss.receive / 2 : Math.min(...losses);
  }

  #cpu(sight: Sight, before: Sight): number {
    const limited = rowsOf(sight.sent, "outbound-rtp", "video").some(
      (row) => row["active"] !== false && row["qualityLimitationReason"] === "cpu",
    );
    const late = Math.max(0, sight.atMs - before.atMs - 1_000) / latestMs;
    return limited ? 1 : Math.min(1, late);
  }

  #silentMs({ atMs, expectsVoice }: Sight, pairs: readonly StatsRow[]): number {
    const bytes = pairs.reduce((sum, pair) => sum + (numberIn(pair, "bytesReceived") ?? 0), 0);
    if (bytes !== this.#bytes || this.#cameAtMs === undefined) this.#cameAtMs = atMs;
    this.#bytes = bytes;
    return Math.max(0, atMs - this.#cameAtMs - (expectsVoice ? 0 : quietAllowanceMs));
  }
}
