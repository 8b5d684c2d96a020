import type { CaseFact, CaseView } from "@lientuyen/record";
import * as v from "valibot";
import type { Device } from "../../device/device.ts";
import type { Language } from "../../words/index.ts";
import { formDraft } from "./about.ts";
import { allergiesFacts, AllergiesDraft } from "./AllergiesStep.tsx";
import { diagnosisFacts, DiagnosisDraft } from "./diagnosis.ts";
import { historyFacts, HistoryDraft } from "./HistoryStep.tsx";
import { textFacts, TextDraft } from "./TextStep.tsx";

/** What was typed in a step and left without Done goes along when the case is sent. */
export async function pendingFacts(
  device: Device,
  log: string,
  view: CaseView | undefined,
  language: Language,
): Promise<readonly CaseFact[]> {
  const load = async <S extends v.GenericSchema>(
    step: string,
    schema: S,
    facts: (value: v.InferOutput<S>) => readonly CaseFact[],
  ) => {
    const read = v.safeParse(schema, await device.drafts.load(formDraft(log, step)));
    return read.success ? facts(read.output) : [];
  };
  const parts = await Promise.all([
    load("history", HistoryDraft, (value) => historyFacts(value, language)),
    load("allergies", AllergiesDraft, allergiesFacts),
    load("examination", TextDraft, (value) => textFacts("examination", value)),
    load("diagnosis", DiagnosisDraft, (value) => diagnosisFacts(value, view)),
    load("summary", TextDraft, (value) => textFacts("summary", value)),
  ]);
  return parts.flat();
}
