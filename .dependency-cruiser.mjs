// What may import what: the picture of ARCHITECTURE.md, as rules. A package is reached by its one door only.
const mayImport = {
  "packages/terms": [],
  "packages/record": ["packages/terms"],
  "packages/api": ["packages/record", "packages/terms", "packages/session"],
  "packages/sync": ["packages/record", "packages/api"],
  "packages/ui": ["packages/record", "packages/terms"],
  "packages/postgres": [],
  "packages/livekit": [],
  "packages/recorder": [],
  "packages/session": [],
  "apps/server": [
    "packages/record",
    "packages/terms",
    "packages/api",
    "packages/session",
    "packages/recorder",
  ],
  "apps/station": [
    "packages/record",
    "packages/terms",
    "packages/api",
    "packages/session",
    "packages/sync",
    "packages/ui",
  ],
  "apps/cli": [
    "packages/record",
    "packages/terms",
    "packages/api",
    "packages/postgres",
    "packages/livekit",
    "packages/sync",
    "apps/server",
  ],
};
/** Tests may also start a database, and the engine's tests a whole server. */
const testsMayImport = {
  "apps/server": ["packages/postgres", "packages/livekit", "packages/sync"],
  "packages/sync": ["packages/postgres", "apps/server"],
  "packages/recorder": ["packages/livekit"],
};

const test = String.raw`\.(test|fixture|test-builder)\.tsx?$|/src/(test|testing)/`;
const group = (names) => (names.length === 0 ? "(?!)" : `^(${names.join("|")})/`);

const layer = ([name, allowed]) => ({
  name: `layer-${name}`,
  severity: "error",
  from: { path: `^${name}/`, pathNot: test },
  to: { path: "^(packages|apps|tests|bin)/", pathNot: [`^${name}/`, group(allowed)] },
});
const testLayer = ([name, allowed]) => ({
  name: `layer-tests-of-${name}`,
  severity: "error",
  from: { path: `^${name}/.*(${test})` },
  to: {
    path: "^(packages|apps|bin)/",
    pathNot: [`^${name}/`, group([...allowed, ...(testsMayImport[name] ?? [])])],
  },
});

/** Packages that know no world name their few libraries here. */
const libraries = {
  "packages/terms": [],
  "packages/record": ["canonicalize", "valibot"],
  "packages/sync": ["valibot"],
  "packages/session": ["valibot"],
};
const library = ([name, allowed]) => ({
  name: `libraries-of-${name}`,
  severity: "error",
  from: { path: `^${name}/src/`, pathNot: test },
  to: {
    dependencyTypes: ["npm", "npm-dev", "npm-optional", "core", "npm-no-pkg", "npm-unknown"],
    pathNot: group(allowed.map((each) => `.*node_modules/${each}`)),
  },
});

/** A library that is not a good interface, or may be changed for another, is named by one file alone. */
const behindOneFile = [
  ["tus-js-client", "apps/station"],
  ["hash-wasm", "apps/station"],
  ["livekit-client", "apps/station/src/features/live/livekitLine"],
  ["jsqr", "apps/station"],
  ["@tus/", "apps/server/src/files"],
  ["livekit-server-sdk", "apps/server/src/sessions/media"],
  ["opusscript", "packages/recorder/src"],
  ["@livekit/rtc-node", "packages/recorder/src"],
];

export default {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: {
        circular: true,
        // What is loaded later, or only named as a type, makes no circle when the program runs.
        viaOnly: { dependencyTypesNot: ["dynamic-import", "type-only"] },
      },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^node$" },
    },
    {
      name: "one-door",
      severity: "error",
      from: { path: "^(packages|apps)/([^/]+)/", pathNot: test },
      to: {
        path: "^(packages|apps)/([^/]+)/",
        pathNot: ["^$1/$2/", String.raw`^(packages|apps)/[^/]+/src/(index\.ts|styles\.css)$`],
      },
    },
    {
      name: "only-main-wires",
      severity: "error",
      from: {},
      to: { path: String.raw`^(packages|apps)/[^/]+/src/main\.tsx?$` },
    },
    {
      name: "no-tests-in-product",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: test },
      to: { path: [test, "^tests/"] },
    },
    {
      name: "listed-in-package-json",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: test },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"] },
    },
    ...Object.entries(mayImport).map(layer),
    ...Object.entries(mayImport).map(testLayer),
    ...Object.entries(libraries).map(library),
    ...behindOneFile.map(([name, folder]) => ({
      name: `${name}-in-${folder}`,
      severity: "error",
      from: { pathNot: [`^${folder}/`, test, "^tests/"] },
      to: { path: `node_modules/${name}` },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    builtInModules: {},
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "module", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mts", ".js", ".mjs", ".json", ".css"],
    },
  },
};
