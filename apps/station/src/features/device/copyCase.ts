import type { CaseFact, CaseView, FileRef } from "@lientuyen/record";
import type { Device } from "../../device/device.ts";
import { formDraft } from "../caseForm/about.ts";

/**
 * What a refused case says, said again in a new one: texts as their latest versions, files again,
 * questions as a draft to be sent. Requests and answers stay where they are.
 */
export async function copyIntoNewCase(device: Device, from: string): Promise<string> {
  const view = await device.cases.view(from);
  if (view === undefined) throw new Error("the case is not on this device");
  const log = device.cases.newLog();
  const opened: CaseFact = {
    kind: "opened",
    body: { number: device.cases.newCaseNumber(), facility: device.me.facility, mode: "support" },
  };
  await device.cases.write(log, [opened, ...factsAgain(view)]);
  for (const file of view.files) {
    if (file.body.originalOf !== undefined) continue;
    const copied = await copyFile(device, from, log, file.file);
    if (copied === undefined) continue;
    const { originalOf: _original, retakeOf: _retake, ...body } = file.body;
    await device.cases.write(log, [{ kind: "fileAdded", body: { ...body, file: copied } }]);
  }
  if (view.questions.length > 0)
    await device.drafts.save(
      formDraft(log, "questions"),
      view.questions.map((question) => question.body.text),
    );
  return log;
}

async function copyFile(
  device: Device,
  from: string,
  to: string,
  file: FileRef,
): Promise<FileRef | undefined> {
  const content = await device.files.read(from, file);
  return content === undefined
    ? undefined
    : device.files.add(to, new Blob([content], { type: file.type }), "first");
}

function factsAgain(view: CaseView): readonly CaseFact[] {
  const facts: CaseFact[] = [];
  const { patient } = view;
  if (patient.state === "known")
    facts.push({
      kind: "patientAttached",
      body: { patient: "known", log: patient.log, identity: patient.identity },
    });
  if (patient.state === "notYetKnown")
    facts.push({
      kind: "patientAttached",
      body: {
        patient: "notYetKnown",
        ...(patient.description === undefined ? {} : { description: patient.description }),
        ...(patient.sex === undefined ? {} : { sex: patient.sex }),
        ...(patient.ageYears === undefined ? {} : { ageYears: patient.ageYears }),
      },
    });
  if (view.consent !== undefined) facts.push({ kind: "consentRecorded", body: view.consent.body });
  for (const head of view.history.heads)
    facts.push({ kind: "historyTaken", body: { ...head.body, replaces: [] } });
  for (const head of view.allergiesAndMedicines.heads)
    facts.push({ kind: "allergiesAndMedicines", body: { ...head.body, replaces: [] } });
  for (const time of view.vitalSigns) facts.push({ kind: "vitalSigns", body: time.body });
  for (const head of view.examination.heads)
    facts.push({ kind: "examination", body: { ...head.body, replaces: [] } });
  for (const head of view.diagnosis.heads)
    facts.push({ kind: "diagnosis", body: { ...head.body, replaces: [] } });
  for (const head of view.summary.heads)
    facts.push({ kind: "summary", body: { ...head.body, replaces: [] } });
  for (const note of view.notes) facts.push({ kind: "note", body: note.body });
  return facts;
}
