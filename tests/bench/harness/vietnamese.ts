import { words } from "../../e2e/harness/person.ts";

const spoken = textsOf(words).flatMap((text) => text.split(/\s+/));

/** Words in a row that are taken together. */
const run = 4;

/** A text of at least so many UTF-8 bytes: short runs of the product's own Vietnamese, in an order by chance. */
export function vietnamese(next: () => number, bytes: number): string {
  let text = "";
  while (Buffer.byteLength(text) < bytes) {
    const from = Math.floor(next() * (spoken.length - run));
    text += `${text === "" ? "" : " "}${spoken.slice(from, from + run).join(" ")}`;
  }
  return text;
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
