/**
 * The search form of a text: lower case, no diacritics, đ → d, one blank between words.
 * "do" finds "Đỗ", composed (NFC) or decomposed (NFD).
 */
export const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
