import type { ReactNode } from "react";
import { Icon } from "./Icon.tsx";

export type StepState = "done" | "begun" | "missing" | "empty";

export interface Step {
  readonly name: string;
  readonly href: string;
  readonly label: string;
  readonly state: StepState;
  /** The state in words, for readers and as a tooltip: colour and sign are never alone. */
  readonly stateLabel: string;
}

export type StepLink = (props: {
  readonly href: string;
  readonly className: string;
  readonly "aria-current": "step" | undefined;
  readonly "data-state": StepState;
  readonly children: ReactNode;
}) => ReactNode;

/** The steps of a form with what is done and what is missing; links are made by the caller's router. */
export function StepList({
  steps,
  current,
  label,
  link,
}: {
  readonly steps: readonly Step[];
  readonly current: string;
  readonly label: string;
  readonly link: StepLink;
}) {
  return (
    <nav aria-label={label}>
      <ol className="steps">
        {steps.map((step, index) => (
          <li key={step.name}>
            {link({
              href: step.href,
              className: "steps-link",
              "aria-current": step.name === current ? "step" : undefined,
              "data-state": step.state,
              children: (
                <>
                  <span className="steps-mark" aria-hidden="true">
                    {step.state === "done" ? (
                      <Icon name="check" />
                    ) : step.state === "begun" ? (
                      <Icon name="edit" />
                    ) : (
                      index + 1
                    )}
                  </span>
                  <span>{step.label}</span>
                  <span className="visually-hidden">{step.stateLabel}</span>
                </>
              ),
            })}
          </li>
        ))}
      </ol>
    </nav>
  );
}
