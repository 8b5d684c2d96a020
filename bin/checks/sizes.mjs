import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { stationDist } from "../steps/build.mjs";

const kilobyte = 1_000;
/** DESIGN: what a first visit brings over the wire, compressed. */
const budgets = [
  { name: "sign-in", limit: 100 * kilobyte, routes: [] },
  {
    name: "working case form",
    limit: 200 * kilobyte,
    routes: [/HomeScreen\.tsx$/, /NewCaseScreen\.tsx$/, /CaseFormScreen\.tsx$/],
  },
];
/** By password and new PIN to the home screen; `npm run bench first-visit` sees what a browser really asks for. */
const loadedSignedIn = [
  /words\/vi\/first\.ts$/,
  /app\/Unlocked\.tsx$/,
  /(^_|\/)openDevice/,
  /device\/enrol\.ts$/,
  /\/hash-wasm\//,
];

const compressed = (file) => {
  const body = readFileSync(path.join(stationDist, file));
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
};

/** Every file that a chunk brings along: its own, its styles, and what it imports statically. */
const filesOf = (manifest, key, seen = new Set()) => {
  const chunk = manifest[key];
  if (chunk === undefined || seen.has(key)) return [];
  seen.add(key);
  return [
    chunk.file,
    ...(chunk.css ?? []),
    ...(chunk.imports ?? []).flatMap((next) => filesOf(manifest, next, seen)),
  ];
};

const keysMatching = (manifest, patterns) =>
  Object.keys(manifest).filter((key) => patterns.some((pattern) => pattern.test(key)));

/** A pattern that finds nothing measures nothing. */
const hasAll = (manifest, patterns) =>
  patterns.every((pattern) => keysMatching(manifest, [pattern]).length > 0);

const measure = (manifest, budget) => {
  const entries = Object.keys(manifest).filter((key) => manifest[key].isEntry);
  const more = budget.routes.length === 0 ? [] : [...loadedSignedIn, ...budget.routes];
  const routes = keysMatching(manifest, budget.routes);
  const files = new Set([
    "index.html",
    ...[...entries, ...keysMatching(manifest, more)].flatMap((key) => filesOf(manifest, key)),
  ]);
  const bytes = [...files].reduce((sum, file) => sum + compressed(file), 0);
  return {
    ...budget,
    bytes,
    missing: routes.length < budget.routes.length || !hasAll(manifest, more),
    files: [...files],
  };
};

const kb = (bytes) => (bytes / kilobyte).toFixed(1);

/** First-visit sizes from Vite's manifest, brotli, against the budgets. */
export const checkSizes = () => {
  const file = path.join(stationDist, ".vite/manifest.json");
  if (!existsSync(file)) return { ok: false, output: "the station app has no build manifest" };
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const measured = budgets.map((budget) => measure(manifest, budget));
  const lines = measured.flatMap(({ name, bytes, limit, missing, files }) => {
    if (missing)
      return [`${name}: a chunk of its way is not in the manifest, so it was not measured`];
    return bytes > limit
      ? [`${name}: ${kb(bytes)} KB, at most ${kb(limit)} KB: ${files.join(" ")}`]
      : [];
  });
  return {
    ok: lines.length === 0,
    output: lines.join("\n"),
    note: measured
      .map(({ name, bytes, limit }) => `${name} ${kb(bytes)} of ${kb(limit)} KB`)
      .join(", "),
  };
};
