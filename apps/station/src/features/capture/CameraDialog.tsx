import { Banner, Button, Dialog } from "@lientuyen/ui";
import { useRef, useState } from "react";
import { useWords } from "../../words/index.ts";
import { useMedia, useVideoRef } from "./useCamera.ts";

const wish: MediaStreamConstraints = {
  video: { facingMode: "environment", width: { ideal: 2560 }, height: { ideal: 1440 } },
};

/** Photographs with the machine's own camera, one after the other. */
export function CameraDialog({
  onPicture,
  onClose,
}: {
  readonly onPicture: (picture: Blob) => void;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const stream = useMedia(wish);
  const video = useRef<HTMLVideoElement>(null);
  const show = useVideoRef(stream);
  const [taken, setTaken] = useState(0);
  const shoot = async () => {
    const picture = video.current === null ? undefined : await still(video.current);
    if (picture === undefined) return;
    setTaken((count) => count + 1);
    onPicture(picture);
  };
  return (
    <Dialog
      open
      wide
      title={words.capture.takePhoto}
      closeLabel={words.frame.close}
      onClose={onClose}
      actions={
        <>
          <span role="status">{taken === 0 ? "" : words.capture.taken(taken)}</span>
          <Button
            tone="main"
            large
            icon="camera"
            autoFocus
            disabled={stream.at !== "on"}
            onClick={() => void shoot()}
          >
            {words.capture.shoot}
          </Button>
          {taken === 0 ? null : <Button onClick={onClose}>{words.capture.enough}</Button>}
        </>
      }
    >
      {stream.at === "refused" ? <Banner tone="warn">{words.capture.cameraRefused}</Banner> : null}
      {stream.at === "none" ? <Banner tone="warn">{words.capture.noCamera}</Banner> : null}
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

/** The picture that the video shows now. */
async function still(video: HTMLVideoElement): Promise<Blob | undefined> {
  if (video.videoWidth === 0) return undefined;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", 0.9),
  );
  return blob ?? undefined;
}
