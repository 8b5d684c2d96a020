import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkBoundaries } from "./boundaries.mjs";

let folder = "";
const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
};
const rulesBroken = async (): Promise<readonly string[]> => {
  const { violations } = await checkBoundaries(folder, 1);
  return violations.map((each: { readonly rule: { readonly name: string } }) => each.rule.name);
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lientuyen-boundaries-"));
  write("packages/record/src/index.ts", "export const record = 1;\n");
  write("packages/record/src/inside.ts", "export const inside = 1;\n");
  write("packages/terms/src/index.ts", "export const terms = 1;\n");
  write(
    "apps/server/src/index.ts",
    'export { record } from "../../../packages/record/src/index.ts";\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the boundaries bite", { timeout: 60_000 }, () => {
  test("a clean tree passes", async () => {
    expect(await rulesBroken()).toEqual([]);
  });

  test("a planted import against the arrows is seen", async () => {
    write(
      "packages/terms/src/wrong.ts",
      'import { record } from "../../record/src/index.ts";\nexport const wrong = record;\n',
    );
    expect(await rulesBroken()).toContain("layer-packages/terms");
  });

  test("a planted import past the door is seen", async () => {
    write(
      "apps/server/src/wrong.ts",
      'import { inside } from "../../../packages/record/src/inside.ts";\nexport const wrong = inside;\n',
    );
    expect(await rulesBroken()).toContain("one-door");
  });

  test("a planted circle is seen", async () => {
    write(
      "packages/record/src/one.ts",
      'import { two } from "./two.ts";\nexport const one = (): unknown => two;\n',
    );
    write(
      "packages/record/src/two.ts",
      'import { one } from "./one.ts";\nexport const two = (): unknown => one;\n',
    );
    expect(await rulesBroken()).toContain("no-circles");
  });

  test("a planted world in a package that knows none is seen", async () => {
    write(
      "packages/record/src/clock.ts",
      'import { hostname } from "node:os";\nexport const where = hostname();\n',
    );
    expect(await rulesBroken()).toContain("libraries-of-packages/record");
  });

  test("an empty answer of the tool is a failure, not a pass", async () => {
    const answer = await checkBoundaries(folder, 1_000);
    expect(answer.ok).toBe(false);
    expect(answer.output).toContain("the check itself is broken");
  });
});
