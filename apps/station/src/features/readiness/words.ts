import { lazyWords } from "../../words/lazyWords.ts";

export const useReadinessWords = lazyWords({
  vi: async () => (await import("../../words/vi/readiness.ts")).readiness,
  en: async () => (await import("../../words/en/readiness.ts")).readiness,
});
