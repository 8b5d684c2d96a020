import { lazyWords } from "../../words/lazyWords.ts";

export const useCameraWords = lazyWords({
  vi: async () => (await import("../../words/vi/cameras.ts")).cameras,
  en: async () => (await import("../../words/en/cameras.ts")).cameras,
});
