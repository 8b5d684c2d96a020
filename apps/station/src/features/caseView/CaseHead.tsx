import type { CaseView } from "@lientuyen/record";
import { buttonClass, Icon, Tag } from "@lientuyen/ui";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { patientLines } from "./patientLine.ts";
import type { Talk } from "./talk.ts";

/** What is the matter: the diagnosis and the summary, else the first question. Each of two summaries that diverged has its line. */
export function whatLines(view: CaseView): readonly string[] {
  const diagnosis = view.diagnosis.heads[0]?.body.text;
  const summaries = view.summary.heads.map((head) => head.body.text);
  if (summaries.length > 1) return diagnosis === undefined ? summaries : [diagnosis, ...summaries];
  const texts = [diagnosis, ...summaries].filter((t) => t !== undefined);
  return [texts.length > 0 ? texts.join(". ") : (view.questions[0]?.body.text ?? "")];
}

/** The two-line summary on top: who, what, since when. */
export function CaseHead({
  view,
  talk,
  children,
}: {
  readonly view: CaseView;
  readonly talk: Talk;
  /** Links at the side: back, next case. */
  readonly children?: ReactNode;
}) {
  const { words, moments, nowMs } = talk;
  const t = words.caseView;
  const { name, line } = patientLines(view, words, nowMs);
  const pressing = view.requests.find((r) => r.urgency === "emergency") ?? view.requests[0];
  const base = `/case/${view.log.slice("case/".length)}`;
  return (
    <header className="case-head">
      <div className="case-head-text">
        <h1>
          {name}
          {line === "" ? null : <span className="case-head-line">{line}</span>}
        </h1>
        {whatLines(view).map((what, index) => (
          <p key={index} className="case-head-what">
            {what}
          </p>
        ))}
        <p className="row small case-head-marks">
          <span>
            {t.caseNumber} <strong className="number">{view.number}</strong>
          </span>
          <span>{talk.facility(view.facility)}</span>
          <span>{t.openedAgo(moments.ago(view.openedAt, nowMs))}</span>
          {pressing === undefined ? null : (
            <Tag
              tone={
                pressing.urgency === "emergency"
                  ? "danger"
                  : pressing.urgency === "urgent"
                    ? "warn"
                    : "info"
              }
            >
              {words.vocabulary.urgency[pressing.urgency]}
            </Tag>
          )}
          {view.requests.some((r) => r.worse) ? (
            <Tag tone="danger" icon="alert">
              {t.worseNow}
            </Tag>
          ) : null}
          {view.state === "closed" ? <Tag>{t.closed}</Tag> : null}
        </p>
      </div>
      <nav className="row case-head-links" aria-label={t.pages}>
        <Link href={`${base}/timeline`} className={buttonClass({})}>
          <Icon name="clock" />
          {t.timeline}
        </Link>
        <Link href={`${base}/live`} className={buttonClass({})}>
          <Icon name="video" />
          {t.live}
        </Link>
        <Link href={`${base}/print`} className={buttonClass({})}>
          <Icon name="print" />
          {t.print}
        </Link>
        {children}
      </nav>
    </header>
  );
}
