import type { CaseFact, CaseView } from "@lientuyen/record";
import { Banner, Button, TextArea } from "@lientuyen/ui";
import * as v from "valibot";
import { useFirstWords } from "../../words/index.ts";
import { isTyped, useForm, useStepDraft } from "./form.tsx";
import { StepFrame } from "./StepFrame.tsx";

export const TextDraft = v.strictObject({ text: v.string(), base: v.array(v.string()) });
export type TextDraft = v.InferOutput<typeof TextDraft>;
const nothing: TextDraft = { text: "", base: [] };

export type TextKind = "examination" | "summary";

/** The versions that a text has now. */
function headsOf(kind: TextKind, view: CaseView | undefined) {
  return view?.[kind].heads ?? [];
}

/**
 * A text with versions: what is typed replaces the version that was there when typing began,
 * so that what somebody else wrote meanwhile is never overwritten.
 */
export function useTextStep(kind: TextKind) {
  const form = useForm();
  const draft = useStepDraft(kind, TextDraft, nothing);
  const heads = headsOf(kind, form.view);
  const typed = isTyped(draft);
  const text = typed ? draft.value.text : heads.map((head) => head.body.text).join("\n");
  const set = (next: string) =>
    draft.set({ text: next, base: typed ? draft.value.base : heads.map((head) => head.hash) });
  const done = async () => {
    const facts = textFacts(kind, { text, base: draft.value.base });
    const unchanged = heads.length === 1 && heads[0]?.body.text === text.trim();
    await draft.flush();
    if (typed && !unchanged && facts.length > 0) await form.write(facts, [kind]);
    if (typed) await draft.discard();
    return true;
  };
  return { text, set, done, state: draft.state, diverged: heads.length > 1 && !typed };
}

export function textFacts(kind: TextKind, draft: TextDraft): readonly CaseFact[] {
  const text = draft.text.trim();
  const replaces = [...draft.base];
  if (text === "") return [];
  if (replaces.length > 1) return [{ kind: "textMerged", body: { kind, text, replaces } }];
  return [{ kind, body: { text, replaces } }];
}

export function ExaminationStep() {
  const words = useFirstWords().caseForm.examination;
  const step = useTextStep("examination");
  return (
    <StepFrame
      step="examination"
      title={words.title}
      hint={words.hint}
      saved={step.state}
      done={step.done}
    >
      <Diverged shown={step.diverged} />
      <TextArea
        label={words.label}
        rows={7}
        autoFocus
        maxLength={20_000}
        value={step.text}
        onText={step.set}
      />
      <Phrases phrases={words.phrases} text={step.text} onText={step.set} />
    </StepFrame>
  );
}

export function Diverged({ shown }: { readonly shown: boolean }) {
  const words = useFirstWords().caseForm;
  return shown ? <Banner tone="warn">{words.diverged}</Banner> : null;
}

/** Words that stand ready: one press adds a line to be filled in. */
export function Phrases({
  phrases,
  text,
  onText,
}: {
  readonly phrases: readonly string[];
  readonly text: string;
  readonly onText: (text: string) => void;
}) {
  const words = useFirstWords().caseForm;
  return (
    <div className="row" role="group" aria-label={words.phrasesLabel}>
      {phrases.map((phrase) => (
        <Button
          key={phrase}
          icon="add"
          onClick={() =>
            onText(text.trim() === "" ? `${phrase} ` : `${text.trimEnd()}\n${phrase} `)
          }
        >
          {phrase.replace(/:$/, "")}
        </Button>
      ))}
    </div>
  );
}
