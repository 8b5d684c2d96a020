import type { CaseBody } from "@lientuyen/record";
import type { Device } from "../../device/device.ts";
import type { Prepared } from "./prepare.ts";

/**
 * Puts a prepared file into the case: bytes on disk first, then the entry that names them.
 * The full original follows as an entry of its own, so that it never holds up the small one.
 * The case must be open. Returns the small one's entry hash.
 */
export async function addFile(
  device: Device,
  log: string,
  file: Prepared,
  more: Pick<CaseBody<"fileAdded">, "caption" | "key" | "retakeOf"> = {},
): Promise<string> {
  const small = await device.files.add(log, file.first, more.key === true ? "key" : "first");
  const about = {
    role: file.role,
    ...(file.name === undefined ? {} : { name: file.name }),
    ...(file.width === undefined ? {} : { width: file.width }),
    ...(file.height === undefined ? {} : { height: file.height }),
    ...(file.durationMs === undefined ? {} : { durationMs: file.durationMs }),
  };
  const [hash] = await device.cases.write(log, [
    { kind: "fileAdded", body: { file: small, ...about, ...more } },
  ]);
  if (hash === undefined) throw new Error("write gave no hash");
  if (file.original !== undefined) {
    const original = await device.files.add(log, file.original, "original");
    await device.cases.write(log, [
      {
        kind: "fileAdded",
        body: {
          file: original,
          role: file.role,
          ...(file.name === undefined ? {} : { name: file.name }),
          originalOf: hash,
        },
      },
    ]);
  }
  return hash;
}
