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
import type { Device } from "../../device/device.ts";

type Held = Awaited<ReturnType<Device["cases"]["entries"]>>[number];

/** An entry that is here and not believed: no view is made of it, the timeline shows that it is there and whose it says it is. */
export interface LeftOut {
  readonly hash: string;
  /** Place in the log, where it has a receipt. */
  readonly seq: number | undefined;
  readonly receivedAt: string | undefined;
  readonly kind: string | undefined;
  readonly author: Author | undefined;
}

/** Content under these is authentic, and is shown. */
const shownAnyway: ReadonlySet<string> = new Set(["receipt", "chain"]);

export async function leftOutOf(
  p: Primitives,
  held: readonly Held[],
  directory: DirectoryView,
): Promise<readonly LeftOut[]> {
  const out = held.filter(({ fault }) => fault !== undefined && !shownAnyway.has(fault));
  return Promise.all(
    out.map(async ({ signed, receipt }) => {
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

/** Those whose place is before the one with this number; undefined: not received yet, so after all of them. */
export function splitAt(
  rest: readonly LeftOut[],
  seq: number | undefined,
): readonly [before: readonly LeftOut[], after: readonly LeftOut[]] {
  const isBefore = (one: LeftOut): boolean =>
    one.seq !== undefined && (seq === undefined || one.seq < seq);
  return [rest.filter(isBefore), rest.filter((one) => !isBefore(one))];
}
