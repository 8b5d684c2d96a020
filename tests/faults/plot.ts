import type { Urgency } from "@lientuyen/record";
import { picture, type FaultyDevice } from "./faultyDevice.ts";
import { newUuid, province } from "./network.ts";

/*
 * What people do while lines break: cases opened, written on, asked about, answered; some acts that the
 * server has to refuse, with others resting on them. Everything by chance, everything from one seed.
 */

export interface Plot {
  /** Hashes whose writing was confirmed to the author, with the author's device. */
  readonly written: Map<string, FaultyDevice>;
  readonly files: { readonly log: string; readonly hash: string }[];
  readonly logs: Set<string>;
  /** Hashes that no server may take, and those that rest on them. */
  readonly hopeless: Set<string>;
  /** One act of this device; the store may be full or the power cut, then nothing is noted. */
  act(device: FaultyDevice): Promise<void>;
}

interface Asked {
  readonly log: string;
  readonly request: string;
  readonly question: string;
}

export function createPlot(next: () => number): Plot {
  const written = new Map<string, FaultyDevice>();
  const files: { readonly log: string; readonly hash: string }[] = [];
  const logs = new Set<string>();
  const hopeless = new Set<string>();
  const asked: Asked[] = [];
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(next() * from.length)];

  const write: FaultyDevice["write"] extends (...given: infer Given) => infer Answer
    ? (device: FaultyDevice, ...given: Given) => Answer
    : never = async (device, ...given) => {
    // Whoever's power was cut in the middle was told nothing: the entries may be there or not.
    const hashes = await device.write(...given).catch(() => undefined);
    for (const hash of hashes ?? []) written.set(hash, device);
    return hashes;
  };

  const ownCases = (device: FaultyDevice) =>
    [...logs].filter((log) => device.disk.entries().some((row) => row.log === log));
  const number = (): string => `${Math.floor(next() * 1e9)}`;

  const openCase = async (device: FaultyDevice): Promise<void> => {
    const log = `case/${newUuid()}`;
    logs.add(log);
    await write(device, log, [
      {
        kind: "opened",
        body: { number: number(), facility: device.person.facility, mode: "viaFacility" },
      },
      {
        kind: "patientAttached",
        body: { patient: "notYetKnown", description: "Người đàn ông không tên", ageYears: 34 },
      },
      { kind: "summary", body: { text: `Rắn cắn ${number()}`, replaces: [] } },
    ]);
  };

  const note = async (device: FaultyDevice, log: string): Promise<void> => {
    const facts = Array.from({ length: 1 + Math.floor(next() * 3) }, () =>
      next() < 0.5
        ? { kind: "note", body: { text: `Ghi chú ${number()}` } }
        : {
            kind: "vitalSigns",
            body: {
              readings: [{ sign: "pulse", value: 60 + Math.floor(next() * 60) }],
              measuredAt: new Date().toISOString(),
            },
          },
    );
    await write(device, log, facts);
  };

  const ask = async (device: FaultyDevice, log: string): Promise<void> => {
    const urgency: Urgency = pick(["emergency", "urgent", "routine"] as const) ?? "routine";
    const body = (earlier: readonly string[]) => ({
      to: province,
      specialty: "toxicology",
      urgency,
      questions: [...earlier],
      contract: `HD-${device.person.facility}`,
    });
    const hashes = await write(
      device,
      log,
      [
        { kind: "questionAsked", body: { text: `Hỏi ${number()}` } },
        { kind: "requestSent", body },
      ],
      urgency,
    );
    const [question, request] = hashes ?? [];
    if (question !== undefined && request !== undefined) asked.push({ log, request, question });
  };

  /** A request to nowhere, and a reminder that rests on it. */
  const askNobody = async (device: FaultyDevice, log: string): Promise<void> => {
    const body = { to: "99999", specialty: "toxicology", urgency: "urgent", questions: [] };
    const [request] = (await write(device, log, [{ kind: "requestSent", body }])) ?? [];
    if (request === undefined) return;
    hopeless.add(request);
    const change = { request, urgency: "emergency", reason: "Nặng hơn" };
    for (const hash of (await write(device, log, [{ kind: "urgencyChanged", body: change }])) ?? [])
      hopeless.add(hash);
  };

  const addPicture = async (device: FaultyDevice, log: string): Promise<void> => {
    const priority = pick(["key", "first", "original"] as const) ?? "first";
    const file = await device
      .addFile(log, picture(next, 1_000 + Math.floor(next() * 60_000)), priority)
      .catch(() => undefined);
    if (file === undefined) return;
    const hashes = await write(device, log, [{ kind: "fileAdded", body: { file, role: "photo" } }]);
    if (hashes !== undefined) files.push({ log, hash: file.hash });
  };

  const answer = async (device: FaultyDevice): Promise<void> => {
    const here = new Set(device.disk.entries().map((row) => row.hash));
    const one = pick(asked.filter((each) => here.has(each.request)));
    if (one === undefined) return;
    const { log, request, question } = one;
    const chance = next();
    if (chance < 0.3)
      await write(device, log, [{ kind: "accepted", body: { request, expects: request } }]);
    else if (chance < 0.6)
      await write(device, log, [
        {
          kind: "opinionGiven",
          body: { request, question, text: `Ý kiến ${number()}`, confidence: "high", replaces: [] },
        },
      ]);
    else if (chance < 0.8)
      await write(device, log, [
        {
          kind: "recommendationMade",
          body: { request, text: `Khuyến nghị ${number()}`, replaces: [] },
        },
      ]);
    else
      await write(device, log, [
        { kind: "messageSent", body: { text: "Đã xem", answers: question } },
      ]);
  };

  return {
    written,
    files,
    logs,
    hopeless,
    act: async (device) => {
      if (device.person.facility === province) return answer(device);
      const chance = next();
      const log = pick(ownCases(device));
      if (log === undefined || chance < 0.15) return openCase(device);
      if (chance < 0.6) return note(device, log);
      if (chance < 0.78) return ask(device, log);
      return chance < 0.88 ? askNobody(device, log) : addPicture(device, log);
    },
  };
}
