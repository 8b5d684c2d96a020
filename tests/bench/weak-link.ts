import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { seeded } from "@lientuyen/sync/testing";
import { openLine } from "../e2e/harness/line.ts";
import { openDevice, type FaultyDevice } from "../faults/faultyDevice.ts";
import { newUuid, province, startNetwork, station } from "../faults/network.ts";
import type { Bench, Figure } from "./harness/figure.ts";
import { vietnamese } from "./harness/vietnamese.ts";

const cases = 100;
const seed = 20261125;
/** UTF-8 bytes of one text; a case has twelve of them. */
const textBytes = 500;
/** A day's cases were written without a network; then a telephone line is there. */
export const bench: Bench = {
  name: "weak-link",
  run: async ({ say }) => {
    const network = await startNetwork();
    const line = await openLine(Number(new URL(network.url).port));
    const next = seeded(seed);
    const device = await openDevice(line.url, network.people.sua, next, 0, 1);
    try {
      while (!device.sync().state().caughtUp) await wait(20);
      device.line.isDown = true;
      const logs = await writeCases(device, next);
      say(`written: ${device.sync().state().unsentEntries} entries`);
      // Connections of before are gone; the new ones are greeted at the line's pace.
      await line.cut();
      await line.mend();
      line.shape({ bitsPerSecond: 64_000, oneWayDelayMs: 300 });
      line.takeBytes();
      const seconds = await secondsToSend(device);
      const wire = line.takeBytes();
      await expectThere(network, logs);
      return figuresOf(seconds, wire, compressedSizes(device, logs));
    } finally {
      await device.close();
      await line.close();
      await network.close();
    }
  },
};

async function writeCases(device: FaultyDevice, next: () => number): Promise<readonly string[]> {
  const logs = Array.from({ length: cases }, () => `case/${newUuid()}`);
  for (const [index, log] of logs.entries()) {
    const written = await device.write(
      log,
      caseFacts(index, () => vietnamese(next, textBytes)),
    );
    const question = written?.at(-1);
    if (question === undefined) throw new Error("nothing was written");
    const body = {
      to: province,
      specialty: "toxicology",
      urgency: "routine",
      questions: [question],
      contract: `HD-${station}`,
    };
    await device.write(log, [{ kind: "requestSent", body }], "routine");
  }
  return logs;
}

/** Fifteen entries, twelve of them with a text of its own. */
function caseFacts(index: number, text: () => string) {
  const measuredAt = new Date().toISOString();
  const readings = [
    { sign: "pulse", value: 60 + (index % 60) },
    { sign: "temperature", value: 36 + (index % 30) / 10 },
  ];
  return [
    { kind: "opened", body: { number: `${index}`, facility: station, mode: "viaFacility" } },
    { kind: "patientAttached", body: { patient: "notYetKnown", ageYears: index % 90 } },
    { kind: "vitalSigns", body: { readings, measuredAt } },
    { kind: "examination", body: { text: text(), replaces: [] } },
    { kind: "summary", body: { text: text(), replaces: [] } },
    ...Array.from({ length: 9 }, () => ({ kind: "note", body: { text: text() } })),
    { kind: "questionAsked", body: { text: text() } },
  ];
}

async function secondsToSend(device: FaultyDevice): Promise<number> {
  const startedMs = performance.now();
  device.line.isDown = false;
  device.sync().nudge();
  while (device.sync().state().unsentEntries > 0) {
    if (performance.now() - startedMs > 400_000) throw new Error("still unsent after 400 s");
    await wait(50);
  }
  return (performance.now() - startedMs) / 1000;
}

async function expectThere(
  network: Awaited<ReturnType<typeof startNetwork>>,
  logs: readonly string[],
): Promise<void> {
  const [row] = await network.query(
    `select count(*)::int as there from entry where log in (${logs.map((log) => `'${log}'`).join(",")})`,
  );
  if (row?.["there"] !== cases * 16) throw new Error(`${String(row?.["there"])} entries arrived`);
}

/** What each case's signed entries alone come to under gzip. */
function compressedSizes(device: FaultyDevice, logs: readonly string[]): readonly number[] {
  const rows = device.disk.entries();
  return logs.map(
    (log) =>
      gzipSync(JSON.stringify(rows.filter((row) => row.log === log).map(({ signed }) => signed)))
        .length,
  );
}

function figuresOf(seconds: number, wire: number, sizes: readonly number[]): readonly Figure[] {
  const compressed = sizes.reduce((sum, size) => sum + size, 0);
  return [
    {
      id: "seconds",
      value: seconds,
      unit: "s",
      goal: { atMost: 60 },
      note: `${cases} cases of 16 entries and 6 KB of text, 64 kbit/s, 600 ms there and back; until every receipt is stored; seed ${seed}. At the line's 8 KB/s these bytes alone take ${(wire / 8000).toFixed(1)} s; the entries of each case under gzip would take ${(compressed / 8000).toFixed(1)} s`,
    },
    {
      id: "wire-per-compressed",
      value: wire / compressed,
      unit: "times",
      goal: { atMost: 1.5 },
      note: `all bytes both ways, over the entries of each case under gzip`,
    },
    { id: "wire-per-case", value: wire / cases / 1000, unit: "KB" },
    { id: "compressed-per-case", value: compressed / cases / 1000, unit: "KB" },
  ];
}
