import { uuidv7 } from "@lientuyen/record";
import { instant, type Core } from "../core.ts";
import type { Tx } from "../db/database.ts";
import type { Session } from "../identity/sessions.ts";

/** Every access to a record is logged, reading too. */
export const noteView = async (
  core: Core,
  tx: Tx,
  session: Session,
  log: string,
): Promise<void> => {
  const ms = core.now();
  const at = instant(ms);
  const { person, facility, device } = session;
  await tx
    .insertInto("case_view")
    .values({
      id: uuidv7(ms, core.random(10)),
      log,
      person,
      facility,
      device: device ?? null,
      at,
      received_at: at,
    })
    .execute();
};

interface ToldView {
  readonly id: string;
  readonly log: string;
  readonly at: string;
  readonly device: string;
}

/** Views that a device noted, offline ones too; a repeat is known by its id. */
export const keepViews = async (
  core: Core,
  session: Session,
  views: readonly ToldView[],
): Promise<void> => {
  if (views.length === 0) return;
  const received_at = instant(core.now());
  const { person, facility } = session;
  await core.database.asFacility(facility, (tx) =>
    tx
      .insertInto("case_view")
      .values(
        views.map(({ id, log, at, device }) => ({
          id,
          log,
          person,
          facility,
          device,
          at,
          received_at,
        })),
      )
      .onConflict((it) => it.doNothing())
      .execute(),
  );
};
