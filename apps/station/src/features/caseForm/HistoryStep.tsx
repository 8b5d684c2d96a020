import type { CaseFact } from "@lientuyen/record";
import { guidedHistories, type GuidedHistory, type GuidedQuestion } from "@lientuyen/terms";
import { Button, Choice, Select, TextArea, TextField } from "@lientuyen/ui";
import * as v from "valibot";
import { useLanguage, useFirstWords, type Language } from "../../words/index.ts";
import { isTyped, useForm, useStepDraft } from "./form.tsx";
import { StepFrame } from "./StepFrame.tsx";
import { Diverged } from "./TextStep.tsx";

export const HistoryDraft = v.strictObject({
  text: v.string(),
  guide: v.string(),
  answers: v.record(v.string(), v.string()),
  base: v.array(v.string()),
});
export type HistoryDraft = v.InferOutput<typeof HistoryDraft>;
const nothing: HistoryDraft = { text: "", guide: "", answers: {}, base: [] };

/** Reason and history: free text, and for frequent reasons the questions that a specialist would ask anyway. */
export function HistoryStep() {
  const form = useForm();
  const words = useFirstWords().caseForm.history;
  const language = useLanguage();
  const draft = useStepDraft("history", HistoryDraft, nothing);
  const heads = form.view?.history.heads ?? [];
  const typed = isTyped(draft);
  const value: HistoryDraft = typed ? draft.value : fromHeads(heads);
  const change = (part: Partial<HistoryDraft>) => draft.set({ ...value, ...part });
  const guide = findGuide(value.guide);

  const done = async () => {
    if (!typed) return true;
    const facts = historyFacts(value, language);
    await draft.flush();
    if (facts.length > 0) await form.write(facts, ["history"]);
    await draft.discard();
    return true;
  };
  return (
    <StepFrame step="history" title={words.title} hint={words.hint} saved={draft.state} done={done}>
      <Diverged shown={heads.length > 1 && !typed} />
      <TextArea
        label={words.label}
        rows={4}
        autoFocus
        maxLength={15_000}
        value={value.text}
        onText={(text) => change({ text })}
      />
      <Select
        label={words.guide}
        hint={words.guideHint}
        value={value.guide}
        onChoose={(code) => change({ guide: code })}
        options={[
          { value: "", label: words.noGuide },
          ...guidedHistories.map((row) => ({ value: row.code, label: row[language] })),
        ]}
      />
      {guide?.questions.map((question) => (
        <Guided
          key={question.code}
          question={question}
          language={language}
          answer={value.answers[question.code] ?? ""}
          onAnswer={(answer) => change({ answers: { ...value.answers, [question.code]: answer } })}
        />
      ))}
    </StepFrame>
  );
}

function fromHeads(
  heads: readonly { readonly hash: string; readonly body: { readonly text: string } }[],
): HistoryDraft {
  return {
    ...nothing,
    text: heads.map((head) => head.body.text).join("\n"),
    base: heads.map((head) => head.hash),
  };
}

export function historyFacts(value: HistoryDraft, language: Language): readonly CaseFact[] {
  const guide = findGuide(value.guide);
  const text = [
    value.text.trim(),
    guide === undefined ? "" : sayAnswers(guide, value.answers, language),
  ]
    .filter((part) => part !== "")
    .join("\n");
  const replaces = [...value.base];
  if (text === "") return [];
  if (replaces.length > 1)
    return [{ kind: "textMerged", body: { kind: "historyTaken", text, replaces } }];
  const guided = (guide?.questions ?? []).flatMap((question) => {
    const answer = value.answers[question.code]?.trim() ?? "";
    return answer === ""
      ? []
      : [{ question: `${value.guide}.${question.code}`, answer: answer.slice(0, 300) }];
  });
  return [
    { kind: "historyTaken", body: { text, replaces, ...(guided.length === 0 ? {} : { guided }) } },
  ];
}

const findGuide = (code: string): GuidedHistory | undefined =>
  guidedHistories.find((candidate) => candidate.code === code);

/** "Sưng lan tới đâu: trên mắt cá 6 cm. …": the answers as a line of the history that everybody reads. */
function sayAnswers(
  guide: GuidedHistory,
  answers: HistoryDraft["answers"],
  language: Language,
): string {
  return guide.questions
    .flatMap((question) => {
      const answer = answers[question.code]?.trim() ?? "";
      return answer === "" ? [] : [`${question[language]}: ${answer}`];
    })
    .join(". ");
}

function Guided({
  question,
  language,
  answer,
  onAnswer,
}: {
  readonly question: GuidedQuestion;
  readonly language: Language;
  readonly answer: string;
  readonly onAnswer: (answer: string) => void;
}) {
  const words = useFirstWords().caseForm.history;
  const quick = question.answers;
  if (quick === undefined)
    return (
      <TextField label={question[language]} maxLength={300} value={answer} onText={onAnswer} />
    );
  return (
    <div className="guided">
      <Choice
        row
        label={question[language]}
        value={quick.find((option) => option[language] === answer)?.code}
        onChoose={(code) =>
          onAnswer(quick.find((option) => option.code === code)?.[language] ?? "")
        }
        options={quick.map((option) => ({ value: option.code, label: option[language] }))}
      />
      {answer === "" ? null : (
        <Button tone="plain" onClick={() => onAnswer("")}>
          {words.clearAnswer}
        </Button>
      )}
    </div>
  );
}
