import { useEffect, useRef, type ReactNode } from "react";
import type { Voice } from "./livekitLine.ts";
import type { Still } from "./steering.ts";
import { useLiveWords } from "./words.ts";

/** Draws somebody's camera in an element; gives the way to stop. */
export type Show = (who: string, element: HTMLVideoElement) => () => void;

/** One person of the call, with the camera where it is on. */
export function Tile({
  voice: { who, camera, speaking },
  name,
  show,
  still,
  children,
}: {
  readonly voice: Voice;
  readonly name: string;
  readonly show: Show;
  /** In place of the moving picture, which the line does not carry. */
  readonly still?: Still | undefined;
  /** Beside the name, while there is a picture. */
  readonly children?: ReactNode;
}) {
  const isStill = still !== undefined;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    return camera && !isStill && element !== null ? show(who, element) : undefined;
    // With a still there is no element; when it goes, there is one again.
  }, [who, camera, isStill, show]);
  const words = useLiveWords();
  if (still !== undefined) {
    return (
      <figure className="live-tile" data-speaking={speaking}>
        <img src={still.url} alt={name} />
        <figcaption className="live-name">
          {name} · {words.still}
        </figcaption>
      </figure>
    );
  }
  return (
    <figure className="live-tile" data-speaking={speaking}>
      {camera ? <video ref={video} autoPlay playsInline muted aria-label={name} /> : null}
      <figcaption className="live-name">
        {name}
        {camera ? children : ` · ${words.cameraOff}`}
      </figcaption>
    </figure>
  );
}
