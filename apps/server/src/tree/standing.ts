/** off: nowhere is named; failing: in one place at least the last try failed. */
export type DepositState = "well" | "failing" | "off";

/** How the laying down of checkpoints stands, as its last round in each place left it. */
export interface DepositStanding {
  readonly state: () => DepositState;
  /** `place`: which of those that are named. */
  readonly note: (place: number, well: boolean) => void;
}

export const openDepositStanding = (places: number): DepositStanding => {
  const failing = new Set<number>();
  return {
    state: () => (places === 0 ? "off" : failing.size > 0 ? "failing" : "well"),
    note: (place, well) => {
      if (well) failing.delete(place);
      else failing.add(place);
    },
  };
};
