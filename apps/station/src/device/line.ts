import type { Bytes } from "@lientuyen/record";

/** A request as the typed client and the sync engine make it; they name no type of the browser's. */
export interface LineRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Bytes;
  /** The platform's AbortSignal, by whichever shape the caller knows it. */
  readonly signal?: object;
  readonly credentials?: "same-origin";
  readonly cache?: "no-store";
  readonly redirect?: "error";
}

/** The one way to the server: tests shape or cut it. */
export type Line = (url: string, request: LineRequest) => Promise<Response>;

export const browserLine: Line = (url, { signal, ...request }) =>
  fetch(url, signal instanceof AbortSignal ? { ...request, signal } : request);
