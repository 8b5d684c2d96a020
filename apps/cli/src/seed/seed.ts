import { finishedCases } from "./finishedCases.ts";
import { openCaseWriter } from "./caseWriter.ts";
import { contracts, facilities, people, type SeedPerson } from "./network.ts";
import { openCases } from "./openCases.ts";
import { drawAll, isKnown, openingFacts } from "./opening.ts";
import { openPen, type Pen } from "./pen.ts";
import type { SeedCase } from "./plot.ts";
import { personId, uuidFrom } from "./random.ts";
import { factOf } from "./steps.ts";

/** What the seeding needs: a running server on a clock that it may set, and the server's own hand for directories. */
export interface SeedWorld {
  /** Address of the server. */
  readonly base: string;
  /** Sets the server's clock, ms since the epoch; never backwards. */
  readonly setNow: (ms: number) => void;
  readonly appendAsServer: (
    facts: readonly { readonly log: string; readonly kind: string; readonly body: unknown }[],
  ) => Promise<unknown>;
  readonly createAccount: (account: {
    readonly person: string;
    readonly facility: string;
    readonly account: string;
    readonly password: string;
  }) => Promise<void>;
}

export interface SeedOptions {
  /** The seed's cases lie before this moment. */
  readonly nowMs: number;
  /** Password of each account. */
  readonly passwords: Readonly<Record<string, string>>;
  /** False: the network alone, without cases. */
  readonly cases?: boolean;
}

const minuteMs = 60_000;
const foundedDaysAgo = 90;

/** When the demo's facilities were founded: where its clock begins. */
export const foundedBefore = (nowMs: number): number => nowMs - foundedDaysAgo * 24 * 60 * minuteMs;

const given = <K extends string>(
  key: K,
  value: string | undefined,
): { readonly [P in K]?: string } => {
  const part: { [P in K]?: string } = {};
  if (value !== undefined) part[key] = value;
  return part;
};

const foundFacilities = async (world: SeedWorld, from: string): Promise<void> => {
  for (const { code, duty, ...facts } of facilities) {
    const log = `directory/${code}`;
    const dutyFacts = duty.map((body) => ({ log, kind: "dutySet", body }));
    await world.appendAsServer([
      { log, kind: "facilityFounded", body: { code, ...facts, from } },
      ...dutyFacts,
    ]);
  }
};

const addPerson = async (world: SeedWorld, person: SeedPerson, from: string): Promise<void> => {
  const log = `directory/${person.facility}`;
  const { account, name, title, phone, certificateNumber } = person;
  const added = {
    person: personId(account),
    name,
    title,
    phone,
    account,
    ...given("certificateNumber", certificateNumber),
  };
  const roles = person.roles.map(({ role, specialty }) => ({
    log,
    kind: "roleGranted",
    body: { person: personId(account), role, from, ...given("specialty", specialty) },
  }));
  await world.appendAsServer([{ log, kind: "personAdded", body: added }, ...roles]);
};

const agreeContracts = async (world: SeedWorld, from: string): Promise<void> => {
  for (const { between, contract } of contracts) {
    const [low, high] = between;
    const side = (own: string, other: string) => ({
      log: `directory/${own}`,
      kind: "contractAgreed",
      body: { contract, with: other, from },
    });
    await world.appendAsServer([side(low, high), side(high, low)]);
  }
};

const passwordOf = (options: SeedOptions, account: string): string => {
  const password = options.passwords[account];
  if (password === undefined) throw new Error(`no password for ${account}`);
  return password;
};

const enrolEverybody = async (
  world: SeedWorld,
  options: SeedOptions,
): Promise<ReadonlyMap<string, Pen>> => {
  const pens = new Map<string, Pen>();
  for (const person of people) {
    const pen = await openPen(world.base, person, passwordOf(options, person.account));
    await world.appendAsServer([
      { log: `directory/${person.facility}`, kind: "keyConfirmed", body: { key: pen.key } },
    ]);
    pens.set(person.account, pen);
  }
  for (const pen of pens.values()) {
    const { items } = await pen.session.call("feed", { in: { limit: "1000" } });
    for (const { receipt } of items) pen.knowDirectory(receipt);
  }
  return pens;
};

const penOf = (pens: ReadonlyMap<string, Pen>, account: string): Pen => {
  const pen = pens.get(account);
  if (pen === undefined) throw new Error(`nobody is called ${account}`);
  return pen;
};

/** One thing that happens at one moment. */
interface Act {
  readonly atMs: number;
  readonly run: () => Promise<void>;
}

const openCase = async (
  told: SeedCase,
  words: string,
  pen: Pen,
  writer: ReturnType<typeof openCaseWriter>,
  atMs: number,
): Promise<void> => {
  const { facility } = pen.author;
  const patient = uuidFrom(`patient ${words}`);
  if (isKnown(told.patient)) {
    const fact = { kind: "patientRegistered", body: { facility, identity: told.patient } };
    const { signed } = await pen.makeEntry(`patient/${facility}/${patient}`, fact, atMs, []);
    await pen.session.post([signed]);
  }
  const pictures = await drawAll(told, words);
  await writer.write(pen, openingFacts(told, facility, words, patient, pictures, atMs), atMs);
  for (const { hash, content } of pictures)
    await pen.session.upload({ log: writer.log, hash, type: "image/jpeg", content });
};

/** A case as acts on the common calendar. */
const actsOf = (
  told: SeedCase,
  index: number,
  pens: ReadonlyMap<string, Pen>,
  nowMs: number,
): readonly Act[] => {
  const words = `case ${index}`;
  const writer = openCaseWriter(`case/${uuidFrom(words)}`);
  const openedMs = nowMs - told.openedMinutesAgo * minuteMs;
  const acts: Act[] = [
    { atMs: openedMs, run: () => openCase(told, words, penOf(pens, told.by), writer, openedMs) },
  ];
  let atMs = openedMs;
  for (const step of told.then ?? []) {
    atMs += step.after * minuteMs;
    const stepMs = atMs;
    acts.push({
      atMs: stepMs,
      run: async () => {
        await writer.write(penOf(pens, step.by), [factOf(step, writer.view(), stepMs)], stepMs);
      },
    });
  }
  return acts;
};

export const seedCases: readonly SeedCase[] = [...finishedCases, ...openCases];

const tellCases = async (
  world: SeedWorld,
  pens: ReadonlyMap<string, Pen>,
  nowMs: number,
): Promise<void> => {
  const calendar = seedCases
    .flatMap((told, index) => actsOf(told, index, pens, nowMs))
    .sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, run } of calendar) {
    world.setNow(atMs);
    await run();
  }
};

/**
 * Puts the demo network in: facilities, people, contracts and duty desks by the server's own hand, then each
 * person's case entries, signed with a certified key of that person and sent through the public routes.
 * Everything but keys, passwords and the moment is the same each time.
 */
export const seedDemo = async (world: SeedWorld, options: SeedOptions): Promise<void> => {
  const foundedMs = foundedBefore(options.nowMs);
  const from = new Date(foundedMs).toISOString();
  world.setNow(foundedMs);
  await foundFacilities(world, from);
  for (const person of people) {
    await addPerson(world, person, from);
    await world.createAccount({
      person: personId(person.account),
      facility: person.facility,
      account: person.account,
      password: passwordOf(options, person.account),
    });
  }
  await agreeContracts(world, from);
  if (options.cases === false) return;
  const pens = await enrolEverybody(world, options);
  await tellCases(world, pens, options.nowMs);
};
