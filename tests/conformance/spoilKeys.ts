import { there, type Dice } from "./dice.ts";
import { draftOf, type DraftOptions } from "./draft.ts";
import { disown, enrol, tellStory, writeAs, type Person, type Story } from "./honest.ts";
import type { Expected, Spoil } from "./spoil.ts";
import { strayBits } from "./spoilEntries.ts";
import { hashOf, makeKey, type Key, type Row } from "./world.ts";

const told = (
  name: string,
  tell: (story: Story, dice: Dice) => Promise<Omit<Expected, "verdict"> & { readonly row?: Row }>,
  options: DraftOptions = {},
): Spoil => ({
  name,
  run: async (dice) => {
    const story = await tellStory(dice);
    const { row, ...expected } = await tell(story, dice);
    const entry = row === undefined ? {} : { entry: row.hash };
    return {
      draft: await draftOf(story, options),
      expected: { verdict: "broken", ...expected, ...entry },
    };
  },
});

/** One more at that facility, whose key will be disowned. */
const victimOf = async ({ world, people }: Story): Promise<readonly [Person, Person]> => {
  const by = there(people.find(({ facility }) => facility === "12913"));
  const victim = await enrol(world, "12913");
  people.push(victim);
  return [victim, by];
};

const early = { receivedAt: "2020-01-01T00:00:00.000Z", at: "2020-01-01T00:00:00.000Z", dir: "" };

const disowned: readonly Spoil[] = [
  told("after its key was disowned", async (story) => {
    const [victim, by] = await victimOf(story);
    await disown(story, victim, by);
    const row = await writeAs(story, victim, "note", { text: "muộn" }, { dir: "" });
    return { fault: "disownedKey", row };
  }),
  told("after its key was disowned, with a clock before that", async (story) => {
    const [victim, by] = await victimOf(story);
    await disown(story, victim, by);
    const row = await writeAs(story, victim, "note", { text: "muộn" }, { dir: "", at: early.at });
    return { fault: "disownedKey", row };
  }),
  told(
    "back-dated by the server, told by the tree",
    async (story) => {
      const [victim, by] = await victimOf(story);
      await disown(story, victim, by);
      const row = await writeAs(story, victim, "note", { text: "muộn" }, early);
      return { fault: "disownedKey", row };
    },
    { withTree: true },
  ),
  told(
    "back-dated by the server, told by what its author knew",
    async (story) => {
      const [victim, by] = await victimOf(story);
      const { chain } = await disown(story, victim, by);
      const row = await writeAs(story, victim, "note", { text: "muộn" }, { ...early, dir: chain });
      return { fault: "disownedKey", row };
    },
    { withTree: false },
  ),
  told(
    "back-dated by the server, told by what another knew before",
    async (story) => {
      const [victim, by] = await victimOf(story);
      const { chain } = await disown(story, victim, by);
      await writeAs(story, by, "note", { text: "đã thu hồi" }, { dir: chain });
      const row = await writeAs(story, victim, "note", { text: "muộn" }, early);
      return { fault: "disownedKey", row };
    },
    { withTree: false },
  ),
  told("its device was disowned before, its key only after", async (story) => {
    const [victim, by] = await victimOf(story);
    await disown(story, victim, by, "device");
    const row = await writeAs(story, victim, "note", { text: "ở giữa" }, { dir: "" });
    await disown(story, victim, by, "key");
    return { fault: "disownedKey", row };
  }),
  told("its key was disowned before, its device only after", async (story) => {
    const [victim, by] = await victimOf(story);
    await disown(story, victim, by, "key");
    const row = await writeAs(story, victim, "note", { text: "ở giữa" }, { dir: "" });
    await disown(story, victim, by, "device");
    return { fault: "disownedKey", row };
  }),
  told("disowned twice, the first naming the second as what it knew", async (story) => {
    const { world } = story;
    const [victim, by] = await victimOf(story);
    const log = "directory/12913";
    const second = await disown(story, victim, by, "key");
    world.logs.set(log, there(world.logs.get(log)).slice(0, -1));
    world.leaves.pop();
    const body = { key: victim.key.key, reason: "mất" };
    await world.write(by.key, log, "keyDisowned", body, { after: [second.hash] });
    const row = await writeAs(story, victim, "note", { text: "ở giữa" }, { dir: "" });
    await world.receive(log, second.signed);
    return { fault: "disownedKey", row };
  }),
  told("certified on a device that was disowned before", async (story) => {
    const [victim, by] = await victimOf(story);
    await disown(story, victim, by, "device");
    const next = await enrol(story.world, "12913", victim.device);
    const row = await writeAs(story, next, "note", { text: "khóa mới" });
    return { fault: "disownedKey", row };
  }),
  told("released by another facility", async (story) => {
    const [victim, by] = await victimOf(story);
    await disown(story, victim, by);
    const row = await writeAs(story, victim, "note", { text: "muộn" }, { dir: "" });
    const release = { entry: row.hash, reason: "?" };
    const { certificate } = story.world;
    const code = "0ZZZ9";
    const founded = { code, name: "B", shortName: "B", level: "commune", from: early.at };
    await story.world.write(certificate, `directory/${code}`, "facilityFounded", founded);
    await story.world.write(certificate, `directory/${code}`, "entryReleased", release);
    return { fault: "disownedKey", row };
  }),
  told("in the directory, by a disowned key", async (story) => {
    const [victim, by] = await victimOf(story);
    await disown(story, victim, by);
    const row = await story.world.write(victim.key, "directory/12913", "dutySet", {
      name: "x",
      phone: "1",
    });
    return { fault: "disownedKey", row };
  }),
  told("in the directory, releasing itself", async (story) => {
    const [victim, by] = await victimOf(story);
    await disown(story, victim, by);
    const late = await writeAs(story, victim, "note", { text: "muộn" }, { dir: "" });
    const release = { entry: late.hash, reason: "tự thả" };
    const row = await story.world.write(victim.key, "directory/12913", "entryReleased", release);
    return { fault: "disownedKey", row };
  }),
];

const certified = (
  name: string,
  publicKeyOf: (key: Key) => string,
  keyOf: (key: Key) => string = ({ key }) => key,
): Spoil =>
  told(name, async (story) => {
    const { world } = story;
    const key = makeKey();
    const publicKey = publicKeyOf(key);
    const own: Person = {
      key: { ...key, key: keyOf(key) },
      person: world.uuid(),
      device: world.uuid(),
      facility: "12913",
    };
    await world.write(world.certificate, "directory/12913", "keyCertified", {
      key: own.key.key,
      publicKey,
      person: own.person,
      device: own.device,
    });
    return { fault: "signature", row: await writeAs(story, own, "note", { text: "điểm lạ" }) };
  });

const firstByte =
  (byte: number) =>
  ({ publicKey }: Key): string => {
    const raw = Buffer.from(publicKey, "base64url");
    raw[0] = byte;
    return raw.toString("base64url");
  };
/** What OpenSSL calls hybrid: both coordinates, and the parity of y in the first byte. */
const hybrid = (key: Key): string => {
  const raw = Buffer.from(key.publicKey, "base64url");
  return firstByte(6 + ((raw[64] ?? 0) & 1))(key);
};
const named =
  (publicKeyOf: (key: Key) => string) =>
  (key: Key): string =>
    hashOf(Buffer.from(publicKeyOf(key), "base64url"));
const offCurve = ({ publicKey }: Key): string => {
  const raw = Buffer.from(publicKey, "base64url");
  raw[40] = (raw[40] ?? 0) ^ 1;
  return raw.toString("base64url");
};
/** A point of another curve with coordinates of the same length. */
const otherCurve = (): string => {
  const raw = Buffer.alloc(65, 0);
  raw[0] = 4;
  return raw.toString("base64url");
};

const points: readonly Spoil[] = [
  certified("a point with another first byte", firstByte(5), named(firstByte(5))),
  certified("a hybrid point", hybrid, named(hybrid)),
  certified("a compressed point, filled up", firstByte(2), named(firstByte(2))),
  certified("a point off the curve", offCurve, named(offCurve)),
  certified("the point 0, 0", otherCurve, named(otherCurve)),
  certified("a point with stray bits", ({ publicKey }) => strayBits(publicKey)),
  certified("another key's point", () => makeKey().publicKey),
];

const certificates: readonly Spoil[] = [
  told("a key that a person certified", async (story, dice) => {
    const { world, people } = story;
    const next: Person = {
      key: makeKey(),
      person: world.uuid(),
      device: world.uuid(),
      facility: "12913",
    };
    const by = dice.pick(people);
    const row = await world.write(by.key, "directory/12913", "keyCertified", {
      key: next.key.key,
      publicKey: next.key.publicKey,
      person: next.person,
      device: next.device,
    });
    await writeAs(story, next, "note", { text: "tự chứng nhận" });
    return { fault: "wrongSigner", row };
  }),
  told("a device that a person enrolled", async (story) => {
    const by = there(story.people[0]);
    const body = { device: story.world.uuid(), name: "PC" };
    return {
      fault: "wrongSigner",
      row: await story.world.write(by.key, `directory/${by.facility}`, "deviceEnrolled", body),
    };
  }),
  told("another facility's directory", async (story) => {
    const { world } = story;
    const code = "0ZZZ9";
    const founded = { code, name: "B", shortName: "B", level: "commune", from: early.at };
    await world.write(world.certificate, `directory/${code}`, "facilityFounded", founded);
    const by = there(story.people[0]);
    return {
      fault: "wrongSigner",
      row: await world.write(by.key, `directory/${code}`, "dutySet", { name: "x", phone: "1" }),
    };
  }),
  told("a stranger in the directory", async (story, dice) => {
    const { world } = story;
    const signer = dice.pick([makeKey(), world.root, world.receipt, world.checkpoint]);
    const kind = dice.pick(["dutySet", "keyCertified"]);
    return {
      fault: "unknownKey",
      row: await world.write(signer, "directory/12913", kind, { name: "x", phone: "1" }),
    };
  }),
  told("a certificate with a field too many", async (story) => {
    const { world } = story;
    const next: Person = {
      key: makeKey(),
      person: world.uuid(),
      device: world.uuid(),
      facility: "12913",
    };
    await world.write(world.certificate, "directory/12913", "keyCertified", {
      key: next.key.key,
      publicKey: next.key.publicKey,
      person: next.person,
      device: next.device,
      more: true,
    });
    return { fault: "unknownKey", row: await writeAs(story, next, "note", { text: "?" }) };
  }),
  told("a certificate in the case's log", async (story) => {
    const { world } = story;
    const next: Person = {
      key: makeKey(),
      person: world.uuid(),
      device: world.uuid(),
      facility: "12913",
    };
    const by = there(story.people[0]);
    await writeAs(story, by, "keyCertified", {
      key: next.key.key,
      publicKey: next.key.publicKey,
      person: next.person,
      device: next.device,
    });
    return { fault: "unknownKey", row: await writeAs(story, next, "note", { text: "?" }) };
  }),
  told("a server key that the root did not name", async (story) => {
    const { world } = story;
    const next = makeKey();
    const body = { key: next.key, publicKey: next.publicKey, use: "receipt" };
    const row = await world.write(world.certificate, "installation", "serverKeyCertified", body);
    world.receipt = next;
    await writeAs(story, there(story.people[0]), "note", { text: "biên nhận lạ" });
    return { fault: "unknownKey", row };
  }),
  told("receipts by a key for another use", async (story, dice) => {
    const { world } = story;
    world.receipt = dice.pick([world.checkpoint, world.certificate, world.root]);
    return {
      fault: "receipt",
      row: await writeAs(story, there(story.people[0]), "note", { text: "x" }),
    };
  }),
];

/** The installation's first entry is another. */
const foundings: readonly Spoil[] = [
  told("no founding", async (story) => {
    const rows = there(story.world.logs.get("installation"));
    story.world.logs.set("installation", rows.slice(1));
    return { fault: "noFounding" };
  }),
  told("a founding whose name is too long by UTF-16", async (story) => {
    const { world } = story;
    world.logs.delete("installation");
    const body = { name: "🏥".repeat(151), rootKey: world.root.publicKey };
    await world.write(world.root, "installation", "installationFounded", body);
    return { fault: "noFounding" };
  }),
  told("a founding that another key signed", async (story) => {
    const { world } = story;
    world.logs.delete("installation");
    const body = { name: "Sở Y tế", rootKey: world.root.publicKey };
    const row = await world.write(makeKey(), "installation", "installationFounded", body);
    return { fault: "signature", row };
  }),
];

const otherRoot: Spoil = {
  name: "another root asked for",
  run: async (dice) => {
    const draft = await draftOf(await tellStory(dice));
    draft.root = makeKey().key;
    return { draft, expected: { verdict: "broken", fault: "otherRoot" } };
  },
};

export const keySpoils: readonly Spoil[] = [
  ...disowned,
  ...points,
  ...certificates,
  ...foundings,
  otherRoot,
];
