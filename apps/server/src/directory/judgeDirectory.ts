import {
  directoryFactOf,
  isDirectoryKind,
  mayDirectory,
  type Author,
  type ParsedEntry,
} from "@lientuyen/record";
import { accept, refuse, verdictOf, type Signatory, type Verdict } from "../entries/verdict.ts";
import type { KnownDirectory } from "./directory.ts";

export interface DirectoryJudgement {
  readonly entry: ParsedEntry;
  readonly signatory: Signatory;
  readonly directory: KnownDirectory;
  /** Who wrote the entry that is to be released, where it waits in quarantine. */
  readonly releasing: Author | undefined;
  readonly now: string;
}

export const facilityOf = (log: string): string => log.split("/")[1] ?? "";

/** The server's certificate key writes anything; a person what the table allows. */
export const judgeDirectory = (given: DirectoryJudgement): Verdict => {
  const { entry, signatory, directory, now } = given;
  if (!isDirectoryKind(entry.header.kind)) return refuse("unknown_kind");
  const read = directoryFactOf(entry.header.kind, entry.body);
  if (!read.ok) return refuse("bad_body", read.path);
  const facility = facilityOf(entry.header.log);
  if (read.fact.kind === "facilityFounded" && read.fact.body.code !== facility)
    return refuse("bad_body", "code");
  if (signatory.by === "server") return accept();
  return verdictOf(
    mayDirectory(signatory.author, read.fact, facility, directory.view, now, given.releasing),
  );
};
