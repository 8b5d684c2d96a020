import {
  Banner,
  StepList,
  Waiting,
  buttonClass,
  useNow,
  type Step,
  type StepLink,
} from "@lientuyen/ui";
import { lazy, Suspense, use, useEffect, type ReactNode } from "react";
import { Link, Redirect, useParams } from "wouter";
import { useDevice } from "../../device/hooks.ts";
import { language, loadWords, useFirstWords, type FirstWords } from "../../words/index.ts";
import { patientLines } from "../caseView/patientLine.ts";
import { FormProvider, useCaseForm, type CaseForm } from "./form.tsx";
import type { laterSteps } from "./laterSteps.ts";
import { PatientStep } from "./PatientStep.tsx";
import { stateOf, stepNames, readStep, type StepName } from "./steps.ts";
import "./caseForm.css";

let fetching: Promise<typeof laterSteps> | undefined;

/** All but the first step: on a first visit they come while the patient's name is being typed. */
const fetchLaterSteps = (): Promise<typeof laterSteps> => {
  fetching ??= import("./laterSteps.ts")
    .then((module) => module.laterSteps)
    .catch((error: unknown) => {
      fetching = undefined;
      throw error;
    });
  return fetching;
};

function useLaterSteps(): void {
  useEffect(() => {
    // Where the line is gone, the step that needs them says so.
    fetchLaterSteps().catch(() => undefined);
    loadWords(language()).catch(() => undefined);
  }, []);
}

function LaterStep({ name }: { readonly name: keyof typeof laterSteps }) {
  const Step = use(fetchLaterSteps())[name];
  return <Step />;
}

function Step({ name }: { readonly name: keyof typeof laterSteps | "patient" }): ReactNode {
  const loading = useFirstWords().frame.loading;
  if (name === "patient") return <PatientStep />;
  return (
    <Suspense fallback={<Waiting label={loading} />}>
      <LaterStep name={name} />
    </Suspense>
  );
}

/** Seldom needed, and nobody who writes a case waits for it. */
const NotHere = lazy(() =>
  import("../caseView/NotHere.tsx").then((module) => ({ default: module.NotHere })),
);

/** The case, one thing at a time; or, in an emergency, the three things that are enough. */
export function CaseFormScreen() {
  const { id, step } = useParams<{ id: string; step?: string }>();
  const words = useFirstWords();
  const load = useCaseForm(id);
  useLaterSteps();
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
        <Step name="emergency" />
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
  return (
    <FormProvider form={form}>
      <div className="case-form">
        <Steps form={form} current={current} words={words.caseForm} />
        <section className="case-form-step stack">
          <FormHead form={form} />
          <Step key={current} name={current} />
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
  readonly words: FirstWords["caseForm"];
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

const renewMs = 30_000;

function FormHead({ form }: { readonly form: CaseForm }) {
  const words = useFirstWords();
  const nowMs = useNow(useDevice().now, renewMs);
  const who = form.view === undefined ? undefined : patientLines(form.view, words, nowMs);
  return (
    <p className="case-form-head muted">
      <span className="number">{words.caseForm.caseNumber(form.number)}</span>
      {who === undefined || form.view?.patient.state === "none" ? null : (
        <strong>{[who.name, who.line].filter((part) => part !== "").join(", ")}</strong>
      )}
    </p>
  );
}
