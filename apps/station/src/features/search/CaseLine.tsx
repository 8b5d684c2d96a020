import { Icon, Tag } from "@lientuyen/ui";
import { Link } from "wouter";
import type { CaseRow } from "../../device/device.ts";
import { useDevice } from "../../device/hooks.ts";
import { namedIn } from "../caseView/named.ts";
import { rowLine } from "../caseView/patientLine.ts";
import type { Talk } from "../caseView/talk.ts";
import { isLate } from "../worklist/worklist.ts";
import "./search.css";

/** One case in a list: who, what is the matter, where it stands. */
export function CaseLine({ row, talk }: { readonly row: CaseRow; readonly talk: Talk }) {
  const { search: t, vocabulary, worklist, answers } = talk.words;
  const { me } = useDevice();
  const { request } = row;
  const line = rowLine(row, talk.words);
  return (
    <Link href={`/${row.log}`} className="case-line">
      <span className="row">
        <strong className="case-line-name">{row.patientName ?? t.unknownPatient}</strong>
        {line === "" ? null : <span>{line}</span>}
        {request === undefined ? null : (
          <Tag
            tone={
              request.urgency === "emergency"
                ? "danger"
                : request.urgency === "urgent"
                  ? "warn"
                  : "info"
            }
          >
            {vocabulary.urgency[request.urgency]}
          </Tag>
        )}
        {isLate(row, me.facility, talk.nowMs) ? (
          <Tag tone="danger" icon="call">
            {t.late}
          </Tag>
        ) : null}
        {row.isNew ? <Tag tone="good">{worklist.isNew}</Tag> : null}
        {row.isAway ? (
          <Tag>
            <Icon name="cloud" />
            {t.away}
          </Tag>
        ) : null}
        {row.unsent > 0 ? (
          <Tag tone="warn">
            <Icon name="cloud" />
            {t.unsent(row.unsent)}
          </Tag>
        ) : null}
      </span>
      <span className="case-line-what">{row.diagnosis ?? row.summaryLine ?? ""}</span>
      <span className="case-line-more small">
        <span className="number">{row.number}</span>
        <span>{talk.facility(row.facility)}</span>
        {request === undefined ? (
          <span>{t.writing}</span>
        ) : (
          <span>
            {talk.facility(request.to)}: {namedIn(vocabulary.requestState, request.state)}
          </span>
        )}
        <span>{answers.changed(talk.moments.ago(row.changedAt, talk.nowMs))}</span>
      </span>
    </Link>
  );
}
