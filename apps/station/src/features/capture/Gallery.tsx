import type { CaseFact, FileView } from "@lientuyen/record";
import { Banner, Button, Dialog, Icon, Tag, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { useWords } from "../../words/index.ts";
import { useFile } from "../caseView/useFile.ts";

interface Props {
  readonly log: string;
  readonly files: readonly FileView[];
  readonly write: (facts: readonly CaseFact[]) => Promise<unknown>;
  /** Takes the next file as a better one of this. */
  readonly onRetake: (of: FileView) => void;
}

/** Without originals behind a smaller copy, and without what was taken again. */
export const shownFiles = (files: readonly FileView[]): readonly FileView[] =>
  files.filter((file) => file.body.originalOf === undefined && file.retakenBy === undefined);

/** The case's files: caption, key picture, retake, take away. */
export function Gallery({ log, files, write, onRetake }: Props) {
  const shown = shownFiles(files);
  if (shown.length === 0) return null;
  return (
    <ul className="plain-list gallery">
      {shown.map((file) => (
        <Item
          key={file.hash}
          log={log}
          file={file}
          write={write}
          onRetake={() => onRetake(file)}
          keys={shown.filter((other) => other.body.key === true && other !== file)}
        />
      ))}
    </ul>
  );
}

function Item({
  log,
  file,
  write,
  onRetake,
  keys,
}: {
  readonly log: string;
  readonly file: FileView;
  readonly write: Props["write"];
  readonly onRetake: () => void;
  readonly keys: readonly FileView[];
}) {
  const words = useWords();
  const [open, setOpen] = useState<"caption" | "remove">();
  const text = words.capture;
  const isKey = file.body.key === true;
  const close = () => setOpen(undefined);
  const makeKey = () =>
    void write([
      ...keys.map((other) => correction(other, { key: false }, text.reasonKey)),
      correction(file, { key: true }, text.reasonKey),
    ]);
  return (
    <li className="gallery-item" data-key={isKey}>
      <Frame log={log} file={file} />
      {isKey ? (
        <Tag tone="good" icon="star">
          {text.isKey}
        </Tag>
      ) : null}
      <span className="small">
        {file.body.caption ?? file.body.name ?? words.vocabulary.fileRole[file.body.role]}
      </span>
      <div className="row">
        <Button tone="plain" onClick={() => setOpen("caption")}>
          {text.caption}
        </Button>
        {file.body.role === "photo" && !isKey ? (
          <Button tone="plain" onClick={makeKey}>
            {text.makeKey}
          </Button>
        ) : null}
        {file.body.role === "photo" ? (
          <Button tone="plain" onClick={onRetake}>
            {text.retake}
          </Button>
        ) : null}
        <Button tone="plain" onClick={() => setOpen("remove")}>
          {text.remove}
        </Button>
      </div>
      {open === "caption" ? <CaptionDialog file={file} write={write} onClose={close} /> : null}
      {open === "remove" ? <RemoveDialog file={file} write={write} onClose={close} /> : null}
    </li>
  );
}

function Frame({ log, file }: { readonly log: string; readonly file: FileView }) {
  const words = useWords();
  const load = useFile(log, file.file);
  const label = file.body.caption ?? file.body.name ?? words.vocabulary.fileRole[file.body.role];
  if (load.at === "loading") return <div className="gallery-frame" />;
  if (load.at === "absent")
    return <div className="gallery-frame small">{words.capture.notHere}</div>;
  switch (file.body.role) {
    case "photo":
      return (
        <div className="gallery-frame">
          <img src={load.url} alt={label} />
        </div>
      );
    case "video":
      return (
        <div className="gallery-frame">
          <video src={load.url} controls playsInline preload="metadata" aria-label={label} />
        </div>
      );
    case "voice":
      return (
        <div className="gallery-frame">
          <audio src={load.url} controls aria-label={label} />
        </div>
      );
    case "document":
      return (
        <div className="gallery-frame">
          <a href={load.url} download={file.body.name ?? "document.pdf"}>
            <Icon name="file" /> {label}
          </a>
        </div>
      );
  }
}

function correction(file: FileView, change: Partial<FileView["body"]>, reason: string): CaseFact {
  return {
    kind: "correction",
    body: { target: file.hash, reason, body: { ...file.body, ...change } },
  };
}

function CaptionDialog({
  file,
  write,
  onClose,
}: {
  readonly file: FileView;
  readonly write: Props["write"];
  readonly onClose: () => void;
}) {
  const words = useWords();
  const [caption, setCaption] = useState(file.body.caption ?? "");
  const save = () => {
    const text = caption.trim();
    if (text !== "" && text !== file.body.caption)
      void write([correction(file, { caption: text }, words.capture.reasonCaption)]);
    onClose();
  };
  return (
    <Dialog
      open
      title={words.capture.caption}
      closeLabel={words.frame.cancel}
      onClose={onClose}
      actions={
        <Button tone="main" onClick={save}>
          {words.capture.saveCaption}
        </Button>
      }
    >
      <TextField
        label={words.capture.captionLabel}
        maxLength={300}
        autoFocus
        value={caption}
        onText={setCaption}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault(); // the step's own form is around this dialog
          save();
        }}
      />
    </Dialog>
  );
}

function RemoveDialog({
  file,
  write,
  onClose,
}: {
  readonly file: FileView;
  readonly write: Props["write"];
  readonly onClose: () => void;
}) {
  const words = useWords();
  return (
    <Dialog
      open
      title={words.capture.removeTitle}
      closeLabel={words.frame.cancel}
      onClose={onClose}
      actions={
        <Button
          tone="danger"
          icon="remove"
          onClick={() => {
            void write([
              {
                kind: "withheld",
                body: { target: file.hash, ground: "wrongPicture", effect: "hide" },
              },
              ...(file.original === undefined
                ? []
                : [
                    {
                      kind: "withheld" as const,
                      body: {
                        target: file.original.hash,
                        ground: "wrongPicture" as const,
                        effect: "hide" as const,
                      },
                    },
                  ]),
            ]);
            onClose();
          }}
        >
          {words.capture.remove}
        </Button>
      }
    >
      <Banner tone="warn">{words.capture.removeText}</Banner>
    </Dialog>
  );
}
