import { contractInForce, type CaseFact, type CaseView } from "@lientuyen/record";
import type { Device, LateFact } from "../../device/device.ts";
import type { CaseForm } from "./form.tsx";
import { openQuestions } from "./steps.ts";
import type { ToWhomDraft } from "./ToWhomStep.tsx";

export interface Letter {
  readonly questions: readonly string[];
  readonly toWhom: ToWhomDraft;
  /** Facts that go before the questions, in order. */
  readonly before: readonly CaseFact[];
}

export type CannotSend = "question" | "urgency" | "facility";

/** What has to be said before a request can go: a question, how urgent, to whom. Everything else may follow. */
export function cannotSend(
  letter: Pick<Letter, "questions" | "toWhom">,
  view: CaseView | undefined,
  openTo: readonly string[],
): CannotSend | undefined {
  if (letter.questions.length === 0 && openQuestions(view).length === 0) return "question";
  if (letter.toWhom.urgency === undefined) return "urgency";
  if (letter.toWhom.to === undefined || !openTo.includes(letter.toWhom.to)) return "facility";
  return undefined;
}

/**
 * Facts and questions first, then the request that carries the questions by their hashes: in one stroke, and the
 * form's drafts are gone with it. After a power cut the case has been sent, or all of it can be sent.
 */
export async function send(device: Device, form: CaseForm, letter: Letter): Promise<void> {
  const { to, urgency, specialty } = letter.toWhom;
  if (to === undefined || urgency === undefined)
    throw new Error("send before cannotSend was asked");
  const asked = letter.questions.map((text): CaseFact => ({
    kind: "questionAsked",
    body: { text },
  }));
  const before = openQuestions(form.view).map((question) => question.hash);
  const contract = contractInForce(
    device.directory.view(),
    { from: device.me.facility, to },
    new Date(device.now()).toISOString(),
    specialty,
  )?.contract;
  const request: LateFact = {
    kind: "requestSent",
    body: (earlier) => ({
      to,
      specialty,
      urgency,
      questions: [...before, ...earlier.slice(earlier.length - asked.length)],
      ...(contract === undefined ? {} : { contract }),
    }),
  };
  await form.write([...letter.before, ...asked, request], await form.kept());
}

/** "Not yet known" is said, not left open. */
export function patientFacts(view: CaseView | undefined): readonly CaseFact[] {
  return view === undefined || view.patient.state === "none"
    ? [{ kind: "patientAttached", body: { patient: "notYetKnown" } }]
    : [];
}
