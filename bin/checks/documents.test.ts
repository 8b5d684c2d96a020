import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const documents = globSync("{*.md,docs/**/*.md,packages/*/*.md}", { cwd: root }).map((file) => ({
  file,
  text: readFileSync(path.join(root, file), "utf8"),
}));
const { scripts } = v.parse(
  v.object({ scripts: v.record(v.string(), v.string()) }),
  JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")),
);

it("every command that a document names is there", () => {
  const missing = documents.flatMap(({ file, text }) =>
    [...text.matchAll(/`(?:[^`]* )?npm run ([a-z:]+)/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !(name in scripts))
      .map((name) => `${file}: npm run ${name}`),
  );
  expect(documents.length).toBeGreaterThan(10);
  expect(missing).toEqual([]);
});

it("every link of a document into the repository leads to a file", () => {
  const broken = documents.flatMap(({ file, text }) =>
    [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, to = ""]) => to)
      .filter((to) => !existsSync(path.join(root, path.dirname(file), to)))
      .map((to) => `${file}: ${to}`),
  );
  expect(broken).toEqual([]);
});
