import { personAt, rolesHeld } from "./directory.ts";
import type { DirectoryFact, DirectoryKind, Role } from "./directoryKinds.ts";
import type { Verdict } from "./may.ts";
import type { Author, DirectoryView } from "./view.ts";

const administrators: readonly Role[] = ["itAdministrator"];
const heads: readonly Role[] = ["itAdministrator", "facilityHead"];

/** Who of the facility writes its directory. The server's certificate key, which is no person, is not asked. */
const writers: { readonly [K in DirectoryKind]: readonly Role[] } = {
  // Signed by the server's certificate key alone: at founding, when a browser enrols, and when a copy of it is seen.
  facilityFounded: [],
  deviceEnrolled: [],
  keyCertified: [],
  keyCloned: [],
  facilityChanged: heads,
  personAdded: administrators,
  personChanged: administrators,
  roleGranted: administrators,
  roleEnded: administrators,
  keyConfirmed: administrators,
  keyDisowned: administrators,
  deviceDisowned: administrators,
  entryReleased: administrators,
  contractAgreed: heads,
  contractEnded: heads,
  dutySet: heads,
};

const yes: Verdict = { verdict: "yes", marks: [] };
const no = (why: Extract<Verdict, { verdict: "no" }>["why"]): Verdict => ({ verdict: "no", why });

/**
 * May this person write this into that facility's directory? Judged on arrival.
 * @param releasing for `entryReleased`: who wrote the entry that waits in quarantine
 */
export function mayDirectory(
  actor: Author,
  fact: DirectoryFact,
  facility: string,
  directory: DirectoryView,
  at: string,
  releasing?: Author,
): Verdict {
  if (actor.facility !== facility) return no("strangers_case");
  const { now } = rolesHeld(directory, actor, at);
  const byRole = now.some((role) => writers[fact.kind].includes(role));
  if (!byRole && !isOwnKey(actor, fact, directory, releasing)) return no("role_forbids");
  return judge(actor, fact, facility, directory, at);
}

/** One's other keys: confirming a new one, disowning a lost one, releasing what one wrote with it. */
function isOwnKey(
  actor: Author,
  fact: DirectoryFact,
  directory: DirectoryView,
  releasing: Author | undefined,
): boolean {
  if (fact.kind === "keyConfirmed" || fact.kind === "keyDisowned") {
    const key = directory.keys.get(fact.body.key);
    return key?.person === actor.person && key.facility === actor.facility;
  }
  if (fact.kind !== "entryReleased" || releasing === undefined) return false;
  return releasing.person === actor.person && releasing.facility === actor.facility;
}

function judge(
  actor: Author,
  fact: DirectoryFact,
  facility: string,
  directory: DirectoryView,
  at: string,
): Verdict {
  switch (fact.kind) {
    case "personAdded":
      // One uuid is one person at one facility; who works at two has one in each.
      return [...directory.people.values()].some((one) => one.person === fact.body.person)
        ? no("wrong_state")
        : yes;
    case "personChanged":
    case "roleGranted":
      return isHere(directory, facility, fact.body.person) ? yes : no("unknown_person");
    case "roleEnded":
      return judgeRoleEnded(fact.body, facility, directory, at);
    case "keyConfirmed":
      return judgeConfirmation(actor, fact.body.key, facility, directory);
    case "keyDisowned":
      return directory.keys.get(fact.body.key)?.facility === facility ? yes : no("retry_later");
    case "deviceDisowned":
      return directory.facilities
        .get(facility)
        ?.devices.some((row) => row.device === fact.body.device) === true
        ? yes
        : no("retry_later");
    case "contractAgreed":
      if (fact.body.with === facility) return no("bad_body");
      return directory.facilities.has(fact.body.with) ? yes : no("unknown_facility");
    default:
      return yes;
  }
}

function isHere(directory: DirectoryView, facility: string, person: string): boolean {
  return personAt(directory, facility, person) !== undefined;
}

/** A facility never loses its last administrator by one entry. */
function judgeRoleEnded(
  body: { readonly person: string; readonly role: Role },
  facility: string,
  directory: DirectoryView,
  at: string,
): Verdict {
  if (!isHere(directory, facility, body.person)) return no("unknown_person");
  if (body.role !== "itAdministrator") return yes;
  const others = [...directory.people.values()].filter(
    (row) => row.facility === facility && row.person !== body.person,
  );
  const left = others.some((row) => rolesHeld(directory, row, at).now.includes("itAdministrator"));
  return left ? yes : no("wrong_state");
}

/** Nobody confirms the key that they sign with: another key of the same person, or the administrator's. */
function judgeConfirmation(
  actor: Author,
  key: string,
  facility: string,
  directory: DirectoryView,
): Verdict {
  const known = directory.keys.get(key);
  if (known === undefined || known.facility !== facility) return no("retry_later");
  if (known.disowned !== undefined) return no("wrong_state");
  const same = known.person === actor.person && known.device === actor.device;
  return same ? no("role_forbids") : yes;
}
