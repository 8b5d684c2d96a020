import { Banner, Button, Dialog } from "@lientuyen/ui";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../../words/index.ts";
import { useMedia, useVideoRef, type Stream } from "./useCamera.ts";

export type Medium = "voice" | "video";

const wishes: Record<Medium, MediaStreamConstraints> = {
  voice: { audio: { echoCancellation: true, noiseSuppression: true } },
  video: {
    audio: true,
    video: {
      facingMode: "environment",
      width: { ideal: 640 },
      height: { ideal: 480 },
      frameRate: { ideal: 15 },
    },
  },
};
/** Small enough for a thin line: 3 KB and 50 KB a second. */
const settings: Record<
  Medium,
  MediaRecorderOptions & { readonly types: readonly string[]; readonly longestMs: number }
> = {
  voice: {
    audioBitsPerSecond: 24_000,
    types: ["audio/webm;codecs=opus", "audio/mp4"],
    longestMs: 5 * 60_000,
  },
  video: {
    audioBitsPerSecond: 24_000,
    videoBitsPerSecond: 400_000,
    types: ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"],
    longestMs: 60_000,
  },
};

/** Records a short voice note or video, lets it be heard or seen, then takes it or throws it away. */
export function RecordDialog({
  medium,
  onTaken,
  onClose,
}: {
  readonly medium: Medium;
  readonly onTaken: (content: Blob, durationMs: number) => void;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const stream = useMedia(wishes[medium]);
  const show = useVideoRef(stream);
  const tape = useTape(stream, medium);
  const text = words.capture;
  return (
    <Dialog
      open
      title={medium === "voice" ? text.recordVoice : text.recordVideo}
      closeLabel={words.frame.close}
      onClose={onClose}
      actions={
        tape.state.at === "done" ? (
          <>
            <Button icon="record" onClick={tape.again}>
              {text.recordAgain}
            </Button>
            <Button
              tone="main"
              large
              icon="check"
              autoFocus
              onClick={() => {
                if (tape.state.at === "done") onTaken(tape.state.content, tape.state.durationMs);
              }}
            >
              {text.useRecording}
            </Button>
          </>
        ) : tape.state.at === "running" ? (
          <Button tone="danger" large icon="stop" autoFocus onClick={tape.stop}>
            {text.stopRecording}
          </Button>
        ) : (
          <Button
            tone="main"
            large
            icon="record"
            autoFocus
            disabled={stream.at !== "on"}
            onClick={tape.start}
          >
            {text.startRecording}
          </Button>
        )
      }
    >
      {stream.at === "refused" ? (
        <Banner tone="warn">
          {medium === "voice" ? text.microphoneRefused : text.cameraRefused}
        </Banner>
      ) : null}
      {stream.at === "none" ? (
        <Banner tone="warn">{medium === "voice" ? text.noMicrophone : text.noCamera}</Banner>
      ) : null}
      {medium === "video" && tape.state.at !== "done" ? (
        <video
          className="capture-view"
          muted
          autoPlay
          playsInline
          aria-label={text.cameraView}
          ref={show}
        />
      ) : null}
      {tape.state.at === "done" ? (
        medium === "voice" ? (
          <audio controls src={tape.state.url} />
        ) : (
          <video className="capture-view" controls playsInline src={tape.state.url} />
        )
      ) : null}
      <p className="capture-time number" role="timer">
        {text.length(Math.floor(tape.elapsedMs / 1000), settings[medium].longestMs / 1000)}
      </p>
    </Dialog>
  );
}

type TapeState =
  | { readonly at: "ready" }
  | { readonly at: "running" }
  | {
      readonly at: "done";
      readonly content: Blob;
      readonly url: string;
      readonly durationMs: number;
    };

function useTape(stream: Stream, medium: Medium) {
  const [state, setState] = useState<TapeState>({ at: "ready" });
  const [elapsedMs, setElapsedMs] = useState(0);
  const recorder = useRef<MediaRecorder>(undefined);
  useEffect(() => {
    if (state.at !== "running") return;
    const from = performance.now();
    const timer = setInterval(() => {
      const passed = performance.now() - from;
      setElapsedMs(passed);
      if (passed >= settings[medium].longestMs) recorder.current?.stop();
    }, 200);
    return () => clearInterval(timer);
  }, [state.at, medium]);
  useEffect(
    () => () => (state.at === "done" ? URL.revokeObjectURL(state.url) : undefined),
    [state],
  );
  useEffect(() => () => stopIfRunning(recorder.current), []);

  const start = () => {
    if (stream.at !== "on") return;
    const parts: Blob[] = [];
    const { types, longestMs: _longest, ...rates } = settings[medium];
    const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
    const tape = new MediaRecorder(stream.stream, {
      ...rates,
      ...(mimeType === undefined ? {} : { mimeType }),
    });
    const from = performance.now();
    tape.ondataavailable = (event) => parts.push(event.data);
    tape.onstop = () => {
      const content = new Blob(parts, { type: tape.mimeType.split(";")[0] ?? "" });
      setState({
        at: "done",
        content,
        url: URL.createObjectURL(content),
        durationMs: Math.round(performance.now() - from),
      });
    };
    recorder.current = tape;
    tape.start(1000);
    setElapsedMs(0);
    setState({ at: "running" });
  };
  return {
    state,
    elapsedMs,
    start,
    stop: () => stopIfRunning(recorder.current),
    again: () => {
      setState({ at: "ready" });
      setElapsedMs(0);
    },
  };
}

function stopIfRunning(tape: MediaRecorder | undefined): void {
  if (tape !== undefined && tape.state !== "inactive") tape.stop();
}
