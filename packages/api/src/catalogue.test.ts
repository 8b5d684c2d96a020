/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { codesOf, errors, filesPath, isErrorCode, openapi, paths, routes, urlOf } from "./index.ts";

test("paths are exactly the routes' methods and paths", () => {
  const expected = Object.fromEntries(
    Object.entries(routes).map(([name, route]) => [name, `${route.method} ${route.path}`]),
  );
  expect(paths).toEqual(expected);
});

test("no two routes answer the same request", () => {
  const all = Object.values(paths).map((path) => path.replace(/:[a-z]+/g, ":"));
  expect(new Set(all).size).toBe(all.length);
});

test("every error has a status and a text in both languages, with the same placeholders", () => {
  const placeholders = (text: string) => (text.match(/\{[a-z]+\}/g) ?? []).sort();
  for (const { status, vi, en } of Object.values(errors)) {
    expect(status === 200 || (status >= 400 && status < 600)).toBe(true);
    expect(vi.length).toBeGreaterThan(3);
    expect(en.length).toBeGreaterThan(3);
    expect(placeholders(vi)).toEqual(placeholders(en));
  }
});

test("every path parameter has its schema, and only those", () => {
  for (const [name, route] of Object.entries(routes)) {
    const named = [...route.path.matchAll(/:([a-z]+)/g)].map(([, key]) => key);
    const stated = route.params === undefined ? [] : Object.keys(route.params.entries);
    expect([name, stated.sort()]).toEqual([name, named.sort()]);
  }
});

const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && file.name.endsWith(".ts") && !file.name.endsWith(".test.ts"))
    .map((file) => readFileSync(`${file.parentPath}/${file.name}`, "utf8"));

test("the catalogue has no row that nobody gives", () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const text = ["apps/server/src", "packages/record/src", "packages/api/src"]
    .flatMap((folder) => sources(root + folder))
    .filter((source) => !source.includes("export const errors ="))
    .join("\n");
  const unused = Object.keys(errors).filter((code) => !text.includes(`"${code}"`));
  expect(unused).toEqual([]);
});

test("codes of a route are in the catalogue, those of its callers included", () => {
  for (const route of Object.values(routes))
    for (const code of codesOf(route)) {
      expect(isErrorCode(code)).toBe(true);
      // What answers one entry of a batch (200) is no answer to a request.
      expect([code, errors[code].status >= 400]).toEqual([code, true]);
    }
  expect(codesOf(routes.quarantine)).toContain("forbidden");
  expect(codesOf(routes.signIn)).not.toContain("csrf");
});

test("openapi.json: 3.1, every route once, every schema one that a validator compiles", async () => {
  const document = openapi("1.0.0");
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "openapi", ...document });
  const operations: string[] = [];
  const walk = (value: unknown, pointer: string): void => {
    if (typeof value !== "object" || value === null) return;
    if ("operationId" in value) operations.push(String(value.operationId));
    if ("schema" in value && typeof value.schema === "object") {
      expect(() => ajv.compile({ $ref: `openapi#${pointer}/schema` })).not.toThrow();
    }
    for (const [key, field] of Object.entries(value)) {
      walk(field, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    }
  };
  walk(document, "");
  expect(document["openapi"]).toMatch(/^3\.1\./);
  expect(operations.filter((name) => Object.hasOwn(routes, name)).sort()).toEqual(
    Object.keys(routes).sort(),
  );
  expect(new Set(operations).size).toBe(operations.length);
  expect(document["paths"]).toHaveProperty([filesPath]);
});

test("addresses are built from parameters, encoded", () => {
  expect(urlOf("file", { case: "a/b", hash: "x" })).toBe("/v1/cases/a%2Fb/files/x");
});
