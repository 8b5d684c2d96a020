import type { ErrorCode } from "@lientuyen/api";

/** An answer of the errors catalogue, thrown where a request ends early. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: ErrorCode;
  /** Where the fault lies, e.g. a field's path; never a value. */
  readonly detail: string | undefined;
  constructor(code: ErrorCode, detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}
