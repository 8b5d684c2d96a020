import { Button, Dialog } from "@lientuyen/ui";
import { useState, type ReactNode } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { calls, type Call } from "./call.ts";
import { myName } from "./running.ts";
import { Guiding } from "./Guiding.tsx";
import { mayAct, type State } from "./standing.ts";
import { useLiveWords } from "./words.ts";

/** One's own microphone, camera and hand, what else is given, and the ways out: leaving, and for the chair ending. */
export function Controls({
  call,
  talk,
  children,
}: {
  readonly call: Call;
  readonly talk: Talk;
  readonly children?: ReactNode;
}) {
  const device = useDevice();
  const words = useLiveWords();
  const state = call.session?.state;
  const mic = call.microphone === "on";
  const camera = call.camera === "on";
  const begins =
    state !== undefined && mayAct(state, myName(device), { act: "start" }, device.now());
  const chairs = state !== undefined && mayAct(state, myName(device), { act: "end" }, device.now());
  return (
    <div className="live-controls">
      <Button
        icon="microphone"
        aria-pressed={mic}
        disabled={call.microphone === "refused"}
        onClick={() => calls.setMicrophone(!mic)}
      >
        {mic ? words.microphoneIsOn : words.microphoneIsOff}
      </Button>
      <Button
        icon="video"
        aria-pressed={camera}
        disabled={call.camera === "refused"}
        onClick={() => calls.setCamera(!camera)}
      >
        {camera ? words.cameraIsOn : words.cameraIsOff}
      </Button>
      {begins ? (
        <Button tone="main" onClick={() => void calls.act({ act: "start" })}>
          {words.plan.begin}
        </Button>
      ) : null}
      {state === undefined ? null : <Own state={state} />}
      {call.session === undefined ? null : <Guiding session={call.session} talk={talk} />}
      {children}
      <Button icon="back" onClick={() => void calls.leave()}>
        {words.leave}
      </Button>
      {chairs ? <Ending talk={talk} /> : null}
    </div>
  );
}

/** Asking to speak, and what the session gives oneself to do besides. */
function Own({ state }: { readonly state: State }) {
  const device = useDevice();
  const words = useLiveWords();
  const who = myName(device);
  const may = (act: "raiseHand" | "takeBack") => mayAct(state, who, { act, who }, device.now());
  const raised = state.hands.includes(who);
  const chairs = state.people.some((each) => each.who === who && each.role === "chair");
  return (
    <>
      {state.floor === who ? (
        <Button onClick={() => void calls.act({ act: "endFloor", who })}>
          {words.act.endFloor}
        </Button>
      ) : may("raiseHand") && !chairs ? (
        <Button
          aria-pressed={raised}
          onClick={() => void calls.act({ act: raised ? "lowerHand" : "raiseHand", who })}
        >
          {raised ? words.handDown : words.act.raiseHand}
        </Button>
      ) : null}
      {may("takeBack") ? (
        <Button onClick={() => void calls.act({ act: "takeBack", who })}>
          {words.act.takeBack}
        </Button>
      ) : null}
    </>
  );
}

function Ending({ talk }: { readonly talk: Talk }) {
  const [open, setOpen] = useState(false);
  const words = useLiveWords();
  return (
    <>
      <Button icon="stop" tone="danger" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words.endForAll}
      </Button>
      <Dialog
        open={open}
        title={words.endTitle}
        closeLabel={talk.words.frame.close}
        onClose={() => setOpen(false)}
        actions={
          <Button tone="danger" onClick={() => void calls.end()}>
            {words.endForAll}
          </Button>
        }
      >
        <p>{words.endText}</p>
      </Dialog>
    </>
  );
}
