import fc from "fast-check";
import * as v from "valibot";
import type { Json } from "./values.ts";

/** What this reads of a valibot schema, which names its parts by these words. */
const Node = v.object({
  type: v.string(),
  entries: v.optional(v.record(v.string(), v.unknown())),
  wrapped: v.optional(v.unknown()),
  item: v.optional(v.unknown()),
  options: v.optional(v.array(v.unknown())),
  literal: v.optional(v.union([v.string(), v.number()])),
  pipe: v.optional(v.array(v.object({ type: v.string(), requirement: v.optional(v.unknown()) }))),
});
type Node = v.InferOutput<typeof Node>;

const words = ["sua", "Trạm y tế xã Sơn Hà", "Rắn cắn, đau nhiều", "ẫẫ", "12913-K7M2-9TXC"];

/** Values that a schema of the contract allows; texts with a pattern are mostly ones that exist in the world. */
export const ofSchema = (schema: unknown, known: readonly string[]): fc.Arbitrary<Json> => {
  const node = v.parse(Node, schema);
  const inner = (each: unknown): fc.Arbitrary<Json> => ofSchema(each, known);
  switch (node.type) {
    case "optional":
      return inner(node.wrapped);
    case "nullable":
      return fc.oneof(fc.constant(null), inner(node.wrapped));
    case "literal":
      return fc.constant(node.literal ?? 1);
    case "picklist":
      return fc.constantFrom(...v.parse(v.array(v.string()), node.options));
    case "union":
    case "variant":
      return fc.oneof(...(node.options ?? []).map(inner));
    case "array":
      return fc.array(inner(node.item), {
        minLength: Number(limitOf(node, "min_length") ?? 0),
        maxLength: 3,
      });
    case "object":
    case "strict_object":
      return ofEntries(node.entries ?? {}, inner);
    case "boolean":
      return fc.boolean();
    case "number":
      return fc.oneof(fc.integer({ min: 0, max: 200 }), fc.maxSafeInteger());
    case "string":
      return ofText(node, known);
    default:
      return fc.jsonValue().map((value) => v.parse(AnyJson, value));
  }
};

const AnyJson: v.GenericSchema<unknown, Json> = v.lazy(() =>
  v.union([
    v.null(),
    v.boolean(),
    v.number(),
    v.string(),
    v.array(AnyJson),
    v.record(v.string(), AnyJson),
  ]),
);

const limitOf = (node: Node, type: string): unknown =>
  node.pipe?.find((step) => step.type === type)?.requirement;

const isOptional = (schema: unknown): boolean => v.parse(Node, schema).type === "optional";

const ofEntries = (
  entries: Readonly<Record<string, unknown>>,
  inner: (schema: unknown) => fc.Arbitrary<Json>,
): fc.Arbitrary<Json> =>
  fc.record(
    Object.fromEntries(Object.entries(entries).map(([name, each]) => [name, inner(each)])),
    {
      requiredKeys: Object.keys(entries).filter((name) => !isOptional(entries[name])),
    },
  );

const ofText = (node: Node, known: readonly string[]): fc.Arbitrary<string> => {
  const pattern = limitOf(node, "regex");
  const most = Number(limitOf(node, "max_length") ?? 300);
  const fits = known.filter(
    (each) => each.length <= most && (!(pattern instanceof RegExp) || pattern.test(each)),
  );
  const made =
    pattern instanceof RegExp
      ? fc.stringMatching(pattern)
      : fc.oneof(
          fc.constantFrom(...words),
          fc.string({ unit: "binary", minLength: 1, maxLength: Math.min(most, 80) }),
          fc.constant("ộ".repeat(Math.min(most, 20_000))),
        );
  if (fits.length === 0) return made;
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...fits) },
    { weight: 1, arbitrary: made },
  );
};
