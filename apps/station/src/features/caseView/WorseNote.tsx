import type { RequestView } from "@lientuyen/record";
import { Banner } from "@lientuyen/ui";
import type { Talk } from "./talk.ts";

/** What became worse, in the sender's words, where both sides read first. */
export function WorseNote({
  request,
  talk,
}: {
  readonly request: RequestView;
  readonly talk: Talk;
}) {
  const step = request.steps.filter(({ state }) => state === "urgencyChanged").at(-1);
  if (!request.worse || step?.reason === undefined) return null;
  const { labelled } = talk.words.vocabulary;
  return (
    <Banner tone="danger" live>
      <div>{labelled(talk.words.caseView.worse, step.reason)}</div>
      <div className="small">{talk.by(step.source)}</div>
    </Banner>
  );
}
