import type { CaseView, RequestView } from "@lientuyen/record";
import { buttonClass, Icon } from "@lientuyen/ui";
import { Link, useParams } from "wouter";
import type { CaseRow } from "../../device/device.ts";
import { useCase, useCases, useDevice } from "../../device/hooks.ts";
import { Answers } from "../decisions/Answers.tsx";
import { Conflicts } from "../decisions/Conflicts.tsx";
import { Ending } from "../decisions/Ending.tsx";
import { BrokenNotice } from "../timeline/BrokenNotice.tsx";
import { nextCase, workRows } from "../worklist/worklist.ts";
import { caseActs } from "./acts.ts";
import { AddFacts } from "./AddFacts.tsx";
import "./case.css";
import { CaseHead } from "./CaseHead.tsx";
import { Clinical } from "./Clinical.tsx";
import { Conversation } from "./Conversation.tsx";
import { keyPicture } from "./fileList.ts";
import { Files, KeyPicture } from "./Files.tsx";
import { NotHere } from "./NotHere.tsx";
import { Refused } from "./Refused.tsx";
import { RequestDesk } from "./RequestDesk.tsx";
import { SenderStrip } from "./SenderStrip.tsx";
import { isAsked } from "./side.ts";
import { useStanding, useTalk, type Talk } from "./talk.ts";
import { useOpened } from "./useOpened.ts";
import { WhomToCall } from "./WhomToCall.tsx";

/** The case on one page, for whoever is at it: the sides differ in what they may do, not in what they see. */
export function CaseScreen() {
  const { id } = useParams<{ id: string }>();
  const log = `case/${id}`;
  const load = useCase(log);
  const talk = useTalk();
  if (load.at !== "here") return <NotHere log={log} load={load} />;
  return <OneCase view={load.view} talk={talk} />;
}

function OneCase({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const { me } = useDevice();
  const rows = useCases();
  const row = rows.find((r) => r.log === view.log);
  const acts = caseActs(useStanding(view));
  const asked = view.requests.filter(
    (r) => r.sent.author?.facility !== me.facility && isAsked(r, me.facility),
  );
  // Ours, or of a case that was handed over to us: followed, read and decided on.
  const sent = view.requests.filter((r) => !asked.includes(r));
  const key = keyPicture(view);
  useOpened(view);
  return (
    <div className="case">
      <CaseHead view={view} talk={talk}>
        <CaseLinks view={view} asked={asked.length > 0} talk={talk} />
      </CaseHead>
      <BrokenNotice view={view} talk={talk} />
      <Refused view={view} talk={talk} />
      <Conflicts view={view} talk={talk} />
      <div className="case-grid" data-key={key !== undefined}>
        <div className="case-work stack">
          {asked.map((request) => (
            <RequestDesk key={request.hash} view={view} request={request} row={row} talk={talk} />
          ))}
          {sent.map((request) => (
            <Sent key={request.hash} view={view} request={request} row={row} talk={talk} />
          ))}
          {sent.length === 0 && view.facility === me.facility ? (
            <WhomToCall view={view} request={undefined} talk={talk} open={false} />
          ) : null}
          <Conversation view={view} may={acts.message} talk={talk} />
          <Ending view={view} acts={acts} row={row} talk={talk} />
        </div>
        {key === undefined ? null : (
          <div className="case-key">
            <KeyPicture view={view} file={key} talk={talk} />
          </div>
        )}
        <div className="case-facts stack">
          <Clinical view={view} talk={talk} />
          <Files view={view} talk={talk} />
          <AddFacts view={view} acts={acts} talk={talk} />
        </div>
      </div>
    </div>
  );
}

/** What became of one request of ours. Once there is an answer it comes first: a low screen shows little more. */
function Sent(props: {
  readonly view: CaseView;
  readonly request: RequestView;
  readonly row: CaseRow | undefined;
  readonly talk: Talk;
}) {
  const { recommendations, questions } = props.request;
  const answered = recommendations.length > 0 || questions.some((q) => q.opinions.length > 0);
  const strip = <SenderStrip key="strip" {...props} />;
  const answers = <Answers key="answers" {...props} />;
  return <div className="stack">{answered ? [answers, strip] : [strip, answers]}</div>;
}

function CaseLinks({
  view,
  asked,
  talk,
}: {
  readonly view: CaseView;
  readonly asked: boolean;
  readonly talk: Talk;
}) {
  const { me } = useDevice();
  const rows = useCases();
  const t = talk.words.caseView;
  const next = asked ? nextCase(workRows(rows, me.facility), view.log) : undefined;
  if (view.facility === me.facility && view.state === "open") {
    return (
      <Link href={`/case/${view.log.slice("case/".length)}/form`} className={buttonClass({})}>
        <Icon name="edit" />
        {t.edit}
      </Link>
    );
  }
  return next === undefined ? null : (
    <Link href={`/${next}`} className={buttonClass({ tone: "main" })} accessKey="n">
      {t.next}
      <Icon name="next" />
    </Link>
  );
}
