import type { ClockText } from "@lientuyen/ui";
import type { Words } from "../../words/index.ts";
import { countdown } from "./countdown.ts";

const two = (n: number) => String(n).padStart(2, "0");
/** From here on the clock is drawn as a warning. */
const soonMs = 5 * 60_000;

/** "còn 08:42", "quá hạn 12 phút". */
export function sayCountdown(leftMs: number, words: Words): ClockText {
  const { left, late } = words.worklist;
  const c = countdown(leftMs, 0);
  if (c.state === "late") {
    const text =
      c.days > 0
        ? late.days(c.days, c.hours)
        : c.hours > 0
          ? late.hours(c.hours, c.minutes)
          : late.minutes(c.minutes);
    return { text, tone: "danger" };
  }
  if (c.days > 0) return { text: left.days(c.days, c.hours) };
  if (c.hours > 0) return { text: left.hours(c.hours, c.minutes) };
  const text = left.minutes(`${two(c.minutes)}:${two(c.seconds)}`);
  return leftMs < soonMs ? { text, tone: "warn" } : { text };
}
