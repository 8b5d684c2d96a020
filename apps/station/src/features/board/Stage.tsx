import type { CaseView, FileView } from "@lientuyen/record";
import { Banner, Button } from "@lientuyen/ui";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { fileName } from "../caseView/fileList.ts";
import { act, transformOf, wholePicture, type PictureKey } from "../caseView/picture.ts";
import { usePointers, useSize, useWheel } from "../caseView/PicturePane.tsx";
import type { Talk } from "../caseView/talk.ts";
import { useFile, type FileLoad } from "../caseView/useFile.ts";
import { marksOf, type Board } from "./board.ts";
import type { BoardStore } from "./boardStore.ts";
import { KeepMarks } from "./KeepMarks.tsx";
import { Marks, Pointer } from "./Marks.tsx";
import type { Size } from "./places.ts";
import { modes, useTool } from "./useTool.ts";
import { useBoardWords } from "./words.ts";

/** Zoomed in this far, the eye wants the original. */
const closeZoom = 1.5;

/** The picture that is shown to everybody, with everybody's marks and pointers; how it lies under the eye is one's own. */
export function Stage({
  view,
  file,
  board,
  store,
  me,
  nameOf,
  mayMark,
  children,
  talk,
}: {
  readonly view: CaseView;
  readonly file: FileView;
  readonly board: Board;
  readonly store: BoardStore;
  readonly me: string;
  readonly nameOf: (who: string) => string;
  readonly mayMark: boolean;
  readonly children: ReactNode;
  readonly talk: Talk;
}) {
  const words = useBoardWords();
  const [picture, onPicture] = useState(wholePicture);
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const [natural, setNatural] = useState<Size>();
  const { load, full, getFull } = useSharpest(view.log, file, picture.zoom >= closeZoom);
  useWheel(frame, onPicture);
  const pan = usePointers(frame, onPicture);
  const tool = useTool({
    store,
    picture,
    onPicture,
    natural,
    frame: size,
    firstMode: board.head?.by === me ? "point" : "move",
    mayMark,
  });
  const name = fileName(file, view.files.indexOf(file), talk);
  const marks = marksOf(board);
  const doKey = (key: PictureKey) => onPicture((p) => act(p, key, size));
  return (
    <>
      <div
        ref={frame}
        className="board-frame"
        data-mode={tool.mode}
        role="application"
        aria-label={`${words.frame(name)}, ${words.marks(marks.length)}`}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (tool.doKey(event)) event.preventDefault();
        }}
        {...(tool.mode === "move" ? pan : tool.pointers)}
      >
        {load.at === "here" ? (
          <img
            src={load.url}
            alt={name}
            draggable={false}
            data-full={full === "here"}
            style={{
              transform: transformOf(picture, size),
              filter: picture.brightness === 100 ? "none" : `brightness(${picture.brightness}%)`,
            }}
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
              setNatural({ width, height })
            }
          />
        ) : (
          <p className="file-waiting">
            {load.at === "loading" ? talk.words.caseView.opening : words.notHere}
          </p>
        )}
        {natural === undefined ? null : (
          <>
            <Marks
              strokes={[...marks, ...board.drawing.values()]}
              picture={picture}
              natural={natural}
              frame={size}
            />
            {pointersOf(board, me, tool.cursor).map(([who, place]) => (
              <Pointer
                key={who}
                who={who}
                name={who === me ? undefined : nameOf(who)}
                place={place}
                picture={picture}
                natural={natural}
                frame={size}
              />
            ))}
          </>
        )}
      </div>
      <div className="board-tools" role="toolbar" aria-label={words.tools}>
        {mayMark
          ? modes.map((mode) => (
              <Button
                key={mode}
                aria-pressed={tool.mode === mode}
                onClick={() => tool.choose(mode)}
              >
                {words.modes[mode]}
              </Button>
            ))
          : null}
        <Looking talk={talk} onKey={doKey} />
        {full === "absent" ? <Button onClick={getFull}>{words.getFull}</Button> : null}
        {full === "coming" ? (
          <span role="status" className="small">
            {words.gettingFull}
          </span>
        ) : null}
        {mayMark && marks.length > 0 ? (
          <>
            <Button icon="remove" onClick={store.undo}>
              {words.undo}
            </Button>
            <KeepMarks
              key={board.head?.board}
              log={view.log}
              file={file}
              marks={marks}
              caption={words.keptCaption(name)}
            />
          </>
        ) : null}
        {children}
      </div>
      <details className="board-keys small">
        <summary>{words.keysTitle}</summary>
        {mayMark ? words.keys : talk.words.caseView.keysHelp}
      </details>
      {load.at === "absent" ? <Banner tone="warn">{words.notHere}</Banner> : null}
    </>
  );
}

/** Signs and words are those of the viewer of the case's pictures. */
function Looking({
  talk,
  onKey,
}: {
  readonly talk: Talk;
  readonly onKey: (key: PictureKey) => void;
}) {
  const t = talk.words.caseView;
  const tools: readonly (readonly [PictureKey, string, string])[] = [
    ["zoomIn", "+", t.zoomIn],
    ["zoomOut", "−", t.zoomOut],
    ["turn", "⟳", t.turnRight],
    ["brighter", "☀", t.brighter],
    ["reset", "⤢", t.reset],
  ];
  return tools.map(([key, sign, label]) => (
    <Button key={key} aria-label={label} title={label} onClick={() => onKey(key)}>
      <span aria-hidden="true">{sign}</span>
    </Button>
  ));
}

/** Everybody's; of one's own only where the keys stand, for a pointer is under one's own hand. */
function pointersOf(board: Board, me: string, cursor: { x: number; y: number } | undefined) {
  const others = [...board.pointers].filter(([who]) => who !== me);
  return cursor === undefined ? others : [...others, [me, cursor] as const];
}

type Full = "none" | "absent" | "coming" | "here";

/**
 * What was sent small is seen at once; the original takes its place when somebody looks closely, so that on a thin
 * line nobody's voice waits for megabytes that no eye asked for.
 */
function useSharpest(log: string, file: FileView, close: boolean) {
  const [wanted, setWanted] = useState(false);
  const original = file.original?.body.file;
  useEffect(() => {
    if (close) setWanted(true);
  }, [close]);
  const small = useFile(log, file.file);
  const large = useFile(log, wanted ? original : undefined);
  const load: FileLoad = wanted && large.at === "here" ? large : small;
  return {
    load,
    full: stateOf(original !== undefined, wanted, large),
    getFull: () => setWanted(true),
  };
}

function stateOf(exists: boolean, wanted: boolean, large: FileLoad): Full {
  if (!exists) return "none";
  if (!wanted) return "absent";
  return large.at === "here" ? "here" : "coming";
}
