import { canonicalText } from "@lientuyen/record";
import type { Bundle, BundledEntry } from "../../apps/cli/src/bundle/format.ts";
import { there, type Dice } from "./dice.ts";
import { tellStory, type Story } from "./honest.ts";
import { asObject } from "./json.ts";
import { bundleOf, layDown } from "./world.ts";
import { writeZip, type ZipMember, type ZipTrick } from "./zipWriter.ts";

/** A bundle on its way into the zip, open to hands that mean ill. */
export interface Draft {
  readonly story: Story;
  readonly bundle: Bundle;
  readonly files: Map<string, Uint8Array>;
  /** The root that is asked for. */
  root: string | undefined;
  /** Checkpoints that others keep, where they are to be compared. */
  deposits?: { name: string; text: string }[];
  /** Another text than the canonical one. */
  text?: (canonical: string) => string | Uint8Array;
  /** Another list of members. */
  members?: (members: readonly ZipMember[]) => readonly ZipMember[];
  tricks?: readonly ZipTrick[];
  /** Another zip. */
  raw?: (zip: Buffer) => Buffer;
}

export interface DraftOptions {
  readonly withTree?: boolean;
}

/** Sizes in rising order, the last of them one of the bundle's own. */
const depositSizes = ({ story, bundle }: Draft): readonly number[] => {
  const { dice, leaves } = story.world;
  const own = bundle.tree?.since === undefined || dice.chance(0.5) ? leaves.length : undefined;
  const since: unknown = JSON.parse(bundle.tree?.since?.checkpoint.text ?? "{}");
  const last = own ?? Number(asObject(since)["size"]);
  const sizes = Array.from({ length: dice.between(0, 4) }, () => dice.between(1, last));
  return [...new Set([...sizes, last])].toSorted((a, b) => a - b);
};

/** The same bundle, to be compared with what others keep: among it some that are none, or somebody else's. */
export const keepElsewhere = async (draft: Draft): Promise<Draft> => {
  const { world } = draft.story;
  const kept = await layDown(world, world.leaves, depositSizes(draft));
  const [one] = kept;
  const text = one?.text ?? "";
  const strangers = [
    { name: "text.json", text: "{" },
    { name: "spaced.json", text: text.replace(":", ": ") },
    { name: "newer.json", text: text.replace(/"v":1\}$/, '"v":2}') },
    { name: "other.json", text: text.replace(/"root":"./, '"root":"_') },
    { name: "unsigned.json", text: text.replace(/"sig":"./, '"sig":"_') },
  ].filter(() => world.dice.chance(0.2));
  return { ...draft, deposits: [...strangers, ...kept] };
};

export const draftOf = async (story: Story, options: DraftOptions = {}): Promise<Draft> => {
  const { world, uuid } = story;
  const { withTree = world.dice.chance(0.6) } = options;
  const bundle = await bundleOf(world, uuid, withTree);
  const files = new Map(world.files);
  return { story, bundle, files, root: world.dice.chance(0.5) ? world.root.key : undefined };
};

/** A story is told, then bundled as it stands. */
export const honestDraft = async (dice: Dice, options: DraftOptions = {}): Promise<Draft> =>
  draftOf(await tellStory(dice), options);

export const pack = (draft: Draft): Buffer => {
  const { dice } = draft.story.world;
  const canonical = canonicalText(draft.bundle);
  const text = draft.text?.(canonical) ?? canonical;
  const index = typeof text === "string" ? Buffer.from(text) : text;
  const way = { squeeze: dice.chance(0.7), described: dice.chance(0.5) };
  const members: readonly ZipMember[] = [
    { name: "bundle.json", content: index, ...way },
    ...[...draft.files].map(([hash, content]) => ({
      name: `files/${hash}`,
      content,
      squeeze: dice.chance(0.3),
      described: dice.chance(0.5),
    })),
  ];
  const zip = writeZip(draft.members?.(members) ?? members, draft.tricks);
  return draft.raw?.(zip) ?? zip;
};

export const entriesOf = ({ bundle }: Draft, log: string): BundledEntry[] =>
  there(bundle.logs.find((each) => each.log === log)).entries;

export const caseOf = (draft: Draft): BundledEntry[] => entriesOf(draft, draft.story.log);

/** A log of the bundle, by chance. */
export const someLog = ({ bundle, story }: Draft, least = 1): string =>
  story.world.dice.pick(bundle.logs.filter(({ entries }) => entries.length >= least)).log;
