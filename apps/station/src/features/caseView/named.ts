import type { Author, DirectoryView, FacilityView } from "@lientuyen/record";

/** The name of a code in a list of words; a code from a newer version is shown as it stands. */
export function namedIn(names: Readonly<Record<string, string>>, code: string): string {
  return names[code] ?? code;
}

export function facilityName(directory: DirectoryView, code: string): string {
  return directory.facilities.get(code)?.shortName ?? code;
}

/** Title and name, e.g. "BS. Đỗ Quang Huy". */
export function personName(directory: DirectoryView, person: string): string | undefined {
  const found = directory.people.get(person);
  if (found === undefined) return undefined;
  return found.title === undefined ? found.name : `${found.title} ${found.name}`;
}

export function deviceName(directory: DirectoryView, author: Author): string | undefined {
  const facility: FacilityView | undefined = directory.facilities.get(author.facility);
  return facility?.devices.find((d) => d.device === author.device)?.name;
}
