import type { RequestView } from "@lientuyen/record";
import { DecisionText } from "../decisions/DecisionText.tsx";
import { SourceLine } from "./SourceLine.tsx";
import type { Talk } from "./talk.ts";
import { TextForm } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

/** Recommendations, one thing each, with what the other side decided on them. */
export function Recommending({
  log,
  request,
  may,
  talk,
}: {
  readonly log: string;
  readonly request: RequestView;
  readonly may: boolean;
  readonly talk: Talk;
}) {
  const { write } = useWriting(log);
  const t = talk.words.caseView;
  const send = (text: string, drafts: readonly string[]) =>
    write(
      [{ kind: "recommendationMade", body: { request: request.hash, text, replaces: [] } }],
      drafts,
    );
  return (
    <div className="stack stack-s">
      <h3>{t.recommendations}</h3>
      {request.recommendations.length === 0 ? (
        <p className="muted">{t.noRecommendations}</p>
      ) : (
        <ol className="recommendations">
          {request.recommendations.map((recommendation) => (
            <li key={recommendation.hash}>
              <p className="keep-lines">{recommendation.fact.body.text}</p>
              <p>
                <SourceLine source={recommendation.fact} talk={talk} />
              </p>
              <DecisionText recommendation={recommendation} talk={talk} />
            </li>
          ))}
        </ol>
      )}
      {may ? (
        <TextForm
          name={`${log}/recommendation/${request.hash}`}
          label={t.addRecommendation}
          hint={t.adviceOnly}
          sendLabel={t.sendRecommendation}
          rows={2}
          onSend={send}
        />
      ) : null}
    </div>
  );
}
