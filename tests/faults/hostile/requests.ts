import { gzipSync } from "node:zlib";
import { filesPath, routes, type RouteName } from "@lientuyen/api";
import { caseBodies, directoryBodies, patientBodies } from "@lientuyen/record";
import fc from "fast-check";
import type { EntryPlan } from "./entries.ts";
import { ofSchema } from "./ofSchema.ts";
import { hostileValue, isList, nearly, type Json } from "./values.ts";
import type { World } from "./world.ts";

/** One request to be sent: by whom, how it comes signed in, what it says. */
export interface Plan {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  /** Index of the caller. */
  readonly by: number;
  readonly session: "own" | "none" | "garbage";
  readonly csrf: "own" | "none" | "wrong";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | Uint8Array | undefined;
  readonly wire: Wire;
  /** Entries to be signed into the body's place. */
  readonly entries?: readonly EntryPlan[];
}

/** How a body travels. */
export type Wire =
  | "plain"
  | "gzip"
  | "gzipCutShort"
  | "cutShort"
  | "notUtf8"
  | "wrongType"
  | "noType"
  | "unknownEncoding"
  | "veryDeep";

const wires: fc.Arbitrary<Wire> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Wire>("plain") },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Wire>(
      "gzip",
      "gzipCutShort",
      "cutShort",
      "notUtf8",
      "wrongType",
      "noType",
      "unknownEncoding",
      "veryDeep",
    ),
  },
);

/** The bytes of a body and what its headers say of them. */
export const wired = (
  body: Json | Uint8Array,
  wire: Wire,
): { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> } => {
  if (body instanceof Uint8Array) return { bytes: body, headers: {} };
  const type = { "content-type": "application/json" };
  const bytes = Buffer.from(JSON.stringify(body));
  switch (wire) {
    case "plain":
      return { bytes, headers: type };
    case "gzip":
      return { bytes: gzipSync(bytes), headers: { ...type, "content-encoding": "gzip" } };
    case "gzipCutShort":
      return {
        bytes: gzipSync(bytes).subarray(0, -9),
        headers: { ...type, "content-encoding": "gzip" },
      };
    case "cutShort":
      return { bytes: bytes.subarray(0, -1), headers: type };
    case "notUtf8":
      return { bytes: Buffer.concat([bytes, Buffer.from([0xc3, 0x28])]), headers: type };
    case "wrongType":
      return { bytes, headers: { "content-type": 'text/xml; charset="x' } };
    case "noType":
      return { bytes, headers: {} };
    case "unknownEncoding":
      return { bytes, headers: { ...type, "content-encoding": "zstd, gzip" } };
    case "veryDeep":
      return { bytes: Buffer.alloc(100_000, "["), headers: type };
  }
};

const strangeHeaders = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Record<string, string>>({}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { "x-lientuyen-protocol": "0" },
      { "x-lientuyen-protocol": "99999999999999999999" },
      { origin: "null" },
      { origin: "https://x.example" },
      { "sec-fetch-site": "cross-site" },
      { authorization: "Bearer " },
      { authorization: `Bearer ${"A".repeat(43)}` },
      { range: "bytes=0-0" },
      { range: `bytes=${"9".repeat(400)}-` },
      { range: `bytes=-${"9".repeat(30)}` },
      { range: "bytes=5-1, 3-" },
      { "if-none-match": '"\\"' },
      { "x-http-method-override": "DELETE" },
      { "x-forwarded-for": "\t' or 1=1" },
      { expect: "200-ok" },
      { cookie: "lientuyen=%00; lientuyen=%ff; __proto__=1" },
    ),
  },
);

const encoded = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    // What no address can hold: as somebody would try to.
    return "%ed%a0%80%zz";
  }
};

const asText = (value: Json | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? "");
const membersOf = (value: Json): Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !isList(value) ? value : {};

const saneOrNot = (schema: unknown, known: readonly string[]): fc.Arbitrary<Json> => {
  const sound = ofSchema(schema, known);
  return fc.oneof(
    { weight: 5, arbitrary: sound },
    { weight: 4, arbitrary: nearly(sound) },
    { weight: 1, arbitrary: hostileValue },
  );
};

const manner = (callers: number) =>
  fc.record({
    by: fc.nat(callers - 1),
    session: fc.oneof(
      { weight: 8, arbitrary: fc.constant<"own">("own") },
      { weight: 1, arbitrary: fc.constantFrom<"none" | "garbage">("none", "garbage") },
    ),
    csrf: fc.oneof(
      { weight: 8, arbitrary: fc.constant<"own">("own") },
      { weight: 1, arbitrary: fc.constantFrom<"none" | "wrong">("none", "wrong") },
    ),
    headers: strangeHeaders,
    wire: wires,
  });

const longPath = (path: string): string => path.slice(0, 9_000);

/** Any request to one route of the table. */
const ofRoute = (name: RouteName, { known, callers }: World): fc.Arbitrary<Plan> => {
  const route = routes[name];
  const params = "params" in route ? saneOrNot(route.params, known) : fc.constant<Json>({});
  const input = route.in === undefined ? undefined : saneOrNot(route.in, known);
  return fc
    .record({
      manner: manner(callers.length),
      params,
      input: input ?? fc.option(hostileValue, { nil: undefined, freq: 3 }),
    })
    .map(({ manner: how, params: given, input: said }) => {
      const members = membersOf(given);
      const path = route.path.replace(/:([a-z]+)/g, (_, key: string) =>
        encoded(asText(members[key] ?? given)),
      );
      const query =
        route.method === "GET" && said !== undefined
          ? `?${Object.entries(membersOf(said))
              .map(([key, value]) => `${encoded(key)}=${encoded(asText(value))}`)
              .join("&")}`
          : "";
      return {
        ...how,
        route: name,
        method: route.method,
        path: longPath(path + query),
        body: route.method === "GET" ? undefined : said,
      };
    });
};

const bodies = Object.entries({ ...caseBodies, ...directoryBodies, ...patientBodies });

/** A batch of signed entries: sound, nearly sound, or signed nonsense. */
const ofEntries = ({ known, callers }: World): fc.Arbitrary<Plan> => {
  const logs = known.filter((each) => /^(case|patient|directory)\/|^installation$/.test(each));
  const hashes = known.filter((each) => /^[A-Za-z0-9_-]{43}$/.test(each));
  const entry = fc.constantFrom(...bodies).chain(([kind, schema]) =>
    fc.record({
      kind: fc.oneof(
        { weight: 12, arbitrary: fc.constant(kind) },
        { weight: 1, arbitrary: fc.constantFrom("toString", "constructor", "nobodyKnowsThis") },
      ),
      body: saneOrNot(schema, known),
      log: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...logs) },
        { weight: 1, arbitrary: fc.uuid().map((id) => `case/${id}`) },
      ),
      after: fc.subarray(hashes, { maxLength: 2 }),
      patch: fc.oneof(
        { weight: 8, arbitrary: fc.constant<Readonly<Record<string, Json>>>({}) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(
              fc.constantFrom("v", "id", "log", "kind", "n", "dir", "at", "after", "bodyHash"),
              hostileValue,
            )
            .map(([key, value]) => ({ [key]: value })),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom<Readonly<Record<string, Json>>>(
            { at: "9999-99-99T99:99:99.999Z" },
            { at: "0000-00-00T00:00:00.000Z" },
            { n: Number.MAX_SAFE_INTEGER },
            { log: "case/------------------------------------" },
          ),
        },
      ),
    }),
  );
  return fc
    .record({
      manner: manner(callers.length),
      entries: fc.array(entry, { minLength: 1, maxLength: 6 }),
    })
    .map(({ manner: how, entries }) => ({
      ...how,
      route: "entries",
      method: "POST",
      path: routes.entries.path,
      body: null,
      entries,
    }));
};

const latin = fc.string({ maxLength: 30 }).map((text) => text.replace(/[^\x20-\x7e]/g, "?"));
const b64 = (text: string): string => Buffer.from(text).toString("base64");

/** tus: creation, continuing and asking, with one's own upload, another's, and neither. */
const ofFiles = (world: World): fc.Arbitrary<Plan> => {
  const { known, callers, upload } = world;
  const metadata = fc.oneof(
    latin,
    fc
      .array(
        fc.tuple(
          fc.constantFrom("log", "hash", "type", "facility", "__proto__", "x"),
          fc.oneof(fc.constantFrom(...known, "image/jpeg", "text/html"), hostileValue.map(asText)),
        ),
        { maxLength: 5 },
      )
      .map((pairs) => pairs.map(([key, value]) => `${key} ${b64(value).slice(0, 2_000)}`).join()),
  );
  const number = fc.constantFrom("0", "1", "100", "501", "-1", "1e3", "1e+21", "9".repeat(30), "x");
  const tus = fc.record(
    {
      "tus-resumable": fc.constantFrom("1.0.0", "1.0.0", "1.0.0", "0.9", ""),
      "upload-length": number,
      "upload-offset": number,
      "upload-metadata": metadata,
      "upload-defer-length": fc.constantFrom("1", "2"),
      "upload-concat": fc.constantFrom("partial", `final;/v1/files/${upload.foreign}`, ""),
      "content-type": fc.constantFrom("application/offset+octet-stream", "application/json"),
    },
    { requiredKeys: [] },
  );
  const id = fc.constantFrom(
    upload.own,
    upload.foreign,
    `${upload.own}?/${upload.foreign}`,
    "%00",
    "..%2f..",
    "x",
    `${upload.own}/`,
    `${upload.own}?${upload.foreign}`,
    `${upload.own}.json`,
  );
  const place = fc.oneof(
    fc.constant(["POST", filesPath] as const),
    fc.constant(["POST", `${filesPath}?/${upload.foreign}`] as const),
    fc
      .tuple(fc.constantFrom("HEAD", "PATCH", "GET", "DELETE", "OPTIONS", "POST"), id)
      .map(([method, each]) => [method, `${filesPath}/${each}`] as const),
  );
  return fc
    .record({
      manner: manner(callers.length),
      place,
      tus,
      size: fc.constantFrom(0, 1, 100, 501),
    })
    .map(({ manner: how, place: [method, path], tus: headers, size }) => ({
      ...how,
      headers: { ...how.headers, "tus-resumable": "1.0.0", ...headers },
      route: "files",
      method,
      path,
      body: method === "HEAD" || method === "GET" ? undefined : Buffer.alloc(size, 7),
    }));
};

/** The phone's camera: raw bytes that say to be a picture. */
const ofPhotos = ({ known, callers }: World): fc.Arbitrary<Plan> =>
  fc
    .record({
      manner: manner(callers.length),
      token: fc.oneof(fc.constantFrom(...known), hostileValue.map(asText)),
      type: fc.constantFrom("image/jpeg", "image/svg+xml", "image/", "text/html"),
      bytes: fc.uint8Array({ maxLength: 60 }),
    })
    .map(({ manner: how, token, type, bytes }) => ({
      ...how,
      route: "addPhoto",
      method: "POST",
      path: longPath(`/v1/camera/${encoded(token)}`),
      headers: { ...how.headers, "content-type": type },
      body: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), bytes]),
    }));

/** Addresses that are nobody's. */
const ofPaths = ({ callers }: World): fc.Arbitrary<Plan> =>
  fc
    .record({
      manner: manner(callers.length),
      method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"),
      path: fc.oneof(
        fc.constantFrom(
          "/%",
          "/%zz",
          "/v1/cases/%",
          "/v1/%00",
          "/..%2f..%2fetc/passwd",
          "//x.example",
          "/v1/cases/" + "x".repeat(400),
          "/assets/..%5c..%5cx",
          "/.env",
          "/index.html%00",
          "/v1/cases/%c0%ae%c0%ae",
          "/openapi.json?x=%",
          "/v1/feed/wake/../../x",
          "/%E1%BB",
        ),
        hostileValue.map((value) => longPath(`/${encoded(asText(value))}`)),
      ),
    })
    .map(({ manner: how, method, path }) => ({
      ...how,
      route: "path",
      method,
      path,
      body: undefined,
    }));

const isRouteName = (name: string): name is RouteName => Object.hasOwn(routes, name);

/** Every route of the table in turn, entries and files more often. */
export const plansFor = (world: World): fc.Arbitrary<Plan> =>
  fc.oneof(
    ...Object.keys(routes)
      .filter(isRouteName)
      .map((name) => ({ weight: 2, arbitrary: ofRoute(name, world) })),
    { weight: 16, arbitrary: ofEntries(world) },
    { weight: 8, arbitrary: ofFiles(world) },
    { weight: 3, arbitrary: ofPhotos(world) },
    { weight: 4, arbitrary: ofPaths(world) },
  );
