import type { CaseView, RequestView } from "@lientuyen/record";
import { Clock, Panel, Tag } from "@lientuyen/ui";
import type { CaseRow } from "../../device/device.ts";
import { useDevice } from "../../device/hooks.ts";
import { sayCountdown } from "../worklist/say.ts";
import { requestActs } from "./acts.ts";
import { AskBack } from "./AskBack.tsx";
import { ContractLater } from "./ContractLater.tsx";
import { QuestionAnswers } from "./QuestionAnswers.tsx";
import { Recommending } from "./Recommending.tsx";
import { RequestMoves } from "./RequestMoves.tsx";
import { useStanding, type Talk } from "./talk.ts";
import { WorseNote } from "./WorseNote.tsx";

/** The side that is asked: takes the request on, answers each question, recommends. */
export function RequestDesk({
  view,
  request,
  row,
  talk,
}: {
  readonly view: CaseView;
  readonly request: RequestView;
  readonly row: CaseRow | undefined;
  readonly talk: Talk;
}) {
  const device = useDevice();
  const standing = useStanding(view);
  const acts = requestActs(standing, request);
  const t = talk.words.caseView;
  const next = request.questions.find((q) => q.opinions.length === 0)?.question.hash;
  const waiting = row?.requests.find((r) => r.hash === request.hash);
  const overToUs = request.to === device.me.facility;
  return (
    <Panel
      title={t.yourRequest(talk.specialty(request.specialty))}
      side={
        waiting === undefined || request.state === "answered" || !overToUs ? (
          <Tag>{talk.words.vocabulary.requestState[request.state]}</Tag>
        ) : (
          <Clock
            dueAtMs={waiting.dueAtMs}
            now={device.now}
            say={(leftMs) => sayCountdown(leftMs, talk.words)}
          />
        )
      }
    >
      <WhoHasIt request={request} talk={talk} />
      <WorseNote request={request} talk={talk} />
      <RequestMoves view={view} request={request} acts={acts} talk={talk} folded />
      <ContractLater view={view} request={request} talk={talk} />
      <ol className="questions">
        {request.questions.map(({ question, opinions }, i) => (
          <QuestionAnswers
            key={question.hash}
            number={i + 1}
            log={view.log}
            request={request}
            question={question}
            opinions={opinions}
            mayAnswer={acts.answer}
            isNext={!acts.accept && question.hash === next}
            talk={talk}
          />
        ))}
      </ol>
      <Recommending log={view.log} request={request} may={acts.recommend} talk={talk} />
      {acts.askInformation ? <AskBack log={view.log} request={request} talk={talk} /> : null}
    </Panel>
  );
}

function WhoHasIt({ request, talk }: { readonly request: RequestView; readonly talk: Talk }) {
  const { me } = useDevice();
  const t = talk.words.caseView;
  const sender = request.sent.author?.facility;
  const taker = request.acceptedBy;
  const text =
    taker !== undefined
      ? taker.person === me.person
        ? t.acceptedByYou
        : t.acceptedBy(talk.author(taker))
      : request.allocatedTo === undefined
        ? ""
        : request.allocatedTo === me.person
          ? t.allocatedToYou
          : t.allocatedTo(talk.person(request.allocatedTo));
  return (
    <p className="row small muted">
      {sender === undefined ? null : <span>{t.from(talk.facility(sender))}</span>}
      <span>{talk.by(request.sent)}</span>
      {text === "" ? null : <span>{text}</span>}
    </p>
  );
}
