import type { CaseView, FileView } from "@lientuyen/record";
import { Dialog } from "@lientuyen/ui";
import { fileName, isPicture, shownFiles } from "../caseView/fileList.ts";
import type { Talk } from "../caseView/talk.ts";
import { useFile } from "../caseView/useFile.ts";
import { useBoardWords } from "./words.ts";

/** Which of the case's pictures everybody is to see. */
export function ChoosePicture({
  view,
  talk,
  onChoose,
  onClose,
}: {
  readonly view: CaseView;
  readonly talk: Talk;
  readonly onChoose: (file: FileView) => void;
  readonly onClose: () => void;
}) {
  const words = useBoardWords();
  const files = shownFiles(view);
  const pictures = files.filter(isPicture);
  return (
    <Dialog open wide title={words.choose} closeLabel={talk.words.frame.close} onClose={onClose}>
      <p>{words.chooseHelp}</p>
      {pictures.length === 0 ? <p className="muted">{words.noPictures}</p> : null}
      <ul className="board-choice">
        {pictures.map((file) => (
          <li key={file.hash}>
            <button type="button" onClick={() => onChoose(file)}>
              <Thumbnail log={view.log} file={file} talk={talk} />
              <span>{fileName(file, files.indexOf(file), talk)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Thumbnail({
  log,
  file,
  talk,
}: {
  readonly log: string;
  readonly file: FileView;
  readonly talk: Talk;
}) {
  const load = useFile(log, file.file);
  const t = talk.words.caseView;
  return (
    <span className="board-choice-picture small">
      {load.at === "here" ? (
        <img src={load.url} alt="" />
      ) : load.at === "loading" ? (
        t.opening
      ) : (
        t.notArrived
      )}
    </span>
  );
}
