import type { Language } from "../words/language.ts";

const locales = { vi: "vi-VN", en: "en-GB" } satisfies Record<Language, string>;

/** `22:53` today, else `22:53 21/11`. Times are the device's own zone. */
export function sayClockTime(atMs: number, nowMs: number, language: Language): string {
  const at = new Date(atMs);
  const clock = at.toLocaleTimeString(locales[language], {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
  if (at.toDateString() === new Date(nowMs).toDateString()) return clock;
  return `${clock} ${at.toLocaleDateString(locales[language], { day: "2-digit", month: "2-digit" })}`;
}
