import type { EntryFault } from "@lientuyen/sync";

/** Whether an entry's content is its author's: so it is where only the receipt or the chain is not as it should be. */
export function isBelieved(fault: EntryFault | undefined): boolean {
  return fault === undefined || fault === "receipt" || fault === "chain";
}
