import type { CaseView, FileView } from "@lientuyen/record";
import { Button, buttonClass, Check, Icon } from "@lientuyen/ui";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { useCase } from "../../device/hooks.ts";
import { allergyText, diagnosisText } from "../caseView/Clinical.tsx";
import { keyPicture } from "../caseView/fileList.ts";
import { namedIn } from "../caseView/named.ts";
import { NotHere } from "../caseView/NotHere.tsx";
import { patientLines } from "../caseView/patientLine.ts";
import { onPaper, useTalk, type Talk } from "../caseView/talk.ts";
import { useFile } from "../caseView/useFile.ts";
import { vitalTable } from "../caseView/vitals.ts";
import { VitalSignsTable } from "../caseView/VitalSigns.tsx";
import { handedTo } from "../decisions/Ending.tsx";
import { Advice } from "./Advice.tsx";
import "./print.css";
import { signatureLines } from "./signatures.ts";

/** One clean A4 page (or two) that goes with the patient. */
export function PrintScreen() {
  const { id } = useParams<{ id: string }>();
  const log = `case/${id}`;
  const load = useCase(log);
  const talk = useTalk();
  const [withPicture, setWithPicture] = useState(false);
  const t = talk.words.print;
  if (load.at !== "here") return <NotHere log={log} load={load} />;
  const { view } = load;
  const key = keyPicture(view);
  return (
    <div className="stack">
      <div className="row print-tools">
        <Link href={`/${view.log}`} className={buttonClass({})}>
          <Icon name="back" />
          {t.back}
        </Link>
        <Button tone="main" icon="print" onClick={() => print()}>
          {t.printNow}
        </Button>
        {key === undefined ? null : (
          <Check label={t.withPicture} checked={withPicture} onCheck={setWithPicture} />
        )}
      </div>
      <Sheet view={view} talk={onPaper(talk)} picture={withPicture ? key : undefined} />
    </div>
  );
}

function Sheet({
  view,
  talk,
  picture,
}: {
  readonly view: CaseView;
  readonly talk: Talk;
  readonly picture: FileView | undefined;
}) {
  const { print: t, caseView, vocabulary } = talk.words;
  return (
    <article className="sheet" aria-label={t.page}>
      <header className="sheet-head">
        <div>
          <strong>{talk.directory.facilities.get(view.facility)?.name ?? view.facility}</strong>
          <p>{talk.directory.facilities.get(view.facility)?.phone}</p>
        </div>
        <p>
          {t.number}: <strong className="number">{view.number}</strong>
          <br />
          {t.opened}: {talk.moments.time(view.openedAt)} {talk.moments.day(view.openedAt)}
        </p>
      </header>
      <h1>{t.title}</h1>
      <Patient view={view} talk={talk} />
      <Texts view={view} talk={talk} />
      {view.vitalSigns.length === 0 ? null : (
        <section>
          <h2>{caseView.vitalSigns}</h2>
          <VitalSignsTable table={vitalTable(view.vitalSigns)} talk={talk} />
        </section>
      )}
      {picture === undefined ? null : <Picture view={view} picture={picture} />}
      {view.requests.map((request) => (
        <Advice key={request.hash} request={request} talk={talk} />
      ))}
      <Afterwards view={view} talk={talk} />
      <section className="sheet-signed">
        <h2>{t.signed}</h2>
        <ul>
          {signatureLines(view).map((line) => (
            <li key={line.author.person}>
              {t.signedLine(
                talk.author(line.author),
                talk.facility(line.author.facility),
                line.kinds
                  .map((k) => namedIn(vocabulary.kind, k).toLocaleLowerCase(talk.language))
                  .join(", "),
                `${talk.moments.time(line.at)} ${talk.moments.day(line.at)}`,
              )}
            </li>
          ))}
        </ul>
      </section>
      <footer className="sheet-foot">
        <p>{t.legal}</p>
        <p>{t.printedAt(talk.moments.full(new Date(talk.nowMs).toISOString()))}</p>
      </footer>
    </article>
  );
}

function Patient({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const t = talk.words.print;
  const { name, line } = patientLines(view, talk.words, Date.parse(view.openedAt));
  const identity = view.patient.state === "known" ? view.patient.identity : undefined;
  const guardian = identity?.guardian;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t.name, name],
    [t.sexAge, line],
    [t.address, identity?.address],
    [t.personalNumber, identity?.personalNumber],
    [t.insuranceNumber, identity?.insuranceNumber],
    [
      t.guardian,
      guardian === undefined
        ? undefined
        : [guardian.name, guardian.relation, guardian.phone]
            .filter((x) => x !== undefined)
            .join(", "),
    ],
  ];
  return (
    <section>
      <dl className="sheet-facts">
        {rows.map(([label, value]) =>
          value === undefined || value === "" ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

function Texts({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const { vocabulary } = talk.words;
  const texts: readonly (readonly [string, readonly string[]])[] = [
    [vocabulary.kind.diagnosis, view.diagnosis.heads.map((h) => diagnosisText(h.body, talk))],
    [vocabulary.kind.summary, view.summary.heads.map((h) => h.body.text)],
    [vocabulary.kind.historyTaken, view.history.heads.map((h) => h.body.text)],
    [
      vocabulary.kind.allergiesAndMedicines,
      view.allergiesAndMedicines.heads.map((h) => allergyText(h.body, talk)),
    ],
    [vocabulary.kind.examination, view.examination.heads.map((h) => h.body.text)],
    [vocabulary.kind.note, view.notes.map((n) => n.body.text)],
  ];
  return texts.map(([title, lines]) =>
    lines.length === 0 ? null : (
      <section key={title}>
        <h2>{title}</h2>
        {lines.map((line) => (
          <p key={line} className="keep-lines">
            {line}
          </p>
        ))}
      </section>
    ),
  );
}

function Picture({ view, picture }: { readonly view: CaseView; readonly picture: FileView }) {
  const load = useFile(view.log, picture.file);
  return load.at === "here" ? (
    <img
      className="sheet-picture"
      src={load.url}
      alt={picture.body.caption ?? picture.body.name ?? ""}
    />
  ) : null;
}

function Afterwards({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const { print: t, vocabulary, caseView } = talk.words;
  const calls = view.conversation.filter((c) => c.type === "agreedByTelephone");
  return (
    <>
      {calls.length === 0 ? null : (
        <section>
          <h2>{t.telephone}</h2>
          {calls.map((call) => (
            <p key={call.hash} className="keep-lines">
              {vocabulary.labelled(
                caseView.agreedWith(call.body.with, talk.moments.short(call.body.at, talk.nowMs)),
                call.body.text,
              )}
            </p>
          ))}
        </section>
      )}
      {view.handOvers.length === 0 ? null : (
        <section>
          <h2>{t.handOver}</h2>
          {view.handOvers.map((h) => (
            <p key={h.hash} className="keep-lines">
              <strong>{handedTo(h.body.to, talk)}</strong>: {h.body.note} ({talk.by(h)})
            </p>
          ))}
        </section>
      )}
      {view.outcomes.length === 0 ? null : (
        <section>
          <h2>{t.outcome}</h2>
          {view.outcomes.map((o) => (
            <p key={o.hash}>
              <strong>{vocabulary.result[o.body.result]}</strong> {o.body.text} ({talk.by(o)})
            </p>
          ))}
        </section>
      )}
    </>
  );
}
