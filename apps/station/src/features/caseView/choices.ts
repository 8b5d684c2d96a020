import type { DirectoryView } from "@lientuyen/record";
import type { Option } from "@lientuyen/ui";
import type { Language } from "../../words/index.ts";
import { specialtyChoices, specialtyName } from "./terms.ts";

/** Facilities to choose from, without some. */
export function facilityChoices(
  directory: DirectoryView,
  without: readonly string[],
): readonly Option<string>[] {
  return [...directory.facilities.values()]
    .filter((f) => !without.includes(f.code))
    .map((f) => ({ value: f.code, label: f.shortName }))
    .sort((a, b) => a.label.localeCompare(b.label, "vi"));
}

/** Specialties that somebody at the facility has; all of them where the directory names none. */
export function specialtiesAt(
  directory: DirectoryView,
  facility: string,
  language: Language,
): readonly Option<string>[] {
  const there = new Set(
    [...directory.people.values()]
      .filter((p) => p.facility === facility)
      .flatMap((p) => p.roles.flatMap((r) => (r.specialty === undefined ? [] : [r.specialty]))),
  );
  return there.size === 0
    ? specialtyChoices(language)
    : [...there]
        .map((value) => ({ value, label: specialtyName(value, language) }))
        .sort((a, b) => a.label.localeCompare(b.label, "vi"));
}
