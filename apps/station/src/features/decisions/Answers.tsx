import type { CaseView, RecommendationView, RequestView } from "@lientuyen/record";
import { Button, Choice, Panel, Tag, TextArea } from "@lientuyen/ui";
import { useState } from "react";
import * as v from "valibot";
import { useDraft } from "../../app/draft.ts";
import { allows } from "../caseView/acts.ts";
import { QuestionAnswers } from "../caseView/QuestionAnswers.tsx";
import { SourceLine } from "../caseView/SourceLine.tsx";
import { useStanding, type Talk } from "../caseView/talk.ts";
import { DraftNote, WriteFailed } from "../caseView/TextForm.tsx";
import { useWriting } from "../caseView/write.ts";
import { decidedOn, decisionBody, lacks, undecided, type DecisionLack } from "./decided.ts";
import { DecisionText } from "./DecisionText.tsx";

/** What came back on one request of ours: each answer, and a decision on each recommendation. */
export function Answers({
  view,
  request,
  talk,
}: {
  readonly view: CaseView;
  readonly request: RequestView;
  readonly talk: Talk;
}) {
  const { caseView: t, decisions: d } = talk.words;
  const open = undecided([request]).length;
  if (request.questions.length === 0 && request.recommendations.length === 0) return null;
  return (
    <Panel
      title={t.answersFrom(talk.facility(request.to))}
      side={open > 0 ? <Tag tone="warn">{d.wanted(open)}</Tag> : null}
    >
      <ol className="questions">
        {request.questions.map(({ question, opinions }, i) => (
          <QuestionAnswers
            key={question.hash}
            number={i + 1}
            log={view.log}
            request={request}
            question={question}
            opinions={opinions}
            mayAnswer={false}
            talk={talk}
          />
        ))}
      </ol>
      {request.recommendations.length === 0 ? null : (
        <section className="stack stack-s">
          <h3>{d.title}</h3>
          <p className="small muted">{d.help}</p>
          <ol className="recommendations">
            {request.recommendations.map((recommendation, i) => (
              <Recommendation
                key={recommendation.hash}
                view={view}
                number={i + 1}
                recommendation={recommendation}
                talk={talk}
              />
            ))}
          </ol>
        </section>
      )}
    </Panel>
  );
}

function Recommendation({
  view,
  number,
  recommendation,
  talk,
}: {
  readonly view: CaseView;
  readonly number: number;
  readonly recommendation: RecommendationView;
  readonly talk: Talk;
}) {
  const [again, setAgain] = useState(false);
  const standing = useStanding(view);
  const state = decidedOn(recommendation).state;
  const t = talk.words.decisions;
  const may = allows(standing, {
    kind: "decisionMade",
    body: decisionBody(recommendation, { decision: "accept", text: "", reason: "" }),
  });
  const deciding = may && (state === "undecided" || again);
  return (
    <li className="recommendation stack stack-s">
      <p className="keep-lines recommendation-text">{recommendation.fact.body.text}</p>
      <p>
        <SourceLine source={recommendation.fact} talk={talk} />
      </p>
      {state === "undecided" && deciding ? null : (
        <DecisionText recommendation={recommendation} talk={talk} />
      )}
      {deciding ? (
        <DecisionForm
          view={view}
          number={number}
          recommendation={recommendation}
          talk={talk}
          onDone={() => setAgain(false)}
        />
      ) : null}
      {may && state === "decided" && !again ? (
        <div>
          <Button tone="plain" icon="edit" onClick={() => setAgain(true)}>
            {t.decideAgain}
          </Button>
        </div>
      ) : null}
    </li>
  );
}

const draftSchema = v.object({
  decision: v.optional(v.picklist(["accept", "change", "decline"])),
  text: v.string(),
  reason: v.string(),
});
const emptyDraft: v.InferOutput<typeof draftSchema> = { text: "", reason: "" };

function DecisionForm({
  view,
  number,
  recommendation,
  talk,
  onDone,
}: {
  readonly view: CaseView;
  readonly number: number;
  readonly recommendation: RecommendationView;
  readonly talk: Talk;
  readonly onDone: () => void;
}) {
  const name = `${view.log}/decision/${recommendation.hash}`;
  const draft = useDraft(name, draftSchema, emptyDraft);
  const { write, busy, failed } = useWriting(view.log);
  const [lack, setLack] = useState<DecisionLack | undefined>(undefined);
  const { decisions: t, vocabulary } = talk.words;
  const { value, set } = draft;
  const { decision } = value;
  const send = async () => {
    if (decision === undefined) return;
    const made = { decision, text: value.text, reason: value.reason };
    const missing = lacks(made);
    setLack(missing);
    if (missing !== undefined) return;
    await draft.flush();
    const body = decisionBody(recommendation, made);
    const done = await write([{ kind: "decisionMade", body }], [name]);
    if (!done) return;
    await draft.discard();
    onDone();
  };
  return (
    <form
      className="stack stack-s"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Choice
        row
        label={t.choose(number)}
        value={decision}
        onChoose={(chosen) => {
          setLack(undefined);
          set({ ...value, decision: chosen });
        }}
        options={(["accept", "change", "decline"] as const).map((option) => ({
          value: option,
          label: vocabulary.decision[option],
        }))}
      />
      {decision === "change" ? (
        <TextArea
          label={t.changeText}
          rows={2}
          value={value.text}
          onText={(text) => set({ ...value, text })}
          error={lack === "text" ? t.lacksText : undefined}
        />
      ) : null}
      {decision === "change" || decision === "decline" ? (
        <TextArea
          label={t.reason}
          rows={2}
          value={value.reason}
          onText={(reason) => set({ ...value, reason })}
          error={lack === "reason" ? t.lacksReason : undefined}
        />
      ) : null}
      {decision === undefined ? null : (
        <div className="row">
          <Button type="submit" tone="main" busy={busy}>
            {t.decide}
          </Button>
          <DraftNote state={draft.state} />
        </div>
      )}
      <WriteFailed failed={failed} />
    </form>
  );
}
