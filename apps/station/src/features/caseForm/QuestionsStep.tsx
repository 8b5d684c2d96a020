import { Button, GrowingField } from "@lientuyen/ui";
import * as v from "valibot";
import { useFirstWords } from "../../words/index.ts";
import { useForm, useStepDraft } from "./form.tsx";
import { StepFrame } from "./StepFrame.tsx";
import { openQuestions } from "./steps.ts";

export const QuestionsDraft = v.array(v.string());
export type QuestionsDraft = v.InferOutput<typeof QuestionsDraft>;
export const noQuestions: QuestionsDraft = [""];

export const asked = (questions: QuestionsDraft): readonly string[] =>
  questions.map((question) => question.trim()).filter((question) => question !== "");

/** One question a row: each is answered for itself. They become entries when the case is sent. */
export function QuestionsStep() {
  const words = useFirstWords().caseForm.questions;
  const draft = useStepDraft("questions", QuestionsDraft, noQuestions);
  const done = async () => {
    if (asked(draft.value).length === 0) await draft.discard();
    else await draft.flush();
    return true;
  };
  return (
    <StepFrame
      step="questions"
      title={words.title}
      hint={words.hint}
      saved={draft.state}
      done={done}
    >
      <AskedBefore />
      <QuestionRows value={draft.value} onValue={draft.set} autoFocus />
    </StepFrame>
  );
}

/** Written as entries already, but not yet carried by a request: a power cut between the two. */
export function AskedBefore() {
  const form = useForm();
  const words = useFirstWords().caseForm.questions;
  const before = openQuestions(form.view);
  if (before.length === 0) return null;
  return (
    <div>
      <h2>{words.before}</h2>
      <ul>
        {before.map((question) => (
          <li key={question.hash}>{question.body.text}</li>
        ))}
      </ul>
    </div>
  );
}

export function QuestionRows({
  value,
  onValue,
  autoFocus = false,
}: {
  readonly value: QuestionsDraft;
  readonly onValue: (value: QuestionsDraft) => void;
  readonly autoFocus?: boolean;
}) {
  const words = useFirstWords().caseForm.questions;
  const rows = value.length === 0 ? noQuestions : value;
  const put = (at: number, text: string) =>
    onValue(rows.map((old, index) => (index === at ? text : old)));
  return (
    <div className="questions stack stack-s">
      {rows.map((text, index) => (
        <div key={index} className="question-row">
          <GrowingField
            label={words.label(index + 1)}
            maxLength={2000}
            value={text}
            autoFocus={autoFocus && index === 0}
            onText={(next) => put(index, next)}
            onKeyDown={(event) => {
              // Enter on a question goes on to the next one; on an empty one it is Done.
              if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
              event.preventDefault();
              if (text.trim() === "") return event.currentTarget.form?.requestSubmit();
              if (index === rows.length - 1) onValue([...rows, ""]);
              focusRow(event.currentTarget.closest<HTMLElement>(".questions"), index + 1);
            }}
          />
          {rows.length > 1 ? (
            <Button
              tone="plain"
              icon="remove"
              aria-label={words.remove(index + 1)}
              onClick={() => onValue(rows.filter((_, at) => at !== index))}
            />
          ) : null}
        </div>
      ))}
      <div className="row">
        <Button icon="add" onClick={() => onValue([...rows, ""])}>
          {words.add}
        </Button>
      </div>
    </div>
  );
}

/** Once it has been drawn. */
function focusRow(list: HTMLElement | null, index: number): void {
  requestAnimationFrame(() =>
    list?.querySelectorAll<HTMLElement>(".question-row textarea")[index]?.focus(),
  );
}
