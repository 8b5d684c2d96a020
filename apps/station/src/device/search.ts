import { plain } from "@lientuyen/terms";

/** Every word of the query begins a word of the text; a run of digits may stand anywhere in a number. */
export const matches = (words: string, query: string): boolean => {
  const text = ` ${words}`;
  return plain(query)
    .split(/\s+/)
    .filter((word) => word !== "")
    .every((word) => (/\d/.test(word) ? text.includes(word) : text.includes(` ${word}`)));
};
