/** What a waiting clock says; the words are the screen's. */
export type Countdown =
  | {
      readonly state: "left";
      readonly days: number;
      readonly hours: number;
      readonly minutes: number;
      readonly seconds: number;
    }
  | {
      readonly state: "late";
      readonly days: number;
      readonly hours: number;
      readonly minutes: number;
    };

const secondMs = 1000;

export function countdown(dueAtMs: number, nowMs: number): Countdown {
  const total = Math.floor(Math.abs(dueAtMs - nowMs) / secondMs);
  const parts = {
    days: Math.floor(total / 86_400),
    hours: Math.floor((total % 86_400) / 3600),
    minutes: Math.floor((total % 3600) / 60),
  };
  return nowMs > dueAtMs
    ? { state: "late", ...parts }
    : { state: "left", ...parts, seconds: total % 60 };
}

/** Share of the waiting time that has gone, 0 … 1: the bar under the clock. */
export function waited(sentAt: string, dueAtMs: number, nowMs: number): number {
  const startMs = Date.parse(sentAt);
  if (dueAtMs <= startMs) return 1;
  return Math.min(1, Math.max(0, (nowMs - startMs) / (dueAtMs - startMs)));
}
