import type { CaseBody, CaseFact, CaseView } from "@lientuyen/record";
import type { Device } from "../../device/device.ts";
import { shownFiles } from "./fileList.ts";

/**
 * What a new case takes over from one that the server will not have: all that was written of the patient,
 * nothing that was sent or answered. Texts that had diverged come over as they stand, side by side.
 */
export function factsToCopy(view: CaseView, number: string, facility: string): readonly CaseFact[] {
  const opened = view.entries.find((e) => e.kind === "opened");
  return [
    {
      kind: "opened",
      body: { number, facility, mode: opened === undefined ? "support" : modeOf(opened.body) },
    },
    ...patientFacts(view),
    ...(view.consent === undefined
      ? []
      : [{ kind: "consentRecorded" as const, body: view.consent.body }]),
    ...view.history.heads.map((h) => fact("historyTaken", { ...h.body, replaces: [] })),
    ...view.allergiesAndMedicines.heads.map((h) =>
      fact("allergiesAndMedicines", { ...h.body, replaces: [] }),
    ),
    ...view.vitalSigns.map((v) => fact("vitalSigns", v.body)),
    ...view.examination.heads.map((h) => fact("examination", { ...h.body, replaces: [] })),
    ...view.diagnosis.heads.map((h) => fact("diagnosis", { ...h.body, replaces: [] })),
    ...view.summary.heads.map((h) => fact("summary", { ...h.body, replaces: [] })),
    ...view.notes.map((n) => fact("note", n.body)),
    ...view.questions.map((q) => fact("questionAsked", q.body)),
  ];
}

type TextKind =
  | "historyTaken"
  | "allergiesAndMedicines"
  | "vitalSigns"
  | "examination"
  | "diagnosis"
  | "summary"
  | "note"
  | "questionAsked";

const fact = <K extends TextKind>(kind: K, body: CaseBody<K>) => ({ kind, body });

const modes = ["directToPatient", "viaFacility", "support", "council"] as const;

function modeOf(body: unknown): (typeof modes)[number] {
  const mode = typeof body === "object" && body !== null && "mode" in body ? body.mode : undefined;
  return modes.find((m) => m === mode) ?? "support";
}

function patientFacts(view: CaseView): readonly CaseFact[] {
  const { patient } = view;
  if (patient.state === "none") return [];
  if (patient.state === "known") {
    const { log, identity } = patient;
    return [{ kind: "patientAttached", body: { patient: "known", log, identity } }];
  }
  const { description, sex, ageYears } = patient;
  return [
    {
      kind: "patientAttached",
      body: {
        patient: "notYetKnown",
        ...(description === undefined ? {} : { description }),
        ...(sex === undefined ? {} : { sex }),
        ...(ageYears === undefined ? {} : { ageYears }),
      },
    },
  ];
}

/** Copies a case with its files into a new one on this device; returns the new log. */
export async function copyCase(device: Device, view: CaseView): Promise<string> {
  const log = device.cases.newLog();
  const number = device.cases.newCaseNumber();
  await device.cases.write(log, factsToCopy(view, number, device.me.facility));
  for (const shown of shownFiles(view)) {
    const content = await device.files.read(view.log, shown.file);
    if (content === undefined) continue;
    const typed = new Blob([content], { type: shown.file.type });
    const file = await device.files.add(log, typed, shown.body.key === true ? "key" : "first");
    const { originalOf: _original, retakeOf: _retake, ...about } = shown.body;
    await device.cases.write(log, [{ kind: "fileAdded", body: { ...about, file } }]);
  }
  return log;
}
