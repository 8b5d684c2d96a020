import { toBase64url } from "@lientuyen/record";

/** Up to here the whole content is held in memory once; above it is read in pieces. */
const atOnceBytes = 16 * 1024 * 1024;
const pieceBytes = 1024 * 1024;

/** SHA-256 of a file's content, base64url. */
export const contentHash = async (crypto: Crypto, content: Blob): Promise<string> => {
  if (content.size <= atOnceBytes) {
    const digest = await crypto.subtle.digest("SHA-256", await content.arrayBuffer());
    return toBase64url(new Uint8Array(digest));
  }
  const { createSHA256 } = await import("hash-wasm");
  const hasher = await createSHA256();
  for (let from = 0; from < content.size; from += pieceBytes)
    hasher.update(new Uint8Array(await content.slice(from, from + pieceBytes).arrayBuffer()));
  return toBase64url(hasher.digest("binary"));
};
