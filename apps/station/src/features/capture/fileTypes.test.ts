import { expect, test } from "vitest";
import { sniff } from "./fileTypes.ts";

const bytes = (...parts: (string | number)[]) =>
  new Uint8Array(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...part].map((letter) => letter.charCodeAt(0)),
    ),
  );

test("a file is what its first bytes say", () => {
  expect(sniff(bytes(0xff, 0xd8, 0xff, 0xe0), "text/plain")).toEqual({
    type: "image/jpeg",
    role: "photo",
  });
  expect(sniff(bytes(0x89, "PNG"), "")).toEqual({ type: "image/png", role: "photo" });
  expect(sniff(bytes("%PDF-1.7"), "")).toEqual({ type: "application/pdf", role: "document" });
  expect(sniff(bytes("RIFF", 0, 0, 0, 0, "WEBP"), "")).toEqual({
    type: "image/webp",
    role: "photo",
  });
  expect(sniff(bytes(0, 0, 0, 24, "ftypisom"), "")).toEqual({ type: "video/mp4", role: "video" });
});
test("one container, sound or picture, as the recorder says", () => {
  const webm = bytes(0x1a, 0x45, 0xdf, 0xa3);
  expect(sniff(webm, "audio/webm")).toEqual({ type: "audio/webm", role: "voice" });
  expect(sniff(webm, "video/webm")).toEqual({ type: "video/webm", role: "video" });
});
test("what no other browser can show, and what is something else, is refused", () => {
  expect(sniff(bytes(0, 0, 0, 24, "ftypheic"), "image/heic")).toBeUndefined();
  expect(sniff(bytes("MZ", 0x90), "image/jpeg")).toBeUndefined();
  expect(sniff(new Uint8Array(), "image/jpeg")).toBeUndefined();
});
