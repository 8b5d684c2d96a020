import {
  installationFactOf,
  parseEntry,
  type InstallationFact,
  type ParsedEntry,
  type Primitives,
  type SignedEntry,
} from "@lientuyen/record";

/** An entry of an installation's log with what it says; undefined where it cannot be read. Says nothing of its signature. */
export const readInstallationFact = async (
  p: Primitives,
  signed: SignedEntry,
): Promise<{ readonly entry: ParsedEntry; readonly fact: InstallationFact } | undefined> => {
  const parsed = await parseEntry(p, signed);
  if (!parsed.ok || parsed.entry.header.log !== "installation") return undefined;
  const read = installationFactOf(parsed.entry.header.kind, parsed.entry.body);
  return read.ok ? { entry: parsed.entry, fact: read.fact } : undefined;
};
