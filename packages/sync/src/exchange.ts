import type { Bytes } from "@lientuyen/record";
import type { ByteStream } from "./platform.ts";
import type { NetworkFailure, NetworkRefusal, StopSignal } from "./ports.ts";

export interface HttpRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Bytes;
  readonly signal?: StopSignal;
  readonly credentials?: "same-origin";
  readonly cache?: "no-store";
  readonly redirect?: "error";
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ByteStream | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** One exchange: how it went wrong, or the server's answer read to its end. */
export type Exchange =
  | {
      readonly result: "ok";
      readonly status: number;
      readonly headers: HttpResponse["headers"];
      readonly bytes: Bytes;
    }
  | NetworkFailure
  | NetworkRefusal;

export type Send = (request: {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: Bytes;
  readonly signal: StopSignal;
}) => Promise<Exchange>;
