import type { DirectoryView, RequestView } from "@lientuyen/record";
import { answerWithinMinutes } from "@lientuyen/terms";
import { instant } from "../core.ts";

/** A contract may say any number; what lies beyond a year is no deadline, and beyond the calendar no moment. */
const mostMinutes = 366 * 24 * 60;

/** When an answer is due: by urgency, or as the contract between the two facilities says. */
export const dueAt = (
  request: RequestView,
  from: string,
  receivedAt: string,
  directory: DirectoryView,
): string => {
  const contracts = directory.facilities.get(from)?.contracts ?? [];
  const inForce = contracts.find(
    (each) =>
      each.with === request.to &&
      each.from <= receivedAt &&
      (each.until === undefined || receivedAt < each.until),
  );
  const minutes = answerWithinMinutes(request.urgency, receivedAt, inForce?.answerWithinMinutes);
  return instant(Date.parse(receivedAt) + Math.min(Math.max(minutes, 0), mostMinutes) * 60_000);
};
