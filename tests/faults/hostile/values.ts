import fc from "fast-check";

/** JSON as no honest client sends it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

const nested = (depth: number): Json => {
  let value: Json = "đáy";
  for (let at = 0; at < depth; at += 1) value = at % 2 === 0 ? [value] : { sâu: value };
  return value;
};

const texts = [
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "xương\udfff",
  "\u202eđảo",
  "\r\nx-injected: 1",
  "' or 1=1; drop table entry; --",
  "../../../../etc/passwd",
  "..%2f..%2f",
  "%00",
  "${jndi:ldap://x}",
  "__proto__",
  "constructor",
  "9".repeat(400),
  "9999-99-99T99:99:99.999Z",
  "0000-00-00T00:00:00.000Z",
  "00000000-0000-0000-0000-000000000000",
  "case/------------------------------------",
  "ộ".repeat(301),
  "x".repeat(70_000),
];
const numbers = [0, -0, -1, 0.5, 1e-320, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 1e308, -1e308];

/** Wrong types, huge numbers, NUL, lone surrogates, paths, SQL, depth, length. */
export const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...texts) },
  { weight: 3, arbitrary: fc.constantFrom(...numbers) },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 1, arbitrary: fc.constantFrom<Json>([], {}, [[]], { "": "" }) },
  { weight: 1, arbitrary: fc.constantFrom(10, 60, 70, 2_000).map(nested) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constant<Json>({ ["__proto__"]: { isAdministrator: true }, toString: 1 }),
  },
);

type Path = readonly (string | number)[];

const pathsIn = (value: Json, path: Path = []): readonly Path[] => {
  if (typeof value !== "object" || value === null) return [path];
  const members: readonly (readonly [string | number, Json])[] = isList(value)
    ? value.map((each, at) => [at, each] as const)
    : Object.entries(value);
  return [path, ...members.flatMap(([key, each]) => pathsIn(each, [...path, key]))];
};

export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const replaced = (value: Json, [key, ...rest]: Path, by: Json | undefined): Json => {
  if (key === undefined) return by ?? null;
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map((each, at) => (at === key ? replaced(each, rest, by) : each));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      if (name !== key) return [[name, each]];
      return rest.length === 0 && by === undefined ? [] : [[name, replaced(each, rest, by)]];
    }),
  );
};

/** A sound value with one place of it spoilt: replaced, left out, or something added. */
export const nearly = (sound: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .tuple(
      sound,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.option(hostileValue, { nil: undefined, freq: 6 }),
    )
    .map(([value, at, by]) => {
      const paths = pathsIn(value);
      return replaced(value, paths[Math.floor(at * paths.length)] ?? [], by);
    });
