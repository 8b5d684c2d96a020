import { use } from "react";
import { useLanguage, type Language } from "../../words/index.ts";

export type LiveWords = typeof import("../../words/vi/live.ts").live;

// Apart from the words of all screens: who never meets live does not wait for them.
const loaders = {
  vi: () => import("../../words/vi/live.ts"),
  en: () => import("../../words/en/live.ts"),
} satisfies Record<Language, () => Promise<{ readonly live: LiveWords }>>;

const loading = new Map<Language, Promise<LiveWords>>();

const loadLiveWords = (of: Language): Promise<LiveWords> => {
  const known = loading.get(of);
  if (known !== undefined) return known;
  const started = loaders[of]().then((module) => module.live);
  started.catch(() => loading.delete(of));
  loading.set(of, started);
  return started;
};

/** Texts of live sessions in the current language; suspends until they are here. */
export const useLiveWords = (): LiveWords => use(loadLiveWords(useLanguage()));
