import type { CaseBody, CaseFact, Fact } from "@lientuyen/record";
import { Check, TextArea } from "@lientuyen/ui";
import * as v from "valibot";
import { useFirstWords } from "../../words/index.ts";
import { isTyped, useForm, useStepDraft } from "./form.tsx";
import { StepFrame } from "./StepFrame.tsx";
import { Diverged } from "./TextStep.tsx";

export const AllergiesDraft = v.strictObject({
  allergies: v.string(),
  noAllergies: v.boolean(),
  medicines: v.string(),
  noMedicines: v.boolean(),
  base: v.array(v.string()),
});
export type AllergiesDraft = v.InferOutput<typeof AllergiesDraft>;
const nothing: AllergiesDraft = {
  allergies: "",
  noAllergies: false,
  medicines: "",
  noMedicines: false,
  base: [],
};

export function AllergiesStep() {
  const form = useForm();
  const words = useFirstWords().caseForm.allergies;
  const draft = useStepDraft("allergies", AllergiesDraft, nothing);
  const heads = form.view?.allergiesAndMedicines.heads ?? [];
  const typed = isTyped(draft);
  const value = typed ? draft.value : fromHeads(heads);
  const change = (part: Partial<AllergiesDraft>) => draft.set({ ...value, ...part });
  const done = async () => {
    if (!typed) return true;
    const facts = allergiesFacts(value);
    await draft.flush();
    if (facts.length > 0) await form.write(facts, ["allergies"]);
    await draft.discard();
    return true;
  };
  return (
    <StepFrame step="allergies" title={words.title} saved={draft.state} done={done}>
      <Diverged shown={heads.length > 1 && !typed} />
      <TextArea
        label={words.allergies}
        hint={words.allergiesHint}
        rows={2}
        autoFocus
        maxLength={20_000}
        disabled={value.noAllergies}
        value={value.allergies}
        onText={(allergies) => change({ allergies })}
      />
      <Check
        label={words.noAllergies}
        checked={value.noAllergies}
        onCheck={(noAllergies) => change({ noAllergies })}
      />
      <TextArea
        label={words.medicines}
        hint={words.medicinesHint}
        rows={3}
        maxLength={20_000}
        disabled={value.noMedicines}
        value={value.medicines}
        onText={(medicines) => change({ medicines })}
      />
      <Check
        label={words.noMedicines}
        checked={value.noMedicines}
        onCheck={(noMedicines) => change({ noMedicines })}
      />
    </StepFrame>
  );
}

function fromHeads(heads: readonly Fact<CaseBody<"allergiesAndMedicines">>[]): AllergiesDraft {
  const all = (pick: (body: CaseBody<"allergiesAndMedicines">) => string | undefined) =>
    heads.flatMap((head) => pick(head.body) ?? []).join("\n");
  return {
    allergies: all((body) => body.allergies),
    noAllergies: heads.length > 0 && heads.every((head) => head.body.noKnownAllergies === true),
    medicines: all((body) => body.medicines),
    noMedicines: heads.length > 0 && heads.every((head) => head.body.noMedicines === true),
    base: heads.map((head) => head.hash),
  };
}

export function allergiesFacts(value: AllergiesDraft): readonly CaseFact[] {
  const allergies = value.allergies.trim();
  const medicines = value.medicines.trim();
  const said = {
    ...(value.noAllergies ? { noKnownAllergies: true } : allergies === "" ? {} : { allergies }),
    ...(value.noMedicines ? { noMedicines: true } : medicines === "" ? {} : { medicines }),
  };
  if (Object.keys(said).length === 0) return [];
  return [{ kind: "allergiesAndMedicines", body: { ...said, replaces: [...value.base] } }];
}
