import { bodyOf, foldCase, type FoldInput } from "@lientuyen/record";
import { mayBeRecorded } from "@lientuyen/terms";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import { foldInputsOf } from "../entries/stored.ts";

const inputsOf = async (core: Core, tx: Tx, log: string): Promise<readonly FoldInput[]> => {
  const rows = await tx
    .selectFrom("entry")
    .leftJoin("body", "body.entry", "entry.hash")
    .select([
      "entry.hash",
      "entry.seq",
      "entry.person",
      "entry.facility",
      "entry.device",
      "entry.header",
      "entry.sig",
      "entry.received_at",
      "entry.marks",
      "body.body",
      "body.salt",
    ])
    .where("entry.log", "=", log)
    .orderBy("entry.seq")
    .execute();
  return foldInputsOf(rows, core.logbook).map(({ input }) => input);
};

/** The case is of a type that may be, and the last word of the patient on it was yes. */
export const isRecordable = async (core: Core, tx: Tx, log: string): Promise<boolean> => {
  const inputs = await inputsOf(core, tx, log);
  const opened = inputs.find(({ entry }) => entry.header.kind === "opened")?.entry;
  const read = opened === undefined ? undefined : bodyOf("opened", opened.body);
  if (read?.ok !== true || read.fact.kind !== "opened" || !mayBeRecorded[read.fact.body.mode])
    return false;
  return foldCase(log, inputs).recordingConsent?.body.given === true;
};
