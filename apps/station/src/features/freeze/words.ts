import { lazyWords } from "../../words/lazyWords.ts";

export const useFreezeWords = lazyWords({
  vi: async () => (await import("../../words/vi/freeze.ts")).freeze,
  en: async () => (await import("../../words/en/freeze.ts")).freeze,
});
