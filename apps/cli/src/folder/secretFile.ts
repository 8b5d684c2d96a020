import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import path from "node:path";

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

export const isDiskFull = (error: unknown): boolean =>
  ["ENOSPC", "EDQUOT"].includes(codeOf(error) ?? "");
export const isNotAllowed = (error: unknown): boolean =>
  ["EACCES", "EPERM", "EROFS", "ENOTDIR"].includes(codeOf(error) ?? "");
export const isCode = (error: unknown, code: string): boolean => codeOf(error) === code;

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
};

/** Readable by this account alone (0600); whole or not there at all, whenever the power goes. */
export const writeSecretly = (file: string, content: string): void => {
  const fresh = `${file}.new`;
  const handle = openSync(fresh, "w", 0o600);
  writeSync(handle, content);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(fresh, file);
  syncFolder(path.dirname(file));
};

/** The secret of this name, made and kept at the first asking. */
export const keepSecret = async (
  folder: string,
  name: string,
  make: () => string | Promise<string>,
): Promise<string> => {
  const file = path.join(folder, name);
  if (existsSync(file)) return readFileSync(file, "utf8");
  const content = await make();
  writeSecretly(file, content);
  return content;
};
