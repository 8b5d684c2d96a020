import { bodyOf, type ParsedEntry } from "@lientuyen/record";

/** What is done with an entry that was written, in order: `write_appended` of the database knows these. */
export type Step =
  | { readonly do: "spread"; readonly entries: readonly string[] }
  | {
      readonly do: "grant";
      readonly facility: string;
      readonly entry: string;
      readonly request: string | null;
      readonly seq: number;
    }
  | { readonly do: "end"; readonly request: string; readonly seq: number }
  | { readonly do: "number"; readonly number: string };

interface AccessChange {
  /** Before the entry itself is spread: whom it lets in gets it too. */
  readonly before: readonly Step[];
  /** After: who goes has still got it. */
  readonly after: readonly Step[];
}

/** What an entry changes in who has part in the case; undefined where it changes nothing. */
export const accessChangeOf = (entry: ParsedEntry, seq: number): AccessChange | undefined => {
  const read = bodyOf(entry.header.kind, entry.body);
  if (!read.ok) return undefined;
  const { fact } = read;
  const grant = (facility: string, request: string | null): Step => ({
    do: "grant",
    facility,
    entry: entry.hash,
    request,
    seq,
  });
  const end = (request: string): Step => ({ do: "end", request, seq });
  switch (fact.kind) {
    case "opened":
      return { before: [], after: [{ do: "number", number: fact.body.number }] };
    case "requestSent":
      return { before: [grant(fact.body.to, entry.hash)], after: [] };
    case "specialistAsked":
      return { before: [grant(fact.body.facility, fact.body.request)], after: [] };
    case "sentOn":
      return {
        before: [grant(fact.body.to, fact.body.request)],
        after: [end(fact.body.request)],
      };
    case "declined":
      return { before: [], after: [end(fact.body.request)] };
    case "handedOver": {
      const { to } = fact.body;
      return to.kind === "facility" ? { before: [grant(to.facility, null)], after: [] } : undefined;
    }
    default:
      return undefined;
  }
};
