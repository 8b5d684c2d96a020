import type { Me } from "@lientuyen/api";
import { uuidv7 } from "@lientuyen/record";
import { fingerprint } from "@lientuyen/sync";
import { plain } from "@lientuyen/terms";
import type { GateParts } from "./browser.ts";
import {
  strict,
  type Database,
  type EmergencyRow,
  type StoredFacility,
  type StoredPerson,
} from "./database.ts";
import { emergencyScope, emergencySecretBytes } from "./emergencyAdoption.ts";
import { directoryForEmergency, giveDirectory } from "./emergencyDirectory.ts";
import { deviceIdOf, sealForRecovery } from "./enrol.ts";
import { openDevice, type OpenedDevice } from "./openDevice.ts";
import { importSigningKey, makeSigningKey, randomBytes, storeKeysOf } from "./vault.ts";

/*
 * Nobody can unlock and there is no line: new cases can be written all the same, into a store of their own whose
 * secret only the server can open. Nothing that was here before can be read. When the author has signed in, key and
 * entries become theirs.
 */

export interface EmergencyParts extends GateParts {
  readonly db: Database;
  readonly people: readonly StoredPerson[];
  readonly facility: StoredFacility;
  readonly name: string;
  readonly lock: () => Promise<void>;
}

export const openEmergency = async (parts: EmergencyParts): Promise<OpenedDevice> => {
  const { crypto, db, facility } = parts;
  const id = uuidv7(parts.now(), randomBytes(crypto, 10));
  const scope = emergencyScope(id);
  const device = await deviceIdOf(parts);
  const secret = randomBytes(crypto, emergencySecretBytes);
  const { publicKey, pkcs8 } = await makeSigningKey(crypto);
  const both = new Uint8Array([...secret, ...pkcs8]);
  const me = await meNamed(parts);
  const recovery = await sealForRecovery({ crypto, me }, facility.sealingKey, device, both);
  both.fill(0);
  const row: EmergencyRow = {
    id,
    scope: facility.scope,
    facility: facility.facility,
    name: parts.name,
    person: me.person,
    startedAtMs: parts.now(),
    recovery,
    publicKey,
  };
  const tx = db.transaction("emergencies", "readwrite", strict);
  await Promise.all([tx.store.put(row, id), tx.done]);

  const keys = await storeKeysOf(crypto, secret);
  await giveDirectory(db, keys, facility.scope, scope);
  const signing = await importSigningKey(crypto, pkcs8);
  const { person, name, account } = me;
  const none = new Uint8Array(0);
  const wrapped = {
    salt: none,
    storeKey: none,
    signingKey: none,
    wrongAttempts: 0,
    notBeforeMs: 0,
  };
  const key = await fingerprint(crypto.subtle, publicKey);
  const stored = { ...wrapped, person, name, account, me, scope, key, publicKey };
  return openDevice({
    ...parts,
    person: { stored: { ...stored, facility: facility.facility }, keys, signing },
    deviceId: device,
    signedIn: undefined,
    emergency: true,
  });
};

/** Somebody of the facility by name, else somebody whom nobody here knows. */
const meNamed = async (parts: EmergencyParts): Promise<Me> => {
  const asked = plain(parts.name);
  const enrolled = parts.people.find(
    ({ name, account }) => plain(name) === asked || plain(account) === asked,
  );
  if (enrolled !== undefined) return enrolled.me;
  const known = await directoryForEmergency(parts.db, parts.crypto, parts.facility.scope);
  const found = [...known.people.values()].find(
    ({ facility, name }) => facility === parts.facility.facility && plain(name) === asked,
  );
  return {
    person: found?.person ?? uuidv7(parts.now(), randomBytes(parts.crypto, 10)),
    facility: parts.facility.facility,
    account: found?.account ?? "",
    name: found?.name ?? parts.name,
    roles: (found?.roles ?? []).map(({ role, specialty }) =>
      specialty === undefined ? { role } : { role, specialty },
    ),
  };
};
