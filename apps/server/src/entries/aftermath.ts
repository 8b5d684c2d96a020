import { directoryFactOf, type SignedEntry } from "@lientuyen/record";
import type { Core } from "../core.ts";
import { facilityOf } from "../directory/judgeDirectory.ts";
import { errorFields } from "../config/logbook.ts";
import { signedOf } from "./stored.ts";
import type { Arrival } from "./arrival.ts";
import { takeIn } from "./takeIn.ts";

/** What follows from entries that are committed now; a crash before it is made good at the next start. */
export const followUp = async (core: Core, accepted: readonly Arrival[]): Promise<void> => {
  let released = false;
  for (const { entry } of accepted) {
    if (!entry.header.log.startsWith("directory/")) continue;
    const read = directoryFactOf(entry.header.kind, entry.body);
    if (!read.ok) continue;
    const { fact } = read;
    const facility = facilityOf(entry.header.log);
    if (fact.kind === "deviceDisowned") await endDevice(core, facility, fact.body.device);
    if (fact.kind === "keyDisowned") await endKey(core, facility, fact.body.key);
    if (fact.kind === "entryReleased") released = true;
  }
  if (released) await releaseWaiting(core);
};

/**
 * A disowned device is signed out and sends nothing more: what is tidied away here is already worth nothing,
 * because every use of it asks the directory. A facility disowns its own alone, whatever another one's device is called.
 */
const endDevice = (core: Core, facility: string, device: string): Promise<void> =>
  core.database.asSystem(async (tx) => {
    for (const table of ["session", "transport"] as const)
      await tx
        .deleteFrom(table)
        .where("facility", "=", facility)
        .where("device", "=", device)
        .execute();
  });

const endKey = (core: Core, facility: string, key: string): Promise<void> =>
  core.database.asSystem(async (tx) => {
    const gone = await tx
      .deleteFrom("transport")
      .where("facility", "=", facility)
      .where("key", "=", key)
      .returning(["person", "device"])
      .execute();
    for (const { person, device } of gone)
      await tx
        .deleteFrom("session")
        .where("person", "=", person)
        .where("device", "=", device)
        .execute();
  });

/** Takes in what waited in quarantine and was released: judged like any other, marked `released`. */
export const releaseWaiting = async (core: Core): Promise<void> => {
  const waiting = await core.database.asSystem(async (tx) => {
    const { view } = await core.directory.current(tx);
    const rows = await tx.selectFrom("quarantine").selectAll().orderBy("arrived_at").execute();
    return rows.filter((row) => view.released.has(row.entry));
  });
  for (const row of waiting) {
    try {
      await releaseOne(core, row.facility, row.entry, signedOf(row));
    } catch (error) {
      // The entry stays in quarantine; the next start tries again.
      core.logbook.error("releaseFailed", errorFields(error));
    }
  }
};

const releaseOne = async (
  core: Core,
  facility: string,
  hash: string,
  entry: SignedEntry,
): Promise<void> => {
  const [answer] = await takeIn(core, { facility }, [entry], () => Promise.resolve());
  if (answer === undefined || answer.answer === "later" || answer.answer === "quarantined") return;
  await core.database.asSystem(async (tx) => {
    await tx.deleteFrom("quarantine").where("entry", "=", hash).execute();
  });
};
