import type { ComponentType } from "react";
import { AllergiesStep } from "./AllergiesStep.tsx";
import { DiagnosisStep } from "./DiagnosisStep.tsx";
import { EmergencyForm } from "./EmergencyForm.tsx";
import { FilesStep } from "./FilesStep.tsx";
import { HistoryStep } from "./HistoryStep.tsx";
import { QuestionsStep } from "./QuestionsStep.tsx";
import { SendStep } from "./SendStep.tsx";
import type { StepName } from "./steps.ts";
import { SummaryStep } from "./SummaryStep.tsx";
import { ExaminationStep } from "./TextStep.tsx";
import { ToWhomStep } from "./ToWhomStep.tsx";
import { VitalsStep } from "./VitalsStep.tsx";

/** What comes after the patient's name, and the short form of an emergency: fetched in one piece. */
export const laterSteps: Readonly<
  Record<Exclude<StepName, "patient"> | "emergency", ComponentType>
> = {
  emergency: EmergencyForm,
  history: HistoryStep,
  allergies: AllergiesStep,
  vitals: VitalsStep,
  examination: ExaminationStep,
  files: FilesStep,
  diagnosis: DiagnosisStep,
  summary: SummaryStep,
  questions: QuestionsStep,
  toWhom: ToWhomStep,
  send: SendStep,
};
