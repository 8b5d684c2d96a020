import type { CaseView, FileView } from "@lientuyen/record";
import { Button, buttonClass, Icon, Panel, Tag } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice, useSync } from "../../device/hooks.ts";
import { arrivedOf, fileName, isPicture, retakenFiles, shownFiles } from "./fileList.ts";
import { MendButton } from "./Mend.tsx";
import { SourceLine } from "./SourceLine.tsx";
import type { Talk } from "./talk.ts";
import { useFile } from "./useFile.ts";
import { Viewer } from "./Viewer.tsx";

/** Pictures, documents, films and voice notes of a case, as far as they have arrived. */
export function Files({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const device = useDevice();
  useSync(); // "3/5 have arrived" moves with what is being sent
  const [viewing, setViewing] = useState<string | undefined>(undefined);
  const [withRetaken, setWithRetaken] = useState(false);
  const t = talk.words.caseView;
  const retaken = retakenFiles(view);
  const files = withRetaken ? [...shownFiles(view), ...retaken] : shownFiles(view);
  const pictures = files.filter(isPicture);
  const { done, all } = arrivedOf(view, device.files.arrived(view.log));
  return (
    <Panel
      title={t.files}
      side={
        all === 0 ? null : (
          <Tag tone={done === all ? "good" : "warn"}>
            {done === all ? t.allArrived(all) : t.arrivedOf(done, all)}
          </Tag>
        )
      }
    >
      {files.length === 0 ? <p className="muted">{t.noFiles}</p> : null}
      <ul className="files">
        {files.map((file, i) => (
          <FileCard
            key={file.hash}
            view={view}
            file={file}
            index={i}
            talk={talk}
            onView={setViewing}
          />
        ))}
      </ul>
      {retaken.length > 0 && !withRetaken ? (
        <div>
          <Button tone="plain" onClick={() => setWithRetaken(true)}>
            {t.showRetaken(retaken.length)}
          </Button>
        </div>
      ) : null}
      {viewing === undefined ? null : (
        <Viewer
          log={view.log}
          pictures={pictures}
          start={viewing}
          talk={talk}
          onClose={() => setViewing(undefined)}
        />
      )}
    </Panel>
  );
}

function FileCard({
  view,
  file,
  index,
  talk,
  onView,
}: {
  readonly view: CaseView;
  readonly file: FileView;
  readonly index: number;
  readonly talk: Talk;
  readonly onView: (hash: string) => void;
}) {
  const t = talk.words.caseView;
  const name = fileName(file, index, talk);
  return (
    <li className="file">
      <FileContent log={view.log} file={file} name={name} talk={talk} onView={onView} />
      <p className="file-name">
        {name}
        {file.body.key === true ? <Tag tone="info">{t.keyPicture}</Tag> : null}
        {file.retakenBy === undefined ? null : <Tag>{t.retaken}</Tag>}
        {file.original === undefined ? null : <Tag tone="good">{t.originalArrived}</Tag>}
      </p>
      <Missing file={file} talk={talk} />
      <SourceLine source={file} talk={talk} />
      <MendButton view={view} target={file.hash} talk={talk} />
    </li>
  );
}

/** A recording says how much of what was spoken it does not hold. */
function Missing({ file, talk }: { readonly file: FileView; readonly talk: Talk }) {
  const gaps = (file.body.recording?.gaps ?? []).filter(({ who }) => who === undefined);
  const ms = gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  if (ms < 1_000) return null;
  return (
    <p className="small">
      {talk.words.caseView.recordingMisses(gaps.length, Math.round(ms / 1_000))}
    </p>
  );
}

function FileContent({
  log,
  file,
  name,
  talk,
  onView,
}: {
  readonly log: string;
  readonly file: FileView;
  readonly name: string;
  readonly talk: Talk;
  readonly onView: (hash: string) => void;
}) {
  const load = useFile(log, file.file);
  const t = talk.words.caseView;
  if (load.at === "loading") return <p className="file-waiting small">{t.opening}</p>;
  if (load.at === "absent") return <p className="file-waiting small">{t.notArrived}</p>;
  if (isPicture(file)) {
    return (
      <button
        type="button"
        className="file-picture"
        aria-label={t.openPicture(name)}
        onClick={() => onView(file.hash)}
      >
        <img src={load.url} alt={name} />
      </button>
    );
  }
  if (file.file.type.startsWith("video/")) {
    return (
      <video className="file-video" src={load.url} controls preload="metadata" aria-label={name} />
    );
  }
  if (file.file.type.startsWith("audio/")) {
    return (
      <audio className="file-audio" src={load.url} controls preload="metadata" aria-label={name} />
    );
  }
  const opens = file.file.type === "application/pdf";
  return (
    <a
      className={buttonClass({ wide: true })}
      href={load.url}
      {...(opens ? { target: "_blank", rel: "noreferrer" } : { download: name })}
    >
      <Icon name="file" />
      {opens ? t.openPdf : t.download}
    </a>
  );
}

/** The picture that belongs beside the questions. */
export function KeyPicture({
  view,
  file,
  talk,
}: {
  readonly view: CaseView;
  readonly file: FileView;
  readonly talk: Talk;
}) {
  const load = useFile(view.log, file.file);
  const [open, setOpen] = useState(false);
  const t = talk.words.caseView;
  const name = fileName(file, 0, talk);
  return (
    <figure className="key-picture">
      {load.at === "here" ? (
        <button
          type="button"
          className="file-picture"
          aria-label={t.openPicture(name)}
          onClick={() => setOpen(true)}
        >
          <img src={load.url} alt={name} />
        </button>
      ) : (
        <p className="file-waiting small">{load.at === "loading" ? t.opening : t.notArrived}</p>
      )}
      <figcaption className="small">
        {t.keyPicture}: {name}
      </figcaption>
      {open ? (
        <Viewer
          log={view.log}
          pictures={shownFiles(view).filter(isPicture)}
          start={file.hash}
          talk={talk}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </figure>
  );
}
