import {
  directoryBodies,
  caseBodies,
  Deposit,
  FileRef,
  Header,
  installationBodies,
} from "@lientuyen/record";
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { expect, test } from "vitest";
import { ExtentText } from "../../apps/cli/src/bundle/extent.ts";
import { Bundle } from "../../apps/cli/src/bundle/format.ts";
import { CheckpointText } from "../../packages/record/src/checkpoint.ts";

/** Throws where a schema says what JSON Schema cannot: then docs/verify.md has to. */
const schemaOf = (schema: v.GenericSchema): unknown => {
  const { $schema: _, ...rest } = toJsonSchema(schema, { target: "draft-2020-12" });
  return rest;
};
const schemasOf = (bodies: Readonly<Record<string, v.GenericSchema>>) =>
  Object.fromEntries(Object.entries(bodies).map(([kind, body]) => [kind, schemaOf(body)]));

const { installationFounded, serverKeyCertified, epochStarted } = installationBodies;
const { keyCertified, keyDisowned, deviceDisowned, entryReleased } = directoryBodies;
const { withheld } = caseBodies;

test("docs/bundle.schema.json is what the check reads bundles by", async () => {
  const schemas = {
    bundle: schemaOf(Bundle),
    header: schemaOf(Header),
    extentText: schemaOf(ExtentText),
    checkpointText: schemaOf(CheckpointText),
    deposit: schemaOf(Deposit),
    fileRef: schemaOf(FileRef),
    bodies: {
      installation: schemasOf({ installationFounded, serverKeyCertified, epochStarted }),
      directory: schemasOf({ keyCertified, keyDisowned, deviceDisowned, entryReleased }),
      case: schemasOf({ withheld }),
    },
  };
  const text = `${JSON.stringify(schemas, undefined, 1)}\n`;
  await expect(text).toMatchFileSnapshot("../../docs/bundle.schema.json");
});
