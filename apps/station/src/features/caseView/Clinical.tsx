import type { CaseBody, CaseView } from "@lientuyen/record";
import { Banner, Facts, Panel } from "@lientuyen/ui";
import { MendButton } from "./Mend.tsx";
import { SourceLine } from "./SourceLine.tsx";
import type { Talk } from "./talk.ts";
import { VersionedText } from "./VersionedText.tsx";
import { VitalSigns } from "./VitalSigns.tsx";

/** Everything that is known of the patient's state, in the order in which it is asked. */
export function Clinical({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const t = talk.words.caseView;
  return (
    <>
      {view.vitalSigns.length > 0 ? (
        <Panel title={t.vitalSigns}>
          <VitalSigns view={view} talk={talk} />
        </Panel>
      ) : null}
      <Panel title={t.summary}>
        <Withheld view={view} talk={talk} />
        {isEmpty(view) ? <p className="muted">{t.nothingClinical}</p> : null}
        <VersionedText
          view={view}
          kind="summary"
          versions={view.summary}
          say={textOf}
          talk={talk}
        />
        <VersionedText
          view={view}
          kind="diagnosis"
          versions={view.diagnosis}
          say={(b) => diagnosisText(b, talk)}
          talk={talk}
        />
        <VersionedText
          view={view}
          kind="historyTaken"
          versions={view.history}
          say={textOf}
          talk={talk}
        />
        <VersionedText
          view={view}
          kind="allergiesAndMedicines"
          versions={view.allergiesAndMedicines}
          say={(b) => allergyText(b, talk)}
          talk={talk}
        />
        <VersionedText
          view={view}
          kind="examination"
          versions={view.examination}
          say={textOf}
          talk={talk}
        />
        <Notes view={view} talk={talk} />
      </Panel>
      <PatientPanel view={view} talk={talk} />
    </>
  );
}

const textOf = (body: { readonly text: string }) => body.text;

function isEmpty(view: CaseView): boolean {
  return (
    [
      view.summary,
      view.diagnosis,
      view.history,
      view.allergiesAndMedicines,
      view.examination,
    ].every((v) => v.heads.length === 0) && view.notes.length === 0
  );
}

export function diagnosisText(body: CaseBody<"diagnosis">, talk: Talk): string {
  const { vocabulary, caseView } = talk.words;
  const code = body.icd10 === undefined ? "" : ` (${body.icd10})`;
  const off = body.offListReason === undefined ? "" : `\n${caseView.offList(body.offListReason)}`;
  return `${body.text}${code}, ${vocabulary.certainty[body.certainty]}${off}`;
}

export function allergyText(body: CaseBody<"allergiesAndMedicines">, talk: Talk): string {
  const t = talk.words.caseView;
  const lines = [
    body.allergies === undefined ? "" : `${t.allergies}: ${body.allergies}`,
    body.noKnownAllergies === true ? t.noKnownAllergies : "",
    body.medicines === undefined ? "" : `${t.medicines}: ${body.medicines}`,
    body.noMedicines === true ? t.noMedicines : "",
  ];
  return lines.filter((l) => l !== "").join("\n");
}

function Notes({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  if (view.notes.length === 0) return null;
  return (
    <section className="clinical-part stack stack-s">
      <h3>{talk.words.caseView.notes}</h3>
      {view.notes.map((note) => (
        <div key={note.hash}>
          <p className="keep-lines">{note.body.text}</p>
          <p className="row row-apart">
            <SourceLine source={note} talk={talk} />
            <MendButton view={view} target={note.hash} talk={talk} />
          </p>
        </div>
      ))}
    </section>
  );
}

/** What was taken away is said plainly, never left out in silence. */
function Withheld({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const { caseView: t, vocabulary } = talk.words;
  const grounds = view.entries.flatMap((e) =>
    e.withheld === undefined ? [] : [e.withheld.ground],
  );
  const known: Readonly<Record<string, string>> = vocabulary.withheldGround;
  return [...new Set(grounds)].map((ground) => (
    <Banner key={ground} tone="warn">
      {t.withheldNotice(known[ground] ?? ground)}
    </Banner>
  ));
}

function PatientPanel({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  if (view.patient.state !== "known") return null;
  const { identity, source } = view.patient;
  const t = talk.words.print;
  const guardian = identity.guardian;
  return (
    <Panel title={talk.words.caseView.patientTitle}>
      <Facts
        rows={[
          [t.name, identity.name],
          [t.address, identity.address],
          [t.personalNumber, identity.personalNumber],
          [t.insuranceNumber, identity.insuranceNumber],
          [talk.words.administration.phone, identity.phone],
          [
            t.guardian,
            guardian === undefined
              ? undefined
              : [guardian.name, guardian.relation, guardian.phone]
                  .filter((x) => x !== undefined)
                  .join(", "),
          ],
        ]}
      />
      <p className="row row-apart">
        <SourceLine source={source} talk={talk} />
        <MendButton view={view} target={source.hash} talk={talk} />
      </p>
    </Panel>
  );
}
