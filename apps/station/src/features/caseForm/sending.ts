import { contractInForce, type CaseFact, type CaseView } from "@lientuyen/record";
import type { Device } from "../../device/device.ts";
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
 * Facts and questions first, then the request that carries the questions by their hashes.
 * Cut in between, the questions stand in the case without a request, and the send step takes them up again.
 */
export async function send(device: Device, form: CaseForm, letter: Letter): Promise<void> {
  const { to, urgency, specialty } = letter.toWhom;
  if (to === undefined || urgency === undefined)
    throw new Error("send before cannotSend was asked");
  const asked = letter.questions.map((text): CaseFact => ({
    kind: "questionAsked",
    body: { text },
  }));
  const hashes = await form.write([...letter.before, ...asked]);
  const questions = [
    ...openQuestions(form.view).map((question) => question.hash),
    ...hashes.slice(letter.before.length),
  ];
  const contract = contractInForce(
    device.directory.view(),
    { from: device.me.facility, to },
    new Date(device.now()).toISOString(),
    specialty,
  )?.contract;
  await form.write([
    {
      kind: "requestSent",
      body: { to, specialty, urgency, questions, ...(contract === undefined ? {} : { contract }) },
    },
  ]);
  await form.finish();
}

/** "Not yet known" is said, not left open. */
export function patientFacts(view: CaseView | undefined): readonly CaseFact[] {
  return view === undefined || view.patient.state === "none"
    ? [{ kind: "patientAttached", body: { patient: "notYetKnown" } }]
    : [];
}
