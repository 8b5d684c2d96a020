import type { CaseFact } from "@lientuyen/record";
import { Check, Choice, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import { useFirstWords } from "../../words/index.ts";
import { isTyped, useForm, useStepDraft } from "./form.tsx";
import { LikelyPatients } from "./LikelyPatients.tsx";
import {
  fromIdentity,
  fromView,
  noPatient,
  partialIdentity,
  PatientDraft,
  readPatient,
  withCard,
  type PatientFault,
} from "./patientDraft.ts";
import { ScanCard } from "./ScanCard.tsx";
import { StepFrame } from "./StepFrame.tsx";

/** Who it is: by card, by number, by typing, among earlier patients, or not yet known. */
export function PatientStep() {
  const form = useForm();
  const device = useDevice();
  const words = useFirstWords();
  const text = words.caseForm.patient;
  const draft = useStepDraft("patient", PatientDraft, noPatient);
  const [fault, setFault] = useState<PatientFault>();
  const typed = isTyped(draft);
  const value = typed ? draft.value : fromView(form.view?.patient, text);
  const at = new Date(device.now()).toISOString();
  const change = (part: Partial<PatientDraft>) => {
    setFault(undefined);
    draft.set({ ...value, ...part });
  };

  const done = async () => {
    if (!typed) return true;
    const facts = await factsOf();
    if (facts === undefined) return false;
    await draft.flush();
    if (facts.length > 0) await form.write(facts, ["patient"]);
    await draft.discard();
    return true;
  };
  const factsOf = async (): Promise<readonly CaseFact[] | undefined> => {
    if (value.unknown) {
      const unknown = unknownBody(value);
      if (unknown === undefined) setFault({ at: "ageYears", what: "wrong" });
      return unknown === undefined ? undefined : [{ kind: "patientAttached", body: unknown }];
    }
    if (JSON.stringify(value) === JSON.stringify(noPatient)) return [];
    const read = readPatient(value, at);
    if (!read.ok) {
      setFault(read.fault);
      return undefined;
    }
    const log =
      value.patientLog === ""
        ? await device.cases.registerPatient(read.identity)
        : value.patientLog;
    return [{ kind: "patientAttached", body: { patient: "known", log, identity: read.identity } }];
  };
  const error = (field: PatientFault["at"]) =>
    fault?.at === field ? text.faults[field][fault.what] : undefined;
  const field = (
    name:
      | "name"
      | "address"
      | "personalNumber"
      | "oldNumber"
      | "insuranceNumber"
      | "phone"
      | "guardianName"
      | "guardianNumber"
      | "guardianPhone"
      | "guardianRelation",
  ) => ({
    label: text.fields[name],
    value: value[name],
    onText: (next: string) => change({ [name]: next }),
  });

  return (
    <StepFrame step="patient" title={text.title} saved={draft.state} done={done}>
      <ScanCard onCard={(card) => change(withCard(value, card))} />
      <Check
        label={text.unknown}
        hint={text.unknownHint}
        checked={value.unknown}
        onCheck={(unknown) => change({ unknown })}
      />
      {value.unknown ? (
        <>
          <TextField
            label={text.description}
            hint={text.descriptionHint}
            maxLength={300}
            value={value.description}
            onText={(description) => change({ description })}
          />
          <Sex value={value.sex} onChoose={(sex) => change({ sex })} />
          <TextField
            label={text.about}
            inputMode="numeric"
            maxLength={3}
            value={value.ageYears}
            onText={(ageYears) => change({ ageYears })}
            error={error("ageYears")}
          />
        </>
      ) : (
        <>
          <div className="two-columns">
            <TextField
              {...field("name")}
              maxLength={120}
              autoCapitalize="words"
              error={error("name")}
            />
            <TextField
              label={text.fields.birth}
              hint={text.birthHint}
              maxLength={40}
              value={value.birth}
              onText={(birth) => change({ birth })}
              error={error("birth")}
            />
          </div>
          <Sex value={value.sex} onChoose={(sex) => change({ sex })} />
          <LikelyPatients
            identity={partialIdentity(value, at)}
            chosen={value.patientLog}
            onChoose={(found) => draft.set(fromIdentity(found.identity, found.log, text))}
          />
          <div className="two-columns">
            <TextField
              {...field("personalNumber")}
              inputMode="numeric"
              maxLength={20}
              error={error("personalNumber")}
            />
            <TextField
              {...field("insuranceNumber")}
              maxLength={20}
              error={error("insuranceNumber")}
            />
            <TextField {...field("address")} maxLength={300} />
            <TextField {...field("phone")} type="tel" maxLength={30} />
          </div>
          <details
            open={
              fault?.at.startsWith("guardian") === true ||
              fault?.at === "oldNumber" ||
              value.guardianRelation !== "" ||
              undefined
            }
          >
            <summary>{text.more}</summary>
            <div className="two-columns">
              <TextField
                {...field("oldNumber")}
                inputMode="numeric"
                maxLength={20}
                error={error("oldNumber")}
              />
              <TextField
                {...field("guardianRelation")}
                maxLength={60}
                error={error("guardianRelation")}
              />
              <TextField {...field("guardianName")} maxLength={120} />
              <TextField
                {...field("guardianNumber")}
                inputMode="numeric"
                maxLength={20}
                error={error("guardianNumber")}
              />
              <TextField {...field("guardianPhone")} type="tel" maxLength={30} />
            </div>
          </details>
        </>
      )}
      {form.view === undefined ? <Mode /> : null}
    </StepFrame>
  );
}

function Sex({
  value,
  onChoose,
}: {
  readonly value: PatientDraft["sex"];
  readonly onChoose: (sex: PatientDraft["sex"]) => void;
}) {
  const { caseForm, vocabulary } = useFirstWords();
  return (
    <Choice
      row
      label={caseForm.patient.fields.sex}
      value={value === "unknown" ? undefined : value}
      onChoose={onChoose}
      options={(["male", "female", "other"] as const).map((sex) => ({
        value: sex,
        label: vocabulary.sex[sex],
      }))}
    />
  );
}

/** What kind of act it is; said before the first entry, because the entry that opens the case carries it. */
function Mode() {
  const form = useForm();
  const words = useFirstWords().caseForm.mode;
  return (
    <details>
      <summary>{words.summary(words.names[form.mode])}</summary>
      <Choice
        label={words.label}
        value={form.mode}
        onChoose={form.setMode}
        options={[
          { value: "support", label: words.names.support, hint: words.hints.support },
          { value: "viaFacility", label: words.names.viaFacility, hint: words.hints.viaFacility },
        ]}
      />
    </details>
  );
}

function unknownBody(value: PatientDraft) {
  const description = value.description.trim();
  const age = value.ageYears.trim() === "" ? undefined : Number(value.ageYears.trim());
  if (age !== undefined && (!Number.isInteger(age) || age < 0 || age > 130)) return undefined;
  return {
    patient: "notYetKnown" as const,
    ...(description === "" ? {} : { description }),
    ...(value.sex === "unknown" ? {} : { sex: value.sex }),
    ...(age === undefined ? {} : { ageYears: age }),
  };
}
