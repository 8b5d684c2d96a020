import type { CaseView } from "@lientuyen/record";
import { Banner, Button, Choice, Dialog } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import type { Call } from "./call.ts";
import { myName } from "./running.ts";
import { startRecording, stopRecording, type Answerer, type Hindrance } from "./recording.ts";
import { useLiveWords } from "./words.ts";

/** Everybody sees that they are recorded, for as long as they are. */
export function RecordingBadge({ call }: { readonly call: Call }) {
  const words = useLiveWords().recording;
  return (call.session?.state.recording ?? null) === null ? null : (
    <Banner tone="warn" live>
      {words.isOn}
    </Banner>
  );
}

/** Who leads turns it on, with the patient's word for it, and off. */
export function RecordingControl({
  call,
  view,
  talk,
}: {
  readonly call: Call;
  readonly view: CaseView;
  readonly talk: Talk;
}) {
  const device = useDevice();
  const words = useLiveWords().recording;
  const [asking, setAsking] = useState(false);
  const { session } = call;
  const me = session?.state.people.find(({ who }) => who === myName(device));
  if (session === undefined || (me?.role !== "chair" && me?.role !== "secretary")) return null;
  if (session.state.recording !== null)
    return (
      <Button icon="stop" onClick={() => void stopRecording(device, view.log, session.session)}>
        {words.stop}
      </Button>
    );
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setAsking(true)}>
        {words.start}
      </Button>
      {asking ? (
        <Consent
          view={view}
          talk={talk}
          session={session.session}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** Asks for the patient's own word for this, where the case does not hold it yet. */
function Consent({
  view,
  talk,
  session,
  onClose,
}: {
  readonly view: CaseView;
  readonly talk: Talk;
  readonly session: string;
  readonly onClose: () => void;
}) {
  const device = useDevice();
  const words = useLiveWords().recording;
  const given = view.recordingConsent?.body.given === true;
  const [by, setBy] = useState<Answerer | undefined>(undefined);
  const [at, setAt] = useState<"asking" | "starting" | Hindrance>("asking");
  const start = async (): Promise<void> => {
    setAt("starting");
    const hindrance = await startRecording(device, view.log, session, given ? undefined : by);
    if (hindrance === undefined) onClose();
    else setAt(hindrance);
  };
  return (
    <Dialog
      open
      title={words.title}
      closeLabel={talk.words.frame.close}
      onClose={onClose}
      actions={
        <Button
          tone="main"
          disabled={at === "starting" || (!given && by === undefined)}
          onClick={() => void start()}
        >
          {at === "starting" ? words.starting : given ? words.start : words.agreedStart}
        </Button>
      }
    >
      <p>{words.text}</p>
      {given ? (
        <p>{words.agreed}</p>
      ) : (
        <Choice
          label={words.whoAgreed}
          options={(["patient", "guardian"] as const).map((value) => ({
            value,
            label: words.by[value],
          }))}
          value={by}
          onChoose={setBy}
        />
      )}
      {at === "refused" || at === "offline" ? (
        <Banner tone="warn" live>
          {words.hindered[at]}
        </Banner>
      ) : null}
    </Dialog>
  );
}
