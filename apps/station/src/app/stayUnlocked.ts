const reasons = new Set<symbol>();

/** While somebody is being talked with, hands rest: the screen does not lock by idleness. Gives the way to end it. */
export const stayUnlocked = (): (() => void) => {
  const reason = Symbol("stay unlocked");
  reasons.add(reason);
  return () => {
    reasons.delete(reason);
  };
};

export const mayLock = (): boolean => reasons.size === 0;
