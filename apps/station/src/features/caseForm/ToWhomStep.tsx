import { answerWithinMinutes } from "@lientuyen/terms";
import { Banner, Choice, Select } from "@lientuyen/ui";
import * as v from "valibot";
import { hasRole } from "../../app/roles.ts";
import { useDevice, useDirectory } from "../../device/hooks.ts";
import { useLanguage, useFirstWords } from "../../words/index.ts";
import { specialtyChoices } from "../caseView/terms.ts";
import { clinicians } from "./diagnosis.ts";
import { useStepDraft } from "./form.tsx";
import { reachable, type Reachable, type Urgency } from "./reach.ts";
import { StepFrame } from "./StepFrame.tsx";

export const ToWhomDraft = v.strictObject({
  specialty: v.string(),
  urgency: v.optional(v.picklist(["emergency", "urgent", "routine"])),
  to: v.optional(v.string()),
});
export type ToWhomDraft = v.InferOutput<typeof ToWhomDraft>;
export const noAddress: ToWhomDraft = { specialty: "internalMedicine" };

export function ToWhomStep() {
  const words = useFirstWords().caseForm.toWhom;
  const draft = useStepDraft("toWhom", ToWhomDraft, noAddress);
  const chosen = useReachable(draft.value).find((row) => row.code === draft.value.to);
  const done = async () => {
    await draft.flush();
    return true;
  };
  return (
    <StepFrame step="toWhom" title={words.title} saved={draft.state} done={done}>
      <UrgencyChoice
        value={draft.value.urgency}
        agreed={chosen?.answerWithinMinutes}
        onChoose={(urgency) => draft.set({ ...draft.value, urgency })}
      />
      <Address value={draft.value} onValue={draft.set} />
    </StepFrame>
  );
}

function UrgencyChoice({
  value,
  agreed,
  onChoose,
}: {
  readonly value: Urgency | undefined;
  /** By the contract with the facility that is chosen. */
  readonly agreed: Reachable["answerWithinMinutes"];
  readonly onChoose: (urgency: Urgency) => void;
}) {
  const device = useDevice();
  const { caseForm, vocabulary } = useFirstWords();
  const words = caseForm.toWhom;
  const onlyEmergency = !hasRole(device.me, clinicians);
  const at = new Date(device.now()).toISOString();
  const within = (urgency: Urgency) => words.within(answerWithinMinutes(urgency, at, agreed));
  return (
    <>
      <Choice<Urgency>
        row
        label={words.urgency}
        value={value}
        onChoose={onChoose}
        options={[
          {
            value: "emergency",
            label: vocabulary.urgency.emergency,
            hint: within("emergency"),
            tone: "danger",
          },
          {
            value: "urgent",
            label: vocabulary.urgency.urgent,
            hint: within("urgent"),
            disabled: onlyEmergency,
          },
          {
            value: "routine",
            label: vocabulary.urgency.routine,
            hint: within("routine"),
            disabled: onlyEmergency,
          },
        ]}
      />
      {onlyEmergency ? <Banner>{words.nurseOnlyEmergency}</Banner> : null}
    </>
  );
}

/** Specialty and facility; facilities that cannot be chosen are shown with the reason. */
export function Address({
  value,
  onValue,
  error,
}: {
  readonly value: ToWhomDraft;
  readonly onValue: (value: ToWhomDraft) => void;
  readonly error?: string | undefined;
}) {
  const language = useLanguage();
  const words = useFirstWords().caseForm.toWhom;
  const rows = useReachable(value);
  return (
    <>
      <Select
        label={words.specialty}
        value={value.specialty}
        onChoose={(specialty) => onValue({ ...value, specialty })}
        options={specialtyChoices(language)}
      />
      <Choice
        label={words.facility}
        error={error}
        value={rows.find((row) => row.code === value.to && row.open)?.code}
        onChoose={(to) => onValue({ ...value, to })}
        options={rows.map((row) => ({
          value: row.code,
          label: row.name,
          hint: sayReach(row, words),
          disabled: !row.open,
        }))}
      />
      {rows.length === 0 ? <Banner tone="warn">{words.nobody}</Banner> : null}
    </>
  );
}

export function useReachable(value: ToWhomDraft): readonly Reachable[] {
  const device = useDevice();
  const directory = useDirectory();
  return reachable(
    directory,
    device.me.facility,
    value.specialty,
    value.urgency,
    new Date(device.now()).toISOString(),
  );
}

function sayReach(
  row: Reachable,
  words: ReturnType<typeof useFirstWords>["caseForm"]["toWhom"],
): string {
  const who =
    row.specialists.length === 0
      ? words.noSpecialist
      : words.specialists(row.specialists.join(", "));
  if (row.contract !== undefined) return `${words.contract}. ${who}`;
  return `${row.open ? words.emergencyWithout : words.noContract}. ${who}`;
}
