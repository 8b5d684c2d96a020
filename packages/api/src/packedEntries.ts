import {
  fromBase64url,
  hashBody,
  hashText,
  isBase64url,
  SignedEntry,
  type Primitives,
} from "@lientuyen/record";
import * as v from "valibot";

/*
 * Entries on the line. Half of what compression leaves of an entry are hashes that the other side can
 * reckon for itself: of its own body, and of the entries before it. They are left out between two tabs,
 * which stand in no canonical text; everything else stays the exact text that was signed.
 */

/** Characters of a header and of a body, as `SignedEntry` has them. */
const mostHeader = 8_000;
const mostBody = 200_000;
/** The most entries of one message. */
const mostEntries = 500;
/** Characters of one message when it is whole again. */
const mostCharacters = 32_000_000;
const letters = (max: number) =>
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/), v.maxLength(max * mostEntries));
const saltLength = 22;
const sigLength = 86;

/** The texts of entries by columns, in their order. */
export const PackedEntries = v.strictObject({
  /**
   * Headers. Between two tabs: `0` the hash of the entry's own salt and body, `k` the hash of the entry `k`
   * places before, nothing a tab.
   */
  headers: v.pipe(v.array(v.pipe(v.string(), v.maxLength(mostHeader))), v.maxLength(mostEntries)),
  /** Bodies, written likewise; null where withheld. */
  bodies: v.pipe(
    v.array(v.nullable(v.pipe(v.string(), v.maxLength(mostBody)))),
    v.maxLength(mostEntries),
  ),
  /** 22 characters for each entry that has its body. */
  salts: letters(saltLength),
  /** 86 characters for each entry. */
  sigs: letters(sigLength),
});
export type PackedEntries = v.InferOutput<typeof PackedEntries>;

/** Loses nothing, whatever the texts are. Body and salt are both there or both gone. */
export async function packEntries(
  p: Primitives,
  entries: readonly SignedEntry[],
): Promise<PackedEntries> {
  const places = new Map<string, number>();
  const headers: string[] = [];
  const bodies: (string | null)[] = [];
  for (const [at, { header, body, salt }] of entries.entries()) {
    const whole = body !== undefined && salt !== undefined;
    const own =
      whole && isBase64url(salt) ? await hashBody(p, fromBase64url(salt), body) : undefined;
    bodies.push(whole ? shorten(body, at, places) : null);
    headers.push(shorten(header, at, places, own));
    places.set(await hashText(p, header), at);
  }
  return {
    headers,
    bodies,
    salts: entries.map(({ body, salt }) => (body === undefined ? "" : salt)).join(""),
    sigs: entries.map(({ sig }) => sig).join(""),
  };
}

function shorten(
  text: string,
  at: number,
  places: ReadonlyMap<string, number>,
  own?: string,
): string {
  return text.replaceAll("\t", "\t\t").replace(/"([A-Za-z0-9_-]{43})"/g, (quoted, hash: string) => {
    if (hash === own) return '"\t0\t"';
    const place = places.get(hash);
    return place === undefined ? quoted : `"\t${at - place}\t"`;
  });
}

/** Undefined where they are not whole: too few columns, a place before the first, more than an entry may hold. */
export async function unpackEntries(
  p: Primitives,
  packed: PackedEntries,
): Promise<readonly SignedEntry[] | undefined> {
  const columns = columnsOf(packed);
  if (columns === undefined) return undefined;
  const entries: SignedEntry[] = [];
  const hashes = new Map<number, Promise<string>>();
  let characters = 0;
  for (const [at, column] of columns.entries()) {
    const entry = await unpackOne(p, column, (back) => {
      const earlier = entries[at - back];
      if (earlier === undefined) return undefined;
      const hash = hashes.get(at - back) ?? hashText(p, earlier.header);
      hashes.set(at - back, hash);
      return hash;
    });
    if (entry === undefined) return undefined;
    characters += entry.header.length + (entry.body?.length ?? 0);
    if (characters > mostCharacters) return undefined;
    entries.push(entry);
  }
  return entries;
}

interface Column {
  readonly header: string;
  readonly body: string | undefined;
  readonly salt: string | undefined;
  readonly sig: string;
}

function columnsOf({ headers, bodies, salts, sigs }: PackedEntries): readonly Column[] | undefined {
  const whole = bodies.filter((body) => body !== null).length;
  if (
    headers.length !== bodies.length ||
    sigs.length !== headers.length * sigLength ||
    salts.length !== whole * saltLength
  )
    return undefined;
  let taken = 0;
  return headers.map((header, at): Column => {
    const body = bodies[at] ?? undefined;
    const sig = sigs.slice(at * sigLength, (at + 1) * sigLength);
    if (body === undefined) return { header, sig, body, salt: undefined };
    taken += saltLength;
    return { header, sig, body, salt: salts.slice(taken - saltLength, taken) };
  });
}

type HashBack = (places: number) => Promise<string> | undefined;

async function unpackOne(
  p: Primitives,
  { header: shortHeader, body: shortBody, salt, sig }: Column,
  earlier: HashBack,
): Promise<SignedEntry | undefined> {
  const body =
    shortBody === undefined
      ? undefined
      : await lengthen(shortBody, mostBody, (back) => (back === 0 ? undefined : earlier(back)));
  if (shortBody !== undefined && body === undefined) return undefined;
  const header = await lengthen(shortHeader, mostHeader, (back) => {
    if (back > 0) return earlier(back);
    if (body === undefined || salt === undefined || !isBase64url(salt)) return undefined;
    return hashBody(p, fromBase64url(salt), body);
  });
  const entry = v.safeParse(SignedEntry, {
    header,
    sig,
    ...(body === undefined ? {} : { body, salt }),
  });
  return entry.success ? entry.output : undefined;
}

const gap = /\t(\d{0,3})\t/g;
const hashLength = 43;

/** The text as it was; undefined where it names what is not there or would grow beyond `most` characters. */
async function lengthen(
  text: string,
  most: number,
  hashBack: HashBack,
): Promise<string | undefined> {
  const places = [...text.matchAll(gap)].map(([, digits = ""]) => digits);
  if (text.length + places.length * hashLength > most * 2) return undefined;
  const found = new Map<string, string>([["", "\t"]]);
  for (const digits of new Set(places)) {
    const hash = digits === "" ? "\t" : await hashBack(Number(digits));
    if (hash === undefined) return undefined;
    found.set(digits, hash);
  }
  const whole = text.replace(gap, (_, digits: string) => found.get(digits) ?? "");
  return whole.length > most ? undefined : whole;
}
