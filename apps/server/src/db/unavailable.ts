import pg from "pg";

/** PostgreSQL is away or says that it is: a later try may succeed, nothing was decided. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
/** Class 08 connection, 57P0x shutdown and start, class 53 no room or no connection left, 25006 read-only (a standby). */
const serverCodes = /^(08...|57P0[1-5]|53...|25006)$/;
/** What `pg` says without a code when the connection breaks under it. */
const sayings = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error",
  "Client was closed and is not queryable",
];

export const isUnavailable = (error: unknown): boolean => {
  if (error instanceof Unavailable) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return serverCodes.test(error.code ?? "");
  if ("code" in error && typeof error.code === "string" && "syscall" in error)
    return networkCodes.has(error.code);
  return sayings.some((saying) => error.message.includes(saying));
};
