import type { CaseView, Identity } from "@lientuyen/record";
import { readInsuranceNumber, type CardReading } from "@lientuyen/terms";
import * as v from "valibot";
import { readBirth, writeBirth } from "./birthText.ts";

export const PatientDraft = v.strictObject({
  unknown: v.boolean(),
  description: v.string(),
  ageYears: v.string(),
  name: v.string(),
  sex: v.picklist(["male", "female", "other", "unknown"]),
  birth: v.string(),
  address: v.string(),
  personalNumber: v.string(),
  oldNumber: v.string(),
  insuranceNumber: v.string(),
  phone: v.string(),
  guardianRelation: v.string(),
  guardianName: v.string(),
  guardianNumber: v.string(),
  guardianPhone: v.string(),
  /** Log of the earlier patient that this is, once the author has said so. */
  patientLog: v.string(),
});
export type PatientDraft = v.InferOutput<typeof PatientDraft>;

export const noPatient: PatientDraft = {
  unknown: false,
  description: "",
  ageYears: "",
  name: "",
  sex: "unknown",
  birth: "",
  address: "",
  personalNumber: "",
  oldNumber: "",
  insuranceNumber: "",
  phone: "",
  guardianRelation: "",
  guardianName: "",
  guardianNumber: "",
  guardianPhone: "",
  patientLog: "",
};

type SayMonths = { readonly months: (count: number) => string };

export function fromIdentity(
  identity: Identity,
  patientLog: string,
  words: SayMonths,
): PatientDraft {
  return {
    ...noPatient,
    name: identity.name,
    sex: identity.sex,
    birth: writeBirth(identity.birth, words),
    address: identity.address ?? "",
    personalNumber: identity.personalNumber ?? "",
    oldNumber: identity.oldNumber ?? "",
    insuranceNumber: identity.insuranceNumber ?? "",
    phone: identity.phone ?? "",
    guardianRelation: identity.guardian?.relation ?? "",
    guardianName: identity.guardian?.name ?? "",
    guardianNumber: identity.guardian?.personalNumber ?? "",
    guardianPhone: identity.guardian?.phone ?? "",
    patientLog,
  };
}

export function fromView(patient: CaseView["patient"] | undefined, words: SayMonths): PatientDraft {
  if (patient === undefined || patient.state === "none") return noPatient;
  if (patient.state === "known") return fromIdentity(patient.identity, patient.log, words);
  return {
    ...noPatient,
    unknown: true,
    description: patient.description ?? "",
    sex: patient.sex ?? "unknown",
    ageYears: patient.ageYears === undefined ? "" : String(patient.ageYears),
  };
}

/** What a card says goes into the fields; what it does not say stays as typed. */
export function withCard(draft: PatientDraft, card: CardReading): PatientDraft {
  return {
    ...draft,
    unknown: false,
    patientLog: "",
    ...(card.name === undefined ? {} : { name: card.name }),
    ...(card.sex === undefined ? {} : { sex: card.sex }),
    ...(card.birthDay === undefined ? {} : { birth: card.birthDay.split("-").reverse().join("/") }),
    ...(card.address === undefined ? {} : { address: card.address }),
    ...(card.personalNumber === undefined ? {} : { personalNumber: card.personalNumber }),
    ...(card.oldNumber === undefined ? {} : { oldNumber: card.oldNumber }),
    ...(card.insuranceNumber === undefined ? {} : { insuranceNumber: card.insuranceNumber }),
  };
}

export type PatientFault = {
  readonly at:
    | "name"
    | "birth"
    | "personalNumber"
    | "oldNumber"
    | "insuranceNumber"
    | "guardianNumber"
    | "guardianRelation"
    | "ageYears";
  readonly what: "needed" | "wrong" | "whichUnit";
};

const digits = (text: string): string => text.replace(/[\s.-]/g, "");

export type ReadPatient =
  | { readonly ok: true; readonly identity: Identity }
  | { readonly ok: false; readonly fault: PatientFault };

export function readPatient(draft: PatientDraft, at: string): ReadPatient {
  const birth = readBirth(draft.birth, at);
  const fault = faultOf(draft, birth.read);
  if (fault !== undefined) return { ok: false, fault };
  return {
    ok: true,
    identity: {
      name: draft.name.trim().replace(/\s+/g, " ").normalize("NFC"),
      sex: draft.sex,
      ...(birth.read === "birth" ? { birth: birth.birth } : {}),
      ...filled("address", draft.address.trim()),
      ...filled("personalNumber", digits(draft.personalNumber)),
      ...filled("oldNumber", digits(draft.oldNumber)),
      ...filled("insuranceNumber", readInsuranceNumber(draft.insuranceNumber) ?? ""),
      ...filled("phone", draft.phone.trim()),
      ...guardianOf(draft),
    },
  };
}

function faultOf(
  draft: PatientDraft,
  birth: ReturnType<typeof readBirth>["read"],
): PatientFault | undefined {
  if (draft.name.trim() === "") return { at: "name", what: "needed" };
  if (birth === "wrong" || birth === "whichUnit") return { at: "birth", what: birth };
  if (!fits(digits(draft.personalNumber), /^\d{12}$/))
    return { at: "personalNumber", what: "wrong" };
  if (!fits(digits(draft.oldNumber), /^\d{9}$/)) return { at: "oldNumber", what: "wrong" };
  if (
    draft.insuranceNumber.trim() !== "" &&
    readInsuranceNumber(draft.insuranceNumber) === undefined
  )
    return { at: "insuranceNumber", what: "wrong" };
  if (!fits(digits(draft.guardianNumber), /^\d{12}$/))
    return { at: "guardianNumber", what: "wrong" };
  const guardian = [draft.guardianName, draft.guardianNumber, draft.guardianPhone].some(
    (text) => text.trim() !== "",
  );
  return guardian && draft.guardianRelation.trim() === ""
    ? { at: "guardianRelation", what: "needed" }
    : undefined;
}

const fits = (text: string, form: RegExp): boolean => text === "" || form.test(text);

function filled<K extends string>(key: K, text: string): { readonly [P in K]?: string } {
  const out: { [P in K]?: string } = {};
  if (text !== "") out[key] = text;
  return out;
}

function guardianOf(draft: PatientDraft): Pick<Identity, "guardian"> | Record<string, never> {
  const relation = draft.guardianRelation.trim();
  if (relation === "") return {};
  return {
    guardian: {
      relation,
      ...filled("name", draft.guardianName.trim()),
      ...filled("personalNumber", digits(draft.guardianNumber)),
      ...filled("phone", draft.guardianPhone.trim()),
    },
  };
}

/** What is known so far, for finding the same person among earlier patients. */
export function partialIdentity(draft: PatientDraft, at: string): Partial<Identity> {
  const read = readPatient({ ...draft, name: draft.name.trim() === "" ? "?" : draft.name }, at);
  const birth = readBirth(draft.birth, at);
  const base: Partial<Identity> = read.ok
    ? read.identity
    : {
        sex: draft.sex,
        ...(birth.read === "birth" ? { birth: birth.birth } : {}),
        ...(fits(digits(draft.personalNumber), /^\d{12}$/)
          ? filled("personalNumber", digits(draft.personalNumber))
          : {}),
      };
  const { name: _none, ...rest } = base;
  return draft.name.trim() === "" ? rest : { ...rest, name: draft.name.trim() };
}
