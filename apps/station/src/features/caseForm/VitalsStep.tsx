import { vitalUnit } from "@lientuyen/terms";
import { Button, Field, NumericPad, pressed, type PadKey } from "@lientuyen/ui";
import { useRef, useState } from "react";
import * as v from "valibot";
import { useDevice } from "../../device/hooks.ts";
import { useLanguage, useFirstWords, type Language } from "../../words/index.ts";
import { sayNumber } from "../caseView/terms.ts";
import { isTyped, useForm, useStepDraft } from "./form.tsx";
import { confirmation, judgeAll, type Fault } from "./judged.ts";
import { ageMonthsOf, rowName, rowUnit, signRows, type SignRow } from "./readings.ts";
import { StepFrame } from "./StepFrame.tsx";
import { VitalsTaken } from "./VitalsTaken.tsx";

const VitalsDraft = v.strictObject({
  texts: v.record(v.string(), v.string()),
  confirmed: v.array(v.string()),
});
type VitalsDraft = v.InferOutput<typeof VitalsDraft>;
const nothing: VitalsDraft = { texts: {}, confirmed: [] };

/** All signs on one screen: type, Enter to the next, write. Each time is a row of its own. */
export function VitalsStep() {
  const form = useForm();
  const device = useDevice();
  const words = useFirstWords().caseForm;
  const draft = useStepDraft("vitals", VitalsDraft, nothing);
  const [asked, setAsked] = useState(false);
  const fields = useRef(new Map<SignRow, HTMLInputElement>());
  const [active, setActive] = useState<SignRow>(signRows[0] ?? "pulse");
  const ageMonths = ageMonthsOf(form.view?.patient, new Date(device.now()).toISOString());
  const { texts, confirmed } = draft.value;
  const judged = judgeAll(texts, ageMonths, confirmed);

  const put = (row: SignRow, text: string) =>
    draft.set({ ...draft.value, texts: { ...texts, [row]: text } });
  const focusNext = (row: SignRow) => {
    const next = signRows[signRows.indexOf(row) + 1];
    if (next !== undefined) fields.current.get(next)?.focus();
  };
  const onKey = (key: PadKey) => {
    fields.current.get(active)?.focus();
    if (key === "next") focusNext(active);
    else put(active, pressed(texts[active] ?? "", key));
  };
  const write = async () => {
    setAsked(true);
    if (judged.first !== undefined) {
      fields.current.get(judged.first)?.focus();
      return false;
    }
    await draft.flush();
    const measuredAt = new Date(device.now()).toISOString();
    if (judged.readings.length > 0)
      await form.write(
        [{ kind: "vitalSigns", body: { readings: [...judged.readings], measuredAt } }],
        ["vitals"],
      );
    if (isTyped(draft)) await draft.clear(draft.value);
    setAsked(false);
    return true;
  };
  return (
    <StepFrame
      step="vitals"
      title={words.vitals.title}
      hint={words.vitals.hint}
      saved={draft.state}
      done={write}
      extra={
        <Button icon="add" disabled={judged.readings.length === 0} onClick={() => void write()}>
          {words.vitals.again}
        </Button>
      }
    >
      <div className="vitals">
        <div className="vitals-fields">
          {signRows.map((row, index) => (
            <SignField
              key={row}
              row={row}
              text={texts[row] ?? ""}
              first={index === 0}
              // While a value is still being typed nothing is said about it.
              fault={asked || row !== active ? judged.faults[row] : undefined}
              onText={(text) => put(row, text)}
              onFocus={() => setActive(row)}
              onEnter={() => focusNext(row)}
              isLast={index === signRows.length - 1}
              field={(element) => {
                if (element !== null) fields.current.set(row, element);
              }}
              onConfirm={(sign, value) =>
                draft.set({ ...draft.value, confirmed: [...confirmed, confirmation(sign, value)] })
              }
              onSuggestion={(value) => put(row, value)}
            />
          ))}
        </div>
        <div className="vitals-pad">
          <NumericPad
            label={words.vitals.pad}
            eraseLabel={words.vitals.erase}
            nextLabel={words.vitals.next}
            onKey={onKey}
          />
        </div>
      </div>
      <VitalsTaken taken={form.view?.vitalSigns ?? []} ageMonths={ageMonths} />
    </StepFrame>
  );
}

interface SignFieldProps {
  readonly row: SignRow;
  readonly text: string;
  readonly first: boolean;
  readonly isLast: boolean;
  readonly fault: Fault | undefined;
  readonly onText: (text: string) => void;
  readonly onFocus: () => void;
  readonly onEnter: () => void;
  readonly field: (element: HTMLInputElement | null) => void;
  readonly onConfirm: (sign: string, value: number) => void;
  readonly onSuggestion: (text: string) => void;
}

function SignField({
  row,
  text,
  first,
  isLast,
  fault,
  onText,
  onFocus,
  onEnter,
  field,
  onConfirm,
  onSuggestion,
}: SignFieldProps) {
  const language = useLanguage();
  const words = useFirstWords().caseForm.vitals;
  return (
    <div className="vitals-field">
      <Field
        label={<SignLabel row={row} />}
        error={fault === undefined ? undefined : sayFault(fault, words, language)}
      >
        {(control) => (
          <input
            {...control}
            ref={field}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            autoFocus={first}
            maxLength={9}
            value={text}
            onFocus={onFocus}
            onChange={(event) => onText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || isLast) return;
              event.preventDefault(); // Enter goes on to the next sign; the last one writes
              onEnter();
            }}
          />
        )}
      </Field>
      {fault?.what === "ask" || fault?.what === "impossible" ? (
        <div className="row">
          {fault.suggestion === undefined ? null : (
            <Button onClick={() => onSuggestion(sayNumber(fault.suggestion ?? 0, language))}>
              {words.use(sayNumber(fault.suggestion, language))}
            </Button>
          )}
          {fault.what === "ask" ? (
            <Button onClick={() => onConfirm(fault.sign, fault.value)}>
              {words.right(sayNumber(fault.value, language))}
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function SignLabel({ row }: { readonly row: SignRow }) {
  const language = useLanguage();
  return (
    <>
      {rowName(row, language)} <span className="muted small">{rowUnit(row, language)}</span>
    </>
  );
}

function sayFault(
  fault: Fault,
  words: ReturnType<typeof useFirstWords>["caseForm"]["vitals"],
  language: Language,
): string {
  const say = (value: number) => sayNumber(value, language);
  switch (fault.what) {
    case "notANumber":
      return words.notANumber;
    case "pairExpected":
      return words.pairExpected;
    case "pairTurned":
      return words.pairTurned;
    case "impossible":
      return words.impossible(say(fault.low), say(fault.high));
    case "ask":
      return fault.suggestion === undefined
        ? words.ask(say(fault.value), vitalUnit(fault.sign, language))
        : words.askInstead(say(fault.value), say(fault.suggestion));
  }
}
