import { Button, TextArea } from "@lientuyen/ui";
import { useTalk } from "../caseView/talk.ts";
import { useForm } from "./form.tsx";
import { StepFrame } from "./StepFrame.tsx";
import { suggestSummary } from "./suggestSummary.ts";
import { Diverged, useTextStep } from "./TextStep.tsx";

/** Two lines that the specialist reads first; put together from what was written, then mended by hand. */
export function SummaryStep() {
  const form = useForm();
  const talk = useTalk();
  const words = talk.words.caseForm.summary;
  const step = useTextStep("summary");
  const suggestion = form.view === undefined ? "" : suggestSummary(form.view, talk);
  return (
    <StepFrame
      step="summary"
      title={words.title}
      hint={words.hint}
      saved={step.state}
      done={step.done}
    >
      <Diverged shown={step.diverged} />
      <TextArea
        label={words.label}
        rows={4}
        autoFocus
        maxLength={20_000}
        value={step.text}
        onText={step.set}
      />
      {suggestion === "" ? null : (
        <div className="row">
          <Button
            icon="edit"
            onClick={() =>
              step.set(
                step.text.trim() === "" ? suggestion : `${step.text.trimEnd()}\n${suggestion}`,
              )
            }
          >
            {words.fill}
          </Button>
        </div>
      )}
    </StepFrame>
  );
}
