import type { Source } from "@lientuyen/record";
import type { Talk } from "./talk.ts";

/** Who and when, and what is out of the ordinary about it. */
export function SourceLine({ source, talk }: { readonly source: Source; readonly talk: Talk }) {
  const t = talk.words.caseView;
  return (
    <span className="small muted">
      {talk.by(source)}
      {source.correctedBy === undefined ? null : ` · ${t.corrected}`}
      {source.receipt === undefined ? ` · ${t.unsent}` : null}
    </span>
  );
}
