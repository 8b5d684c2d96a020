import type { RecommendationView } from "@lientuyen/record";
import { Tag, type Tone } from "@lientuyen/ui";
import type { Talk } from "../caseView/talk.ts";
import { decidedOn } from "./decided.ts";

const tones = { accept: "good", change: "warn", decline: "danger" } satisfies Record<string, Tone>;

/** What the requesting side decided on one recommendation; crossed decisions are both shown. */
export function DecisionText({
  recommendation,
  talk,
}: {
  readonly recommendation: RecommendationView;
  readonly talk: Talk;
}) {
  const { decisions: t, vocabulary } = talk.words;
  if (decidedOn(recommendation).state === "undecided") {
    return <p className="small muted">{t.undecided}</p>;
  }
  return recommendation.decisions.map((decision) => (
    <div key={decision.hash} className="decision">
      <p className="row">
        <Tag
          tone={tones[decision.body.decision]}
          icon={decision.body.decision === "accept" ? "check" : undefined}
        >
          {vocabulary.decision[decision.body.decision]}
        </Tag>
        <span className="small muted">{talk.by(decision)}</span>
      </p>
      {decision.body.text === undefined ? null : (
        <p className="keep-lines">{t.instead(decision.body.text)}</p>
      )}
      {decision.body.reason === undefined ? null : (
        <p className="keep-lines">{t.because(decision.body.reason)}</p>
      )}
    </div>
  ));
}
