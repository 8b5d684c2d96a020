import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { errors, type ErrorCode } from "./errors.ts";
import { filesPath } from "./paths.ts";
import { ErrorAnswer, routes } from "./routes.ts";
import type { Route, Who } from "./route.ts";

type AnyRoute = Route<v.GenericSchema | undefined, v.GenericSchema | undefined>;
type Json = { readonly [key: string]: unknown };

/** OpenAPI 3.1 of every route, made from the table that the server itself is made from. */
export const openapi = (version: string): Json => ({
  openapi: "3.1.0",
  info: { title: "Liên Tuyến", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
  paths: { ...pathsOf(), ...filesPaths },
  components: {
    schemas: { Error: schemaOf(ErrorAnswer) },
    securitySchemes: {
      session: {
        type: "apiKey",
        in: "cookie",
        name: "lientuyen",
        description: "Set by sign-in; requests that change something also carry x-lientuyen-csrf",
      },
      transport: {
        type: "http",
        scheme: "bearer",
        description: "The transport token of an enrolled device",
      },
    },
  },
});

const pathsOf = (): Json => {
  const found: Record<string, Record<string, unknown>> = {};
  for (const [name, each] of Object.entries(routes)) {
    const path = each.path.replace(/:([a-z]+)/g, "{$1}");
    (found[path] ??= {})[each.method.toLowerCase()] = operationOf(name, each);
  }
  return found;
};

const operationOf = (name: string, each: AnyRoute): Json => ({
  operationId: name,
  summary: each.summary,
  security: securityOf(each.who),
  parameters: [
    ...parametersOf("path", each.params),
    ...(each.method === "GET" ? parametersOf("query", each.in) : []),
  ],
  ...(each.method !== "GET" && each.in !== undefined
    ? {
        requestBody: {
          required: true,
          content: { "application/json": { schema: schemaOf(each.in) } },
        },
      }
    : {}),
  responses: { ...successOf(each), ...failuresOf(each) },
});

const securityOf = (who: Who): readonly Json[] => {
  if (who === "signedIn" || who === "clinical" || who === "administrator") return [{ session: [] }];
  return who === "transport" ? [{ transport: [] }] : [];
};

const schemaOf = (schema: v.GenericSchema): Json => {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    errorMode: "ignore",
    target: "draft-2020-12",
  });
  return rest;
};

const parametersOf = (
  place: "path" | "query",
  schema: v.GenericSchema | undefined,
): readonly Json[] => {
  if (schema === undefined) return [];
  const { properties, required } = toJsonSchema(schema, {
    errorMode: "ignore",
    target: "draft-2020-12",
  });
  return Object.entries(properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || (required ?? []).includes(name),
    schema: property,
  }));
};

const successOf = (each: AnyRoute): Json => {
  if (each.media !== undefined)
    return { "200": { description: "OK", content: { [each.media]: {} } } };
  if (each.out === undefined) return { "204": { description: "Done" } };
  return {
    "200": { description: "OK", content: { "application/json": { schema: schemaOf(each.out) } } },
  };
};

/** Every route may also answer these. */
const always: readonly ErrorCode[] = ["bad_request", "unavailable", "internal"];
const guarded: Readonly<Record<Who, readonly ErrorCode[]>> = {
  anyone: [],
  signedIn: ["not_signed_in", "csrf"],
  clinical: ["not_signed_in", "csrf", "forbidden"],
  administrator: ["not_signed_in", "csrf", "forbidden"],
  transport: ["not_signed_in"],
  cameraLink: ["link_expired"],
};

/** All catalogue codes with which a route may answer. */
export const codesOf = (each: AnyRoute): readonly ErrorCode[] => [
  ...new Set([...each.errors, ...guarded[each.who], ...always]),
];

const failuresOf = (each: AnyRoute): Json => {
  const byStatus: Record<string, string[]> = {};
  for (const code of codesOf(each)) (byStatus[String(errors[code].status)] ??= []).push(code);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes]) => [
      status,
      {
        description: codes.join(", "),
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    ]),
  );
};

const tusHeader = (name: string, description: string): Json => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" },
});
const upload = { name: "upload", in: "path", required: true, schema: { type: "string" } };
const security = [{ session: [] }, { transport: [] }];
const filesPaths: Json = {
  [filesPath]: {
    post: {
      operationId: "createUpload",
      summary: "tus 1.0 creation; Upload-Metadata: log, hash, type, each base64",
      security,
      parameters: [
        tusHeader("Tus-Resumable", "1.0.0"),
        tusHeader("Upload-Length", "Bytes in all"),
        tusHeader("Upload-Metadata", "log, hash, type"),
      ],
      responses: {
        "201": { description: "Created; Location is the upload" },
        "413": { description: "file_too_large" },
        "422": { description: "file_empty" },
        "507": { description: "storage_full" },
      },
    },
  },
  [`${filesPath}/{upload}`]: {
    head: {
      operationId: "uploadOffset",
      summary: "tus 1.0: how much has arrived",
      security,
      parameters: [upload, tusHeader("Tus-Resumable", "1.0.0")],
      responses: {
        "200": { description: "Upload-Offset says how much" },
        "404": { description: "not_found" },
      },
    },
    patch: {
      operationId: "continueUpload",
      summary:
        "tus 1.0: the next bytes; the last ones are answered after hash, size and type were checked",
      security,
      parameters: [
        upload,
        tusHeader("Tus-Resumable", "1.0.0"),
        tusHeader("Upload-Offset", "Where these bytes begin"),
      ],
      requestBody: { required: true, content: { "application/offset+octet-stream": {} } },
      responses: {
        "204": { description: "Taken" },
        "415": { description: "file_type_refused, file_type_mismatch" },
        "422": { description: "file_hash_mismatch" },
        "507": { description: "storage_full" },
      },
    },
  },
};
