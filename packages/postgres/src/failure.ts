/** Why the database did not come up, where a person can do something about it. */
export type PostgresFailureCode =
  | "diskFull"
  | "otherVersion" // the folder was written by another major version of PostgreSQL
  | "noAccount" // root, and no ordinary account to run as could be made
  | "unsupported" // no PostgreSQL for this machine
  | "failed";

export class PostgresFailure extends Error {
  readonly code: PostgresFailureCode;
  constructor(code: PostgresFailureCode, message: string) {
    super(message);
    this.name = "PostgresFailure";
    this.code = code;
  }
}

/** Reads what PostgreSQL printed before it went away. */
export const failureFrom = (output: string): PostgresFailure => {
  const full = /No space left on device|ENOSPC|Disk quota exceeded/i.test(output);
  return new PostgresFailure(full ? "diskFull" : "failed", output.trim().slice(-2_000));
};
