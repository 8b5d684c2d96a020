import { filesPath } from "@lientuyen/api";
import { toBase64url } from "@lientuyen/record";
import { encodeUtf8 } from "./platform.ts";
import type { Network } from "./ports.ts";
import type { Exchange, Send } from "./exchange.ts";

/*
 * tus 1.0 (https://tus.io/protocols/resumable-upload), the three requests that the engine drives: creation,
 * HEAD, PATCH. Order, resuming, waiting and chunk size are the engine's, so a client library would only
 * have its own turned off.
 */

const version = { "tus-resumable": "1.0.0" };

/** Standard base64 with padding, as Upload-Metadata wants it. */
function base64(text: string): string {
  const unpadded = toBase64url(encodeUtf8(text)).replaceAll("-", "+").replaceAll("_", "/");
  return unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, "=");
}

const metadata = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${base64(value)}`)
    .join(",");

/** The path on this server; a Location may be absolute, behind a proxy even with another host. */
const pathOf = (location: string): string => location.replace(/^[a-z]+:\/\/[^/]+/, "");

const offsetIn = (answer: Extract<Exchange, { result: "ok" }>): number | undefined => {
  const offset = Number(answer.headers.get("upload-offset") ?? Number.NaN);
  return Number.isSafeInteger(offset) && offset >= 0 ? offset : undefined;
};

/** The upload is known there no more. */
const isGone = (answer: Exchange): boolean =>
  answer.result === "refused" && (answer.status === 404 || answer.status === 410);

export function createTus(
  send: Send,
): Pick<Network, "createUpload" | "uploadOffset" | "sendChunk"> {
  return {
    createUpload: async ({ log, hash, size, type }, signal) => {
      const headers = {
        ...version,
        "upload-length": String(size),
        "upload-metadata": metadata({ log, hash, type }),
      };
      const answer = await send({ method: "POST", path: filesPath, headers, signal });
      if (answer.result !== "ok") return answer;
      const url = answer.headers.get("location");
      return url === null ? { result: "offline" } : { result: "ok", url: pathOf(url) };
    },
    uploadOffset: async (url, signal) => {
      const answer = await send({ method: "HEAD", path: url, headers: version, signal });
      if (isGone(answer)) return { result: "gone" };
      if (answer.result !== "ok") return answer;
      const offset = offsetIn(answer);
      return offset === undefined ? { result: "offline" } : { result: "ok", offset };
    },
    sendChunk: async (url, offset, bytes, signal) => {
      const headers = {
        ...version,
        "upload-offset": String(offset),
        "content-type": "application/offset+octet-stream",
      };
      const answer = await send({ method: "PATCH", path: url, headers, body: bytes, signal });
      if (isGone(answer)) return { result: "gone" };
      // 409: it stands at another byte. 423: the request before this one has not let go yet.
      if (answer.result === "refused" && (answer.status === 409 || answer.status === 423))
        return { result: "moved" };
      if (answer.result !== "ok") return answer;
      const next = offsetIn(answer);
      return next === undefined ? { result: "offline" } : { result: "ok", offset: next };
    },
  };
}
