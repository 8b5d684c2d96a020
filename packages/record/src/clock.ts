const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Whether the stated time is to be marked: after its arrival (by more than two minutes, as clocks go), or
 * longer before it than any outage we plan for. Never a reason to refuse.
 */
export function isClockDoubtful(statedAt: string, receivedAt: string): boolean {
  const aheadMs = Date.parse(statedAt) - Date.parse(receivedAt);
  return !(aheadMs <= 2 * minuteMs && -aheadMs <= 30 * dayMs);
}
