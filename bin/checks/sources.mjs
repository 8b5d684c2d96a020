import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "../steps/install.mjs";

const skipped = new Set(["node_modules", "dist", ".git", ".cache", ".lientuyen", ".bench", "docs"]);

/** Tests, what they share, and the browser tests. */
const isForTests = /\.(test|spec|fixture|test-builder)\.tsx?$|\/(tests|src\/test|src\/testing)\//;

export const listSources = (folder, wanted) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return listSources(full, wanted);
      return wanted.test(entry.name) ? [full] : [];
    });

export const parse = (file) => {
  const kind = file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true, kind);
};

/** Product sources in TypeScript, parsed once for every check that reads them. */
export const parseProduct = () =>
  listSources(root, /\.tsx?$/)
    .filter((file) => !isForTests.test(file))
    .map(parse);

export const place = (source, node) => {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return `${path.relative(root, source.fileName)}:${line + 1}`;
};
