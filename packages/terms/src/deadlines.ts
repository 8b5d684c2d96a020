export type UrgencyCode = "emergency" | "urgent" | "routine";

interface DeadlineRow {
  /** First instant at which the row counts (RFC 3339, UTC). */
  readonly from: string;
  readonly minutes: Readonly<Record<UrgencyCode, number>>;
}

/** Minutes to answer a request, newest row first. A contract may say otherwise. */
export const answerDeadlines: readonly DeadlineRow[] = [
  { from: "2024-01-01T00:00:00.000Z", minutes: { emergency: 10, urgent: 60, routine: 1440 } },
];

/**
 * Minutes within which a request of this urgency is to be answered.
 * @param at instant of the request (RFC 3339, UTC): the row in force then counts
 * @param contract the contract's own minutes, where it has some
 */
export const answerWithinMinutes = (
  urgency: UrgencyCode,
  at: string,
  contract?: Readonly<Partial<Record<UrgencyCode, number | undefined>>>,
): number => {
  const agreed = contract?.[urgency];
  if (agreed !== undefined) return agreed;
  const row =
    answerDeadlines.find(({ from }) => from <= at) ?? answerDeadlines[answerDeadlines.length - 1];
  return row?.minutes[urgency] ?? 1440;
};

/** Days after which the station is reminded to tell the outcome (Circular 49/2017: the adviser is told the result). */
export const outcomeDueDays: Readonly<Record<UrgencyCode, number>> = {
  emergency: 3,
  urgent: 7,
  routine: 14,
};
