import type { CaseBody, CaseView } from "@lientuyen/record";
import { Banner, Button, Choice, Dialog, Panel, Select, TextField } from "@lientuyen/ui";
import { useState } from "react";
import * as v from "valibot";
import { useDraft } from "../../app/draft.ts";
import type { CaseRow } from "../../device/device.ts";
import { useDevice } from "../../device/hooks.ts";
import type { CaseActs } from "../caseView/acts.ts";
import { facilityChoices } from "../caseView/choices.ts";
import { ActForm } from "../caseView/RequestMoves.tsx";
import { SourceLine } from "../caseView/SourceLine.tsx";
import type { Talk } from "../caseView/talk.ts";
import { DraftNote, WriteFailed } from "../caseView/TextForm.tsx";
import { useWriting } from "../caseView/write.ts";
import { undecided } from "./decided.ts";

type Open = "handOver" | "outcome" | "close" | "reopen" | undefined;

/** Hand-over, outcome, closing and opening again. */
export function Ending({
  view,
  acts,
  row,
  talk,
}: {
  readonly view: CaseView;
  readonly acts: CaseActs;
  readonly row: CaseRow | undefined;
  readonly talk: Talk;
}) {
  const [open, setOpen] = useState<Open>(undefined);
  const t = talk.words.decisions;
  const close = () => setOpen(undefined);
  const any = acts.handOver || acts.tellOutcome || acts.close || acts.reopen;
  const told = view.handOvers.length > 0 || view.outcomes.length > 0;
  if (!any && !told) return null;
  const due = row?.waitsForMe === "outcomeDue" && acts.tellOutcome;
  return (
    <Panel title={t.outcome}>
      {due ? <Banner tone="warn">{t.outcomeDue}</Banner> : null}
      <Told view={view} talk={talk} />
      <div className="row">
        {acts.handOver ? <Button onClick={() => setOpen("handOver")}>{t.handOver}</Button> : null}
        {acts.tellOutcome ? (
          <Button tone={due ? "main" : "quiet"} onClick={() => setOpen("outcome")}>
            {t.tellOutcome}
          </Button>
        ) : null}
        {acts.close ? <Button onClick={() => setOpen("close")}>{t.close}</Button> : null}
        {acts.reopen ? <Button onClick={() => setOpen("reopen")}>{t.reopen}</Button> : null}
      </div>
      <Dialog
        open={open === "handOver"}
        title={t.handOver}
        closeLabel={talk.words.caseView.cancel}
        onClose={close}
      >
        <HandOverForm view={view} talk={talk} onDone={close} />
      </Dialog>
      <Dialog
        open={open === "outcome"}
        title={t.outcome}
        closeLabel={talk.words.caseView.cancel}
        onClose={close}
      >
        <OutcomeForm view={view} talk={talk} onDone={close} />
      </Dialog>
      <Dialog
        open={open === "close"}
        title={t.close}
        closeLabel={talk.words.caseView.cancel}
        onClose={close}
      >
        <CloseForm view={view} talk={talk} onDone={close} />
      </Dialog>
      <Dialog
        open={open === "reopen"}
        title={t.reopen}
        closeLabel={talk.words.caseView.cancel}
        onClose={close}
      >
        <ActForm
          name={`${view.log}/reopen`}
          log={view.log}
          label={t.reopenReason}
          sendLabel={t.reopen}
          fact={(reason) => ({ kind: "reopened", body: { reason } })}
          onDone={close}
        />
      </Dialog>
    </Panel>
  );
}

/** To whom a hand-over went, by name. */
export function handedTo(to: CaseBody<"handedOver">["to"], talk: Talk): string {
  return to.kind === "facility" ? talk.facility(to.facility) : talk.person(to.person);
}

function Told({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const { decisions: t, vocabulary } = talk.words;
  return (
    <>
      {view.handOvers.map((h) => (
        <div key={h.hash}>
          <p>
            <strong>
              {t.handedOver(
                handedTo(h.body.to, talk),
                talk.author(h.author),
                talk.moments.short(h.receipt?.receivedAt ?? h.at, talk.nowMs),
              )}
            </strong>
          </p>
          <p className="keep-lines">{h.body.note}</p>
        </div>
      ))}
      {view.outcomes.map((o) => (
        <div key={o.hash}>
          <p>
            <strong>{vocabulary.result[o.body.result]}</strong> {o.body.text}
          </p>
          <SourceLine source={o} talk={talk} />
        </div>
      ))}
    </>
  );
}

interface FormProps {
  readonly view: CaseView;
  readonly talk: Talk;
  readonly onDone: () => void;
}

function HandOverForm({ view, talk, onDone }: FormProps) {
  const { me } = useDevice();
  const t = talk.words.decisions;
  const facilities = facilityChoices(talk.directory, [me.facility]);
  const people = [...talk.directory.people.values()]
    .filter((p) => p.facility === me.facility && p.person !== me.person)
    .map((p) => ({ value: p.person, label: talk.person(p.person) }));
  const [kind, setKind] = useState<"facility" | "person">("facility");
  const [facility, setFacility] = useState(facilities[0]?.value ?? "");
  const [person, setPerson] = useState(people[0]?.value ?? "");
  return (
    <ActForm
      name={`${view.log}/handOver`}
      log={view.log}
      label={t.handOverNote}
      sendLabel={t.sendHandOver}
      fact={(note) => ({
        kind: "handedOver",
        body: { to: kind === "facility" ? { kind, facility } : { kind, person }, note },
      })}
      onDone={onDone}
    >
      <Choice
        row
        label={t.handOverTo}
        value={kind}
        onChoose={setKind}
        options={[
          { value: "facility", label: t.handOverFacility },
          { value: "person", label: t.handOverPerson, disabled: people.length === 0 },
        ]}
      />
      {kind === "facility" ? (
        <Select
          label={t.handOverWhich}
          value={facility}
          options={facilities}
          onChoose={setFacility}
        />
      ) : (
        <Select label={t.handOverWhich} value={person} options={people} onChoose={setPerson} />
      )}
    </ActForm>
  );
}

const results = [
  "recovered",
  "improved",
  "unchanged",
  "worse",
  "transferred",
  "died",
  "unknown",
] as const;

const OutcomeDraft = v.object({ result: v.optional(v.picklist(results)), text: v.string() });
const noOutcome: v.InferOutput<typeof OutcomeDraft> = { text: "" };

function OutcomeForm({ view, talk, onDone }: FormProps) {
  const device = useDevice();
  const name = `${view.log}/outcome`;
  const draft = useDraft(name, OutcomeDraft, noOutcome);
  const { write, busy, failed } = useWriting(view.log);
  const { result, text } = draft.value;
  const [lacking, setLacking] = useState(false);
  const { decisions: t, caseView, vocabulary } = talk.words;
  const send = async () => {
    setLacking(result === undefined);
    if (result === undefined) return;
    await draft.flush();
    const more = text.trim();
    const at = new Date(device.now()).toISOString();
    const body = { result, at, ...(more === "" ? {} : { text: more }) };
    const done = await write([{ kind: "outcomeTold", body }], [name]);
    if (!done) return;
    await draft.discard();
    onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>{t.outcomeHelp}</p>
      <Choice
        row
        label={t.outcome}
        value={result}
        onChoose={(chosen) => draft.set({ ...draft.value, result: chosen })}
        error={lacking ? caseView.needed : undefined}
        options={results.map((value) => ({ value, label: vocabulary.result[value] }))}
      />
      <TextField
        label={t.outcomeText}
        value={text}
        onText={(next) => draft.set({ ...draft.value, text: next })}
        maxLength={20_000}
      />
      <div className="row">
        <Button type="submit" tone="main" busy={busy}>
          {t.sendOutcome}
        </Button>
        <DraftNote state={draft.state} />
      </div>
      <WriteFailed failed={failed} />
    </form>
  );
}

function CloseForm({ view, talk, onDone }: FormProps) {
  const { write, busy, failed } = useWriting(view.log);
  const [reason, setReason] = useState("");
  const t = talk.words.decisions;
  const unfinished = undecided(view.requests).length > 0 || view.outcomes.length === 0;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const text = reason.trim();
        void write([{ kind: "closed", body: text === "" ? {} : { reason: text } }]).then((done) => {
          if (done) onDone();
        });
      }}
    >
      <p>{t.closeHelp}</p>
      {unfinished && view.requests.length > 0 ? (
        <Banner tone="warn">{t.closeWithout}</Banner>
      ) : null}
      <TextField label={t.closeReason} value={reason} onText={setReason} maxLength={2000} />
      <div>
        <Button type="submit" tone="main" busy={busy}>
          {t.close}
        </Button>
      </div>
      <WriteFailed failed={failed} />
    </form>
  );
}
