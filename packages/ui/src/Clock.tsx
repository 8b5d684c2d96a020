import { useEffect, useState } from "react";

export interface ClockText {
  readonly text: string;
  readonly tone?: "warn" | "danger" | undefined;
}

/**
 * A clock that counts: `say` turns milliseconds left (negative once overdue) into words.
 * `now` is the device's clock. Not a live region: it would speak every second.
 */
export function Clock({
  dueAtMs,
  now,
  say,
}: {
  readonly dueAtMs: number;
  readonly now: () => number;
  readonly say: (leftMs: number) => ClockText;
}) {
  const nowMs = useNow(now, 1_000);
  const { text, tone } = say(dueAtMs - nowMs);
  return (
    <time
      className={tone === undefined ? "clock" : `clock clock-${tone}`}
      dateTime={new Date(dueAtMs).toISOString()}
    >
      {text}
    </time>
  );
}

/** Now, again every `everyMs`. */
export function useNow(now: () => number, everyMs: number): number {
  const [nowMs, setNowMs] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(now()), everyMs);
    return () => clearInterval(timer);
  }, [now, everyMs]);
  return nowMs;
}
