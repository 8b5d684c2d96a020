/** Vietnam has one time zone and records are kept in it, whatever the machine is set to. */
const timeZone = "Asia/Ho_Chi_Minh";

export interface Moments {
  /** 22:52 */
  readonly time: (iso: string) => string;
  /** 22/11/2026 */
  readonly day: (iso: string) => string;
  /** 22:52 on the same day as `nowMs`, 22:52 22/11 in the same year, else 22:52 22/11/2026. */
  readonly short: (iso: string, nowMs: number) => string;
  /** 22:52:07 22/11/2026 */
  readonly full: (iso: string) => string;
  /** "5 phút trước" */
  readonly ago: (iso: string, nowMs: number) => string;
}

const minuteMs = 60_000;
const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 24 * 60 * minuteMs],
  ["hour", 60 * minuteMs],
  ["minute", minuteMs],
];

export function momentsIn(language: "vi" | "en"): Moments {
  const locale = language === "vi" ? "vi-VN" : "en-GB";
  const timeFormat = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const secondsFormat = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const dayFormat = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const time = (iso: string) => timeFormat.format(new Date(iso));
  const day = (iso: string) => dayFormat.format(new Date(iso));
  return {
    time,
    day,
    short: (iso, nowMs) => {
      const now = dayFormat.format(nowMs);
      const that = day(iso);
      if (that === now) return time(iso);
      return `${time(iso)} ${that.slice(6) === now.slice(6) ? that.slice(0, 5) : that}`;
    },
    full: (iso) => `${secondsFormat.format(new Date(iso))} ${day(iso)}`,
    ago: (iso, nowMs) => {
      const behindMs = nowMs - Date.parse(iso);
      const step = steps.find(([, sizeMs]) => Math.abs(behindMs) >= sizeMs);
      return step === undefined
        ? relative.format(0, "minute").toLocaleLowerCase(locale)
        : relative.format(-Math.trunc(behindMs / step[1]), step[0]).toLocaleLowerCase(locale);
    },
  };
}
