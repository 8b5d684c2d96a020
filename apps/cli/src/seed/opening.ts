import { createHash } from "node:crypto";
import { makeCaseNumber, type CaseFact, type Identity } from "@lientuyen/record";
import type { Told } from "./caseWriter.ts";
import { contracts } from "./network.ts";
import type { Written } from "./pen.ts";
import { drawPicture, type Picture } from "./pictures.ts";
import type { SeedCase } from "./plot.ts";
import { bytesFrom } from "./random.ts";

export interface DrawnPicture extends Picture {
  readonly hash: string;
  readonly caption: string;
}

const type = "image/jpeg";

export const drawAll = (told: SeedCase, words: string): Promise<readonly DrawnPicture[]> =>
  Promise.all(
    (told.pictures ?? []).map(async ({ caption, motif }, index) => {
      const picture = await drawPicture(motif, `${words} ${index}`);
      return {
        ...picture,
        caption,
        hash: createHash("sha256").update(picture.content).digest("base64url"),
      };
    }),
  );

export const isKnown = (patient: SeedCase["patient"]): patient is Identity => "name" in patient;

export const vitalsOf = (vitals: Readonly<Record<string, number>>, atMs: number): CaseFact => ({
  kind: "vitalSigns",
  body: {
    readings: Object.entries(vitals).map(([sign, value]) => ({ sign, value })),
    measuredAt: new Date(atMs).toISOString(),
  },
});

const patientOf = (told: SeedCase, patientLog: string): CaseFact =>
  isKnown(told.patient)
    ? {
        kind: "patientAttached",
        body: { patient: "known", log: patientLog, identity: told.patient },
      }
    : {
        kind: "patientAttached",
        body: { patient: "notYetKnown", description: told.patient.notYetKnown, sex: "male" },
      };

const consentOf = (told: SeedCase, atMs: number): CaseFact => {
  const at = new Date(atMs).toISOString();
  if (!isKnown(told.patient) || told.request?.urgency === "emergency")
    return {
      kind: "consentRecorded",
      body: { ground: "emergency", told: "relative", how: "spoken", at },
    };
  const whom = told.patient.guardian === undefined ? "patient" : "guardian";
  return { kind: "consentRecorded", body: { ground: "consent", told: whom, how: "spoken", at } };
};

const textsOf = (told: SeedCase): readonly CaseFact[] => {
  const facts: CaseFact[] = [];
  if (told.history !== undefined)
    facts.push({ kind: "historyTaken", body: { text: told.history, replaces: [] } });
  const { allergies, medicines } = told;
  if (allergies !== undefined || medicines !== undefined) {
    const body = {
      ...(allergies === undefined ? { noKnownAllergies: true } : { allergies }),
      ...(medicines === undefined ? { noMedicines: true } : { medicines }),
      replaces: [],
    };
    facts.push({ kind: "allergiesAndMedicines", body });
  }
  if (told.examination !== undefined)
    facts.push({ kind: "examination", body: { text: told.examination, replaces: [] } });
  if (told.diagnosis !== undefined)
    facts.push({
      kind: "diagnosis",
      body: { ...told.diagnosis, certainty: "suspected", replaces: [] },
    });
  if (told.summary !== undefined)
    facts.push({ kind: "summary", body: { text: told.summary, replaces: [] } });
  return facts;
};

const pictureOf = (picture: DrawnPicture, index: number): CaseFact => ({
  kind: "fileAdded",
  body: {
    file: { hash: picture.hash, size: picture.content.length, type },
    role: "photo",
    caption: picture.caption,
    width: picture.width,
    height: picture.height,
    ...(index === 0 ? { key: true } : {}),
  },
});

const contractOf = (from: string, to: string): { readonly contract?: string } => {
  const found = contracts.find(({ between }) => between.includes(from) && between.includes(to));
  return found === undefined ? {} : { contract: found.contract };
};

const requestOf =
  (told: SeedCase, facility: string) =>
  (earlier: readonly Written[]): CaseFact => {
    if (told.request === undefined) throw new Error("no request in this case");
    const questions = earlier
      .filter(({ parsed }) => parsed.header.kind === "questionAsked")
      .map(({ parsed }) => parsed.hash);
    return {
      kind: "requestSent",
      body: { ...told.request, questions, ...contractOf(facility, told.request.to) },
    };
  };

/** Everything up to the request, in the order in which a station writes it. */
export const openingFacts = (
  told: SeedCase,
  facility: string,
  words: string,
  patientLog: string,
  pictures: readonly DrawnPicture[],
  atMs: number,
): readonly Told[] => [
  {
    kind: "opened",
    body: {
      number: makeCaseNumber(facility, bytesFrom(`number ${words}`, 8)),
      facility,
      mode: "support",
    },
  },
  patientOf(told, patientLog),
  consentOf(told, atMs),
  ...(told.vitals === undefined ? [] : [vitalsOf(told.vitals, atMs)]),
  ...textsOf(told),
  ...pictures.map(pictureOf),
  ...(told.questions ?? []).map((text): CaseFact => ({ kind: "questionAsked", body: { text } })),
  ...(told.request === undefined ? [] : [requestOf(told, facility)]),
];
