import { use, useSyncExternalStore } from "react";
import { shell as shellEn } from "./en/shell.ts";
import { language, onLanguage, type Language } from "./language.ts";
import { shell as shellVi } from "./vi/shell.ts";

export { language, setLanguage, type Language } from "./language.ts";

/** All texts of the screens. A text that English lacks does not compile. */
export type Words = typeof import("./vi/index.ts").words;

const loaders = {
  vi: () => import("./vi/index.ts"),
  en: () => import("./en/index.ts"),
} satisfies Record<Language, () => Promise<{ readonly words: Words }>>;

const loading = new Map<Language, Promise<Words>>();

/** The words of a language, fetched once; call early so that no screen waits for them. */
export function loadWords(of: Language): Promise<Words> {
  const known = loading.get(of);
  if (known !== undefined) return known;
  const started = loaders[of]().then((module) => module.words);
  started.catch(() => loading.delete(of));
  loading.set(of, started);
  return started;
}

export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, language);
}

/** Texts of the current language; suspends until they are here. */
export function useWords(): Words {
  return use(loadWords(useLanguage()));
}

/** The few texts of sign-in and lock screen: in the entry chunk, never waited for. */
export function useShellWords(): typeof shellVi {
  useLanguage();
  return shellWords();
}

export function shellWords(): typeof shellVi {
  return language() === "en" ? shellEn : shellVi;
}
