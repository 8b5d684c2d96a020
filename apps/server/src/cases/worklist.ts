import type { CaseView, DirectoryView, RequestView } from "@lientuyen/record";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import { dueAt } from "./deadline.ts";

/** Keeps the requests of a case as they stand now, so that a worklist needs no folding. */
export const keepWorklist = async (
  tx: Tx,
  log: string,
  view: CaseView,
  directory: DirectoryView,
): Promise<void> => {
  const rows = view.requests.flatMap((request) => rowOf(view, request, directory));
  if (rows.length === 0) return;
  await sql`select keep_worklist(${log}, ${JSON.stringify(rows)}::jsonb)`.execute(tx);
};

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
