import type { CaseBody, CaseFact, CaseView } from "@lientuyen/record";
import { Button, Choice, Dialog, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { allows } from "./acts.ts";
import { VitalSignsCorrection } from "./VitalSignsCorrection.tsx";
import { correctable, correctedBody, factOf, grounds, isWithholdable } from "./mending.ts";
import { useStanding, type Talk } from "./talk.ts";
import { TextForm, WriteFailed } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

/** Beside a fact: put it right by a later entry, or take it away at once. Shown to whom the record allows it. */
export function MendButton({
  view,
  target,
  talk,
}: {
  readonly view: CaseView;
  /** Hash of the entry. */
  readonly target: string;
  readonly talk: Talk;
}) {
  const [open, setOpen] = useState(false);
  const standing = useStanding(view);
  const entry = view.entries.find((e) => e.hash === target);
  const fact = entry === undefined ? undefined : factOf(entry);
  if (fact === undefined) return null;
  const mayCorrect =
    isCorrectable(fact) &&
    allows(standing, { kind: "correction", body: { target, reason: "?", body: fact.body } });
  const mayWithhold =
    isWithholdable(fact.kind) &&
    allows(standing, {
      kind: "withheld",
      body: { target, ground: grounds(fact.kind)[0] ?? "wrongPatient", effect: "hide" },
    });
  if (!mayCorrect && !mayWithhold) return null;
  const t = talk.words.caseView;
  const close = () => setOpen(false);
  return (
    <>
      <Button
        tone="plain"
        icon="edit"
        aria-label={`${t.mistake}: ${talk.words.vocabulary.kind[fact.kind]}`}
        onClick={() => setOpen(true)}
      >
        {t.mistake}
      </Button>
      <Dialog
        open={open}
        title={talk.words.vocabulary.kind[fact.kind]}
        closeLabel={t.cancel}
        onClose={close}
      >
        {mayCorrect ? (
          <Correction log={view.log} target={target} fact={fact} talk={talk} onDone={close} />
        ) : null}
        {mayWithhold ? (
          <Withholding log={view.log} target={target} fact={fact} talk={talk} onDone={close} />
        ) : null}
      </Dialog>
    </>
  );
}

const isCorrectable = (fact: CaseFact) =>
  fact.kind === "vitalSigns" || correctable(fact) !== undefined;

interface FormProps {
  readonly log: string;
  readonly target: string;
  readonly fact: CaseFact;
  readonly talk: Talk;
  readonly onDone: () => void;
}

function Correction(props: FormProps) {
  const { log, target, fact, talk, onDone } = props;
  const { write } = useWriting(log);
  const [reason, setReason] = useState("");
  const [lacking, setLacking] = useState(false);
  const t = talk.words.caseView;
  if (fact.kind === "vitalSigns") {
    return (
      <VitalSignsCorrection
        log={log}
        target={target}
        body={fact.body}
        talk={talk}
        onDone={onDone}
      />
    );
  }
  return (
    <TextForm
      name={`${log}/correction/${target}`}
      label={t.correctLabel}
      sendLabel={t.sendCorrection}
      initial={correctable(fact)}
      rows={4}
      onSend={async (text, drafts) => {
        setLacking(reason.trim() === "");
        const body = correctedBody(fact, text);
        if (reason.trim() === "" || body === undefined) return false;
        const corrected = { target, reason: reason.trim(), body };
        const done = await write([{ kind: "correction", body: corrected }], drafts);
        if (done) onDone();
        return done;
      }}
    >
      <TextField
        label={t.correctReason}
        value={reason}
        onText={setReason}
        maxLength={2000}
        error={lacking ? t.needed : undefined}
      />
    </TextForm>
  );
}

function Withholding({ log, target, fact, talk, onDone }: FormProps) {
  const { write, busy, failed } = useWriting(log);
  const choices = grounds(fact.kind);
  const [ground, setGround] = useState<CaseBody<"withheld">["ground"] | undefined>(undefined);
  const [note, setNote] = useState("");
  const [lacking, setLacking] = useState(false);
  const { caseView: t, vocabulary } = talk.words;
  const send = async () => {
    setLacking(ground === undefined);
    if (ground === undefined) return;
    const text = note.trim();
    const done = await write([
      {
        kind: "withheld",
        body: { target, ground, effect: "hide", ...(text === "" ? {} : { note: text }) },
      },
    ]);
    if (done) onDone();
  };
  return (
    <section className="stack stack-s clinical-part">
      <h3>{t.withholdTitle}</h3>
      <p>{t.withholdHelp}</p>
      <Choice
        label={t.ground}
        value={ground}
        onChoose={setGround}
        error={lacking ? t.needed : undefined}
        options={choices.map((value) => ({ value, label: vocabulary.withheldGround[value] }))}
      />
      <TextField label={t.note} value={note} onText={setNote} maxLength={2000} />
      <div>
        <Button tone="danger" icon="remove" busy={busy} onClick={() => void send()}>
          {t.sendWithhold}
        </Button>
      </div>
      <WriteFailed failed={failed} />
    </section>
  );
}
