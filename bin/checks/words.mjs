import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "../steps/install.mjs";
import { listSources, place } from "./sources.mjs";

/** Where text for people lives; everywhere else code names it. */
const home = [
  /^apps\/station\/src\/words\//,
  /^apps\/cli\/src\/(words\.ts|bundle\/words\.ts|seed\/)/,
  /^packages\/terms\/src\//,
  /^apps\/server\/src\/tree\/words\.ts$/,
  /^packages\/api\/src\/errors\.ts$/,
  /^bin\//,
];
/** The product's own name is not a text to translate. */
const name = /Liên Tuyến/g;
const accented = /[À-ÖØ-öø-ỹ]/u;
/** A single letter is data (a sorting or folding table), not a text. */
const isVietnamese = (text) => accented.test(text) && /\p{L}{2}/u.test(text);
const shownAttributes = new Set([
  "title",
  "alt",
  "placeholder",
  "label",
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "aria-valuetext",
  "summary",
]);

const isAtHome = (file) => home.some((pattern) => pattern.test(path.relative(root, file)));

const textOf = (node) => {
  if (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isJsxText(node)
  )
    return node.text;
  return "";
};

const isShownLiteral = (node) =>
  ts.isJsxAttribute(node) &&
  shownAttributes.has(node.name.getText()) &&
  node.initializer !== undefined &&
  ts.isStringLiteral(node.initializer) &&
  /\p{L}{2}/u.test(node.initializer.text);

/** Lines of one parsed file that hold text for people. */
export const findWords = (source) => {
  const found = [];
  const visit = (node) => {
    const foreign = isVietnamese(textOf(node).replaceAll(name, ""));
    const plain = ts.isJsxText(node) && /\p{L}{2}/u.test(node.text.replaceAll(name, ""));
    if (foreign || plain || isShownLiteral(node))
      found.push(`${place(source, node)}  ${node.getText(source).slice(0, 80)}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const findWordsInStyles = (file) => {
  const text = readFileSync(file, "utf8")
    .replaceAll(name, "")
    .replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|--.*$/gm, "");
  return isVietnamese(text) ? [`${path.relative(root, file)}  Vietnamese text`] : [];
};

export const checkWords = (sources) => {
  const code = sources.filter((source) => !isAtHome(source.fileName)).flatMap(findWords);
  const others = listSources(path.join(root, "apps"), /\.(css|html|sql)$/).flatMap(
    findWordsInStyles,
  );
  const lines = [...code, ...others];
  return { ok: lines.length === 0, output: lines.join("\n"), note: `${sources.length} files` };
};
