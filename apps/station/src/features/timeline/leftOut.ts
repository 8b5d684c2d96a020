import {
  authorOf,
  hashText,
  Header,
  parseCanonical,
  type Author,
  type DirectoryView,
  type Primitives,
} from "@lientuyen/record";
import * as v from "valibot";
import { isBelieved } from "../../device/believed.ts";
import type { HeldEntry } from "../../device/device.ts";
import type { TimelineRow } from "./timeline.ts";

/** An entry that is here and not believed: no view is made of it, the timeline shows that it is there and whose it says it is. */
export interface LeftOut {
  readonly hash: string;
  /** Place in the log, where it has a receipt. */
  readonly seq: number | undefined;
  readonly receivedAt: string | undefined;
  readonly kind: string | undefined;
  readonly author: Author | undefined;
}

export async function leftOutOf(
  p: Primitives,
  held: readonly HeldEntry[],
  directory: DirectoryView,
): Promise<readonly LeftOut[]> {
  return Promise.all(
    held
      .filter(({ fault }) => !isBelieved(fault))
      .map(async ({ signed, receipt }) => {
        const header = v.safeParse(Header, parseCanonical(signed.header)?.value);
        return {
          hash: await hashText(p, signed.header),
          seq: receipt?.seq,
          receivedAt: receipt?.receivedAt,
          kind: header.success ? header.output.kind : undefined,
          author: header.success ? authorOf(directory, header.output.key) : undefined,
        };
      }),
  );
}

export type Place =
  | { readonly row: TimelineRow; readonly leftOut?: undefined }
  | { readonly leftOut: LeftOut; readonly row?: undefined };

/** The rows with what was left out at its place: before the first row that the server received after it. */
export function withLeftOut(
  rows: readonly TimelineRow[],
  leftOut: readonly LeftOut[],
): readonly Place[] {
  const rest = [...leftOut].sort((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity));
  const places: Place[] = [];
  for (const row of rows) {
    const seq = row.entry.receipt?.seq ?? Infinity;
    while (rest[0] !== undefined && (rest[0].seq ?? Infinity) < seq) {
      places.push({ leftOut: rest[0] });
      rest.shift();
    }
    places.push({ row });
  }
  return [...places, ...rest.map((one) => ({ leftOut: one }))];
}
