import type { FileView } from "@lientuyen/record";
import { Button } from "@lientuyen/ui";
import { useEffect, useRef, useState } from "react";
import { fileName } from "./fileList.ts";
import { act, pictureKey, wholePicture, type Picture, type PictureKey } from "./picture.ts";
import { PicturePane } from "./PicturePane.tsx";
import type { Talk } from "./talk.ts";

interface Pane {
  readonly index: number;
  readonly picture: Picture;
  readonly original: boolean;
}

const paneOf = (index: number): Pane => ({ index, picture: wholePicture, original: false });

/** Pictures in full: one, or two side by side; by pointer, wheel, pinch and keys. */
export function Viewer({
  log,
  pictures,
  start,
  talk,
  onClose,
}: {
  readonly log: string;
  readonly pictures: readonly FileView[];
  readonly start: string;
  readonly talk: Talk;
  readonly onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const first = Math.max(
    0,
    pictures.findIndex((p) => p.hash === start),
  );
  const [panes, setPanes] = useState<readonly Pane[]>([paneOf(first)]);
  const [active, setActive] = useState(0);
  const t = talk.words.caseView;
  useModal(dialog);

  const change = (at: number, next: (pane: Pane) => Pane) =>
    setPanes((now) => now.map((p, i) => (i === at ? next(p) : p)));
  const go = (by: 1 | -1) =>
    change(active, (p) => paneOf((p.index + by + pictures.length) % pictures.length));
  const toggleTwo = () => {
    setActive(0);
    setPanes((now) => {
      const [one] = now;
      if (one === undefined || now.length > 1) return now.slice(0, 1);
      return [one, paneOf((one.index + 1) % pictures.length)];
    });
  };
  const frame = () => frameOf(dialog.current, active);
  const doKey = (key: PictureKey) =>
    change(active, (p) => ({ ...p, picture: act(p.picture, key, frame()) }));
  const onKey = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = pictureKey(event.key, event.shiftKey);
    if (key !== undefined) doKey(key);
    else if (event.key === "]") go(1);
    else if (event.key === "[") go(-1);
    else if (event.key === "s" || event.key === "S") toggleTwo();
    else return;
    event.preventDefault();
  };

  const tools: readonly (readonly [PictureKey, string, string])[] = [
    ["zoomIn", "+", t.zoomIn],
    ["zoomOut", "−", t.zoomOut],
    ["turnBack", "⟲", t.turnLeft],
    ["turn", "⟳", t.turnRight],
    ["darker", "◐", t.darker],
    ["brighter", "☀", t.brighter],
    ["reset", "⤢", t.reset],
  ];
  return (
    <dialog
      ref={dialog}
      className="viewer"
      aria-label={t.viewer}
      onKeyDown={onKey}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="viewer-tools" role="toolbar" aria-label={t.viewer}>
        {tools.map(([key, sign, label]) => (
          <Button key={key} aria-label={label} title={label} onClick={() => doKey(key)}>
            <span aria-hidden="true">{sign}</span>
          </Button>
        ))}
        {pictures.length > 1 ? (
          <>
            <Button icon="back" aria-label={t.previousPicture} onClick={() => go(-1)} />
            <Button icon="next" aria-label={t.nextPicture} onClick={() => go(1)} />
            <Button aria-pressed={panes.length > 1} onClick={toggleTwo}>
              {panes.length > 1 ? t.onePicture : t.sideBySide}
            </Button>
          </>
        ) : null}
        <Button icon="close" tone="main" onClick={onClose}>
          {t.closeViewer}
        </Button>
      </div>
      <div className="viewer-panes" data-two={panes.length > 1}>
        {panes.map((pane, i) => {
          const file = pictures[pane.index];
          if (file === undefined) return null;
          const shown =
            pane.original && file.original !== undefined ? file.original.body.file : file.file;
          return (
            <PicturePane
              key={i}
              log={log}
              file={shown}
              name={fileName(file, pane.index, talk)}
              caption={t.pictureNumber(pane.index + 1, pictures.length)}
              picture={pane.picture}
              active={panes.length > 1 && active === i}
              label={panes.length === 1 ? t.viewer : i === 0 ? t.leftPicture : t.rightPicture}
              talk={talk}
              onFocus={() => setActive(i)}
              onPicture={(next) => change(i, (p) => ({ ...p, picture: next(p.picture) }))}
              onOriginal={
                file.original === undefined || pane.original
                  ? undefined
                  : () => change(i, (p) => ({ ...p, original: true }))
              }
            />
          );
        })}
      </div>
      <p className="viewer-help small">{t.keysHelp}</p>
    </dialog>
  );
}

function frameOf(dialog: HTMLDialogElement | null, at: number) {
  const frame = dialog?.querySelectorAll(".pane-frame")[at];
  return { width: frame?.clientWidth ?? 0, height: frame?.clientHeight ?? 0 };
}

function useModal(dialog: React.RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    if (shown !== null && !shown.open) shown.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [dialog]);
}
