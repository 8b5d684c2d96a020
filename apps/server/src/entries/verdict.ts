import type { ErrorCode } from "@lientuyen/api";
import type { Author, Mark, Verdict as Judged } from "@lientuyen/record";

/** What the server decides on one entry before it is written. */
export type Verdict =
  | { readonly verdict: "accept"; readonly marks: readonly Mark[] }
  | { readonly verdict: "refuse"; readonly code: ErrorCode; readonly detail?: string | undefined }
  | { readonly verdict: "later"; readonly code: ErrorCode };

export const accept = (marks: readonly Mark[] = []): Verdict => ({ verdict: "accept", marks });
export const refuse = (code: ErrorCode, detail?: string): Verdict => ({
  verdict: "refuse",
  code,
  detail,
});
export const later = (code: ErrorCode): Verdict => ({ verdict: "later", code });

/** What the table of the record says, as an answer: what may still come is waited for. */
export const verdictOf = (judged: Judged): Verdict => {
  if (judged.verdict === "yes") return accept(judged.marks);
  return judged.why === "retry_later" ? later("retry_later") : refuse(judged.why);
};

/** Who signed: a person by certificate, or the server itself. */
export type Signatory =
  | {
      readonly by: "person";
      readonly author: Author;
      readonly publicKey: string;
      readonly confirmed: boolean;
      readonly disowned: boolean;
    }
  | { readonly by: "server"; readonly publicKey: string; readonly use: "certificate" | "root" };
