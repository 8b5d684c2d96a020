import type { DirectoryView, PersonView } from "@lientuyen/record";
import type { CaseRow } from "../../device/device.ts";
import { isOpen } from "../worklist/worklist.ts";

/** A person who can be given a request, with what they already have. */
export interface Load {
  readonly person: PersonView;
  /** Open requests that are theirs. */
  readonly open: number;
  readonly emergencies: number;
  readonly late: number;
  readonly fits: boolean;
}

const answering: ReadonlySet<string> = new Set(["physician", "departmentHead"]);

export function isInForce(
  role: { readonly from: string; readonly until: string | undefined },
  at: string,
): boolean {
  return role.from <= at && (role.until === undefined || at < role.until);
}

/** Who can answer at a facility and how much each has; those of the specialty first, then who has least. */
export function loads(
  directory: DirectoryView,
  rows: readonly CaseRow[],
  facility: string,
  specialty: string,
  nowMs: number,
): readonly Load[] {
  const at = new Date(nowMs).toISOString();
  return [...directory.people.values()]
    .filter((p) => p.facility === facility)
    .flatMap((person) => {
      const roles = person.roles.filter((r) => answering.has(r.role) && isInForce(r, at));
      if (roles.length === 0) return [];
      return [
        {
          ...loadOf(person.person, rows, nowMs),
          person,
          fits: roles.some((r) => r.specialty === specialty),
        },
      ];
    })
    .sort(
      (a, b) =>
        Number(b.fits) - Number(a.fits) ||
        a.open - b.open ||
        a.person.name.localeCompare(b.person.name, "vi"),
    );
}

function loadOf(person: string, rows: readonly CaseRow[], nowMs: number) {
  const theirs = rows
    .filter((r) => r.state === "open")
    .flatMap((r) => r.requests)
    .filter((q) => isOpen(q) && (q.acceptedBy ?? q.allocatedTo) === person);
  return {
    open: theirs.length,
    emergencies: theirs.filter((q) => q.urgency === "emergency").length,
    late: theirs.filter((q) => q.dueAtMs < nowMs).length,
  };
}

/** "Tim mạch, Nội khoa": each once. */
export function specialtiesOf(
  person: PersonView,
  talk: { readonly specialty: (code: string) => string },
): string {
  const codes = person.roles.flatMap((r) => (r.specialty === undefined ? [] : [r.specialty]));
  return [...new Set(codes)].map(talk.specialty).join(", ");
}
