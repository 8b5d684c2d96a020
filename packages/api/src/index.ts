export * from "./errors.ts";
export * from "./route.ts";
export * from "./routes.ts";
