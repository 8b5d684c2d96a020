import { Banner, Dialog } from "@lientuyen/ui";
import { useEffect, useRef } from "react";
import { useWords } from "../../words/index.ts";
import { useMedia, useVideoRef } from "../capture/useCamera.ts";
import { openReader } from "./qrReader.ts";

const wish: MediaStreamConstraints = {
  video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
};
const lookEveryMs = 200;

/** Shows the camera and reads the first QR that comes into it. */
export function ScanDialog({
  onText,
  onClose,
}: {
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const stream = useMedia(wish);
  const video = useRef<HTMLVideoElement>(null);
  const show = useVideoRef(stream);
  const tell = useRef(onText);
  tell.current = onText;
  useEffect(() => {
    if (stream.at !== "on") return;
    let left = false;
    let timer: ReturnType<typeof setTimeout>;
    const reader = openReader();
    const look = async () => {
      const text =
        video.current === null
          ? undefined
          : await reader.read(video.current).catch(() => undefined);
      if (left) return;
      if (text !== undefined && text !== "") tell.current(text);
      else timer = setTimeout(() => void look(), lookEveryMs);
    };
    void look();
    return () => {
      left = true;
      clearTimeout(timer);
      reader.close();
    };
  }, [stream]);
  return (
    <Dialog
      open
      title={words.caseForm.patient.scanCamera}
      closeLabel={words.frame.close}
      onClose={onClose}
    >
      {stream.at === "refused" ? <Banner tone="warn">{words.capture.cameraRefused}</Banner> : null}
      {stream.at === "none" ? <Banner tone="warn">{words.capture.noCamera}</Banner> : null}
      <p>{words.caseForm.patient.scanHow}</p>
      <video
        className="capture-view"
        muted
        autoPlay
        playsInline
        aria-label={words.capture.cameraView}
        ref={(element) => {
          video.current = element;
          show(element);
        }}
      />
    </Dialog>
  );
}
