import { Button, Icon, Panel, Tag, type IconName, type Tone } from "@lientuyen/ui";
import { useCallback, useState, type ReactNode } from "react";
import { useTalk } from "../caseView/talk.ts";
import { playTones } from "./devices.ts";
import type { Readiness as Result } from "./judge.ts";
import "./readiness.css";
import { useChecks, type Checks } from "./useChecks.ts";
import { useReadinessWords } from "./words.ts";

type Words = ReturnType<typeof useReadinessWords>;

/** Camera, microphone, loudspeaker and line before joining: each in a word, with what to do. It holds nobody up. */
export function Readiness() {
  const words = useReadinessWords();
  const { moments, nowMs } = useTalk();
  const { checks, run, add } = useChecks();
  const { running, result } = checks;
  return (
    <Panel title={words.title}>
      <p className="muted">{words.optional}</p>
      <ul className="readiness">
        <Camera words={words} checks={checks} />
        <Microphone words={words} checks={checks} />
        <Loudspeaker
          words={words}
          result={result}
          onAnswer={(loudspeaker) => add({ loudspeaker })}
        />
        <Link words={words} checks={checks} />
      </ul>
      <div className="row">
        <Button icon="check" busy={running} onClick={() => void run()}>
          {running ? words.checking : result === undefined ? words.start : words.again}
        </Button>
        {result === undefined || running ? null : (
          <span className="small muted">{words.last(moments.short(result.at, nowMs))}</span>
        )}
      </div>
    </Panel>
  );
}

/** One part of the machine: how it stands, and what to do where it does not. */
function Row({
  icon,
  name,
  state,
  good,
  advice,
  words,
  running,
  children,
}: {
  readonly icon: IconName;
  readonly name: string;
  readonly state: string | undefined;
  readonly good: boolean;
  readonly advice?: string | undefined;
  readonly words: Words;
  readonly running: boolean;
  readonly children?: ReactNode;
}) {
  const tone: Tone | undefined = state === undefined ? undefined : good ? "good" : "warn";
  return (
    <li className="readiness-row">
      <Icon name={icon} />
      <div className="readiness-text">
        <p className="row" role="status">
          <strong>{name}</strong>
          <Tag tone={tone} icon={tone === undefined ? undefined : good ? "check" : "alert"}>
            {state ?? (running ? words.checking : words.notChecked)}
          </Tag>
        </p>
        {advice === undefined ? null : <p>{advice}</p>}
        {children}
      </div>
    </li>
  );
}

interface Part {
  readonly words: Words;
  readonly checks: Checks;
}

function Camera({ words, checks: { result, picture, running } }: Part) {
  const state = result?.camera;
  const show = useCallback(
    (video: HTMLVideoElement | null) => {
      if (video !== null && picture !== undefined) video.srcObject = picture;
    },
    [picture],
  );
  return (
    <Row
      icon="video"
      name={words.camera}
      state={state === undefined ? undefined : words.cameraState[state]}
      good={state === "good"}
      advice={state === undefined || state === "good" ? undefined : words.cameraAdvice[state]}
      words={words}
      running={running}
    >
      {result?.cameraName ? <p className="small muted">{words.using(result.cameraName)}</p> : null}
      {picture === undefined ? null : (
        <video
          ref={show}
          className="readiness-picture"
          autoPlay
          playsInline
          muted
          aria-label={words.preview}
        />
      )}
    </Row>
  );
}

function Microphone({ words, checks: { result, level, running } }: Part) {
  const state = result?.microphone;
  return (
    <Row
      icon="microphone"
      name={words.microphone}
      state={state === undefined ? undefined : words.microphoneState[state]}
      good={state === "good"}
      advice={state === undefined || state === "good" ? undefined : words.microphoneAdvice[state]}
      words={words}
      running={running}
    >
      {result?.microphoneName ? (
        <p className="small muted">{words.using(result.microphoneName)}</p>
      ) : null}
      {level === undefined ? null : (
        <>
          <p>
            <strong>{words.speak}</strong>
          </p>
          <meter
            className="readiness-level"
            aria-label={words.level}
            min={0}
            max={0.3}
            value={Math.min(level, 0.3)}
          />
        </>
      )}
    </Row>
  );
}

function Loudspeaker({
  words,
  result,
  onAnswer,
}: {
  readonly words: Words;
  readonly result: Result | undefined;
  readonly onAnswer: (state: NonNullable<Result["loudspeaker"]>) => void;
}) {
  const [at, setAt] = useState<"idle" | "playing" | "asking">("idle");
  const play = async () => {
    setAt("playing");
    const played = await playTones().catch(() => false);
    if (played) return setAt("asking");
    setAt("idle");
    onAnswer("blocked");
  };
  const answer = (state: "good" | "notHeard") => {
    setAt("idle");
    onAnswer(state);
  };
  const state = result?.loudspeaker;
  return (
    <Row
      icon="call"
      name={words.loudspeaker}
      state={state === undefined ? undefined : words.loudspeakerState[state]}
      good={state === "good"}
      advice={state === undefined || state === "good" ? undefined : words.loudspeakerAdvice[state]}
      words={words}
      running={false}
    >
      <div className="row">
        <Button busy={at === "playing"} onClick={() => void play()}>
          {at === "playing" ? words.playing : words.playTones}
        </Button>
        {at === "asking" ? (
          <>
            <span role="status">{words.doYouHear}</span>
            <Button onClick={() => answer("good")}>{words.heard}</Button>
            <Button onClick={() => answer("notHeard")}>{words.notHeard}</Button>
          </>
        ) : null}
      </div>
    </Row>
  );
}

function Link({ words, checks: { result, running } }: Part) {
  const state = result?.link;
  const measured = result?.measured;
  const rate = (kbit: number | undefined) =>
    kbit === undefined
      ? words.unknown
      : kbit < 1_000
        ? words.kbit(kbit)
        : words.mbit((kbit / 1_000).toFixed(kbit < 10_000 ? 1 : 0));
  return (
    <Row
      icon="cloud"
      name={words.link}
      state={state === undefined ? undefined : words.linkState[state]}
      good={state === "video"}
      advice={state === undefined || state === "video" ? undefined : words.linkAdvice[state]}
      words={words}
      running={running}
    >
      {measured === undefined ? null : (
        <p className="small muted">
          {words.measured(
            words.ms(measured.roundTripMs),
            rate(measured.downKbit),
            rate(measured.upKbit),
          )}
        </p>
      )}
    </Row>
  );
}
