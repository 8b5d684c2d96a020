import ts from "typescript";
import { place } from "./sources.mjs";

const small = 20;
const large = 60;
/** A few may be long (a factory that closes over its state); past this nobody can hold it in the head. */
const largest = 250;

const lengthOf = (source, node) => {
  const from = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const to = source.getLineAndCharacterOfPosition(node.getEnd()).line;
  return to - from + 1;
};

const listFunctions = (source) => {
  const found = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body !== undefined)
      found.push({ where: place(source, node), length: lengthOf(source, node) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

/** How long functions are: a report, and a limit that nothing goes past. */
export const checkFunctions = (sources) => {
  const all = sources.flatMap(listFunctions);
  const over = all.filter((each) => each.length > large).sort((a, b) => b.length - a.length);
  const tooLong = over.filter((each) => each.length > largest);
  const share = Math.round(
    (100 * all.filter((each) => each.length <= small).length) / Math.max(1, all.length),
  );
  const lines = tooLong.map((each) => `${each.where}: ${each.length} lines, at most ${largest}`);
  return {
    ok: lines.length === 0,
    output: lines.join("\n"),
    note: `${all.length} functions, ${share} % up to ${small} lines, ${over.length} over ${large}`,
    over,
  };
};
