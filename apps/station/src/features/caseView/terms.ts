import { findVitalSign, specialties } from "@lientuyen/terms";
import type { Option } from "@lientuyen/ui";
import type { Language } from "../../words/language.ts";

export function specialtyName(code: string, language: Language): string {
  return specialties.find((s) => s.code === code)?.[language] ?? code;
}

export function specialtyChoices(language: Language): readonly Option<string>[] {
  return specialties.map((s) => ({ value: s.code, label: s[language] }));
}

export function signName(code: string, language: Language): string {
  return findVitalSign(code)?.[language] ?? code;
}

/** 37.1 as "37,1" in Vietnamese. */
export function sayNumber(value: number, language: Language): string {
  return value.toLocaleString(language === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 2 });
}
