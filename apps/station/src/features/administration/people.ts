import type { DirectoryView, KeyView, PersonView, Role } from "@lientuyen/record";
import { isInForce } from "../requests/load.ts";

/** People of one facility, those with a role in force first, by name. */
export function peopleOf(
  directory: DirectoryView,
  facility: string,
  at: string,
): readonly PersonView[] {
  const active = (p: PersonView) => p.roles.some((r) => isInForce(r, at));
  return [...directory.people.values()]
    .filter((p) => p.facility === facility)
    .sort((a, b) => Number(active(b)) - Number(active(a)) || a.name.localeCompare(b.name, "vi"));
}

export interface DeviceKeys {
  readonly device: string;
  readonly name: string;
  readonly disowned: boolean;
  readonly keys: readonly KeyView[];
}

/** Devices of a facility with the keys on each; those in use first. */
export function devicesOf(directory: DirectoryView, facility: string): readonly DeviceKeys[] {
  const devices = directory.facilities.get(facility)?.devices ?? [];
  return devices
    .map((d) => ({
      ...d,
      keys: [...directory.keys.values()].filter(
        (k) => k.device === d.device && k.facility === facility,
      ),
    }))
    .sort((a, b) => Number(a.disowned) - Number(b.disowned) || a.name.localeCompare(b.name, "vi"));
}

export interface NewPerson {
  readonly name: string;
  readonly title: string;
  readonly certificateNumber: string;
  readonly phone: string;
  readonly account: string;
  readonly password: string;
  readonly role: Role;
  readonly specialty: string;
}

export const nobodyYet: NewPerson = {
  name: "",
  title: "",
  certificateNumber: "",
  phone: "",
  account: "",
  password: "",
  role: "physician",
  specialty: "",
};

export type NewPersonFault = "needed" | "badAccount" | "accountTaken" | "shortPassword";

/** Law 116/2025: 14 characters where there is no second factor yet. */
export const leastPassword = 14;

/** What is wrong with a new person, by field; empty when all is well. */
export function faultsOf(
  person: NewPerson,
  directory: DirectoryView,
): Readonly<Partial<Record<"name" | "account" | "password", NewPersonFault>>> {
  const taken = [...directory.people.values()].some((p) => p.account === person.account);
  return {
    ...(person.name.trim() === "" ? { name: "needed" as const } : {}),
    ...(!/^[a-z0-9.]{3,60}$/.test(person.account)
      ? { account: "badAccount" as const }
      : taken
        ? { account: "accountTaken" as const }
        : {}),
    ...(person.password.length < leastPassword ? { password: "shortPassword" as const } : {}),
  };
}

/** No look-alikes: a password that is read out over a table. */
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** Four groups of four, about 79 bits. */
export function suggestPassword(random: Uint8Array): string {
  const signs = [...random].map((byte) => letters[byte % letters.length] ?? "a");
  return [0, 4, 8, 12].map((at) => signs.slice(at, at + 4).join("")).join("-");
}
