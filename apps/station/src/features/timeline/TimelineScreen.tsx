import { bodyOf, type CaseView, type TimelineEntry } from "@lientuyen/record";
import { buttonClass, Choice, Icon, Tag } from "@lientuyen/ui";
import { Suspense, useState } from "react";
import { Link, useParams } from "wouter";
import { useCase } from "../../device/hooks.ts";
import { MendButton } from "../caseView/Mend.tsx";
import { namedIn } from "../caseView/named.ts";
import { NotHere } from "../caseView/NotHere.tsx";
import { patientLines } from "../caseView/patientLine.ts";
import { useTalk, type Talk } from "../caseView/talk.ts";
import "../caseView/case.css";
import { SessionNote } from "../live/SessionNote.tsx";
import { describe, describeSigned } from "./describe.ts";
import { withLeftOut } from "./leftOut.ts";
import { LeftOutItem } from "./LeftOutItem.tsx";
import { ProofBanner } from "./ProofBanner.tsx";
import { isAct, lanes, timelineRows, type TimelineRow } from "./timeline.ts";
import "./timeline.css";
import { useProof } from "./useProof.ts";
import { Views } from "./Views.tsx";

/** The case entry by entry, along a drawn axis, with the proof that nothing was changed. */
export function TimelineScreen() {
  const { id } = useParams<{ id: string }>();
  const log = `case/${id}`;
  const load = useCase(log);
  const talk = useTalk();
  if (load.at !== "here") return <NotHere log={log} load={load} />;
  return <Timeline view={load.view} talk={talk} />;
}

function Timeline({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const [which, setWhich] = useState<"all" | "acts">("all");
  const proof = useProof(view);
  const t = talk.words.timeline;
  const rows = timelineRows(view, talk.directory, talk.moments.day);
  const shown = which === "all" ? rows : rows.filter((r) => isAct(r.entry.kind));
  const lane = lanes(view);
  const faulty = new Set(proof.at === "checked" ? proof.proof.faults.map((f) => f.entry) : []);
  const { name, line } = patientLines(view, talk.words, talk.nowMs);
  return (
    <div className="stack">
      <div className="row row-apart">
        <div>
          <h1>{t.title}</h1>
          <p>
            <strong>{name}</strong> {line} · <span className="number">{view.number}</span>
          </p>
        </div>
        <Link href={`/${view.log}`} className={buttonClass({})}>
          <Icon name="back" />
          {t.back}
        </Link>
      </div>
      <ProofBanner load={proof} view={view} talk={talk} />
      <Choice
        row
        label={t.show}
        value={which}
        onChoose={setWhich}
        options={[
          { value: "all", label: t.showAll },
          { value: "acts", label: t.showActs },
        ]}
      />
      <ul className="lanes row small">
        {[...lane].map(([facility, at]) => (
          <li key={facility} data-lane={at % 4}>
            {talk.facility(facility)}
          </li>
        ))}
      </ul>
      <ol className="timeline" aria-label={t.list}>
        {withLeftOut(shown, proof.at === "checked" ? proof.leftOut : []).map((place) =>
          place.row === undefined ? (
            <LeftOutItem key={place.leftOut.hash} leftOut={place.leftOut} talk={talk} />
          ) : (
            <TimelineItem
              key={place.row.entry.hash}
              row={place.row}
              lane={place.row.facility === undefined ? 0 : (lane.get(place.row.facility) ?? 0)}
              faulty={faulty.has(place.row.entry.hash)}
              before={
                place.row.entry.correctedBy === undefined || proof.at !== "checked"
                  ? undefined
                  : proof.signed.get(place.row.entry.hash)
              }
              view={view}
              talk={talk}
            />
          ),
        )}
      </ol>
      <Views log={view.log} talk={talk} />
    </div>
  );
}

function TimelineItem({
  row,
  lane,
  faulty,
  before,
  view,
  talk,
}: {
  readonly row: TimelineRow;
  readonly lane: number;
  readonly faulty: boolean;
  /** The body as it was first signed, where it was corrected since. */
  readonly before: string | undefined;
  readonly view: CaseView;
  readonly talk: Talk;
}) {
  const { entry } = row;
  const { timeline: t, vocabulary } = talk.words;
  const text = describe(entry, view, talk);
  const known: Readonly<Record<string, string>> = vocabulary.kind;
  return (
    <li
      id={`e-${entry.hash}`}
      className="timeline-item"
      data-lane={lane % 4}
      data-act={isAct(entry.kind)}
      data-faulty={faulty}
      tabIndex={-1}
    >
      {row.newDay ? (
        <p className="timeline-day">{talk.moments.day(row.receivedAt ?? entry.at)}</p>
      ) : null}
      <div className="timeline-body">
        <p className="timeline-when number">
          {row.receivedAt === undefined ? (
            <Tag tone="warn">{t.notReceived}</Tag>
          ) : (
            <time
              dateTime={row.receivedAt}
              title={`${t.receivedAt}: ${talk.moments.full(row.receivedAt)}`}
            >
              {talk.moments.time(row.receivedAt)}
            </time>
          )}
        </p>
        <div className="timeline-what">
          <p className="row">
            <strong>{known[entry.kind] ?? `${vocabulary.unknownKind} (${entry.kind})`}</strong>
            {faulty ? (
              <Tag tone="danger" icon="alert">
                {t.faulty}
              </Tag>
            ) : null}
            {entry.correctedBy === undefined ? null : <Tag tone="warn">{t.correctedBy}</Tag>}
          </p>
          <SessionNoted entry={entry} view={view} talk={talk} />
          {text === "" ? null : (
            <p className={entry.withheld === undefined ? "keep-lines" : "keep-lines muted"}>
              {text}
            </p>
          )}
          {before === undefined ? null : (
            <p className="small keep-lines">
              {t.before} <s>{describeSigned(entry.kind, before, view, talk)}</s>
            </p>
          )}
          <p className="small muted">
            {[
              talk.author(entry.author),
              row.facility === undefined ? "" : talk.facility(row.facility),
              row.device === undefined ? "" : t.onDevice(row.device),
            ]
              .filter((x) => x !== "")
              .join(", ")}
          </p>
          {row.statedAt === undefined ? null : (
            <p className="small">{t.statedAt(sayStated(row.statedAt, row.receivedAt, talk))}</p>
          )}
          {row.marks.map((mark) => (
            <p key={mark} className="small timeline-mark">
              <Icon name="info" /> {namedIn(vocabulary.mark, mark)}
            </p>
          ))}
          <div className="row timeline-foot">
            <details className="more small">
              <summary>{t.proofOf}</summary>
              <p>
                {t.number(row.number)} · {t.hash}: <code>{entry.hash}</code>
              </p>
            </details>
            <MendButton view={view} target={entry.hash} talk={talk} />
          </div>
        </div>
      </div>
    </li>
  );
}

/** Live sessions have their words apart, so that no other screen waits for them. */
function SessionNoted({
  entry,
  view,
  talk,
}: {
  readonly entry: TimelineEntry;
  readonly view: CaseView;
  readonly talk: Talk;
}) {
  if (entry.withheld !== undefined || entry.kind !== "sessionNoted") return null;
  const read = bodyOf(entry.kind, entry.body);
  if (!read.ok || read.fact.kind !== "sessionNoted") return null;
  return (
    <Suspense fallback={null}>
      <SessionNote noted={read.fact.body} view={view} talk={talk} />
    </Suspense>
  );
}

/** The day too, where it is another one than the official. */
function sayStated(stated: string, received: string | undefined, talk: Talk): string {
  const { full, day, time } = talk.moments;
  return received !== undefined && day(received) === day(stated) ? time(stated) : full(stated);
}
