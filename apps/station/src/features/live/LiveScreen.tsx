import type { CaseView } from "@lientuyen/record";
import { Banner, Button, buttonClass, Icon, Panel, Waiting } from "@lientuyen/ui";
import { lazy, Suspense, useEffect } from "react";
import { Link, useParams } from "wouter";
import { useCase, useDevice, useSync } from "../../device/hooks.ts";
import { NotHere } from "../caseView/NotHere.tsx";
import { patientLines } from "../caseView/patientLine.ts";
import { useTalk, type Talk } from "../caseView/talk.ts";
import { Agenda } from "./Agenda.tsx";
import { calls, type Call, type CallEnd } from "./call.ts";
import { myName } from "./running.ts";
import { Controls } from "./Controls.tsx";
import "./live.css";
import { People } from "./People.tsx";
import { Pictures } from "./Pictures.tsx";
import { Planned } from "./Planned.tsx";
import { RecordingBadge, RecordingControl } from "./RecordingControl.tsx";
import { RecordingsPanel } from "./RecordingsPanel.tsx";
import { RungLine } from "./RungLine.tsx";
import { useCall } from "./useCall.ts";
import { useLiveWords } from "./words.ts";

const Readiness = lazy(() =>
  import("../readiness/Readiness.tsx").then((m) => ({ default: m.Readiness })),
);
const Messages = lazy(() => import("./Messages.tsx").then((m) => ({ default: m.Messages })));
const NewMessage = lazy(() => import("./Messages.tsx").then((m) => ({ default: m.NewMessage })));
const LiveCameras = lazy(() =>
  import("./LiveCameras.tsx").then((m) => ({ default: m.LiveCameras })),
);
const FreezeStatus = lazy(() =>
  import("./LiveFreeze.tsx").then((m) => ({ default: m.FreezeStatus })),
);
const LiveBoard = lazy(() => import("./LiveBoard.tsx").then((m) => ({ default: m.LiveBoard })));

/** A live session over one case: voice and picture beside the written record. */
export function LiveScreen() {
  const { id } = useParams<{ id: string }>();
  const log = `case/${id}`;
  const load = useCase(log);
  const talk = useTalk();
  if (load.at !== "here") return <NotHere log={log} load={load} />;
  return <OverCase view={load.view} talk={talk} />;
}

function OverCase({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const call = useCall();
  const words = useLiveWords();
  const { name, line } = patientLines(view, talk.words, talk.nowMs);
  return (
    <div className="stack">
      <header className="live-head">
        <div className="live-head-text">
          <h1>{words.title}</h1>
          <p className="row small">
            <strong>{name}</strong>
            <span>{line}</span>
            <span className="number">{view.number}</span>
          </p>
        </div>
        <Link href={`/${view.log}`} className={buttonClass({})}>
          <Icon name="back" />
          {words.toCase}
        </Link>
      </header>
      {call === undefined ? (
        <>
          <Door log={view.log} />
          <Planned view={view} talk={talk} />
        </>
      ) : call.log === view.log ? (
        <InCall call={call} view={view} talk={talk} />
      ) : (
        <Banner tone="warn">{words.elsewhere}</Banner>
      )}
      <RecordingsPanel view={view} talk={talk} />
    </div>
  );
}

const tones: { readonly [E in CallEnd]: "info" | "warn" } = {
  left: "info",
  ended: "info",
  removed: "warn",
  takenOver: "info",
  noEngine: "warn",
  offline: "warn",
  refused: "warn",
};

/** Before joining, and after: what happened last, and the way in. */
function Door({ log }: { readonly log: string }) {
  const device = useDevice();
  const { online } = useSync();
  const words = useLiveWords();
  const end = calls.lastEnd(log);
  // On a thin line fetching it takes longer than everything else of coming in.
  useEffect(() => calls.prepare(), []);
  return (
    <>
      <Panel title={words.doorTitle}>
        {end === undefined ? null : (
          <Banner tone={tones[end]} live>
            {words.end[end]}
          </Banner>
        )}
        <p>{words.doorText}</p>
        {online ? null : <Banner tone="warn">{words.end.offline}</Banner>}
        <div className="row">
          <Button
            tone="main"
            large
            icon="video"
            disabled={!online}
            onClick={() => calls.join(device, log, true)}
          >
            {words.joinWithCamera}
          </Button>
          <Button
            large
            icon="microphone"
            disabled={!online}
            onClick={() => calls.join(device, log, false)}
          >
            {words.joinWithVoice}
          </Button>
        </div>
      </Panel>
      <Suspense fallback={null}>
        <Readiness />
      </Suspense>
    </>
  );
}

function InCall({
  call,
  view,
  talk,
}: {
  readonly call: Call;
  readonly view: CaseView;
  readonly talk: Talk;
}) {
  const words = useLiveWords();
  return (
    <div className="live">
      <section className="live-stage" aria-label={words.pictures}>
        <RecordingBadge call={call} />
        <Standing call={call} />
        <Suspense fallback={null}>
          <NewMessage view={view} talk={talk} />
          <FreezeStatus log={view.log} talk={talk} />
          <LiveBoard call={call} view={view} talk={talk} />
        </Suspense>
        <RungLine call={call} talk={talk} />
        <Pictures call={call} view={view} talk={talk} />
        <Controls call={call} talk={talk}>
          <RecordingControl call={call} view={view} talk={talk} />
        </Controls>
        <Suspense fallback={null}>
          <LiveCameras call={call} view={view} />
        </Suspense>
      </section>
      <div className="stack">
        <People call={call} talk={talk} />
        <Suspense fallback={null}>
          <Messages view={view} talk={talk} />
        </Suspense>
        {call.session === undefined ? null : <Agenda state={call.session.state} />}
      </div>
    </div>
  );
}

/** What keeps somebody from being seen or heard now, in plain words. */
function Standing({ call }: { readonly call: Call }) {
  const words = useLiveWords();
  const me = myName(useDevice());
  const { people = [], floor, phase } = call.session?.state ?? {};
  const listens = people.some(({ who, role }) => who === me && role === "listener");
  const alone = call.at === "talking" && call.voices.length < 2;
  return (
    <div role="status">
      {call.at === "joining" ? <Waiting label={words.joining} /> : null}
      {call.at === "waiting" ? <Banner tone="info">{words.waiting}</Banner> : null}
      {phase === "planned" && call.at === "talking" ? (
        <Banner tone="info">{words.plan.notBegun}</Banner>
      ) : null}
      {call.at === "mending" ? <Banner tone="warn">{words.mending}</Banner> : null}
      {floor === me ? <Banner tone="info">{words.youHaveFloor}</Banner> : null}
      {listens && floor !== me ? <p>{words.listening}</p> : null}
      {alone ? <Banner tone="info">{words.alone}</Banner> : null}
      {call.microphone === "refused" ? <Banner tone="warn">{words.noMicrophone}</Banner> : null}
      {call.camera === "refused" ? <Banner tone="warn">{words.noCamera}</Banner> : null}
      {call.heard ? null : (
        <Button tone="main" onClick={() => calls.letBeHeard()}>
          {words.letBeHeard}
        </Button>
      )}
    </div>
  );
}
