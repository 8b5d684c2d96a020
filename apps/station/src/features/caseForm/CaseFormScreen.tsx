import { Banner, StepList, Waiting, buttonClass, type Step, type StepLink } from "@lientuyen/ui";
import { lazy, type ComponentType } from "react";
import { Link, Redirect, useParams } from "wouter";
import { useWords, type Words } from "../../words/index.ts";
import { patientLines, useTalk } from "../caseView/talk.ts";
import { AllergiesStep } from "./AllergiesStep.tsx";
import { EmergencyForm } from "./EmergencyForm.tsx";
import { FilesStep } from "./FilesStep.tsx";
import { FormProvider, useCaseForm, type CaseForm } from "./form.tsx";
import { HistoryStep } from "./HistoryStep.tsx";
import { PatientStep } from "./PatientStep.tsx";
import { QuestionsStep } from "./QuestionsStep.tsx";
import { SendStep } from "./SendStep.tsx";
import { stateOf, stepNames, readStep, type StepName } from "./steps.ts";
import { SummaryStep } from "./SummaryStep.tsx";
import { ExaminationStep } from "./TextStep.tsx";
import { ToWhomStep } from "./ToWhomStep.tsx";
import "./caseForm.css";

const DiagnosisStep = lazy(() =>
  import("./DiagnosisStep.tsx").then((module) => ({ default: module.DiagnosisStep })),
);
const VitalsStep = lazy(() =>
  import("./VitalsStep.tsx").then((module) => ({ default: module.VitalsStep })),
);

const components: Record<StepName, ComponentType> = {
  patient: PatientStep,
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

/** Seldom needed, and nobody who writes a case waits for it. */
const NotHere = lazy(() =>
  import("../caseView/NotHere.tsx").then((module) => ({ default: module.NotHere })),
);

/** The case, one thing at a time; or, in an emergency, the three things that are enough. */
export function CaseFormScreen() {
  const { id, step } = useParams<{ id: string; step?: string }>();
  const words = useWords();
  const load = useCaseForm(id);
  if (load.at === "loading") return <Waiting label={words.frame.loading} />;
  if (load.at === "absent") {
    return (
      <Banner
        tone="warn"
        action={
          <Link className={buttonClass({})} href="/new">
            {words.frame.newCase}
          </Link>
        }
      >
        {words.frame.notFoundHere}
      </Banner>
    );
  }
  if (load.at === "notHere") return <NotHere log={`case/${id}`} load={load.load} />;
  const { form } = load;
  if (step === "emergency") {
    return (
      <FormProvider form={form}>
        <EmergencyForm />
      </FormProvider>
    );
  }
  const current = readStep(step);
  if (current === undefined)
    return (
      <Redirect
        to={`/case/${id}/form/${form.drafts.has("emergency") ? "emergency" : firstOpen(form)}`}
        replace
      />
    );
  const Component = components[current];
  return (
    <FormProvider form={form}>
      <div className="case-form">
        <Steps form={form} current={current} words={words.caseForm} />
        <section className="case-form-step stack">
          <FormHead form={form} />
          <Component key={current} />
        </section>
      </div>
    </FormProvider>
  );
}

/** After a power cut: where something is half typed, else the first thing that is missing. */
function firstOpen(form: CaseForm): StepName {
  return (
    stepNames.find((name) => stateOf(name, form.view, form.drafts) === "begun") ??
    stepNames.find((name) => stateOf(name, form.view, form.drafts) === "missing") ??
    "send"
  );
}

const stepLink: StepLink = (props) => <Link {...props} />;

function Steps({
  form,
  current,
  words,
}: {
  readonly form: CaseForm;
  readonly current: StepName;
  readonly words: Words["caseForm"];
}) {
  const steps = stepNames.map((name): Step => {
    const state = stateOf(name, form.view, form.drafts);
    return {
      name,
      href: `/case/${form.id}/form/${name}`,
      label: words.steps[name],
      state,
      stateLabel: words.stepStates[state],
    };
  });
  const list = (
    <StepList label={words.stepsLabel} steps={steps} current={current} link={stepLink} />
  );
  const at = stepNames.indexOf(current) + 1;
  return (
    <>
      <div className="case-form-steps-side">{list}</div>
      {/* Closed again by its key whenever the step changes. */}
      <details className="case-form-steps-top" key={current}>
        <summary>{words.stepOf(at, stepNames.length, words.steps[current])}</summary>
        {list}
      </details>
    </>
  );
}

function FormHead({ form }: { readonly form: CaseForm }) {
  const talk = useTalk();
  const who = form.view === undefined ? undefined : patientLines(form.view, talk.words, talk.nowMs);
  return (
    <p className="case-form-head muted">
      <span className="number">{talk.words.caseForm.caseNumber(form.number)}</span>
      {who === undefined || form.view?.patient.state === "none" ? null : (
        <strong>{[who.name, who.line].filter((part) => part !== "").join(", ")}</strong>
      )}
    </p>
  );
}
