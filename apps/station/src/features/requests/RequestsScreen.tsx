import { Banner, Clock, Panel, Tag } from "@lientuyen/ui";
import { useState } from "react";
import { Link } from "wouter";
import { useCases, useDevice } from "../../device/hooks.ts";
import { namedIn } from "../caseView/named.ts";
import { rowLine } from "../caseView/patientLine.ts";
import { useTalk, type Talk } from "../caseView/talk.ts";
import { NotifyPanel } from "../notify/NotifyPanel.tsx";
import { EmptyList } from "../search/EmptyList.tsx";
import { sayCountdown } from "../worklist/say.ts";
import type { WorkRow } from "../worklist/worklist.ts";
import "../worklist/worklist.css";
import "../caseView/case.css";
import { loads, specialtiesOf } from "./load.ts";
import { requestGroups } from "./requestGroups.ts";
import { RequestActions } from "./RequestActions.tsx";
import "./requests.css";

/** Every request to the facility: who has it, who could take it, and what waits too long. */
export function RequestsScreen() {
  const { me } = useDevice();
  const rows = useCases();
  const talk = useTalk();
  const [told, setTold] = useState("");
  const t = talk.words.requests;
  const groups = requestGroups(rows, me.facility, talk.nowMs);
  const group = (title: string, works: readonly WorkRow[]) => (
    <section className="stack stack-s" aria-label={title}>
      <h2>{title}</h2>
      {works.length === 0 ? <p className="muted">{t.empty}</p> : null}
      <ol className="work">
        {works.map((work) => (
          <li key={work.request.hash} className="request-line">
            <RequestLine work={work} talk={talk} onTold={setTold} />
          </li>
        ))}
      </ol>
    </section>
  );
  const none = groups.waiting.length + groups.given.length + groups.done.length === 0;
  return (
    <div className="stack">
      <div className="work-head">
        <h1>{t.title}</h1>
        <NotifyPanel />
      </div>
      <p role="status" className="visually-hidden">
        {told}
      </p>
      {groups.late > 0 ? <Banner tone="danger">{t.tooLong(groups.late)}</Banner> : null}
      <div className="requests-grid">
        <div className="stack">
          {none ? (
            <EmptyList>{t.empty}</EmptyList>
          ) : (
            <>
              {group(t.waiting(groups.waiting.length), groups.waiting)}
              {group(t.givenOut(groups.given.length), groups.given)}
            </>
          )}
          {groups.done.length === 0 ? null : (
            <details className="more">
              <summary>{t.done(groups.done.length)}</summary>
              {group(t.done(groups.done.length), groups.done)}
            </details>
          )}
        </div>
        <WhoHasHowMuch talk={talk} />
      </div>
    </div>
  );
}

function RequestLine({
  work,
  talk,
  onTold,
}: {
  readonly work: WorkRow;
  readonly talk: Talk;
  readonly onTold: (text: string) => void;
}) {
  const device = useDevice();
  const { row, request } = work;
  const { vocabulary, requests: t, worklist, search } = talk.words;
  const who = request.acceptedBy ?? request.allocatedTo;
  const ended =
    request.state === "answered" || request.state === "declined" || request.state === "withdrawn";
  return (
    <article className="request-card stack stack-s" data-urgency={request.urgency}>
      <p className="row">
        <Tag
          tone={
            request.urgency === "emergency"
              ? "danger"
              : request.urgency === "urgent"
                ? "warn"
                : "info"
          }
          icon={request.urgency === "emergency" ? "alert" : undefined}
        >
          {vocabulary.urgency[request.urgency]}
        </Tag>
        {request.worse ? (
          <Tag tone="danger" icon="alert">
            {worklist.worse}
          </Tag>
        ) : null}
        {row.isNew ? <Tag tone="good">{worklist.isNew}</Tag> : null}
        <span className="work-clock">
          {ended ? (
            <Tag>{namedIn(vocabulary.requestState, request.state)}</Tag>
          ) : (
            <Clock
              dueAtMs={request.dueAtMs}
              now={device.now}
              say={(leftMs) => sayCountdown(leftMs, talk.words)}
            />
          )}
        </span>
      </p>
      <p className="row">
        <Link href={`/${row.log}`}>
          <strong>{row.patientName ?? search.unknownPatient}</strong>
        </Link>
        <span>{rowLine(row, talk.words)}</span>
      </p>
      <p>{row.diagnosis ?? row.summaryLine ?? ""}</p>
      <p className="work-more small">
        <span className="number">{row.number}</span>
        <span>{t.from(talk.facility(row.facility))}</span>
        <span>{talk.specialty(request.specialty)}</span>
        {who === undefined ? null : <span>{t.given(talk.person(who))}</span>}
      </p>
      {ended ? null : <RequestActions work={work} talk={talk} onTold={onTold} />}
    </article>
  );
}

function WhoHasHowMuch({ talk }: { readonly talk: Talk }) {
  const { me } = useDevice();
  const rows = useCases();
  const t = talk.words.requests;
  const people = loads(talk.directory, rows, me.facility, "", talk.nowMs);
  return (
    <Panel title={t.whoHasHowMuch}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.person}</th>
            <th scope="col">{t.openCases}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((load) => (
            <tr key={load.person.person}>
              <th scope="row">
                {talk.person(load.person.person)}
                <span className="small muted"> {specialtiesOf(load.person, talk)}</span>
              </th>
              <td>
                <span className="row load-open">
                  <span className="number">{load.open}</span>
                  {load.emergencies > 0 ? (
                    <Tag tone="danger">{t.emergencies(load.emergencies)}</Tag>
                  ) : null}
                  {load.late > 0 ? <Tag tone="warn">{t.late(load.late)}</Tag> : null}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
