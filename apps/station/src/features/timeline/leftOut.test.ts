import { describe, expect, it } from "vitest";
import { snakebite, twoFacilities } from "../caseView/caseFor.test-builder.ts";
import { momentsIn } from "../caseView/moments.ts";
import { withLeftOut, type LeftOut } from "./leftOut.ts";
import { timelineRows } from "./timeline.ts";

const leftOut = (hash: string, seq: number | undefined): LeftOut => ({
  hash,
  seq,
  receivedAt: undefined,
  kind: undefined,
  author: undefined,
});

describe("what is not believed, in the timeline", () => {
  it("stands at the place at which the server received it; without a receipt at the end", () => {
    const rows = timelineRows(snakebite().case.view(), twoFacilities, momentsIn("vi").day);
    const seqs = rows.map(({ entry }) => entry.receipt?.seq);
    expect(seqs).toEqual([1, 2, 3, 4]);
    const places = withLeftOut(rows, [leftOut("z", undefined), leftOut("b", 3), leftOut("a", 1)]);
    expect(places.map(({ row, leftOut: out }) => out?.hash ?? row?.number)).toEqual([
      1,
      "a",
      2,
      3,
      "b",
      4,
      "z",
    ]);
  });
});
