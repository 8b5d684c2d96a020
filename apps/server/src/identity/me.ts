import type { Me } from "@lientuyen/api";
import { personAt, type DirectoryView } from "@lientuyen/record";
import { instant, type Core } from "../core.ts";
import type { Session } from "./sessions.ts";

/** The session's person as the directory knows it now. */
export const meOf = (core: Core, session: Pick<Session, "person" | "facility">): Promise<Me> =>
  core.database.asFacility(session.facility, async (tx) => {
    const { view } = await core.directory.current(tx);
    const row = await tx
      .selectFrom("account")
      .select("account")
      .where("person", "=", session.person)
      .executeTakeFirst();
    const person = personAt(view, session.facility, session.person);
    const roles = rolesNow(view, session, instant(core.now()));
    return {
      person: session.person,
      facility: session.facility,
      account: row?.account ?? "",
      name: person?.name ?? row?.account ?? "",
      roles: roles.map(({ role, specialty }) =>
        specialty === undefined ? { role } : { role, specialty },
      ),
    };
  });

/** Roles at that very facility: a row of the same name elsewhere gives nothing here. */
export const rolesNow = (
  view: DirectoryView,
  who: { readonly facility: string; readonly person: string },
  now: string,
) =>
  (personAt(view, who.facility, who.person)?.roles ?? []).filter(
    (each) => each.from <= now && (each.until === undefined || now < each.until),
  );

export const isAdministrator = async (core: Core, session: Session): Promise<boolean> =>
  core.database.asFacility(session.facility, async (tx) => {
    const { view } = await core.directory.current(tx);
    return rolesNow(view, session, instant(core.now())).some(
      ({ role }) => role === "itAdministrator",
    );
  });
