import type { CaseView } from "@lientuyen/record";
import { patientLines } from "../caseView/patientLine.ts";
import type { Talk } from "../caseView/talk.ts";
import { sayReadings } from "./readings.ts";

/** First sentence of a longer text. */
const firstLine = (text: string): string =>
  (/^[^\n.!?]*/.exec(text.trim())?.[0] ?? "").slice(0, 160);

export function suggestSummary(view: CaseView, talk: Talk): string {
  const who = view.patient.state === "none" ? "" : patientLines(view, talk.words, talk.nowMs).line;
  const history = view.history.heads[0]?.body.text ?? "";
  const last = view.vitalSigns[view.vitalSigns.length - 1];
  const lines = [
    [who, firstLine(history)].filter((part) => part !== "").join(": "),
    last === undefined ? "" : sayReadings(last.body.readings, talk.language),
    view.diagnosis.heads[0] === undefined
      ? ""
      : talk.words.caseForm.summary.thoughtOf(view.diagnosis.heads[0].body.text),
  ];
  const text = lines.filter((line) => line !== "").join(". ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
