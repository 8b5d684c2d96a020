import { plain } from "@lientuyen/terms";

/**
 * Whether a text answers the query: every word of it begins a word of the text; one with a digit may stand anywhere.
 * The query is taken apart once, however many texts are asked.
 */
export const searchFor = (query: string): ((words: string) => boolean) => {
  const parts = plain(query)
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => (/\d/.test(word) ? word : ` ${word}`));
  return (words) => {
    const text = ` ${words}`;
    return parts.every((part) => text.includes(part));
  };
};
