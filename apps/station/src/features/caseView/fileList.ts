import type { CaseView, FileView } from "@lientuyen/record";
import type { Talk } from "./talk.ts";

export const isPicture = (file: FileView): boolean => file.file.type.startsWith("image/");

/** What is shown first: the files themselves, without their originals, better takes before what they replace. */
export function shownFiles(view: CaseView): readonly FileView[] {
  return view.files.filter((f) => f.body.originalOf === undefined && f.retakenBy === undefined);
}

export function retakenFiles(view: CaseView): readonly FileView[] {
  return view.files.filter((f) => f.body.originalOf === undefined && f.retakenBy !== undefined);
}

/** The picture to look at first: the one its author named, else the first that nothing replaced. */
export function keyPicture(view: CaseView): FileView | undefined {
  const pictures = shownFiles(view).filter(isPicture);
  return pictures.find((f) => f.body.key === true) ?? pictures[0];
}

/** "3/5": how many of the case's files are whole at the server. */
export function arrivedOf(
  view: CaseView,
  arrived: ReadonlySet<string>,
): { readonly done: number; readonly all: number } {
  const files = shownFiles(view);
  return { done: files.filter((f) => arrived.has(f.file.hash)).length, all: files.length };
}

/** What a file is called: as its author named it, else by what it is and its place. */
export function fileName(file: FileView, index: number, talk: Talk): string {
  const role = talk.words.vocabulary.fileRole[file.body.role];
  return file.body.caption ?? file.body.name ?? `${role} ${index + 1}`;
}
