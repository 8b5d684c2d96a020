import { errors } from "@lientuyen/api";
import { Banner, Button } from "@lientuyen/ui";
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type DragEvent } from "react";
import { language, useWords } from "../../words/index.ts";
import { accepted } from "./fileTypes.ts";
import { receivePhonePictures } from "./phonePictures.ts";
import { prepare, type Prepared, type PreparedOrFault } from "./prepare.ts";
import type { Medium } from "./RecordDialog.tsx";
import "./capture.css";

const CameraDialog = lazy(() =>
  import("./CameraDialog.tsx").then((module) => ({ default: module.CameraDialog })),
);
const RecordDialog = lazy(() =>
  import("./RecordDialog.tsx").then((module) => ({ default: module.RecordDialog })),
);
/** Nothing without a line, so that it can be fetched over it. */
const PhoneLinkDialog = lazy(() =>
  import("./PhoneLinkDialog.tsx").then((module) => ({ default: module.PhoneLinkDialog })),
);

export type Way = "photo" | "file" | "voice" | "video" | "phone";

type Fault =
  | Extract<PreparedOrFault, { readonly ok: false }>
  | {
      readonly ok: false;
      readonly code: "notKept";
      readonly name: string | undefined;
      readonly limitBytes: undefined;
    };

interface Props {
  readonly ways: readonly Way[];
  /** Case that the phone's link is for. */
  readonly log: string;
  /** Before the phone's link can be made, the case has to exist. */
  readonly onPhone?: (() => Promise<void>) | undefined;
  /** Resolves once the file is on disk. */
  readonly onFile: (file: Prepared) => Promise<void>;
  /** The one main way is drawn large. */
  readonly main?: Way | undefined;
}

/** Every way a file comes into a case: taken, chosen, pasted, dragged, recorded, or from the phone; many at once. */
export function AddFiles({ ways, log, onPhone, onFile, main }: Props) {
  const words = useWords();
  const [open, setOpen] = useState<"camera" | "phone" | Medium>();
  const { take, receive, working, faults } = useTaking(onFile);
  const chooser = useRef<HTMLInputElement>(null);
  const shooter = useRef<HTMLInputElement>(null);
  usePasted(take);
  useEffect(() => receivePhonePictures(log, receive), [log, receive]);
  const drop = useDropped(take);
  const close = () => setOpen(undefined);
  const start = (way: Way) => {
    switch (way) {
      case "photo":
        return hasTouchCamera() ? shooter.current?.click() : setOpen("camera");
      case "file":
        return chooser.current?.click();
      case "phone":
        return void (onPhone?.() ?? Promise.resolve()).then(() => setOpen("phone"));
      default:
        return setOpen(way);
    }
  };
  return (
    <div className="capture" {...drop.handlers} data-over={drop.over}>
      <div className="row">
        {ways.map((way) => (
          <Button key={way} icon={icons[way]} large={way === main} onClick={() => start(way)}>
            {words.capture.ways[way]}
          </Button>
        ))}
      </div>
      <p className="muted small">{words.capture.dropHint}</p>
      <input
        ref={shooter}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={(event) => taken(event.target, take)}
      />
      <input
        ref={chooser}
        type="file"
        accept={accepted.any}
        multiple
        hidden
        data-testid="choose-files"
        onChange={(event) => taken(event.target, take)}
      />
      <p role="status" className={working > 0 ? undefined : "visually-hidden"}>
        {working > 0 ? words.capture.working(working) : ""}
      </p>
      {faults.map((fault, index) => (
        <Banner key={index} tone="danger" live>
          {sayFault(fault, words.capture)}
        </Banner>
      ))}
      {open === "camera" ? (
        <Suspense fallback={null}>
          <CameraDialog onPicture={(picture) => take([picture])} onClose={close} />
        </Suspense>
      ) : null}
      {open === "voice" || open === "video" ? (
        <Suspense fallback={null}>
          <RecordDialog
            medium={open}
            onClose={close}
            onTaken={(content, durationMs) => {
              close();
              take([content], durationMs);
            }}
          />
        </Suspense>
      ) : null}
      {open === "phone" ? (
        <Suspense fallback={null}>
          <PhoneLinkDialog
            log={log}
            onClose={close}
            onCable={() => {
              close();
              chooser.current?.click();
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

const icons = {
  photo: "camera",
  file: "file",
  voice: "microphone",
  video: "video",
  phone: "phone",
} as const;

function taken(input: HTMLInputElement, take: (files: readonly Blob[]) => void): void {
  take([...(input.files ?? [])]);
  input.value = ""; // the same file may be chosen again
}

/** A phone's or tablet's own camera app is better than a picture of a video stream. */
function hasTouchCamera(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

function sayFault(fault: Fault, words: ReturnType<typeof useWords>["capture"]): string {
  const name = fault.name === undefined ? "" : `${fault.name}: `;
  if (fault.code === "notKept") return name + words.notKept;
  const limit =
    fault.limitBytes === undefined ? "" : `${Math.round(fault.limitBytes / 1024 / 1024)} MB`;
  return name + errors[fault.code][language()].replace("{limit}", limit);
}

/** One after the other, so that a weak machine never decodes two large pictures at once. */
function useTaking(onFile: Props["onFile"]) {
  const [working, setWorking] = useState(0);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const keep = useRef(onFile);
  keep.current = onFile;
  /** Resolves to false where another try may keep it. */
  const put = useCallback((file: Blob, durationMs?: number): Promise<boolean> => {
    setWorking((count) => count + 1);
    const turn = queue.current.then(async () => {
      const fault = await takeOne(file, durationMs, keep.current);
      if (fault !== undefined) setFaults((before) => [...before, fault]);
      setWorking((count) => count - 1);
      return fault?.code !== "notKept";
    });
    queue.current = turn.then(() => undefined);
    return turn;
  }, []);
  const take = useCallback(
    (files: readonly Blob[], durationMs?: number) => {
      if (files.length === 0) return;
      setFaults([]);
      for (const file of files) void put(file, durationMs);
    },
    [put],
  );
  const receive = useCallback((file: Blob) => put(file), [put]);
  return { take, receive, working, faults };
}

async function takeOne(
  file: Blob,
  durationMs: number | undefined,
  keep: Props["onFile"],
): Promise<Fault | undefined> {
  const name = file instanceof File ? file.name : undefined;
  try {
    const prepared = await prepare(file, durationMs);
    if (!prepared.ok) return prepared;
    await keep(prepared.file);
    return undefined;
  } catch {
    return { ok: false, code: "notKept", name, limitBytes: undefined };
  }
}

function usePasted(take: (files: readonly Blob[]) => void): void {
  useEffect(() => {
    const pasted = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    };
    document.addEventListener("paste", pasted);
    return () => document.removeEventListener("paste", pasted);
  }, [take]);
}

function useDropped(take: (files: readonly Blob[]) => void) {
  const [over, setOver] = useState(false);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      take([...event.dataTransfer.files]);
    },
  };
  return { over, handlers };
}
