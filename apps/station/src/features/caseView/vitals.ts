import type { CaseBody, Fact } from "@lientuyen/record";
import { readVital, vitalSigns, type Judgement } from "@lientuyen/terms";

type Measured = Fact<CaseBody<"vitalSigns">>;

/** Signs down, times across: what the table shows. */
export interface VitalTable {
  readonly times: readonly Measured[];
  readonly rows: readonly {
    readonly sign: string;
    /** One for each time; undefined where it was not measured then. */
    readonly values: readonly (number | undefined)[];
  }[];
}

const order = new Map(vitalSigns.map((s, i) => [s.code, i]));

/** Oldest first; signs in the order of the form, unknown ones after them. */
export function vitalTable(measured: readonly Measured[]): VitalTable {
  const times = measured
    .slice()
    .sort((a, b) =>
      a.body.measuredAt < b.body.measuredAt ? -1 : a.body.measuredAt > b.body.measuredAt ? 1 : 0,
    );
  const signs = [...new Set(times.flatMap((m) => m.body.readings.map((r) => r.sign)))].sort(
    (a, b) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size),
  );
  return {
    times,
    rows: signs.map((sign) => ({
      sign,
      values: times.map((m) => m.body.readings.filter((r) => r.sign === sign).at(-1)?.value),
    })),
  };
}

/** Points of one sign over time, for the chart; fewer than two draw nothing. */
export function pointsOf(table: VitalTable, sign: string) {
  const row = table.rows.find((r) => r.sign === sign);
  return table.times.flatMap((time, i) => {
    const value = row?.values[i];
    return value === undefined ? [] : [{ atMs: Date.parse(time.body.measuredAt), value }];
  });
}

export type TypedReading =
  | { readonly read: "empty" }
  | { readonly read: "unreadable" }
  | { readonly read: "impossible" | "odd" | "usual"; readonly value: number };

/** What was typed for one sign, judged. */
export function readReading(typed: string, judge: (value: number) => Judgement): TypedReading {
  const text = readVital(typed);
  if (text.read === "empty") return { read: "empty" };
  if (text.read !== "number") return { read: "unreadable" };
  const { judged } = judge(text.value);
  return { read: judged === "ask" ? "odd" : judged, value: text.value };
}
