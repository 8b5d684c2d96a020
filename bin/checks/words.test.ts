import ts from "typescript";
import { describe, expect, test } from "vitest";
import { findWords } from "./words.mjs";

const found = (text: string): readonly string[] =>
  findWords(ts.createSourceFile("/x/a.tsx", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX));

describe("text in code is seen", () => {
  test.each([
    ['const a = "Gửi đi";', 1],
    ["const a = `Còn ${1} tệp`;", 2],
    ["const a = <p>Send now</p>;", 1],
    ['const a = <img alt="a picture" />;', 1],
    ['const a = <button title="Gửi" />;', 2],
  ])("%s", (text, count) => {
    expect(found(text)).toHaveLength(count);
  });

  test.each([
    "// Gửi đi, as clinicians say\nconst a = 1;",
    'const a = "Liên Tuyến";',
    'const a = <p className="wide">{words.send}</p>;',
    'const a = "×";',
    'const a = "Đ";',
    "const a = /đ/;",
  ])("not: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});
