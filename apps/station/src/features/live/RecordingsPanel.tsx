import type { CaseView } from "@lientuyen/record";
import { Button, Panel } from "@lientuyen/ui";
import { useEffect, useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { myName } from "./running.ts";
import { keepRecording, listRecordings, type Recording, type Recordings } from "./recording.ts";
import { useLiveWords } from "./words.ts";

const lookMs = 3_000;

const useRecordings = (log: string): Recordings => {
  const device = useDevice();
  const [recordings, setRecordings] = useState<Recordings>([]);
  useEffect(() => {
    let over = false;
    const look = async (): Promise<void> => {
      const found = await listRecordings(device, log);
      if (!over) setRecordings(found);
    };
    void look();
    const timer = setInterval(() => void look(), lookMs);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [device, log]);
  return recordings;
};

/** What was recorded of the case's sessions and is not among its files yet. */
export function RecordingsPanel({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const words = useLiveWords().recording;
  const kept = new Set(view.files.map(({ file }) => file.hash));
  const waiting = useRecordings(view.log).filter(
    (each) =>
      each.state !== "recording" &&
      each.state !== "silent" &&
      !(each.state === "ready" && kept.has(each.file.hash)),
  );
  if (waiting.length === 0) return null;
  return (
    <Panel title={words.panel}>
      {waiting.map((each) => (
        <Waiting key={each.recording} view={view} talk={talk} recording={each} />
      ))}
    </Panel>
  );
}

function Waiting({
  view,
  talk,
  recording,
}: {
  readonly view: CaseView;
  readonly talk: Talk;
  readonly recording: Recording;
}) {
  const device = useDevice();
  const words = useLiveWords().recording;
  const from = talk.moments.short(recording.startedAt, talk.nowMs);
  if (recording.state !== "ready") return <p>{words.joining(from)}</p>;
  const { durationMs, gaps } = recording;
  const minutes = Math.max(1, Math.round(durationMs / 60_000));
  const missingMs = gaps
    .filter(({ who }) => who === null)
    .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const mine = [recording.startedBy, recording.chair].includes(myName(device));
  return (
    <div className="row">
      <p>{words.ready(from, minutes, Math.round(missingMs / 1_000))}</p>
      {mine ? (
        <Button
          tone="main"
          onClick={() => void keepRecording(device, view.log, words.fileName(from), recording)}
        >
          {words.keep}
        </Button>
      ) : (
        <p className="muted small">{words.keptByOthers}</p>
      )}
    </div>
  );
}
