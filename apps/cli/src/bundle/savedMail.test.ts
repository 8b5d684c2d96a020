import { expect, test } from "vitest";
import { attachedTexts } from "./savedMail.ts";

const inBase64 = (text: string) =>
  (
    Buffer.from(text)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\r\n");

const mail = (boundary: string, ...parts: readonly string[]): string =>
  [
    "Subject: =?UTF-8?Q?m=E1=BB=91c?=",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    ...parts.flatMap((part) => [`--${boundary}`, part]),
    `--${boundary}--`,
    "",
  ].join("\r\n");

const text =
  "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nKính gửi\r\n";
const attached = (content: string) =>
  `Content-Type: application/json;\r\n name=x.json\r\ncontent-transfer-encoding: BASE64\r\nContent-Disposition: attachment\r\n\r\n${inBase64(content)}`;

test("a saved mail gives what is attached to it, byte for byte, and nothing else of it", () => {
  const long = `{"text":"${"Mù Cả ".repeat(100)}"}`;
  expect(attachedTexts(mail("one", text, attached(long), attached("{}")))).toEqual([long, "{}"]);
  expect(attachedTexts(mail("one", text))).toEqual([]);
  expect(attachedTexts("")).toEqual([]);
});

test("so does one that was passed on within another, and one saved with bare line feeds", () => {
  const inner = mail("two", text, attached("{}"));
  const enclosed = `Content-Type: message/rfc822\r\n\r\n${inner}`;
  expect(attachedTexts(mail("one", text, enclosed, attached("[]")))).toEqual(["{}", "[]"]);
  expect(attachedTexts(inner.replaceAll("\r\n", "\n"))).toEqual(["{}"]);
});
