import { lazyWords } from "../../words/lazyWords.ts";

export const useBoardWords = lazyWords({
  vi: async () => (await import("../../words/vi/board.ts")).board,
  en: async () => (await import("../../words/en/board.ts")).board,
});
