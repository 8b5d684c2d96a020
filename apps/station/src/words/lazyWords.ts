import { use } from "react";
import { useLanguage, type Language } from "./index.ts";

/** Words apart from those of all screens: who never comes there does not wait for them. The hook suspends until they are here. */
export const lazyWords = <T>(loaders: { readonly [L in Language]: () => Promise<T> }) => {
  const loading = new Map<Language, Promise<T>>();
  const load = (of: Language): Promise<T> => {
    const known = loading.get(of);
    if (known !== undefined) return known;
    const started = loaders[of]();
    started.catch(() => loading.delete(of));
    loading.set(of, started);
    return started;
  };
  return (): T => use(load(useLanguage()));
};
