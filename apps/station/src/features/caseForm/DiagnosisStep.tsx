import type { CaseBody } from "@lientuyen/record";
import { searchDiagnosisCodes } from "@lientuyen/terms";
import { Banner, Button, Choice, TextField } from "@lientuyen/ui";
import { useId, useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import { hasRole } from "../../app/roles.ts";
import { useLanguage, useFirstWords } from "../../words/index.ts";
import {
  clinicians,
  codeForm,
  DiagnosisDraft,
  diagnosisFacts,
  isOffList,
  noDiagnosis,
} from "./diagnosis.ts";
import { isTyped, useForm, useStepDraft } from "./form.tsx";
import { StepFrame } from "./StepFrame.tsx";
import { Diverged } from "./TextStep.tsx";

export function DiagnosisStep() {
  const form = useForm();
  const device = useDevice();
  const words = useFirstWords().caseForm.diagnosis;
  const draft = useStepDraft("diagnosis", DiagnosisDraft, noDiagnosis);
  const [fault, setFault] = useState<"text" | "code">();
  const heads = form.view?.diagnosis.heads ?? [];
  const typed = isTyped(draft);
  const value = typed
    ? draft.value
    : fromHead(
        heads[0],
        heads.map((head) => head.hash),
      );
  const change = (part: Partial<DiagnosisDraft>) => {
    setFault(undefined);
    draft.set({ ...value, ...part });
  };
  const offList = isOffList(value.code, form.view, form.mode);

  const done = async () => {
    if (!typed) return true;
    if (value.text.trim() === "" && (value.code !== "" || value.reason !== "")) {
      setFault("text");
      return false;
    }
    if (value.code !== "" && !codeForm.test(value.code)) {
      setFault("code");
      return false;
    }
    const facts = diagnosisFacts(value, form.view, form.mode);
    await draft.flush();
    if (facts.length > 0) await form.write(facts, ["diagnosis"]);
    await draft.discard();
    return true;
  };
  if (!hasRole(device.me, clinicians)) {
    return (
      <StepFrame
        step="diagnosis"
        title={words.title}
        saved="untouched"
        done={() => Promise.resolve(true)}
      >
        <Banner>{words.notYours}</Banner>
      </StepFrame>
    );
  }
  return (
    <StepFrame
      step="diagnosis"
      title={words.title}
      hint={words.hint}
      saved={draft.state}
      done={done}
    >
      <Diverged shown={heads.length > 1 && !typed} />
      <TextField
        label={words.label}
        autoFocus
        maxLength={300}
        value={value.text}
        onText={(text) => change({ text })}
        error={fault === "text" ? words.needText : undefined}
      />
      <Codes
        query={value.code === "" ? value.text : value.code}
        chosen={value.code}
        onChoose={(code, name) =>
          change({ code, ...(value.text.trim() === "" ? { text: name } : {}) })
        }
      />
      <TextField
        label={words.code}
        hint={words.codeHint}
        maxLength={6}
        value={value.code}
        onText={(code) => change({ code: code.trim().toUpperCase() })}
        error={fault === "code" ? words.badCode : undefined}
      />
      <Choice
        row
        label={words.certainty}
        value={value.certainty}
        onChoose={(certainty) => change({ certainty })}
        options={[
          { value: "suspected", label: words.suspected },
          { value: "confirmed", label: words.confirmed },
        ]}
      />
      {offList ? (
        <TextField
          label={words.offList}
          hint={words.offListHint}
          maxLength={2000}
          value={value.reason}
          onText={(reason) => change({ reason })}
        />
      ) : null}
    </StepFrame>
  );
}

/** Codes that fit what was typed, found without diacritics too. */
function Codes({
  query,
  chosen,
  onChoose,
}: {
  readonly query: string;
  readonly chosen: string;
  readonly onChoose: (code: string, name: string) => void;
}) {
  const language = useLanguage();
  const words = useFirstWords().caseForm.diagnosis;
  const id = useId();
  const found = searchDiagnosisCodes(query, 6).filter((row) => row.code !== chosen);
  if (found.length === 0) return null;
  return (
    <div className="stack stack-s">
      <span className="field-hint" id={id}>
        {words.suggestions}
      </span>
      <div className="row" role="group" aria-labelledby={id}>
        {found.map((row) => (
          <Button key={row.code} onClick={() => onChoose(row.code, row[language])}>
            <span>
              <span className="number">{row.code}</span> {row[language]}
            </span>
          </Button>
        ))}
      </div>
    </div>
  );
}

function fromHead(
  head: { readonly body: CaseBody<"diagnosis"> } | undefined,
  base: readonly string[],
): DiagnosisDraft {
  if (head === undefined) return noDiagnosis;
  return {
    text: head.body.text,
    code: head.body.icd10 ?? "",
    certainty: head.body.certainty,
    reason: head.body.offListReason ?? "",
    base: [...base],
  };
}
