import { limits, sniff, type FileRole } from "./fileTypes.ts";
import { shrink } from "./shrink.ts";
import { withoutPosition } from "./withoutPosition.ts";

/** A file that may leave the station: small first, the full original behind it where the two differ. */
export interface Prepared {
  readonly role: FileRole;
  readonly name: string | undefined;
  readonly first: Blob;
  readonly original: Blob | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly durationMs: number | undefined;
}

export type FileFault =
  | "file_empty"
  | "file_too_large"
  | "file_type_refused"
  | "file_type_mismatch";
export type PreparedOrFault =
  | { readonly ok: true; readonly file: Prepared }
  | {
      readonly ok: false;
      readonly code: FileFault;
      readonly name: string | undefined;
      readonly limitBytes: number | undefined;
    };

/** A picture this small is sent as it is: shrinking would only harm it. */
const smallEnoughBytes = 400_000;
const smallEnoughSide = 1700;

export async function prepare(file: Blob, durationMs?: number): Promise<PreparedOrFault> {
  const name = file instanceof File && file.name !== "" ? file.name.slice(0, 200) : undefined;
  const refuse = (code: FileFault, limitBytes?: number): PreparedOrFault => ({
    ok: false,
    code,
    name,
    limitBytes,
  });
  if (file.size === 0) return refuse("file_empty");
  const kind = sniff(new Uint8Array(await file.slice(0, 32).arrayBuffer()), file.type);
  if (kind === undefined) return refuse("file_type_refused");
  const limit = limits[kind.role];
  if (file.size > limit) return refuse("file_too_large", limit);
  const clean = withoutPosition(new Uint8Array(await file.arrayBuffer()), kind.type);
  if (clean === undefined) return refuse("file_type_mismatch");
  const whole = new Blob([clean], { type: kind.type });
  const base = { role: kind.role, name, durationMs };
  if (kind.role !== "photo")
    return {
      ok: true,
      file: { ...base, first: whole, original: undefined, width: undefined, height: undefined },
    };
  const small = await shrink(file);
  if (small === undefined) return refuse("file_type_mismatch");
  const asItIs =
    kind.type === "image/jpeg" &&
    whole.size <= smallEnoughBytes &&
    Math.max(small.width, small.height) < smallEnoughSide;
  return {
    ok: true,
    file: {
      ...base,
      first: asItIs ? whole : small.blob,
      original: asItIs ? undefined : whole,
      width: small.width,
      height: small.height,
    },
  };
}
