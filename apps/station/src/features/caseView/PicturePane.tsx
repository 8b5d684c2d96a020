import type { FileRef } from "@lientuyen/record";
import { Button } from "@lientuyen/ui";
import { useEffect, useRef, useState, type PointerEvent } from "react";
import { panBy, transformOf, zoomBy, type Picture } from "./picture.ts";
import type { Talk } from "./talk.ts";
import { useFile } from "./useFile.ts";

interface Props {
  readonly log: string;
  readonly file: FileRef;
  readonly name: string;
  readonly caption: string;
  readonly label: string;
  readonly picture: Picture;
  readonly active: boolean;
  readonly talk: Talk;
  readonly onFocus: () => void;
  readonly onPicture: (next: (picture: Picture) => Picture) => void;
  readonly onOriginal: (() => void) | undefined;
}

/** One frame of the viewer with its picture. */
export function PicturePane(props: Props) {
  const { picture, talk, onPicture } = props;
  const load = useFile(props.log, props.file);
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const t = talk.words.caseView;
  useWheel(frame, onPicture);
  const pointers = usePointers(frame, onPicture);
  return (
    <figure className="pane" data-active={props.active}>
      <div
        ref={frame}
        className="pane-frame"
        role="group"
        aria-label={`${props.label}: ${props.name}`}
        tabIndex={0}
        onFocus={props.onFocus}
        onPointerDownCapture={props.onFocus}
        {...pointers}
      >
        {load.at === "here" ? (
          <img
            src={load.url}
            alt={props.name}
            draggable={false}
            style={{
              transform: transformOf(picture, size),
              filter: picture.brightness === 100 ? "none" : `brightness(${picture.brightness}%)`,
            }}
          />
        ) : (
          <p className="file-waiting">{load.at === "loading" ? t.opening : t.notArrived}</p>
        )}
      </div>
      <figcaption className="row row-apart small">
        <span>
          {props.caption} · {props.name} · {Math.round(picture.zoom * 100)} %
        </span>
        {props.onOriginal === undefined ? null : (
          <Button onClick={props.onOriginal}>{t.showOriginal}</Button>
        )}
      </figcaption>
    </figure>
  );
}

type Frame = React.RefObject<HTMLDivElement | null>;

/** Its inner size, as it changes. */
export function useSize(frame: Frame) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const shown = frame.current;
    if (shown === null) return undefined;
    const take = () => setSize({ width: shown.clientWidth, height: shown.clientHeight });
    take();
    const watcher = new ResizeObserver(take);
    watcher.observe(shown);
    return () => watcher.disconnect();
  }, [frame]);
  return size;
}

/** Where something happened, from the frame's middle. */
export function pointIn(
  frame: HTMLElement,
  at: { readonly clientX: number; readonly clientY: number },
) {
  const box = frame.getBoundingClientRect();
  return { x: at.clientX - box.left - box.width / 2, y: at.clientY - box.top - box.height / 2 };
}

/** By hand, because React's own wheel listener is passive and the page would scroll as well. */
export function useWheel(frame: Frame, onPicture: Props["onPicture"]): void {
  const latest = useRef(onPicture);
  latest.current = onPicture;
  useEffect(() => {
    const shown = frame.current;
    if (shown === null) return undefined;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const point = pointIn(shown, event);
      latest.current((p) => zoomBy(p, event.deltaY < 0 ? 1.15 : 1 / 1.15, point));
    };
    shown.addEventListener("wheel", onWheel, { passive: false });
    return () => shown.removeEventListener("wheel", onWheel);
  }, [frame]);
}

/** One pointer pans, two pinch. */
export function usePointers(frame: Frame, onPicture: Props["onPicture"]) {
  const down = useRef(new Map<number, { readonly clientX: number; readonly clientY: number }>());
  const end = (event: PointerEvent) => {
    down.current.delete(event.pointerId);
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      frame.current?.setPointerCapture(event.pointerId);
      down.current.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
    },
    onPointerMove: (event: PointerEvent) => {
      const shown = frame.current;
      const before = down.current.get(event.pointerId);
      if (shown === null || before === undefined) return;
      const now = { clientX: event.clientX, clientY: event.clientY };
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
      down.current.set(event.pointerId, now);
      if (other === undefined) {
        const box = { width: shown.clientWidth, height: shown.clientHeight };
        onPicture((p) => panBy(p, now.clientX - before.clientX, now.clientY - before.clientY, box));
        return;
      }
      const middle = pointIn(shown, {
        clientX: (now.clientX + other.clientX) / 2,
        clientY: (now.clientY + other.clientY) / 2,
      });
      const wide = (a: typeof now) =>
        Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY);
      if (wide(before) > 0) onPicture((p) => zoomBy(p, wide(now) / wide(before), middle));
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
