import { Button, Dialog } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { calls, myName, type Call } from "./call.ts";
import { useLiveWords } from "./words.ts";

/** One's own microphone and camera, and the ways out: leaving, and for the chair ending. */
export function Controls({ call, talk }: { readonly call: Call; readonly talk: Talk }) {
  const device = useDevice();
  const words = useLiveWords();
  const me = call.session?.state.people.find(({ who }) => who === myName(device));
  const mic = call.microphone === "on";
  const camera = call.camera === "on";
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
      <Button icon="back" onClick={() => void calls.leave()}>
        {words.leave}
      </Button>
      {me?.role === "chair" ? <Ending talk={talk} /> : null}
    </div>
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
