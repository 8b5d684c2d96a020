import { canonicalText } from "@lientuyen/record";
import { there, type Dice } from "./dice.ts";
import { caseOf, draftOf, entriesOf, honestDraft, someLog, type Draft } from "./draft.ts";
import { addFile, tellStory, writeAs, type Story } from "./honest.ts";
import { asObject } from "./json.ts";
import type { Spoil } from "./spoil.ts";
import { forge, hashOf, makeKey, type Row, type WriteOptions } from "./world.ts";

type Bundled = ReturnType<typeof caseOf>[number];

const hashIn = ({ entry }: Bundled): string => hashOf(entry.header);

/** One entry of a sound bundle is made over, its receipt stays. */
const changed = (
  name: string,
  change: (bundled: Bundled, dice: Dice) => void,
  fault: string | ((bundled: Bundled) => string),
): Spoil => ({
  name,
  run: async (dice) => {
    const draft = await honestDraft(dice);
    const bundled = dice.pick(entriesOf(draft, someLog(draft)).filter(({ entry }) => entry.body));
    change(bundled, dice);
    const what = typeof fault === "string" ? fault : fault(bundled);
    return { draft, expected: { verdict: "broken", fault: what, entry: hashIn(bundled) } };
  },
});

/** One letter of base64url, or of a text, becomes another. */
const otherLetter = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

/** The last letter carries bits of no byte: another letter says the same bytes to a lenient reader. */
export const strayBits = (text: string): string => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + there(letters[letters.indexOf(there(text.at(-1))) + 1]);
};

const rewritten = (header: string, change: (header: Record<string, unknown>) => void): string => {
  const value = { ...asObject(JSON.parse(header)) };
  change(value);
  return canonicalText(value);
};

/** An entry that its author (or the server) made so, received as any other. */
const received = (name: string, body: unknown, options: WriteOptions, fault: string): Spoil => ({
  name,
  run: async (dice) => {
    const story = await tellStory(dice);
    const row = await writeAs(story, dice.pick(story.people), "note", body, options);
    return {
      draft: await draftOf(story),
      expected: { verdict: "broken", fault, entry: row.hash },
    };
  },
});

/** The author signs a header of another form, or another body's text. */
const signedOtherwise = (
  name: string,
  make: (header: string, body: string) => { readonly header?: string; readonly body?: string },
  fault: string,
): Spoil => ({
  name,
  run: async (dice) => {
    const story = await tellStory(dice);
    const author = dice.pick(story.people);
    const change: NonNullable<WriteOptions["change"]> = (signed) => {
      const { header = signed.header, body } = make(signed.header, there(signed.body));
      const salt = there(signed.salt);
      const salted = Buffer.concat([Buffer.from(salt, "base64url"), Buffer.from(body ?? "")]);
      const own =
        body === undefined
          ? header
          : header.replace(/"bodyHash":"[^"]*"/, `"bodyHash":"${hashOf(salted)}"`);
      return forge(author.key, own, { text: body ?? there(signed.body), salt });
    };
    const row = await writeAs(story, author, "note", { text: "Sốt", count: 1 }, { change });
    return { draft: await draftOf(story), expected: { verdict: "broken", fault, entry: row.hash } };
  },
});

const withField = (field: string, value: unknown) => (header: string) => ({
  header: rewritten(header, (parts) => {
    parts[field] = value;
  }),
});

const forms: readonly Spoil[] = [
  signedOtherwise("header with a space", (header) => ({ header: `${header} ` }), "signature"),
  signedOtherwise(
    "header in another order",
    (header) => ({
      header: header.replace(/^\{("after":\[[^\]]*\]),("at":"[^"]*")/, "{$2,$1"),
    }),
    "signature",
  ),
  signedOtherwise(
    "header with a name twice",
    (header) => ({
      header: header.replace('"v":1', '"v":1,"v":1'),
    }),
    "signature",
  ),
  signedOtherwise(
    "header with another spelling of a letter",
    (header) => ({
      header: header.replace('"note"', String.raw`"\u006eote"`),
    }),
    "signature",
  ),
  signedOtherwise(
    "number with a point",
    (header) => ({ header: header.replace('"v":1', '"v":1.0') }),
    "signature",
  ),
  signedOtherwise(
    "number with an exponent",
    (header) => ({ header: header.replace('"v":1', '"v":1e0') }),
    "signature",
  ),
  signedOtherwise("version 2", withField("v", 2), "signature"),
  signedOtherwise("version true", withField("v", true), "signature"),
  signedOtherwise("version as text", withField("v", "1"), "signature"),
  signedOtherwise("counter 0", withField("n", 0), "signature"),
  signedOtherwise("counter past the whole numbers", withField("n", 2 ** 53), "signature"),
  signedOtherwise("counter with a fraction", withField("n", 1.5), "signature"),
  signedOtherwise("unknown field", withField("more", 1), "signature"),
  signedOtherwise(
    "__proto__ as a field",
    (header) => ({
      header: header.replace("{", '{"__proto__":{},'),
    }),
    "signature",
  ),
  signedOtherwise("kind with a line end", withField("kind", "note\n"), "signature"),
  signedOtherwise("time in other digits", withField("at", "٢٠٢٦-01-01T00:00:00.000Z"), "signature"),
  signedOtherwise(
    "time with a line end",
    withField("at", "2026-01-01T00:00:00.000Z\n"),
    "signature",
  ),
  signedOtherwise(
    "id in capitals",
    withField("id", "0190A000-0000-7000-8000-000000000000"),
    "signature",
  ),
  signedOtherwise("after as an object", withField("after", {}), "signature"),
  signedOtherwise(
    "65 heads",
    withField(
      "after",
      Array.from({ length: 65 }, (_, i) => hashOf(String(i))),
    ),
    "signature",
  ),
  signedOtherwise("dir null", withField("dir", null), "signature"),
  signedOtherwise("header that is a list", () => ({ header: "[]" }), "signature"),
  signedOtherwise("header that is no JSON", () => ({ header: "NaN" }), "signature"),
  signedOtherwise(
    "header too deep",
    () => ({ header: "[".repeat(3000) + "]".repeat(3000) }),
    "signature",
  ),
  signedOtherwise("body with a space", (_, body) => ({ body: `${body} ` }), "bodyHash"),
  signedOtherwise(
    "body with a name twice",
    () => ({ body: '{"text":"a","text":"b"}' }),
    "bodyHash",
  ),
  signedOtherwise("body with 1.0", () => ({ body: '{"x":1.0}' }), "bodyHash"),
  signedOtherwise("body with -0", () => ({ body: '{"x":-0}' }), "bodyHash"),
  signedOtherwise("body with a number past all", () => ({ body: '{"x":1e400}' }), "bodyHash"),
  signedOtherwise("body with Infinity", () => ({ body: '{"x":Infinity}' }), "bodyHash"),
  signedOtherwise("body with NaN", () => ({ body: '{"x":NaN}' }), "bodyHash"),
  signedOtherwise(
    "body with a long number",
    () => ({ body: '{"x":9007199254740993}' }),
    "bodyHash",
  ),
  signedOtherwise("body with 1E21", () => ({ body: '{"x":1E21}' }), "bodyHash"),
  signedOtherwise(
    "body with 100000 zeros",
    () => ({ body: `{"x":1${"0".repeat(100_000)}}` }),
    "bodyHash",
  ),
  signedOtherwise(
    "body with an escaped slash",
    () => ({ body: String.raw`{"x":"\/"}` }),
    "bodyHash",
  ),
  signedOtherwise(
    "body with a capital escape",
    () => ({ body: String.raw`{"x":"\u001F"}` }),
    "bodyHash",
  ),
  signedOtherwise(
    "body with an escaped letter",
    () => ({ body: String.raw`{"x":"\u00e9"}` }),
    "bodyHash",
  ),
  signedOtherwise(
    "body with half a pair",
    () => ({ body: String.raw`{"x":"\ud800"}` }),
    "bodyHash",
  ),
  signedOtherwise("body with a raw line end", () => ({ body: '{"x":"\n"}' }), "bodyHash"),
  signedOtherwise(
    "body sorted by code points",
    () => ({ body: '{"\ufb33":1,"\u{1f600}":2}' }),
    "bodyHash",
  ),
  signedOtherwise("body with a comment", () => ({ body: '{"x":1}//' }), "bodyHash"),
  signedOtherwise("body with a comma more", () => ({ body: '{"x":[1,]}' }), "bodyHash"),
  signedOtherwise(
    "body too deep",
    () => ({ body: `{"x":${"[".repeat(64)}1${"]".repeat(64)}}` }),
    "bodyHash",
  ),
  signedOtherwise(
    "body far too deep",
    () => ({ body: `{"x":${"[".repeat(90_000)}${"]".repeat(90_000)}}` }),
    "bodyHash",
  ),
  signedOtherwise("body that is a list", () => ({ body: "[]" }), "bodyHash"),
  signedOtherwise("body that is null", () => ({ body: "null" }), "bodyHash"),
  signedOtherwise("empty body", () => ({ body: "" }), "bodyHash"),
];

const signatures: readonly Spoil[] = [
  changed(
    "signature changed",
    ({ entry }, dice) => {
      entry.sig = otherLetter(entry.sig, dice.between(0, 80));
    },
    "signature",
  ),
  changed(
    "signature with stray bits",
    ({ entry }) => {
      entry.sig = strayBits(entry.sig);
    },
    "signature",
  ),
  ...["\u0000".repeat(64), `${"\u0000".repeat(32)}${"\u0001".repeat(32)}`, "\u00ff".repeat(64)].map(
    (raw, i) =>
      received(
        `signature of numbers at the edge ${i}`,
        {},
        {
          change: (signed) => ({
            ...signed,
            sig: Buffer.from(raw, "latin1").toString("base64url"),
          }),
        },
        "signature",
      ),
  ),
  received(
    "signature as DER, cut to length",
    {},
    {
      change: (signed) => {
        const raw = Buffer.from(signed.sig, "base64url");
        const der = Buffer.concat([
          Buffer.from([0x30, 0x44, 2, 0x20]),
          raw.subarray(0, 32),
          Buffer.from([2, 0x20]),
          raw.subarray(32),
        ]);
        return { ...signed, sig: der.subarray(0, 64).toString("base64url") };
      },
    },
    "signature",
  ),
  received(
    "r and s swapped",
    {},
    {
      change: (signed) => {
        const raw = Buffer.from(signed.sig, "base64url");
        return {
          ...signed,
          sig: Buffer.concat([raw.subarray(32), raw.subarray(0, 32)]).toString("base64url"),
        };
      },
    },
    "signature",
  ),
  {
    name: "signed over a digest of the header instead of its text",
    run: async (dice) => {
      const story = await tellStory(dice);
      const author = dice.pick(story.people);
      const change: NonNullable<WriteOptions["change"]> = async (signed) => ({
        ...signed,
        sig: (await forge(author.key, hashOf(signed.header))).sig,
      });
      const row = await writeAs(story, author, "note", {}, { change });
      return {
        draft: await draftOf(story),
        expected: { verdict: "broken", fault: "signature", entry: row.hash },
      };
    },
  },
];

const texts: readonly Spoil[] = [
  changed(
    "a byte of a body",
    ({ entry }, dice) => {
      const body = there(entry.body);
      entry.body = otherLetter(body, dice.between(0, body.length - 1));
    },
    "bodyHash",
  ),
  changed(
    "a byte of a header",
    ({ entry }) => {
      entry.header = entry.header.replace(/"bodyHash":"./, (found) =>
        otherLetter(found, found.length - 1),
      );
    },
    "receipt",
  ),
  changed(
    "another time of writing",
    ({ entry }) => {
      entry.header = entry.header.replace(/"at":"./, '"at":"1');
    },
    "signature",
  ),
  changed(
    "another salt",
    ({ entry }) => {
      entry.salt = otherLetter(there(entry.salt), 3);
    },
    "bodyHash",
  ),
  changed(
    "salt with stray bits",
    ({ entry }) => {
      entry.salt = strayBits(there(entry.salt));
    },
    "bodyHash",
  ),
  changed(
    "a body without its salt",
    ({ entry }) => {
      delete entry.salt;
    },
    "bodyHash",
  ),
  changed(
    "a salt without its body",
    ({ entry }) => {
      delete entry.body;
    },
    "bodyHash",
  ),
];

const withoutBody = (name: string, log: (draft: Draft) => string): Spoil => ({
  name,
  run: async (dice) => {
    const draft = await honestDraft(dice);
    const own = entriesOf(draft, log(draft)).filter(
      ({ entry }) =>
        !/"kind":"(correction|fileAdded)"/.test(entry.header) && entry.body !== undefined,
    );
    const bundled = dice.pick(own);
    delete bundled.entry.body;
    delete bundled.entry.salt;
    return { draft, expected: { verdict: "broken", fault: "bodyHash", entry: hashIn(bundled) } };
  },
});

/** A withholding that has no say: the body is gone all the same. */
const withheldBy = (name: string, by: (story: Story, target: Row) => Promise<unknown>): Spoil => ({
  name,
  run: async (dice) => {
    const story = await tellStory(dice);
    const author = there(story.people.find(({ facility }) => facility === "12913"));
    const row = await writeAs(story, author, "note", { text: "Sốt" });
    await by(story, row);
    const { header, sig } = row.signed;
    row.signed = { header, sig };
    return {
      draft: await draftOf(story),
      expected: { verdict: "broken", fault: "bodyHash", entry: row.hash },
    };
  },
});

const withheldBody = (target: Row) => ({
  target: target.hash,
  ground: "wrongPatient",
  effect: "hide",
});

const bodies: readonly Spoil[] = [
  withoutBody("body missing in the case", ({ story }) => story.log),
  withoutBody("body missing in the installation", () => "installation"),
  withoutBody("body missing in a directory", () => "directory/12913"),
  withheldBy("withheld by a key of no facility", async (story, target) => {
    await story.world.write(story.world.certificate, story.log, "withheld", withheldBody(target));
  }),
  withheldBy("withheld in a directory", async (story, target) => {
    await story.world.write(
      story.world.certificate,
      "directory/12913",
      "withheld",
      withheldBody(target),
    );
  }),
  withheldBy("withheld with a field too many", async (story, target) => {
    const author = there(story.people.find(({ facility }) => facility === "12913"));
    await writeAs(story, author, "withheld", { ...withheldBody(target), more: 1 });
  }),
  withheldBy("withheld with a ground that is none", async (story, target) => {
    const author = there(story.people.find(({ facility }) => facility === "12913"));
    await writeAs(story, author, "withheld", { ...withheldBody(target), ground: "shame" });
  }),
  {
    name: "a withholding withheld",
    run: async (dice) => {
      const story = await tellStory(dice);
      const author = dice.pick(story.people);
      const note = await writeAs(story, author, "note", { text: "Sốt" });
      const row = await writeAs(story, author, "withheld", withheldBody(note));
      await writeAs(story, author, "withheld", withheldBody(row));
      const { header, sig } = row.signed;
      row.signed = { header, sig };
      return {
        draft: await draftOf(story),
        expected: { verdict: "broken", fault: "bodyHash", entry: row.hash },
      };
    },
  },
];

const fileSpoil = (
  name: string,
  fault: string,
  change: (draft: Draft, hash: string, dice: Dice) => void,
): Spoil => ({
  name,
  run: async (dice) => {
    const story = await tellStory(dice);
    const row = await addFile(story, dice.pick(story.people), dice);
    const draft = await draftOf(story);
    const hash = there([...draft.files.keys()].at(-1));
    change(draft, hash, dice);
    const entry = fault === "fileStray" ? {} : { entry: row.hash };
    return { draft, expected: { verdict: "broken", fault, ...entry } };
  },
});

const files: readonly Spoil[] = [
  fileSpoil("a byte of a file", "fileChanged", ({ files: all }, hash, dice) => {
    const content = Uint8Array.from(there(all.get(hash)));
    const at = dice.between(0, content.length - 1);
    content[at] = (content[at] ?? 0) ^ 1;
    all.set(hash, content);
  }),
  fileSpoil("a file cut", "fileChanged", ({ files: all }, hash) => {
    all.set(hash, there(all.get(hash)).subarray(1));
  }),
  fileSpoil("a file missing", "fileMissing", ({ files: all }, hash) => {
    all.delete(hash);
  }),
  fileSpoil("a file that nobody names", "fileStray", ({ files: all }, _, dice) => {
    const content = dice.bytes(9);
    all.set(hashOf(content), content);
  }),
  {
    name: "a file of another size than its entry says",
    run: async (dice) => {
      const story = await tellStory(dice);
      const content = dice.bytes(50);
      const file = { hash: hashOf(content), size: 51, type: "image/jpeg" };
      story.world.files.set(file.hash, content);
      const row = await writeAs(story, dice.pick(story.people), "fileAdded", {
        file,
        role: "photo",
      });
      return {
        draft: await draftOf(story),
        expected: { verdict: "broken", fault: "fileChanged", entry: row.hash },
      };
    },
  },
  {
    name: "two entries of one file, one with another size",
    run: async (dice) => {
      const story = await tellStory(dice);
      await addFile(story, dice.pick(story.people), dice);
      const [hash, content] = there([...story.world.files].at(-1));
      const file = { hash, size: content.length + 1, type: "image/jpeg" };
      const row = await writeAs(story, dice.pick(story.people), "fileAdded", {
        file,
        role: "photo",
      });
      return {
        draft: await draftOf(story),
        expected: { verdict: "broken", fault: "fileChanged", entry: row.hash },
      };
    },
  },
  {
    name: "a correction's file missing",
    run: async (dice) => {
      const story = await tellStory(dice);
      const file = { hash: hashOf(dice.bytes(5)), size: 5, type: "image/jpeg" };
      const body = { target: hashOf("x"), reason: "tên", body: { file, role: "photo" } };
      const row = await writeAs(story, dice.pick(story.people), "correction", body);
      return {
        draft: await draftOf(story),
        expected: { verdict: "broken", fault: "fileMissing", entry: row.hash },
      };
    },
  },
  {
    name: "a file named by what is no file reference",
    run: async (dice) => {
      const story = await tellStory(dice);
      const content = dice.bytes(5);
      const hash = hashOf(content);
      story.world.files.set(hash, content);
      const sorts = [
        { hash, size: 5 },
        { hash, size: 5, type: "Image/JPEG" },
        { hash, size: 5, type: "image/jpeg", name: "x" },
      ];
      await writeAs(story, dice.pick(story.people), "fileAdded", {
        file: dice.pick(sorts),
        role: "photo",
      });
      return { draft: await draftOf(story), expected: { verdict: "broken", fault: "fileStray" } };
    },
  },
];

const strangers: readonly Spoil[] = [
  {
    name: "an entry by a key that no directory certifies",
    run: async (dice) => {
      const story = await tellStory(dice);
      const { world, log } = story;
      const signer = dice.pick([
        makeKey(),
        world.certificate,
        world.root,
        world.receipt,
        world.checkpoint,
      ]);
      const row = await world.write(signer, log, "note", { text: "ai viết?" });
      return {
        draft: await draftOf(story),
        expected: { verdict: "broken", fault: "unknownKey", entry: row.hash },
      };
    },
  },
];

export const entrySpoils: readonly Spoil[] = [
  ...texts,
  ...signatures,
  ...forms,
  ...bodies,
  ...files,
  ...strangers,
];
