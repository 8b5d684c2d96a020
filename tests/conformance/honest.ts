import type { SignedEntry } from "@lientuyen/record";
import { there, type Dice } from "./dice.ts";
import { createWorld, hashOf, makeKey, timeOf, type Key, type Row, type World } from "./world.ts";

export interface Person {
  readonly key: Key;
  readonly person: string;
  readonly device: string;
  readonly facility: string;
}

/** A case as it may have gone, before it is bundled. */
export interface Story {
  readonly world: World;
  readonly uuid: string;
  readonly log: string;
  readonly facilities: readonly string[];
  readonly people: Person[];
}

const withMore = [
  "Sốt cao, đau đầu 3 ngày 🌡️",
  'a\u0000b\u001f\u007f\u2028 "\\/',
  "\u{1d11e}\u{10ffff}\ufeff\ufffe é e\u0301",
  "x".repeat(5000),
] as const;

/** Numbers at which two writers of RFC 8785 might part. */
const numbers = [
  0,
  -1,
  1e21,
  1e20,
  123456789012345680000,
  1e-6,
  1e-7,
  5e-324,
  1.7976931348623157e308,
  0.1,
  9007199254740991,
  2 ** 53 + 2,
  333333333.3333333,
  4.35,
  -1e-6 / 3,
  1e23,
  0.000001,
];

const certificateOf = ({ key, person, device }: Person) => ({
  key: key.key,
  publicKey: key.publicKey,
  person,
  device,
});

const foundInstallation = async (world: World): Promise<void> => {
  const { root, dice } = world;
  const certify = ({ key, publicKey }: Key, use: string) =>
    world.write(root, "installation", "serverKeyCertified", { key, publicKey, use });
  await world.write(root, "installation", "installationFounded", {
    name: "Sở Y tế",
    rootKey: root.publicKey,
  });
  await certify(world.receipt, "receipt");
  await certify(world.certificate, "certificate");
  await certify(world.checkpoint, "checkpoint");
  if (dice.chance(0.3)) await certify(makeKey(), "sealing");
};

/** The server takes another receipt key; receipts of the older one hold all the same. */
const renewReceiptKey = async (world: World): Promise<void> => {
  const [old, next] = [world.receipt, makeKey()];
  const { key, publicKey } = next;
  await world.write(world.root, "installation", "serverKeyCertified", {
    key,
    publicKey,
    use: "receipt",
  });
  world.receipt = next;
  const reason = "đổi khóa hằng năm";
  await world.write(world.root, "installation", "serverKeyRetired", { key: old.key, reason });
};

export const enrol = async (
  world: World,
  facility: string,
  device: string = world.uuid(),
): Promise<Person> => {
  const person: Person = { key: makeKey(), person: world.uuid(), device, facility };
  const log = `directory/${facility}`;
  const server = world.certificate;
  await world.write(server, log, "deviceEnrolled", { device, name: "PC" });
  await world.write(server, log, "personAdded", {
    person: person.person,
    name: "Bác sĩ Nguyễn Thị Hoa",
    account: "hoa",
  });
  const from = timeOf(world.nowMs);
  await world.write(server, log, "roleGranted", { person: person.person, role: "physician", from });
  await world.write(server, log, "keyCertified", certificateOf(person));
  return person;
};

const foundFacility = async (world: World, code: string): Promise<Person[]> => {
  const { dice } = world;
  const log = `directory/${code}`;
  await world.write(world.certificate, log, "facilityFounded", {
    code,
    name: "Trạm Y tế xã Mường Nhé",
    shortName: "Mường Nhé",
    level: "commune",
    from: timeOf(world.nowMs),
  });
  const people: Person[] = [];
  for (let i = dice.between(1, 3); i > 0; i--) people.push(await enrol(world, code));
  const head = there(people[0]);
  for (const { key } of people.slice(1))
    await world.write(
      head.key,
      log,
      "keyConfirmed",
      { key: key.key },
      { dir: world.knownOf(code) },
    );
  return people;
};

/** A directory goes on while the case does. */
const changeDirectory = async (world: World, { key, facility }: Person): Promise<void> => {
  const log = `directory/${facility}`;
  const dir = world.dice.chance(0.5) ? world.knownOf(facility) : "";
  if (world.dice.chance(0.5))
    await world.write(key, log, "dutySet", { name: "Trực cấp cứu", phone: "115" }, { dir });
  else await world.write(key, log, "kindOfLater", { any: [1, { thing: null }] }, { dir });
};

export const addFile = async (story: Story, author: Person, dice: Dice): Promise<Row> => {
  const content = dice.bytes(dice.between(1, 3000));
  const file = { hash: hashOf(content), size: content.length, type: "image/jpeg" };
  story.world.files.set(file.hash, content);
  const body = { file, role: "photo", caption: "Vết thương" };
  return writeAs(story, author, "fileAdded", body);
};

export const writeAs = (
  { world, log }: Story,
  { key, facility }: Person,
  kind: string,
  body: unknown,
  more: Parameters<World["write"]>[4] = {},
): Promise<Row> => {
  const heads = (world.logs.get(log) ?? [])
    .slice(-world.dice.between(1, 3))
    .map(({ hash }) => hash);
  return world.write(key, log, kind, body, { dir: world.knownOf(facility), after: heads, ...more });
};

/** The body, salt and file of an entry go; what hung on it too. */
const strip = (row: Row): void => {
  const { header, sig } = row.signed;
  row.signed = { header, sig };
};

const withhold = async (story: Story, author: Person): Promise<void> => {
  const { world, people, log } = story;
  const keys = new Set(
    people.filter(({ facility }) => facility === author.facility).map(({ key }) => key.key),
  );
  const isOwn = ({ signed }: Row): boolean =>
    [...keys].some((key) => signed.header.includes(`"key":"${key}"`));
  const targets = there(world.logs.get(log)).filter(
    (row) => isOwn(row) && !/"kind":"(withheld|opened)"/.test(row.signed.header),
  );
  if (targets.length === 0) return;
  const target = world.dice.pick(targets);
  const correction = { target: target.hash, reason: "nhầm", body: { text: "sửa" } };
  const follower = world.dice.chance(0.4)
    ? await writeAs(story, author, "correction", correction)
    : undefined;
  const withheld = { target: target.hash, ground: "wrongPatient", effect: "destroy" };
  await writeAs(story, author, "withheld", withheld);
  strip(target);
  if (follower !== undefined) strip(follower);
  dropUnnamedFiles(story);
};

/** Files that no body names any more leave with the bodies. */
const dropUnnamedFiles = ({ world, log }: Story): void => {
  const bodies = there(world.logs.get(log)).map(({ signed }) => signed.body ?? "");
  for (const hash of world.files.keys())
    if (!bodies.some((body) => body.includes(hash))) world.files.delete(hash);
};

/** The larger s is as good a signature as the smaller, while no receipt was given. */
const otherS = (signed: SignedEntry): SignedEntry => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const raw = Buffer.from(signed.sig, "base64url");
  const s = order - BigInt(`0x${raw.toString("hex", 32)}`);
  raw.write(s.toString(16).padStart(64, "0"), 32, "hex");
  return { ...signed, sig: raw.toString("base64url") };
};

const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

const acts: readonly ((story: Story, author: Person, dice: Dice) => Promise<unknown>)[] = [
  (story, author, dice) => writeAs(story, author, "note", { text: dice.pick(withMore) }),
  (story, author) => writeAs(story, author, "messageSent", { text: "Đã nhận" }),
  (story, author, dice) =>
    writeAs(story, author, "vitalSigns", {
      readings: [{ sign: "pulse", value: dice.pick(numbers) }],
      measuredAt: timeOf(story.world.nowMs),
    }),
  addFile,
  addFile,
  withhold,
  (story, author) => changeDirectory(story.world, author),
  // What this version does not know, and what is not of its kind, is kept.
  (story, author) =>
    writeAs(story, author, "kindOfLater", { "€": 1, "\r": 2, "\u{1f600}": 3, "\ufb33": 4, "1": 5 }),
  (story, author) => writeAs(story, author, "note", { wrong: true, __proto: { constructor: 1 } }),
  (story, author) => writeAs(story, author, "note", { deep: deep(62) }),
  (story, author) => writeAs(story, author, "note", JSON.parse('{"__proto__":{"text":"x"}}')),
  (story, author) => writeAs(story, author, "note", { text: "" }, { n: Number.MAX_SAFE_INTEGER }),
  (story, author) => writeAs(story, author, "note", { text: "s" }, { change: otherS }),
  (story, author) =>
    writeAs(
      story,
      author,
      "note",
      { text: "m" },
      { marks: ["clockDoubtful", "gap", "gap", "released"] },
    ),
  (story, author, dice) =>
    writeAs(
      story,
      author,
      "note",
      { text: "?" },
      { after: [hashOf(dice.bytes(4))], at: "0000-99-99T99:99:99.999Z" },
    ),
  (story) => renewReceiptKey(story.world),
  (story) => restore(story),
  (story, { facility }) => enrolMore(story, facility),
  (story, _, dice) =>
    Promise.resolve(story.world.leaves.push({ chain: hashOf(dice.bytes(8)), entry: undefined })),
];

/**
 * The server is put back to a backup: it says so, and gives what devices offer again other receipts, in another
 * order. Not where a key was disowned: what comes in after that waits for its release.
 */
export const restore = async (
  { world, log }: Story,
  state: (world: World) => Promise<unknown> = startEpoch,
): Promise<readonly Row[]> => {
  const { dice } = world;
  const rows = there(world.logs.get(log));
  if (rows.length < 2 || isAnyDisowned(world)) return [];
  const kept = dice.between(1, rows.length - 1);
  const lost = rows.slice(kept);
  world.logs.set(log, rows.slice(0, kept));
  const hashes = new Set(lost.map(({ hash }) => hash));
  const left = world.leaves.filter(({ entry }) => entry === undefined || !hashes.has(entry));
  world.leaves.splice(0, world.leaves.length, ...left);
  world.earlier.push(...lost);
  await state(world);
  const again = dice.chance(0.5) ? lost : lost.toReversed();
  for (const { signed, marks } of again) await world.receive(log, signed, { marks });
  return lost;
};

const isAnyDisowned = ({ logs }: World): boolean =>
  [...logs.values()]
    .flat()
    .some(({ signed }) => /"kind":"(key|device)Disowned"/.test(signed.header));

export const startEpoch = (world: World, epoch = world.dice.between(2, 1_000_000)): Promise<Row> =>
  world.write(world.root, "installation", "epochStarted", { epoch, reason: "từ bản sao lưu" });

const enrolMore = async (story: Story, facility: string): Promise<void> => {
  story.people.push(await enrol(story.world, facility));
};

/** A key, or a device with its keys, is disowned; what came in before stays good, and what is released. */
export const disown = async (
  { world, people, log }: Story,
  person: Person,
  by: Person,
  what: "key" | "device" = world.dice.pick(["key", "device"]),
): Promise<Row> => {
  const directory = `directory/${person.facility}`;
  const reason = "mất máy";
  const { device, key } = person;
  people.splice(people.indexOf(person), 1);
  void log;
  return what === "key"
    ? world.write(by.key, directory, "keyDisowned", { key: key.key, reason })
    : world.write(by.key, directory, "deviceDisowned", { device, reason });
};

const disownLater = async (story: Story): Promise<void> => {
  const { world, people } = story;
  const person = world.dice.pick(people);
  const own = people.filter((each) => each.facility === person.facility);
  if (own.length < 2) return;
  // One may disown one's own key by that very key.
  const by = world.dice.chance(0.3) ? person : there(own.find((each) => each !== person));
  await disown(story, person, by);
  if (!world.dice.chance(0.4)) return;
  const late = await writeAs(
    story,
    person,
    "note",
    { text: "đến muộn" },
    { dir: "", marks: ["released"] },
  );
  await world.write(
    by === person ? world.certificate : by.key,
    `directory/${person.facility}`,
    "entryReleased",
    {
      entry: late.hash,
      reason: "viết trước khi mất máy",
    },
  );
};

/** One case of one or two facilities: one or many authors, files, withheld bodies, keys disowned later. */
export const tellStory = async (dice: Dice): Promise<Story> => {
  const world = createWorld(dice);
  await foundInstallation(world);
  const facilities = dice.chance(0.5) ? ["12913"] : ["12913", "0100A"];
  const people: Person[] = [];
  for (const code of facilities) people.push(...(await foundFacility(world, code)));
  const uuid = world.uuid();
  const story: Story = { world, uuid, log: `case/${uuid}`, facilities, people };
  await writeAs(story, there(people[0]), "opened", {
    number: "12913-K7M2-9TXC",
    facility: "12913",
    mode: "viaFacility",
  });
  for (let i = dice.between(1, 12); i > 0; i--) {
    if (dice.chance(0.08)) await disownLater(story);
    else await dice.pick(acts)(story, dice.pick(story.people), dice);
  }
  return story;
};
