import { Choice, Clock, Tag } from "@lientuyen/ui";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useCases, useDevice, useReading } from "../../device/hooks.ts";
import { rowLine } from "../caseView/patientLine.ts";
import { useTalk, type Talk } from "../caseView/talk.ts";
import { NotifyPanel } from "../notify/NotifyPanel.tsx";
import { EmptyList } from "../search/EmptyList.tsx";
import { sayCountdown } from "./say.ts";
import { waited } from "./countdown.ts";
import { filterWork, workRows, type WorkFilter, type WorkRow } from "./worklist.ts";
import "./worklist.css";

/** What waits for an answer here, the most pressing first. */
export function WorklistScreen() {
  const { me } = useDevice();
  const rows = useCases();
  const reading = useReading();
  const talk = useTalk();
  const t = talk.words.worklist;
  const worker = useMemo(
    () => ({
      person: me.person,
      facility: me.facility,
      specialties: me.roles.flatMap((r) => (r.specialty === undefined ? [] : [r.specialty])),
    }),
    [me],
  );
  const work = workRows(rows, me.facility);
  const counts = {
    mine: filterWork(work, "mine", worker).length,
    specialty: filterWork(work, "specialty", worker).length,
    all: work.length,
  };
  const [chosen, setChosen] = useState<WorkFilter | undefined>(undefined);
  const filter = chosen ?? (counts.specialty > 0 ? "specialty" : "all");
  const shown = filterWork(work, filter, worker);
  return (
    <div className="stack">
      <div className="work-head">
        <h1>{t.title}</h1>
        <span role="status" className="muted">
          {reading === "reading" ? talk.words.frame.listLoading : t.count(shown.length)}
        </span>
        <NotifyPanel />
      </div>
      <Choice
        row
        label={t.filter}
        value={filter}
        onChoose={setChosen}
        options={[
          { value: "mine", label: t.mine(counts.mine) },
          { value: "specialty", label: t.specialty(counts.specialty) },
          { value: "all", label: t.all(counts.all) },
        ]}
      />
      {shown.length === 0 ? (
        <EmptyList>{filter === "mine" ? t.emptyMine : t.emptyAll}</EmptyList>
      ) : null}
      <ol className="work">
        {shown.map((work) => (
          <li key={work.request.hash}>
            <WorkItem work={work} talk={talk} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function WorkItem({ work, talk }: { readonly work: WorkRow; readonly talk: Talk }) {
  const { row, request } = work;
  const device = useDevice();
  const { worklist: t, vocabulary, search } = talk.words;
  const who = request.acceptedBy ?? request.allocatedTo;
  const line = rowLine(row, talk.words);
  const tone =
    request.urgency === "emergency" ? "danger" : request.urgency === "urgent" ? "warn" : "info";
  return (
    <Link
      href={`/${row.log}`}
      className="work-item"
      data-urgency={request.urgency}
      data-new={row.isNew}
    >
      <span className="work-top">
        <Tag tone={tone} icon={request.urgency === "emergency" ? "alert" : undefined}>
          {vocabulary.urgency[request.urgency]}
        </Tag>
        {request.worse ? (
          <Tag tone="danger" icon="alert">
            {t.worse}
          </Tag>
        ) : null}
        {row.isNew ? <Tag tone="good">{t.isNew}</Tag> : null}
        <span className="work-clock">
          <Clock
            dueAtMs={request.dueAtMs}
            now={device.now}
            say={(leftMs) => sayCountdown(leftMs, talk.words)}
          />
        </span>
      </span>
      <span className="work-who">
        <strong>{row.patientName ?? search.unknownPatient}</strong>
        {line === "" ? null : <span> · {line}</span>}
      </span>
      <span className="work-what">{row.diagnosis ?? row.summaryLine ?? ""}</span>
      <span className="work-more small">
        <span className="number">{row.number}</span>
        <span>{talk.facility(row.facility)}</span>
        <span>{talk.specialty(request.specialty)}</span>
        <span>{t.waited(talk.moments.ago(request.sentAt, talk.nowMs))}</span>
        <span>{t.openQuestions(request.openQuestions)}</span>
        <span>
          {who === undefined
            ? t.nobody
            : who === device.me.person
              ? t.yours
              : t.whose(talk.person(who))}
        </span>
      </span>
      <progress
        className="work-bar"
        value={waited(request.sentAt, request.dueAtMs, talk.nowMs)}
        max={1}
        aria-hidden="true"
      />
    </Link>
  );
}
