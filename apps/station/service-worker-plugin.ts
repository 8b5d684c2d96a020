import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import type { Listed } from "./src/service-worker/listed.ts";

const fileName = "service-worker.js";
/** Names as the build gives them: the content's hash is in them. */
const hashed = /^assets\/.+-[\w-]{8}\.\w+$/;
const never = /(\.map|\.br|\.gz|\.txt)$/;
/** Of no use without a line: fetched when somebody joins a call, not by every device. */
const online = /^assets\/livekitLine-/;

/**
 * Builds src/service-worker/worker.ts as /service-worker.js with the list of all files that the app needs offline. Any
 * change of any file changes the list, and with it the worker: that is how the browser learns of a new version.
 */
export function serviceWorker(): Plugin {
  const source = fileURLToPath(new URL("src/service-worker/worker.ts", import.meta.url));
  let publicDir = "";
  return {
    name: "lientuyen-service-worker",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    buildStart() {
      this.emitFile({ type: "chunk", id: source, fileName });
    },
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const soon = neededSoon(bundle);
        const built = Object.values(bundle)
          .filter((file) => file.fileName !== fileName && !never.test(file.fileName))
          .filter((file) => !file.fileName.startsWith(".vite/") && !online.test(file.fileName))
          .map((file): Sized => ({
            name: file.fileName,
            rank: file.type === "chunk" && file.isEntry ? 0 : soon.has(file.fileName) ? 1 : 2,
            content: file.type === "chunk" ? file.code : file.source,
          }));
        const list = inOrder([...built, ...(await publicFiles(publicDir))]).map(listed);
        const worker = bundle[fileName];
        if (worker?.type !== "chunk") throw new Error("the service worker was not built");
        if (worker.imports.length > 0) throw new Error("the service worker must stand alone");
        worker.code = `const precacheList=${JSON.stringify(list)};${worker.code}`;
      },
    },
  };
}

interface Sized {
  readonly name: string;
  /** 0 before 1 before 2. */
  readonly rank: number;
  readonly content: string | Uint8Array;
}

/** With these a case is written: whoever loses the line right after the first sign-in needs no more. */
const forWriting =
  /[/](app[/]Unlocked\.tsx|home[/]HomeScreen\.tsx|device[/]openDevice\.ts|caseForm[/](CaseFormScreen\.tsx|laterSteps\.ts)|words[/]vi[/]\w+\.ts)$/;

type Bundle = Parameters<Extract<Plugin["generateBundle"], (...given: never) => unknown>>[1];

/** The files of those screens, with all that they import. */
const neededSoon = (bundle: Bundle): ReadonlySet<string> => {
  const needed = new Set<string>();
  const take = (name: string): void => {
    const file = bundle[name];
    if (needed.has(name) || file?.type !== "chunk") return;
    needed.add(name);
    for (const style of file.viteMetadata?.importedCss ?? []) needed.add(style);
    for (const each of file.imports) take(each);
  };
  for (const file of Object.values(bundle))
    if (file.type === "chunk" && forWriting.test(file.facadeModuleId ?? "")) take(file.fileName);
  return needed;
};

const publicFiles = async (folder: string): Promise<readonly Sized[]> => {
  if (folder === "") return [];
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names
      .filter((name) => !never.test(name))
      .map(async (name) => ({
        name,
        rank: 2,
        content: await readFile(join(folder, name)),
      })),
  );
};

const listed = ({ name, content }: Sized): Listed => {
  const revision = createHash("sha256").update(content).digest("base64url").slice(0, 10);
  return [`/${name}`, hashed.test(name) ? "" : revision];
};

/** Page and entry first, then what a case is written with, each small before large: a visit that is cut short has got the most. */
const inOrder = (files: readonly Sized[]): readonly Sized[] => {
  const weight = ({ name, rank }: Sized) => (name === "index.html" ? 0 : rank);
  return [...files].sort((a, b) => weight(a) - weight(b) || a.content.length - b.content.length);
};
