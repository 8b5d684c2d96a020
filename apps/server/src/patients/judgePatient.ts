import {
  patientFactOf,
  personAt,
  type Author,
  type DirectoryView,
  type ParsedEntry,
} from "@lientuyen/record";
import { facilityOf } from "../directory/judgeDirectory.ts";
import { accept, refuse, type Verdict } from "../entries/verdict.ts";

const kinds = new Set(["patientRegistered", "identityChanged", "aliasAdded", "patientLinked"]);

/** A facility's own people keep its patients' identities; who only administers the machines does not. */
export const judgePatient = (
  entry: ParsedEntry,
  author: Author,
  directory: DirectoryView,
  isEmpty: boolean,
  now: string,
): Verdict => {
  if (!kinds.has(entry.header.kind)) return refuse("unknown_kind");
  const read = patientFactOf(entry.header.kind, entry.body);
  if (!read.ok) return refuse("bad_body", read.path);
  const facility = facilityOf(entry.header.log);
  if (facility !== author.facility) return refuse("strangers_case");
  if (read.fact.kind === "patientRegistered" && read.fact.body.facility !== facility)
    return refuse("bad_body", "facility");
  if (read.fact.kind === "patientRegistered" ? !isEmpty : isEmpty)
    return isEmpty ? { verdict: "later", code: "unknown_log" } : refuse("wrong_state");
  return judgeRole(author, directory, now);
};

const judgeRole = (author: Author, directory: DirectoryView, now: string): Verdict => {
  const clinical = (personAt(directory, author.facility, author.person)?.roles ?? []).filter(
    (each) => each.role !== "itAdministrator",
  );
  if (clinical.length === 0) return refuse("role_forbids");
  const current = clinical.some(
    (each) => each.from <= now && (each.until === undefined || now < each.until),
  );
  return accept(current ? [] : ["roleEnded"]);
};
