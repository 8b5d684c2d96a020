/** Those who want to be told; a listener that fails keeps nobody else from hearing. */
export interface Listeners {
  readonly add: (listener: () => void) => () => void;
  readonly tell: () => void;
  readonly any: () => boolean;
}

export const createListeners = (): Listeners => {
  const all = new Set<() => void>();
  return {
    add(listener) {
      // The same function twice is two listeners.
      const mine = () => listener();
      all.add(mine);
      return () => all.delete(mine);
    },
    tell() {
      for (const listener of all) {
        try {
          listener();
        } catch (error) {
          reportError(error);
        }
      }
    },
    any: () => all.size > 0,
  };
};
