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
  readonly person?: string | undefined;
}

/** Views that a device noted, offline ones too; a repeat is known by its id. */
export const keepViews = async (
  core: Core,
  session: Session,
  views: readonly ToldView[],
): Promise<void> => {
  if (views.length === 0) return;
  const received_at = instant(core.now());
  const { facility } = session;
  const colleagues = await colleaguesAmong(core, session, views);
  // Whoever is not of this facility did not look: the word of the session that tells it stands.
  const whoLooked = ({ person }: ToldView): string =>
    person !== undefined && colleagues.has(person) ? person : session.person;
  await core.database.asFacility(facility, async (tx) => {
    const own = await ownLogs(tx, facility, views);
    const rows = views.filter(({ log }) => own.has(log));
    if (rows.length === 0) return;
    await tx
      .insertInto("case_view")
      .values(
        rows.map((view) => ({
          id: view.id,
          log: view.log,
          person: whoLooked(view),
          facility,
          device: view.device,
          at: view.at,
          received_at,
          told_by: whoLooked(view) === session.person ? null : session.person,
        })),
      )
      .onConflict((it) => it.doNothing())
      .execute();
  });
};

/** Of whom others than the session's own person are said to have looked, those of its facility; most name nobody else. */
const colleaguesAmong = async (
  core: Core,
  session: Session,
  views: readonly ToldView[],
): Promise<ReadonlySet<string>> => {
  const others = views.flatMap(({ person }) => person ?? []).filter((it) => it !== session.person);
  if (others.length === 0) return new Set();
  const rows = await core.database.asSystem((tx) =>
    tx
      .selectFrom("account")
      .select("person")
      .where("facility", "=", session.facility)
      .where("person", "in", [...new Set(others)])
      .execute(),
  );
  return new Set(rows.map(({ person }) => person));
};

/** Cases that the facility takes or took part in, and its own patients: nobody else's log of views takes its word. */
const ownLogs = async (
  tx: Tx,
  facility: string,
  views: readonly ToldView[],
): Promise<ReadonlySet<string>> => {
  const told = [...new Set(views.map(({ log }) => log))];
  const rows = await tx
    .selectFrom("case_access")
    .select("log")
    .where("facility", "=", facility)
    .where("log", "in", told)
    .execute();
  const patients = told.filter((log) => log.startsWith(`patient/${facility}/`));
  return new Set([...rows.map(({ log }) => log), ...patients]);
};
