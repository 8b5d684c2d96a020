import type { CaseView, DirectoryView, RequestView } from "@lientuyen/record";
import { dueAt } from "./deadline.ts";

/** The requests of a case as they stand now, for `keep_worklist`: so that a worklist needs no folding. */
export const worklistOf = (view: CaseView, directory: DirectoryView) =>
  view.requests.flatMap((request) => rowOf(view, request, directory));

const rowOf = (view: CaseView, request: RequestView, directory: DirectoryView) => {
  const receivedAt = request.sent.receipt?.receivedAt;
  if (receivedAt === undefined) return [];
  return [
    {
      request: request.hash,
      number: view.number,
      from_facility: request.sent.author?.facility ?? view.facility,
      to_facility: request.to,
      specialty: request.specialty,
      urgency: request.urgency,
      state: request.state,
      received_at: receivedAt,
      due_at: dueAt(request, view.facility, receivedAt, directory),
    },
  ];
};
