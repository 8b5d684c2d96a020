import { Tag } from "@lientuyen/ui";
import { namedIn } from "../caseView/named.ts";
import type { Talk } from "../caseView/talk.ts";
import type { LeftOut } from "./leftOut.ts";

/** In the place of an entry that is not believed: that it is there, and whose it says it is. */
export function LeftOutItem({ leftOut, talk }: { readonly leftOut: LeftOut; readonly talk: Talk }) {
  const { timeline: t, vocabulary } = talk.words;
  const { hash, receivedAt, kind, author } = leftOut;
  return (
    <li id={`e-${hash}`} className="timeline-item" data-faulty tabIndex={-1}>
      <div className="timeline-body">
        <p className="timeline-when number">
          {receivedAt === undefined ? null : (
            <time dateTime={receivedAt}>{talk.moments.time(receivedAt)}</time>
          )}
        </p>
        <div className="timeline-what">
          <p className="row">
            {kind === undefined ? null : <strong>{namedIn(vocabulary.kind, kind)}</strong>}
            <Tag tone="danger" icon="alert">
              {t.faulty}
            </Tag>
          </p>
          <p>{t.leftOut}</p>
          {author === undefined ? null : (
            <p className="small muted">
              {talk.author(author)}, {talk.facility(author.facility)}
            </p>
          )}
        </div>
      </div>
    </li>
  );
}
