import { isErrorCode, type ErrorCode } from "@lientuyen/api";

/** Why the device could not do what a screen asked; nothing was changed. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
  readonly code: ErrorCode | "offline" | "storageFull" | "locked";

  constructor(code: DeviceError["code"]) {
    super(code);
    this.code = code;
  }
}

export const isCatalogued: (code: string) => code is ErrorCode = isErrorCode;
