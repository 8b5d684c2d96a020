/** Our own fault or an argument that no caller should pass: what a caller must handle is a return value instead. */
export class RecordError extends Error {
  readonly code: "not_json" | "too_deep" | "not_base64url" | "out_of_range";
  constructor(code: RecordError["code"], message: string) {
    super(message);
    this.name = "RecordError";
    this.code = code;
  }
}
