import { canonicalText } from "@lientuyen/record";
import { there, type Dice } from "./dice.ts";
import { draftOf, honestDraft, type Draft } from "./draft.ts";
import { addFile, tellStory } from "./honest.ts";
import { asList, asObject, replaceAt } from "./json.ts";
import type { Expected, Spoil } from "./spoil.ts";
import type { ZipMember, ZipTrick } from "./zipWriter.ts";

const written = (
  name: string,
  change: (draft: Draft, dice: Dice) => void,
  verdict: Expected["verdict"] = "notBundle",
): Spoil => ({
  name,
  run: async (dice) => {
    const story = await tellStory(dice);
    await addFile(story, there(story.people[0]), dice);
    const draft = await draftOf(story);
    change(draft, dice);
    return { draft, expected: { verdict } };
  },
});

/** `bundle.json` as another text. */
const told = (
  name: string,
  text: NonNullable<Draft["text"]>,
  verdict: Expected["verdict"] = "notBundle",
): Spoil =>
  written(
    `bundle.json ${name}`,
    (draft) => {
      draft.text = text;
    },
    verdict,
  );

const indexes: readonly Spoil[] = [
  told("with a space", (text) => text.replace(":", ": ")),
  told("with a line end behind", (text) => `${text}\n`),
  told("with a byte order mark", (text) => `\ufeff${text}`),
  told("with its names in another order", (text) =>
    text.replace(/,"v":1\}$/, "}").replace("{", '{"v":1,'),
  ),
  told("with a name twice", (text) => text.replace('"v":1}', '"v":1,"v":1}')),
  told("with v 1.0", (text) => text.replace(/"v":1\}$/, '"v":1.0}')),
  told("with v 1e0", (text) => text.replace(/"v":1\}$/, '"v":1e0}')),
  told("with v 0", (text) => text.replace(/"v":1\}$/, '"v":0}')),
  told("with v -1", (text) => text.replace(/"v":1\}$/, '"v":-1}')),
  told("with v 0.5", (text) => text.replace(/"v":1\}$/, '"v":0.5}')),
  told("with v as text", (text) => text.replace(/"v":1\}$/, '"v":"1"}')),
  told("with v true", (text) => text.replace(/"v":1\}$/, '"v":true}')),
  told("with v null", (text) => text.replace(/"v":1\}$/, '"v":null}')),
  told("without v", (text) => text.replace(/,"v":1\}$/, "}")),
  told("of version 2", (text) => text.replace(/"v":1\}$/, '"v":2}'), "newerFormat"),
  told("of version 1.5", (text) => text.replace(/"v":1\}$/, '"v":1.5}'), "newerFormat"),
  told("of version 1e300", (text) => text.replace(/"v":1\}$/, '"v":1e+300}'), "newerFormat"),
  told("of version 2, not canonical", (text) => text.replace(/"v":1\}$/, '"v": 2}')),
  told(
    "of version 2 with other members",
    () => canonicalText({ format: "lientuyen-bundle", v: 2, x: [] }),
    "newerFormat",
  ),
  told("of another format", (text) => text.replace("lientuyen-bundle", "lientuyen-bundles")),
  told("that is a list", () => "[]"),
  told("that is null", () => "null"),
  told("that is empty", () => ""),
  told("that is no JSON", () => "{"),
  told("that is deep", () => "[".repeat(200_000)),
  told("with a byte that is no UTF-8", (text) =>
    Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff]), Buffer.from("}")]),
  ),
  told("with a surrogate in UTF-8", (text) =>
    Buffer.concat([
      Buffer.from(text.slice(0, 9)),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from(text.slice(9)),
    ]),
  ),
  told("with an overlong byte", (text) =>
    Buffer.concat([
      Buffer.from(text.slice(0, 9)),
      Buffer.from([0xc0, 0xaf]),
      Buffer.from(text.slice(9)),
    ]),
  ),
  told("with half a pair", (text) => text.replace(/"header":"/, String.raw`"header":"\ud800`)),
  told("with an escaped slash", (text) => text.replace('"log":"case/', String.raw`"log":"case\/`)),
  told("in UTF-16", (text) => Buffer.from(text, "utf16le")),
];

/** A member of the JSON that is not of its form; undefined takes it away. */
const shaped = (name: string, at: string, change: (old: unknown) => unknown): Spoil =>
  told(name, (text) => {
    const value: unknown = JSON.parse(text);
    return canonicalText(replaceAt(value, at === "" ? [] : at.split("."), change));
  });

const withMember = (old: unknown): unknown => ({ ...asObject(old), more: 1 });
const withItem =
  (item: unknown) =>
  (old: unknown): unknown => [...asList(old), item];
const withLineEnd = (old: unknown): string => `${String(old)}\n`;
const withFirstAgain = (old: unknown): unknown => [...asList(old), asList(old)[0]];

const shapesOf = (
  rows: readonly (readonly [name: string, at: string, change: (old: unknown) => unknown])[],
): readonly Spoil[] => rows.map(([name, at, change]) => shaped(name, at, change));

const row = "logs.0.entries.0";
const hash = "A".repeat(43);
const shapes: readonly Spoil[] = shapesOf([
  ["with a member more", "", withMember],
  ["with a member more in a log", "logs.0", withMember],
  ["with a member more beside an entry", row, withMember],
  ["with a member more in an entry", `${row}.entry`, withMember],
  ["with a member more in a receipt", `${row}.receipt`, withMember],
  ["with a member more in a batch", `${row}.receipt.batch`, withMember],
  ["with a member more in the extent", "extent", withMember],
  ["without an extent", "extent", () => undefined],
  ["without logs", "logs", () => undefined],
  ["with logs as an object", "logs", () => ({})],
  ["with a log twice", "logs", withFirstAgain],
  ["with an empty log", "logs", withItem({ log: "directory/ZZZZZ", entries: [] })],
  ["with a log of no name", "logs.0.log", () => "installations"],
  ["with a log's name and a line end", "logs.0.log", withLineEnd],
  ["with a case in capitals", "case", (old: unknown) => `A${String(old).slice(1)}`],
  ["with a case and a line end", "case", withLineEnd],
  ["without a receipt", `${row}.receipt`, () => undefined],
  ["with a receipt of version 2", `${row}.receipt.v`, () => 2],
  ["with seq 0", `${row}.receipt.seq`, () => 0],
  ["with seq -1", `${row}.receipt.seq`, () => -1],
  ["with seq 1.5", `${row}.receipt.seq`, () => 1.5],
  ["with seq 2^53", `${row}.receipt.seq`, () => 2 ** 53],
  ["with seq as text", `${row}.receipt.seq`, () => "1"],
  ["with seq true", `${row}.receipt.seq`, () => true],
  ["with a mark that is none", `${row}.receipt.marks`, withItem("late")],
  ["with a path of 65", `${row}.receipt.batch.path`, () => Array.from({ length: 65 }, () => hash)],
  ["with a batch of 0", `${row}.receipt.batch.size`, () => 0],
  ["with an index of -1", `${row}.receipt.batch.index`, () => -1],
  ["with a time that is none", `${row}.receipt.receivedAt`, () => "2026-01-01"],
  ["with a time in other digits", `${row}.receipt.receivedAt`, () => "٢٠٢٦-01-01T00:00:00.000Z"],
  ["with a signature as DER", `${row}.entry.sig`, () => "MEQCIA".padEnd(94, "A")],
  ["with a signature padded", `${row}.entry.sig`, (old: unknown) => `${String(old)}==`],
  ["with a signature and a line end", `${row}.entry.sig`, withLineEnd],
  ["with base64's letters", `${row}.entry.sig`, (old: unknown) => `+/${String(old).slice(2)}`],
  ["with a header that is an object", `${row}.entry.header`, () => ({})],
  ["with a header too long by UTF-16", `${row}.entry.header`, () => "\u{1f600}".repeat(4001)],
  ["with a body null", `${row}.entry.body`, () => null],
  ["with a salt too short", `${row}.entry.salt`, () => "AAAA"],
  ["with a tree null", "tree", () => null],
  ["with a tree of nothing", "tree", () => ({})],
  ["with a proof's index -1", "tree", () => ({ proofs: [{ entry: hash, index: -1, path: [] }] })],
]);

const named = told("with __proto__", (text) => text.replace("{", '{"__proto__":{},'));

/** Anything at all in the place of anything. */
const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1,
  2,
  1.5,
  2 ** 53,
  1e300,
  "",
  "1",
  "A",
  hash,
  [],
  [[]],
  {},
];

const placesIn = (value: unknown, at: readonly string[] = []): readonly (readonly string[])[] => {
  const inside = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [at, ...inside.flatMap(([name, item]) => placesIn(item, [...at, name]))];
};

const anything: Spoil = {
  name: "bundle.json with anything in the place of anything",
  run: async (dice) => {
    const draft = await honestDraft(dice);
    draft.text = (text) => {
      const value: unknown = JSON.parse(text);
      const other = dice.pick(values);
      const at = dice.pick(placesIn(value));
      return canonicalText(
        replaceAt(value, at, (old) => (canonicalText(old) === canonicalText(other) ? "x" : other)),
      );
    };
    return { draft, expected: {} };
  },
};

/** One byte of the text becomes another; a sound text remains sound JSON often enough. */
const anyByte: Spoil = {
  name: "bundle.json with another byte",
  run: async (dice) => {
    const draft = await honestDraft(dice);
    draft.text = (text) => {
      const bytes = Buffer.from(text);
      const at = dice.between(0, bytes.length - 1);
      bytes[at] = dice.pick([...Buffer.from("AB01aZ_9")].filter((byte) => byte !== bytes[at]));
      return bytes;
    };
    return { draft, expected: {} };
  },
};

/** The zip itself; member 0 is `bundle.json`, member 1 a file. */
const tricked = (
  name: string,
  trick: ZipTrick | ((members: readonly ZipMember[]) => ZipTrick),
): Spoil =>
  written(`zip ${name}`, (draft) => {
    draft.members = (members) => {
      draft.tricks = [typeof trick === "function" ? trick(members) : trick];
      return members;
    };
  });

const remade = (name: string, members: NonNullable<Draft["members"]>): Spoil =>
  written(`zip ${name}`, (draft) => {
    draft.members = members;
  });

const rawly = (name: string, raw: (zip: Buffer, dice: Dice) => Buffer): Spoil =>
  written(`zip ${name}`, (draft, dice) => {
    draft.raw = (zip) => raw(zip, dice);
  });

const plain = (name: string, content = Buffer.from("x")): ZipMember => ({
  name,
  content,
  squeeze: false,
  described: false,
});

const withName = (name: string): Spoil =>
  remade(`with ${JSON.stringify(name.slice(0, 30))}`, (members) => [...members, plain(name)]);

const described =
  (flag: boolean) =>
  (members: readonly ZipMember[]): readonly ZipMember[] =>
    members.map((member) => ({ ...member, described: flag }));

const inEnd =
  (offset: number, bytes: 2 | 4, change: (value: number) => number) =>
  (zip: Buffer): Buffer => {
    const made = Buffer.from(zip);
    const at = made.length - 22 + offset;
    made.writeUIntLE(change(made.readUIntLE(at, bytes)), at, bytes);
    return made;
  };

const zips: readonly Spoil[] = [
  ...[
    "../x",
    "/etc/passwd",
    "files/../x",
    String.raw`files\x`,
    "bundle.json/",
    "",
    "files/",
    "files/x",
    `files/${"A".repeat(44)}`,
    `files/${"A".repeat(42)}=`,
    `files/${"A".repeat(43)}\n`,
    `Files/${"A".repeat(43)}`,
    `files//${"A".repeat(42)}`,
    `files/${"A".repeat(43)}\0`,
    "bundle.json\0",
    "BUNDLE.JSON",
    "./bundle.json",
  ].map(withName),
  remade("with bundle.json twice", (members) => [...members, there(members[0])]),
  remade("with another bundle.json first", (members) => [
    plain("bundle.json", Buffer.from("{}")),
    ...members,
  ]),
  remade("with a file twice", (members) => [...members, there(members[1])]),
  remade("without bundle.json", (members) => members.slice(1)),
  remade("without members", () => []),
  rawly("of nothing", () => Buffer.alloc(0)),
  rawly("of noise", (_, dice) => Buffer.from(dice.bytes(500))),
  rawly("cut at its end", (zip) => zip.subarray(0, -1)),
  rawly("cut at its begin", (zip) => zip.subarray(1)),
  rawly("with a byte before", (zip) => Buffer.concat([Buffer.from("#!"), zip])),
  rawly("with a byte behind", (zip) => Buffer.concat([zip, Buffer.from([0])])),
  rawly("with another zip behind", (zip) => Buffer.concat([zip, zip])),
  rawly("with a comment", (zip) => Buffer.concat([inEnd(20, 2, () => 2)(zip), Buffer.from("hi")])),
  rawly(
    "with a comment that is not there",
    inEnd(20, 2, () => 2),
  ),
  rawly(
    "of two disks",
    inEnd(4, 2, () => 1),
  ),
  rawly(
    "whose directory is on another disk",
    inEnd(6, 2, () => 1),
  ),
  rawly(
    "with fewer members here",
    inEnd(8, 2, (count) => count - 1),
  ),
  rawly(
    "with fewer members in all",
    inEnd(10, 2, (count) => count - 1),
  ),
  rawly("with fewer members told twice", (zip) =>
    inEnd(8, 2, (n) => n - 1)(inEnd(10, 2, (n) => n - 1)(zip)),
  ),
  rawly("with more members told", (zip) =>
    inEnd(8, 2, (n) => n + 1)(inEnd(10, 2, (n) => n + 1)(zip)),
  ),
  rawly(
    "with another length of its directory",
    inEnd(12, 4, (length) => length - 1),
  ),
  rawly(
    "with another place of its directory",
    inEnd(16, 4, (offset) => offset + 1),
  ),
  rawly(
    "with a directory past all",
    inEnd(16, 4, () => 0xffffffff),
  ),
  tricked("with bytes before the first member", { member: 0, before: Buffer.from("x") }),
  tricked("with bytes between members", { member: 1, before: Buffer.from("PK\u0003\u0004") }),
  tricked("with another name in the member's header", {
    member: 1,
    local: { name: `files/${"B".repeat(43)}` },
  }),
  tricked("with a longer name in the member's header", {
    member: 0,
    local: { name: "bundle.jsonx" },
  }),
  tricked("with another method in the member's header", ([one]) => ({
    member: 0,
    local: { method: one?.squeeze ? 0 : 8 },
  })),
  tricked("with another method in the directory", ([one]) => ({
    member: 0,
    central: { method: one?.squeeze ? 0 : 8 },
  })),
  tricked("with a method that is neither", {
    member: 0,
    central: { method: 12 },
    local: { method: 12 },
  }),
  tricked("with flags of encryption", { member: 0, central: { flags: 1 }, local: { flags: 1 } }),
  tricked("with a flag in the directory only", { member: 0, central: { flags: 0x0800 } }),
  tricked("with a masked directory", {
    member: 0,
    central: { flags: 0x2000 },
    local: { flags: 0x2000 },
  }),
  tricked("with another signature in the directory's row", {
    member: 1,
    local: { signature: 0x02014b50 },
  }),
  tricked("with a member that begins elsewhere", { member: 1, central: { offset: 0 } }),
  tricked("with an offset past all", { member: 0, central: { offset: 0xffffffff } }),
  tricked("on another disk", { member: 0, central: { disk: 1 } }),
  tricked("with zip64 sizes", { member: 0, central: { size: 0xffffffff, packed: 0xffffffff } }),
  tricked("with a zip64 field", {
    member: 0,
    central: { size: 0xffffffff },
    centralExtra: Buffer.from("0100080001000000000000", "hex"),
  }),
  tricked("with a field in the directory", {
    member: 0,
    centralExtra: Buffer.from("75700100", "hex"),
  }),
  tricked("with a field in the member's header", {
    member: 0,
    localExtra: Buffer.from("75700000", "hex"),
  }),
  tricked("with a member's comment", { member: 0, comment: Buffer.from("hi") }),
  tricked("with another sum in the directory", { member: 0, central: { crc: 1 } }),
  tricked("with another sum throughout", ([one]) => ({
    member: 0,
    central: { crc: 7 },
    local: { crc: one?.described ? 0 : 7 },
    descriptor: { crc: 7 },
  })),
  tricked("with another sum of a file throughout", (members) => ({
    member: 1,
    central: { crc: 7 },
    local: { crc: members[1]?.described ? 0 : 7 },
    descriptor: { crc: 7 },
  })),
  ...[-1, 1].map((more) =>
    tricked(`that tells of ${more} byte`, ([one]) => {
      const size = there(one).content.length + more;
      return {
        member: 0,
        central: { size },
        local: { size: one?.described ? 0 : size },
        descriptor: { size },
      };
    }),
  ),
  tricked("that tells of 300 MB", ([one]) => ({
    member: 0,
    central: { size: 300_000_000 },
    local: { size: one?.described ? 0 : 300_000_000 },
    descriptor: { size: 300_000_000 },
  })),
  tricked("with a byte behind the deflate stream", (members) => ({
    member: 0,
    repack: (packed) => Buffer.concat([packed, Buffer.from([0])]),
    ...(members[0]?.squeeze ? {} : { central: { size: there(members[0]).content.length } }),
  })),
  tricked("with a deflate stream cut", { member: 0, repack: (packed) => packed.subarray(0, -2) }),
  tricked("with noise for deflate", {
    member: 0,
    repack: (packed) => Buffer.alloc(packed.length, 0xff),
  }),
  ...(["signature", "crc", "packed", "size"] as const).map((field) =>
    written(`zip with another ${field} in a descriptor`, (draft) => {
      draft.members = (members) => described(true)(members);
      draft.tricks = [{ member: 0, descriptor: { [field]: 3 } }];
    }),
  ),
  written("zip whose described member tells its sizes before as well", (draft) => {
    draft.members = (members) => described(true)(members);
    draft.tricks = [{ member: 0, local: { size: 5 } }];
  }),
  written("zip whose member tells no sizes before and has no descriptor", (draft) => {
    draft.members = (members) => described(false)(members);
    draft.tricks = [{ member: 0, local: { size: 0, packed: 0, crc: 0 } }];
  }),
];

const often = (spoil: Spoil): readonly Spoil[] => Array.from({ length: 12 }, () => spoil);

export const formSpoils: readonly Spoil[] = [
  ...indexes,
  ...shapes,
  named,
  ...often(anything),
  ...often(anyByte),
  ...zips,
];
