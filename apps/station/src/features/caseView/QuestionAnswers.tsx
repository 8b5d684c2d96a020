import type { CaseBody, Fact, RequestView } from "@lientuyen/record";
import { Button, Check, Choice, Tag } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import { SourceLine } from "./SourceLine.tsx";
import type { Talk } from "./talk.ts";
import { TextForm } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

type Opinion = Fact<CaseBody<"opinionGiven">>;

/** One question with every opinion on it; all are kept, whoever differs. */
export function QuestionAnswers({
  number,
  log,
  request,
  question,
  opinions,
  mayAnswer,
  isNext = false,
  talk,
}: {
  readonly number: number;
  readonly log: string;
  readonly request: RequestView;
  readonly question: Fact<CaseBody<"questionAsked">>;
  readonly opinions: readonly Opinion[];
  readonly mayAnswer: boolean;
  /** The first one without an answer: its button is the main one. */
  readonly isNext?: boolean | undefined;
  readonly talk: Talk;
}) {
  const { me } = useDevice();
  const [adding, setAdding] = useState(false);
  const t = talk.words.caseView;
  const own = opinions.find((o) => o.author?.person === me.person);
  const writing = mayAnswer && (opinions.length === 0 || adding);
  return (
    <li className="question stack stack-s">
      <h3>
        <span className="question-number">{t.question(number)}</span> {question.body.text}
      </h3>
      {opinions.map((opinion) => (
        <OpinionText key={opinion.hash} opinion={opinion} talk={talk} />
      ))}
      {opinions.length > 1 ? <p className="small muted">{t.severalOpinions}</p> : null}
      {opinions.length === 0 && !mayAnswer ? <p className="muted">{t.noAnswerYet}</p> : null}
      {writing ? (
        <OpinionForm
          log={log}
          number={number}
          request={request}
          question={question}
          own={own}
          others={opinions.filter((o) => o !== own)}
          main={isNext}
          talk={talk}
          onDone={opinions.length === 0 ? undefined : () => setAdding(false)}
        />
      ) : null}
      {mayAnswer && !writing ? (
        <div>
          <Button tone="plain" icon="edit" onClick={() => setAdding(true)}>
            {own === undefined ? t.anotherOpinion : t.newVersion}
          </Button>
        </div>
      ) : null}
    </li>
  );
}

export function OpinionText({ opinion, talk }: { readonly opinion: Opinion; readonly talk: Talk }) {
  const { vocabulary, caseView } = talk.words;
  return (
    <div className="opinion">
      <p className="keep-lines">{opinion.body.text}</p>
      <p className="row small">
        <Tag
          tone={
            opinion.body.confidence === "high"
              ? "good"
              : opinion.body.confidence === "low"
                ? "warn"
                : "info"
          }
        >
          {vocabulary.confidence[opinion.body.confidence]}
        </Tag>
        {opinion.body.dissentsFrom === undefined ? null : (
          <Tag tone="warn" icon="alert">
            {caseView.dissents}
          </Tag>
        )}
        <SourceLine source={opinion} talk={talk} />
      </p>
    </div>
  );
}

function OpinionForm({
  log,
  number,
  request,
  question,
  own,
  others,
  main,
  talk,
  onDone,
}: {
  readonly log: string;
  readonly number: number;
  readonly request: RequestView;
  readonly question: Fact<CaseBody<"questionAsked">>;
  readonly own: Opinion | undefined;
  readonly others: readonly Opinion[];
  readonly main: boolean;
  readonly talk: Talk;
  readonly onDone: (() => void) | undefined;
}) {
  const { write } = useWriting(log);
  const [confidence, setConfidence] = useState<CaseBody<"opinionGiven">["confidence"]>(
    own?.body.confidence ?? "medium",
  );
  const [dissents, setDissents] = useState(false);
  const { caseView: t, vocabulary } = talk.words;
  const other = others[0];
  const send = async (text: string, drafts: readonly string[]) => {
    const body: CaseBody<"opinionGiven"> = {
      request: request.hash,
      question: question.hash,
      text,
      confidence,
      ...(dissents && other !== undefined ? { dissentsFrom: other.hash } : {}),
      replaces: own === undefined ? [] : [own.hash],
    };
    const done = await write([{ kind: "opinionGiven", body }], drafts);
    if (done) onDone?.();
    return done;
  };
  return (
    <TextForm
      name={`${log}/opinion/${question.hash}`}
      label={t.answerLabel(number)}
      sendLabel={t.sendAnswer}
      initial={own?.body.text}
      onSend={send}
      onCancel={onDone}
      main={main}
    >
      <Choice
        row
        label={t.confidence}
        value={confidence}
        onChoose={setConfidence}
        options={(["low", "medium", "high"] as const).map((value) => ({
          value,
          label: vocabulary.confidence[value],
        }))}
      />
      {other === undefined ? null : (
        <Check
          label={t.dissentCheck(talk.author(other.author))}
          checked={dissents}
          onCheck={setDissents}
        />
      )}
    </TextForm>
  );
}
