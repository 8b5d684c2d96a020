import { Banner, Button, Panel, Waiting } from "@lientuyen/ui";
import { useState, useSyncExternalStore } from "react";
import { mostPictures } from "../live/decoding.ts";
import "../live/live.css";
import { StagePictures } from "../live/Pictures.tsx";
import { useLiveWords } from "../live/words.ts";
import { Doorstep } from "../signIn/Doorstep.tsx";
import { createGuestCall, type GuestCall, type Guesting } from "./guestCall.ts";

/** The page of an invited guest: the call, and nothing of any case. */
export function GuestScreen() {
  const [call] = useState(createGuestCall);
  const now = useSyncExternalStore(call.subscribe, call.now);
  const words = useLiveWords();
  return (
    <Doorstep title={words.guest.title}>
      {now.offline ? <Banner tone="warn">{words.guest.offline}</Banner> : null}
      <Where call={call} now={now} />
    </Doorstep>
  );
}

function Where({ call, now }: { readonly call: GuestCall; readonly now: Guesting }) {
  const words = useLiveWords();
  switch (now.at) {
    case "door":
    case "left":
      return <Door call={call} left={now.at === "left"} />;
    case "opening":
      return <Waiting label={words.joining} />;
    case "waiting":
      return (
        <>
          <Banner tone="info" live>
            {words.waiting}
          </Banner>
          <Controls call={call} now={now} />
        </>
      );
    case "over":
    case "removed":
    case "ended":
      return (
        <Banner tone="warn" live>
          {words.guest.end[now.at]}
        </Banner>
      );
    case "talking":
    case "mending":
      return <InCall call={call} now={now} />;
  }
}

function Door({ call, left }: { readonly call: GuestCall; readonly left: boolean }) {
  const words = useLiveWords();
  return (
    <>
      {left ? <Banner>{words.guest.left}</Banner> : null}
      <p>{words.guest.explain}</p>
      <div className="row">
        <Button tone="main" large icon="video" onClick={() => void call.enter(true)}>
          {words.joinWithCamera}
        </Button>
        <Button large icon="microphone" onClick={() => void call.enter(false)}>
          {words.joinWithVoice}
        </Button>
      </div>
    </>
  );
}

function InCall({ call, now }: { readonly call: GuestCall; readonly now: Guesting }) {
  const words = useLiveWords();
  const { view } = now;
  const people = view?.people ?? [];
  const nameOf = (who: string) => people.find((each) => each.who === who)?.name ?? "";
  return (
    <>
      {now.at === "mending" ? <Banner tone="warn">{words.mending}</Banner> : null}
      {view?.recording === true ? <Banner tone="warn">{words.guest.recording}</Banner> : null}
      {now.heard ? null : (
        <Button tone="main" onClick={call.letBeHeard}>
          {words.letBeHeard}
        </Button>
      )}
      <StagePictures
        voices={now.voices}
        lead={{
          me: view?.who ?? "",
          spotlight: view?.spotlight ?? null,
          floor: view?.floor ?? null,
        }}
        mostPictures={mostPictures}
        nameOf={nameOf}
        onStage={call.stage}
        show={call.show}
      />
      <Controls call={call} now={now} />
      <Panel title={words.people(people.length)}>
        <ul className="plain-list">
          {people.map(({ who, name }) => (
            <li key={who}>{who === view?.who ? words.you : name}</li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

function Controls({ call, now }: { readonly call: GuestCall; readonly now: Guesting }) {
  const words = useLiveWords();
  const mic = now.microphone === "on";
  const camera = now.camera === "on";
  const raised = now.view?.handRaised === true;
  const inside = now.view?.place === "inside";
  return (
    <div className="live-controls">
      {inside ? (
        <Button
          icon="microphone"
          aria-pressed={mic}
          disabled={now.microphone === "refused"}
          onClick={() => void call.setMicrophone(!mic)}
        >
          {mic ? words.microphoneIsOn : words.microphoneIsOff}
        </Button>
      ) : null}
      <Button
        icon="video"
        aria-pressed={camera}
        disabled={now.camera === "refused"}
        onClick={() => call.setCamera(!camera)}
      >
        {camera ? words.cameraIsOn : words.cameraIsOff}
      </Button>
      {inside ? (
        <Button
          aria-pressed={raised}
          onClick={() => void call.act(raised ? "lowerHand" : "raiseHand")}
        >
          {raised ? words.handDown : words.act.raiseHand}
        </Button>
      ) : null}
      <Button icon="back" onClick={() => void call.leave()}>
        {words.leave}
      </Button>
    </div>
  );
}
