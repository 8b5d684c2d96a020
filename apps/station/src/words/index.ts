import { use, useSyncExternalStore } from "react";
import { shell as shellEn } from "./en/shell.ts";
import { language, onLanguage, type Language } from "./language.ts";
import { shell as shellVi } from "./vi/shell.ts";

export { language, setLanguage, type Language } from "./language.ts";

export type FirstWords = typeof import("./vi/first.ts").first;
export type RestWords = typeof import("./vi/rest.ts").rest;
/** All texts of the screens. A text that English lacks does not compile. */
export type Words = FirstWords & RestWords;

/** Fetched once; what failed is fetched anew when it is asked for again. */
const kept = <T>(fetchThem: (of: Language) => Promise<T>): ((of: Language) => Promise<T>) => {
  const loading = new Map<Language, Promise<T>>();
  return (of) => {
    const known = loading.get(of);
    if (known !== undefined) return known;
    const started = fetchThem(of);
    started.catch(() => loading.delete(of));
    loading.set(of, started);
    return started;
  };
};

export const loadFirstWords = kept<FirstWords>(async (of) =>
  of === "vi" ? (await import("./vi/first.ts")).first : (await import("./en/first.ts")).first,
);
const loadRest = kept<RestWords>(async (of) =>
  of === "vi" ? (await import("./vi/rest.ts")).rest : (await import("./en/rest.ts")).rest,
);

/** The words of a language; call early so that no screen waits for them. */
export const loadWords = kept<Words>(async (of) => {
  const [first, rest] = await Promise.all([loadFirstWords(of), loadRest(of)]);
  return { ...first, ...rest };
});

export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, language);
}

/** Texts of the current language; suspends until they are here. */
export function useWords(): Words {
  return use(loadWords(useLanguage()));
}

/** Those of the home screen, its frame and the case form: a first visit waits for no others. */
export function useFirstWords(): FirstWords {
  return use(loadFirstWords(useLanguage()));
}

/** The few texts of sign-in and lock screen: in the entry chunk, never waited for. */
export function useShellWords(): typeof shellVi {
  useLanguage();
  return shellWords();
}

export function shellWords(): typeof shellVi {
  return language() === "en" ? shellEn : shellVi;
}
