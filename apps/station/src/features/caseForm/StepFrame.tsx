import { Banner, Button } from "@lientuyen/ui";
import { useState, type FormEvent, type ReactNode } from "react";
import type { DraftState } from "../../app/draft.ts";
import { useFirstWords } from "../../words/index.ts";
import { useForm } from "./form.tsx";
import { stepAfter, stepBefore, type StepName } from "./steps.ts";

interface Props {
  readonly step: StepName;
  readonly title: string;
  readonly hint?: string | undefined;
  readonly saved: DraftState;
  /** Writes the step's entry. False where something has to be put right first: the step stays. */
  readonly done: () => Promise<boolean>;
  readonly doneLabel?: string | undefined;
  /** Where Done leads; the next step if not said. */
  readonly then?: (() => void) | undefined;
  /** A second way on, beside the main button. */
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of a step: one question, Back, whether it is saved, and one main button. Enter in a field is Done. */
export function StepFrame({
  step,
  title,
  hint,
  saved,
  done,
  doneLabel,
  then,
  extra,
  children,
}: Props) {
  const form = useForm();
  const words = useFirstWords().caseForm;
  const { busy, failed, submit } = useSubmit(done, then ?? (() => form.go(stepAfter(step))));
  const before = stepBefore(step);
  return (
    <form className="stack" onSubmit={submit} noValidate aria-labelledby="step-title">
      <div>
        <h1 id="step-title">{title}</h1>
        {hint === undefined ? null : <p className="muted">{hint}</p>}
      </div>
      {children}
      {failed ? (
        <Banner tone="danger" live>
          {words.notWritten}
        </Banner>
      ) : null}
      <div className="step-foot">
        {before === undefined ? null : (
          <Button icon="back" onClick={() => form.go(before)}>
            {words.back}
          </Button>
        )}
        <SavedLine state={saved} />
        {extra}
        <Button type="submit" tone="main" large busy={busy}>
          {doneLabel ?? words.done}
        </Button>
      </div>
    </form>
  );
}

export function useSubmit(done: () => Promise<boolean>, then: () => void) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget;
    setBusy(true);
    setFailed(false);
    done()
      .then((well) => {
        if (well) then();
        else requestAnimationFrame(() => focusFault(form));
      })
      .catch(() => setFailed(true))
      .finally(() => setBusy(false));
  };
  return { busy, failed, submit };
}

/** The first field that has to be put right. */
function focusFault(form: HTMLFormElement): void {
  const field = form.querySelector(".field-error")?.closest(".field");
  field?.querySelector<HTMLElement>("input:not(:disabled), textarea, select")?.focus();
}

/** Said only after the device has said it. */
export function SavedLine({ state }: { readonly state: DraftState }) {
  const words = useFirstWords().caseForm.saved;
  const text =
    state === "saved"
      ? words.saved
      : state === "saving"
        ? words.saving
        : state === "failed"
          ? words.failed
          : "";
  return (
    <span
      className={state === "failed" ? "saved-line field-error" : "saved-line muted small"}
      role="status"
      data-state={state}
    >
      {text}
    </span>
  );
}
