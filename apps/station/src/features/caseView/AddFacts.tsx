import type { CaseView } from "@lientuyen/record";
import { buttonClass, Icon, Panel } from "@lientuyen/ui";
import { Link } from "wouter";
import type { CaseActs } from "./acts.ts";
import type { Talk } from "./talk.ts";
import { TextForm } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

/** What comes later: vital signs, pictures and questions by the form's own steps, a note here. */
export function AddFacts({
  view,
  acts,
  talk,
}: {
  readonly view: CaseView;
  readonly acts: CaseActs;
  readonly talk: Talk;
}) {
  const { write } = useWriting(view.log);
  const t = talk.words.caseView;
  const form = `/case/${view.log.slice("case/".length)}/form`;
  const steps = [
    [acts.addVitalSigns, "vitals", t.addVitalSigns, "chart"],
    [acts.addFile, "files", t.addPhoto, "camera"],
    [acts.ask, "questions", t.addQuestion, "help"],
    [acts.ask, "toWhom", t.newRequest, "send"],
  ] as const;
  if (!acts.addNote && !steps.some(([may]) => may)) return null;
  return (
    <Panel title={t.add}>
      <div className="row">
        {steps.map(([may, step, label, icon]) =>
          may ? (
            <Link key={step} href={`${form}/${step}`} className={buttonClass({})}>
              <Icon name={icon} />
              {label}
            </Link>
          ) : null,
        )}
      </div>
      {acts.addNote ? (
        <TextForm
          name={`${view.log}/note`}
          label={t.addNote}
          sendLabel={t.save}
          rows={2}
          onSend={(text, drafts) => write([{ kind: "note", body: { text } }], drafts)}
        />
      ) : null}
    </Panel>
  );
}
