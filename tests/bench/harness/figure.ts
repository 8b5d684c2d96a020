/** One thing that was measured. */
export interface Figure {
  /** Within its bench, in kebab-case. */
  readonly id: string;
  readonly value: number;
  /** As it is printed behind the value: `s`, `KB` (1,000 bytes), `entries/s`. */
  readonly unit: string;
  /** None: the figure is a yardstick or tells how things are. */
  readonly goal?: Goal;
  /** Why a goal was not met, or how the figure came about. */
  readonly note?: string;
}

export interface Goal {
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface BenchContext {
  /** A line about what goes on, for whoever waits. */
  readonly say: (line: string) => void;
}

/** One file of tests/bench; it runs within ten minutes on two cores and throws where it cannot measure. */
export interface Bench {
  readonly name: string;
  readonly run: (context: BenchContext) => Promise<readonly Figure[]>;
}
