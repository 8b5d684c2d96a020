import { FileRef, uuidv7 } from "@lientuyen/record";
import type { Session as State } from "@lientuyen/session";
import { sql } from "kysely";
import * as v from "valibot";
import type { Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import type { StoredSession } from "../sessions/store.ts";

const Moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Gap = v.strictObject({ fromMs: Moment, toMs: Moment, who: v.nullable(v.string()) });

/** What came of a recording: a file of the case, or nothing, where nobody said a word. */
export const Outcome = v.variant("outcome", [
  v.strictObject({
    outcome: v.literal("file"),
    file: FileRef,
    durationMs: Moment,
    gaps: v.array(Gap),
  }),
  v.strictObject({ outcome: v.literal("silent") }),
]);
export type Outcome = v.InferOutput<typeof Outcome>;

export interface Recording {
  readonly id: string;
  readonly session: string;
  readonly log: string;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly outcome: Outcome | undefined;
}

const columns = [
  "id",
  "session",
  "log",
  "started_by",
  "started_at_ms",
  "ended_at_ms",
  "outcome",
] as const;
interface Row {
  readonly id: string;
  readonly session: string;
  readonly log: string;
  readonly started_by: string;
  readonly started_at_ms: number;
  readonly ended_at_ms: number | null;
  readonly outcome: string | null;
}
const read = (row: Row): Recording => ({
  id: row.id,
  session: row.session,
  log: row.log,
  startedBy: row.started_by,
  startedAtMs: row.started_at_ms,
  endedAtMs: row.ended_at_ms,
  outcome: row.outcome === null ? undefined : v.parse(Outcome, JSON.parse(row.outcome)),
});

export const listRecordings = async (tx: Tx, log: string): Promise<readonly Recording[]> => {
  const rows = await tx
    .selectFrom("recording")
    .select(columns)
    .where("log", "=", log)
    .orderBy("started_at_ms")
    .execute();
  return rows.map(read);
};

/** Being recorded, or waiting to be joined. */
export const listUnderWay = async (
  tx: Tx,
): Promise<readonly (Recording & { readonly key: string })[]> => {
  const rows = await tx
    .selectFrom("recording")
    .select([...columns, "key"])
    .where("outcome", "is", null)
    .orderBy("started_at_ms")
    .execute();
  return rows.map((row) => ({ ...read(row), key: row.key ?? "" }));
};

/** What an act did to the recording of its session. */
export const noteRecording = async (
  core: Core,
  tx: Tx,
  { session, log, state: before }: StoredSession,
  after: State,
): Promise<void> => {
  if (before.recording === null && after.recording !== null)
    await tx
      .insertInto("recording")
      .values({
        id: uuidv7(core.now(), core.random(10)),
        session,
        log,
        started_by: after.recording.by,
        started_at_ms: after.recording.sinceMs,
        key: Buffer.from(core.random(32)).toString("base64url"),
      })
      .execute();
  if (before.recording !== null && after.recording === null)
    await tx
      .updateTable("recording")
      .set({ ended_at_ms: core.now() })
      .where("session", "=", session)
      .where("ended_at_ms", "is", null)
      .execute();
};

/** How long a process that says nothing more is left alone. */
const heldMs = 5_000;

/** False: another process has it. Asked again it goes on holding. */
export const holdRecording = async (
  core: Core,
  tx: Tx,
  id: string,
  holder: string,
): Promise<boolean> => {
  const held = await tx
    .updateTable("recording")
    .set({ holder, held_until_ms: core.now() + heldMs })
    .where("id", "=", id)
    .where("outcome", "is", null)
    .where((it) => it.or([it("holder", "=", holder), it("held_until_ms", "<", core.now())]))
    .returning("id")
    .executeTakeFirst();
  return held !== undefined;
};

/** Without its key nobody reads what may be left of the segments. */
export const finishRecording = async (tx: Tx, id: string, outcome: Outcome): Promise<void> => {
  await tx
    .updateTable("recording")
    .set({ outcome: JSON.stringify(outcome), key: sql<null>`null` })
    .where("id", "=", id)
    .execute();
};
