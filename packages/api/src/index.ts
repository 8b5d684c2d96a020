export * from "./errors.ts";
export * from "./route.ts";
export * from "./routes.ts";
export * from "./paths.ts";
export * from "./client.ts";
export * from "./sealed.ts";
export * from "./openapi.ts";
