import type { CaseView, RequestView } from "@lientuyen/record";
import { Banner, Clock, Panel, Tag, useNow } from "@lientuyen/ui";
import type { CaseRow } from "../../device/device.ts";
import { useDevice } from "../../device/hooks.ts";
import { sayCountdown } from "../worklist/say.ts";
import { ContractLater } from "./ContractLater.tsx";
import { stripOf, type Strip, type StripStep } from "./strip.ts";
import type { Talk } from "./talk.ts";
import { SenderMoves } from "./SenderMoves.tsx";
import { WhomToCall } from "./WhomToCall.tsx";
import { WorseNote } from "./WorseNote.tsx";

const tickMs = 1_000;

/** Where one request of ours stands, and whom to call when nobody answers. */
export function SenderStrip({
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
  const nowMs = useNow(device.now, tickMs);
  const t = talk.words.caseView;
  const strip = stripOf(request);
  const dueAtMs = row?.requests.find((r) => r.hash === request.hash)?.dueAtMs;
  const late = strip.waits && dueAtMs !== undefined && nowMs > dueAtMs;
  return (
    <Panel
      title={`${talk.specialty(request.specialty)}, ${talk.facility(request.to)}`}
      side={
        strip.waits && dueAtMs !== undefined ? (
          <Clock
            dueAtMs={dueAtMs}
            now={device.now}
            say={(leftMs) => sayCountdown(leftMs, talk.words)}
          />
        ) : (
          <Tag tone={request.state === "answered" ? "good" : undefined}>
            {talk.words.vocabulary.requestState[request.state]}
          </Tag>
        )
      }
    >
      <ol className="strip">
        {strip.steps.map((step) => (
          <StripItem key={step.what} step={step} strip={strip} talk={talk} />
        ))}
      </ol>
      <StripNotes request={request} strip={strip} talk={talk} />
      <WorseNote request={request} talk={talk} />
      {late ? (
        <Banner tone="danger" live>
          {t.overdue}
        </Banner>
      ) : null}
      <SenderMoves view={view} request={request} talk={talk} />
      <ContractLater view={view} request={request} talk={talk} />
      <WhomToCall view={view} request={request} talk={talk} open={late} />
    </Panel>
  );
}

function StripItem({
  step,
  strip,
  talk,
}: {
  readonly step: StripStep;
  readonly strip: Strip;
  readonly talk: Talk;
}) {
  const t = talk.words.caseView;
  const who = step.who === undefined || step.what === "written" ? "" : talk.author(step.who);
  const when = step.when === undefined ? "" : talk.moments.short(step.when, talk.nowMs);
  const partly = step.what === "answered" && step.state !== "done" && strip.answered > 0;
  return (
    <li data-state={step.state} aria-current={step.state === "now" ? "step" : undefined}>
      <strong>
        {partly
          ? t.answeredSome(strip.answered, strip.asked)
          : step.state === "done"
            ? t.strip[step.what]
            : t.stripAhead[step.what]}
      </strong>
      <span className="small">{[who, when].filter((x) => x !== "").join(", ")}</span>
    </li>
  );
}

function StripNotes({
  request,
  strip,
  talk,
}: {
  readonly request: RequestView;
  readonly strip: Strip;
  readonly talk: Talk;
}) {
  const t = talk.words.caseView;
  const { end } = strip;
  const who = end === undefined ? "" : talk.author(end.source.author);
  const reason = end?.reason ?? "";
  return (
    <>
      {request.sent.receipt === undefined ? <p className="small">{t.onlyHere}</p> : null}
      {end?.what === "declined" ? (
        <Banner tone="warn" live>
          {t.declinedBy(who, reason)}
        </Banner>
      ) : null}
      {end?.what === "sentOn" ? (
        <Banner>{t.sentOnBy(who, talk.facility(request.to), reason)}</Banner>
      ) : null}
      {end?.what === "withdrawn" ? <p>{t.withdrawnBecause(reason)}</p> : null}
      {request.allocatedTo !== undefined && request.acceptedBy === undefined ? (
        <p className="small">{t.allocatedTo(talk.person(request.allocatedTo))}</p>
      ) : null}
      {request.specialistsAsked.map((asked) => (
        <p key={asked.hash} className="small">
          {t.askedIn(talk.facility(asked.body.facility), talk.specialty(asked.body.specialty))}
        </p>
      ))}
    </>
  );
}
