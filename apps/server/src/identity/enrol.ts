import type { FeedItem } from "@lientuyen/api";
import { personAt } from "@lientuyen/record";
import type { Core } from "../core.ts";
import { Failure } from "../http/failure.ts";
import { countAttempt } from "./attempts.ts";
import { bytesOf } from "./primitives.ts";
import { appendAsServer, type ServerFact } from "./serverEntries.ts";
import { fingerprintOf } from "./serverKeys.ts";
import type { Session } from "./sessions.ts";
import { hashToken, makeToken } from "./tokens.ts";

interface Enrolment {
  readonly publicKey: string;
  readonly device: string;
  readonly deviceName: string;
  readonly proof: string;
}

/** Certifies a key that was made in the browser; it stays unconfirmed until somebody co-signs. */
export const enrolKey = async (
  core: Core,
  session: Session,
  given: Enrolment,
): Promise<{ key: string; entries: FeedItem[]; transport: string }> => {
  // Each one goes to every facility's devices.
  await countAttempt(core, [
    { bucket: `enrol ${session.person}`, most: core.limits.enrolmentsPerPerson },
  ]);
  const point = Buffer.from(given.publicKey, "base64url");
  if (point.length !== 65 || point[0] !== 4) throw new Failure("bad_request", "publicKey");
  const message = core.primitives.encodeUtf8(`lientuyen-enrol|${given.device}|${session.person}`);
  const proven = await core.primitives.verify(
    bytesOf(point),
    bytesOf(Buffer.from(given.proof, "base64url")),
    message,
  );
  if (!proven) throw new Failure("bad_request", "proof");
  const key = fingerprintOf(point);
  const entries = await appendAsServer(core, await factsOf(core, session, given, key));
  const transport = makeToken(core.random);
  await core.database.asSystem(async (tx) => {
    await tx
      .insertInto("transport")
      .values({
        token_hash: hashToken(transport),
        person: session.person,
        facility: session.facility,
        device: given.device,
        key,
        begun_at_ms: core.now(),
      })
      .execute();
    await tx
      .updateTable("session")
      .set({ device: given.device })
      .where("token_hash", "=", session.tokenHash)
      .execute();
  });
  return { key, entries: [...entries], transport };
};

const factsOf = async (
  core: Core,
  session: Session,
  given: Enrolment,
  key: string,
): Promise<readonly ServerFact[]> => {
  const log = `directory/${session.facility}`;
  const { view } = await core.database.asFacility(session.facility, (tx) =>
    core.directory.current(tx),
  );
  const facility = view.facilities.get(session.facility);
  const device = facility?.devices.find((each) => each.device === given.device);
  if (facility === undefined || personAt(view, session.facility, session.person) === undefined)
    throw new Failure("forbidden");
  if (device?.disowned === true) throw new Failure("forbidden", "device");
  const known = view.keys.get(key);
  if (
    known !== undefined &&
    (known.person !== session.person ||
      known.device !== given.device ||
      known.disowned !== undefined)
  )
    throw new Failure("bad_request", "publicKey");
  const enrolled: ServerFact = {
    log,
    kind: "deviceEnrolled",
    body: { device: given.device, name: given.deviceName === "" ? "–" : given.deviceName },
  };
  const certified: ServerFact = {
    log,
    kind: "keyCertified",
    body: { key, publicKey: given.publicKey, person: session.person, device: given.device },
  };
  return [...(device === undefined ? [enrolled] : []), ...(known === undefined ? [certified] : [])];
};
