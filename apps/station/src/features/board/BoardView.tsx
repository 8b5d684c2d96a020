import type { CaseView } from "@lientuyen/record";
import { Banner, Button } from "@lientuyen/ui";
import { useRef, useState, useSyncExternalStore } from "react";
import { fileName } from "../caseView/fileList.ts";
import type { Talk } from "../caseView/talk.ts";
import "./board.css";
import type { BoardStore } from "./boardStore.ts";
import { ChoosePicture } from "./ChoosePicture.tsx";
import { Stage } from "./Stage.tsx";
import { useBoardWords } from "./words.ts";

/** Showing a picture of the case to everybody in the call, and seeing what is shown. */
export function BoardView({
  view,
  store,
  me,
  nameOf,
  mayMark,
  leads,
  onShown,
  talk,
}: {
  readonly view: CaseView;
  readonly store: BoardStore;
  readonly me: string;
  readonly nameOf: (who: string) => string;
  /** May show, point and draw; everybody may look. */
  readonly mayMark: boolean;
  /** Ends what another shows. */
  readonly leads: boolean;
  /** A file, by its content's hash, has been put before everybody. */
  readonly onShown: (file: string) => void;
  readonly talk: Talk;
}) {
  const board = useSyncExternalStore(store.subscribe, store.now);
  const words = useBoardWords();
  const whole = useRef<HTMLElement>(null);
  const [choosing, setChoosing] = useState(false);
  const { head } = board;
  const shown = head === undefined || head.file === null ? undefined : head;
  const file = shown === undefined ? undefined : view.files.find((f) => f.hash === shown.file);
  const name = file === undefined ? "" : fileName(file, view.files.indexOf(file), talk);
  const show = mayMark ? (
    <Button icon="picture" aria-haspopup="dialog" onClick={() => setChoosing(true)}>
      {shown === undefined ? words.show : words.showOther}
    </Button>
  ) : null;
  return (
    <>
      {shown === undefined ? (
        show
      ) : (
        <section ref={whole} className="board" aria-label={words.title}>
          <p role="status">
            {shown.by === me ? words.shownByYou(name) : words.shownBy(nameOf(shown.by), name)}
          </p>
          {file === undefined ? (
            <>
              <Banner tone="info">{words.notHere}</Banner>
              {show}
            </>
          ) : (
            <Stage
              key={shown.board}
              view={view}
              file={file}
              board={board}
              store={store}
              me={me}
              nameOf={nameOf}
              mayMark={mayMark}
              talk={talk}
            >
              <Button onClick={() => void whole.current?.requestFullscreen()}>
                {words.fullScreen}
              </Button>
              {show}
              {mayMark && (shown.by === me || leads) ? (
                <Button icon="stop" onClick={store.hide}>
                  {words.stop}
                </Button>
              ) : null}
            </Stage>
          )}
        </section>
      )}
      {choosing ? (
        <ChoosePicture
          view={view}
          talk={talk}
          onClose={() => setChoosing(false)}
          onChoose={(chosen) => {
            setChoosing(false);
            store.show(chosen.hash);
            onShown(chosen.file.hash);
          }}
        />
      ) : null}
    </>
  );
}
