import { Banner, Button, Choice, Panel, Tag, TextField } from "@lientuyen/ui";
import { useState } from "react";
import * as v from "valibot";
import { Link, useLocation } from "wouter";
import { useDevice } from "../../device/hooks.ts";
import { useFirstWords } from "../../words/index.ts";
import { AddFiles } from "../capture/AddFiles.tsx";
import { Gallery, shownFiles } from "../capture/Gallery.tsx";
import { consentBody, noConsent } from "./consent.ts";
import { useRetake } from "./FilesStep.tsx";
import { useForm, useStepDraft } from "./form.tsx";
import { AskedBefore } from "./QuestionsStep.tsx";
import { cannotSend, send, type CannotSend } from "./sending.ts";
import { SavedLine, useSubmit } from "./StepFrame.tsx";
import { Address, noAddress, ToWhomDraft, useReachable } from "./ToWhomStep.tsx";

const EmergencyDraft = v.strictObject({
  question: v.string(),
  description: v.string(),
  sex: v.optional(v.picklist(["male", "female"])),
  age: v.string(),
});
type EmergencyDraft = v.InferOutput<typeof EmergencyDraft>;
const nothing: EmergencyDraft = { question: "", description: "", age: "" };

/** A photograph, a voice note and one question: sent in under a minute. The rest follows while help is on its way. */
export function EmergencyForm() {
  const form = useForm();
  const device = useDevice();
  const words = useFirstWords().caseForm;
  const text = words.emergency;
  const draft = useStepDraft("emergency", EmergencyDraft, nothing);
  const { toWhom, openTo, setAddress } = useEmergencyAddress();
  const retake = useRetake();
  const [, navigate] = useLocation();
  const [fault, setFault] = useState<CannotSend | "age">();
  const change = (part: Partial<EmergencyDraft>) => {
    setFault(undefined);
    draft.set({ ...draft.value, ...part });
  };

  const done = async () => {
    const questions = [draft.value.question.trim()].filter((question) => question !== "");
    const age = readAge(draft.value.age);
    const obstacle = age === "wrong" ? "age" : cannotSend({ questions, toWhom }, form.view, openTo);
    setFault(obstacle);
    if (obstacle !== undefined || age === "wrong") return false;
    const at = new Date(device.now()).toISOString();
    const consent = form.view?.consent === undefined ? consentBody(noConsent, true, at) : undefined;
    await send(device, form, {
      questions,
      toWhom,
      before: [
        ...(form.view === undefined || form.view.patient.state === "none"
          ? [{ kind: "patientAttached" as const, body: unknownPatient(draft.value, age) }]
          : []),
        ...(consent === undefined ? [] : [{ kind: "consentRecorded" as const, body: consent }]),
      ],
    });
    return true;
  };
  const { busy, failed, submit } = useSubmit(done, () => navigate(`/case/${form.id}`));
  const files = shownFiles(form.view?.files ?? []).length;
  return (
    <form
      className="stack emergency"
      onSubmit={submit}
      noValidate
      aria-labelledby="emergency-title"
    >
      <div className="row row-apart">
        <div className="row">
          <h1 id="emergency-title">{text.title}</h1>
          {(form.view?.requests.length ?? 0) === 0 ? <Tag tone="warn">{text.unsent}</Tag> : null}
        </div>
        <span className="muted number">{words.caseNumber(form.number)}</span>
      </div>
      <div className="emergency-columns">
        <Panel
          title={text.show}
          side={
            files > 0 ? (
              <Tag tone="good" icon="check">
                {text.added(files)}
              </Tag>
            ) : null
          }
        >
          <AddFiles
            ways={["photo", "voice", "file", "phone"]}
            main="photo"
            log={form.log}
            onPhone={form.open}
            onFile={retake.add}
          />
          <Gallery
            log={form.log}
            files={form.view?.files ?? []}
            write={form.write}
            onRetake={retake.start}
          />
        </Panel>
        <Panel title={text.ask}>
          <AskedBefore />
          <TextField
            label={text.question}
            placeholder={text.questionExample}
            maxLength={2000}
            value={draft.value.question}
            onText={(question) => change({ question })}
            error={fault === "question" ? text.needQuestion : undefined}
          />
          {form.view !== undefined && form.view.patient.state !== "none" ? null : (
            <Who
              value={draft.value}
              onChange={change}
              error={fault === "age" ? text.badAge : undefined}
            />
          )}
        </Panel>
        <Panel title={text.where}>
          <Address
            value={toWhom}
            onValue={(next) => {
              setFault(undefined);
              setAddress(next);
            }}
            error={fault === "facility" ? text.needFacility : undefined}
          />
        </Panel>
      </div>
      <Banner>{text.consentNote}</Banner>
      {failed ? (
        <Banner tone="danger" live>
          {words.notWritten}
        </Banner>
      ) : null}
      <div className="step-foot">
        <Link href={`/case/${form.id}/form/patient`} className="button">
          {text.fullForm}
        </Link>
        <SavedLine state={draft.state} />
        <Button type="submit" tone="danger" large icon="send" busy={busy}>
          {text.send}
        </Button>
      </div>
    </form>
  );
}

/** The best facility is chosen beforehand, so that nothing has to be. */
function useEmergencyAddress() {
  const draft = useStepDraft("toWhom", ToWhomDraft, noAddress);
  const wished: ToWhomDraft = { ...draft.value, urgency: "emergency" };
  const rows = useReachable(wished);
  const chosen = rows.some((row) => row.code === wished.to) ? wished.to : rows[0]?.code;
  const toWhom: ToWhomDraft = chosen === undefined ? wished : { ...wished, to: chosen };
  return {
    toWhom,
    openTo: rows.map((row) => row.code),
    setAddress: (next: ToWhomDraft) => draft.set({ ...next, urgency: "emergency" }),
  };
}

function Who({
  value,
  onChange,
  error,
}: {
  readonly value: EmergencyDraft;
  readonly onChange: (part: Partial<EmergencyDraft>) => void;
  readonly error: string | undefined;
}) {
  const { caseForm, vocabulary } = useFirstWords();
  const text = caseForm.emergency;
  return (
    <>
      <TextField
        label={text.who}
        placeholder={text.whoExample}
        maxLength={300}
        value={value.description}
        onText={(description) => onChange({ description })}
      />
      <div className="who-row">
        <Choice
          row
          label={text.sex}
          value={value.sex}
          onChoose={(sex) => onChange({ sex })}
          options={(["male", "female"] as const).map((sex) => ({
            value: sex,
            label: vocabulary.sex[sex],
          }))}
        />
        <TextField
          label={text.age}
          inputMode="numeric"
          maxLength={3}
          value={value.age}
          onText={(age) => onChange({ age })}
          error={error}
        />
      </div>
    </>
  );
}

const readAge = (text: string): number | undefined | "wrong" => {
  if (text.trim() === "") return undefined;
  const age = Number(text.trim());
  return Number.isInteger(age) && age >= 0 && age <= 130 ? age : "wrong";
};

function unknownPatient(value: EmergencyDraft, age: number | undefined) {
  const description = value.description.trim();
  return {
    patient: "notYetKnown" as const,
    ...(description === "" ? {} : { description: description.slice(0, 300) }),
    ...(value.sex === undefined ? {} : { sex: value.sex }),
    ...(age === undefined ? {} : { ageYears: age }),
  };
}
