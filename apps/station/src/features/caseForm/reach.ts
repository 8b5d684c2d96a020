import {
  contractInForce,
  type CaseBody,
  type DirectoryBody,
  type DirectoryView,
} from "@lientuyen/record";

export type Urgency = CaseBody<"requestSent">["urgency"];

/** A facility that a request could go to. */
export interface Reachable {
  readonly code: string;
  readonly name: string;
  /** In force today for this specialty. */
  readonly contract: string | undefined;
  /** The contract's own minutes to answer, where it has some. */
  readonly answerWithinMinutes: DirectoryBody<"contractAgreed">["answerWithinMinutes"];
  /** People there who have this specialty now. */
  readonly specialists: readonly string[];
  /** Without a contract only an emergency passes (Decree 96/2023 art. 87, Law 15/2023 art. 80). */
  readonly open: boolean;
}

/** Facilities above the station, those with a contract in force and somebody of the specialty first. */
export function reachable(
  directory: DirectoryView,
  from: string,
  specialty: string,
  urgency: Urgency | undefined,
  at: string,
): readonly Reachable[] {
  return [...directory.facilities.values()]
    .filter(
      (facility) =>
        facility.code !== from && facility.level !== "commune" && facility.level !== "department",
    )
    .map((facility): Reachable => {
      const inForce = contractInForce(directory, { from, to: facility.code }, at, specialty);
      const contract = inForce?.contract;
      return {
        code: facility.code,
        name: facility.name,
        contract,
        answerWithinMinutes: inForce?.answerWithinMinutes,
        specialists: specialistsAt(directory, facility.code, specialty, at),
        open: contract !== undefined || urgency === "emergency",
      };
    })
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "vi"));
}

const rank = (row: Reachable): number =>
  (row.contract === undefined ? 2 : 0) + (row.specialists.length === 0 ? 1 : 0);

function specialistsAt(
  directory: DirectoryView,
  facility: string,
  specialty: string,
  at: string,
): readonly string[] {
  return [...directory.people.values()]
    .filter((person) => person.facility === facility)
    .filter((person) =>
      person.roles.some(
        (role) =>
          role.specialty === specialty &&
          role.from <= at &&
          (role.until === undefined || at < role.until),
      ),
    )
    .map((person) => (person.title === undefined ? person.name : `${person.title} ${person.name}`));
}
