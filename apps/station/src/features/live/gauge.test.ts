import { expect, test } from "vitest";
import { Gauge, type Sight, type StatsRow } from "./gauge.ts";

const pair = (bytesReceived: number, more: StatsRow = {}): StatsRow => ({
  type: "candidate-pair",
  id: "p",
  nominated: true,
  state: "succeeded",
  bytesReceived,
  currentRoundTripTime: 0.6,
  availableOutgoingBitrate: 900_000,
  ...more,
});
const voiceIn = (packetsReceived: number, packetsLost: number, energy = 0, ssrc = 1): StatsRow => ({
  type: "inbound-rtp",
  kind: "audio",
  id: `i${ssrc}`,
  ssrc,
  packetsReceived,
  packetsLost,
  totalAudioEnergy: energy,
});
const voiceOut = (fractionLost: number, energy = 0): readonly StatsRow[] => [
  { type: "remote-inbound-rtp", kind: "audio", id: "r", fractionLost },
  { type: "media-source", kind: "audio", id: "m", totalAudioEnergy: energy },
];
const sight = (
  atMs: number,
  bytes: number,
  received: readonly (readonly [string, readonly StatsRow[]])[] = [],
  more: Partial<Sight> & { readonly sentRows?: readonly StatsRow[] } = {},
): Sight => ({
  atMs,
  sent: [pair(bytes), ...(more.sentRows ?? voiceOut(0))],
  received: new Map(received),
  heldBack: false,
  expectsVoice: true,
  ...more,
});
const picture = { send: true, receive: true };
const none = { send: false, receive: false };

test("the estimator speaks for a picture alone, and never against voice; without one the last probe does", () => {
  const gauge = new Gauge();
  expect(gauge.take(sight(0, 1), 70, picture).send).toMatchObject({
    availableKbps: 900,
    roundTripMs: 600,
  });
  const low = { ...sight(1_000, 2), sent: [pair(2, { availableOutgoingBitrate: 12_000 })] };
  expect(gauge.take(low, 70, picture).send.availableKbps).toBe(40);
  const { send, receive } = gauge.take(sight(2_000, 3), 70, none);
  expect([send.availableKbps, receive.availableKbps]).toEqual([70, 70]);
  expect(gauge.take(sight(3_000, 4), undefined, none).send).not.toHaveProperty("availableKbps");
  // What the server holds back, this line does not carry.
  const held = gauge.take(sight(4_000, 5, [], { heldBack: true }), 70, picture);
  expect(held.receive.availableKbps).toBeLessThan(150);
});

test("loss is the other end's word for what is sent, and the least lossy speaker's for what is received", () => {
  const gauge = new Gauge();
  gauge.take(
    sight(0, 1, [
      ["a", [voiceIn(100, 0)]],
      ["b", [voiceIn(100, 0, 0, 2)]],
    ]),
    undefined,
    none,
  );
  const both = gauge.take(
    sight(
      1_000,
      2,
      [
        ["a", [voiceIn(140, 10)]],
        ["b", [voiceIn(148, 2, 0, 2)]],
      ],
      {
        sentRows: voiceOut(0.1),
      },
    ),
    undefined,
    none,
  );
  expect([both.send.loss, both.receive.loss]).toEqual([0.1, 0.04]);
  // Silence sends a few packets: their share is chance.
  const quiet = gauge.take(
    sight(2_000, 3, [
      ["a", [voiceIn(141, 11)]],
      ["b", [voiceIn(149, 3, 0, 2)]],
    ]),
    undefined,
    none,
  );
  expect(quiet.receive.loss).toBeLessThan(0.04);
});

test("silence is counted from the last byte; where nobody's microphone is on, later", () => {
  const gauge = new Gauge();
  const a = [["a", [voiceIn(1, 0)]]] as const;
  gauge.take(sight(0, 1, a), undefined, none);
  expect(gauge.take(sight(1_000, 2, a), undefined, none).send.silentMs).toBe(0);
  expect(gauge.take(sight(3_500, 2, a), undefined, none).send.silentMs).toBe(2_500);
  const alone = sight(4_500, 2, [], { expectsVoice: false });
  expect(gauge.take(alone, undefined, none).receive.silentMs).toBe(0);
  expect(gauge.take({ ...alone, atMs: 9_000 }, undefined, none).send.silentMs).toBe(4_000);
  expect(gauge.take(sight(10_000, 3, a), undefined, none).send.silentMs).toBe(0);
});

test("energy is what was added since the last sight, for each speaker; a new track begins at nothing", () => {
  const gauge = new Gauge();
  gauge.take(
    sight(0, 1, [["a", [voiceIn(1, 0, 5)]]], { sentRows: voiceOut(0, 7) }),
    undefined,
    none,
  );
  const { spoke, heard } = gauge.take(
    sight(
      1_000,
      2,
      [
        ["a", [voiceIn(1, 0, 5.5)]],
        ["b", [voiceIn(1, 0, 0.25, 2)]],
      ],
      {
        sentRows: voiceOut(0, 8),
      },
    ),
    undefined,
    none,
  );
  expect([spoke, heard]).toEqual([1, { a: 0.5, b: 0.25 }]);
  // The connection was made anew: its counters too.
  const anew = gauge.take(sight(2_000, 3, [["a", [voiceIn(1, 0, 0.5, 9)]]]), undefined, none);
  expect(anew.heard).toEqual({ a: 0.5 });
});

test("a machine that comes late to its own look has no time left", () => {
  const gauge = new Gauge();
  gauge.take(sight(0, 1), undefined, none);
  expect(gauge.take(sight(1_010, 2), undefined, none).send.cpu).toBeLessThan(0.1);
  expect(gauge.take(sight(2_600, 3), undefined, none).send.cpu).toBeLessThan(0.4);
  expect(gauge.take(sight(5_700, 4), undefined, none).send.cpu).toBe(1);
});
