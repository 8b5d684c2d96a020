import { useEffect, useRef, type ReactNode } from "react";
import type { Voice } from "./livekitLine.ts";
import { useLiveWords } from "./words.ts";

/** Draws somebody's camera in an element; gives the way to stop. */
export type Show = (who: string, element: HTMLVideoElement) => () => void;

/** One person of the call, with the camera where it is on. */
export function Tile({
  voice: { who, camera, speaking },
  name,
  show,
  children,
}: {
  readonly voice: Voice;
  readonly name: string;
  readonly show: Show;
  /** Beside the name, while there is a picture. */
  readonly children?: ReactNode;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    return camera && element !== null ? show(who, element) : undefined;
  }, [who, camera, show]);
  const words = useLiveWords();
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
