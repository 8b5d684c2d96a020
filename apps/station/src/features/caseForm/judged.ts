import type { CaseBody } from "@lientuyen/record";
import { findVitalSign, judgeReading, readVital } from "@lientuyen/terms";
import { bloodPressure, signRows, type SignRow } from "./readings.ts";

type Reading = CaseBody<"vitalSigns">["readings"][number];

/** What is wrong with a typed value, at its field. */
export type Fault =
  | { readonly what: "notANumber" }
  | { readonly what: "pairExpected" }
  | { readonly what: "pairTurned" }
  | {
      readonly what: "impossible";
      readonly low: number;
      readonly high: number;
      readonly suggestion: number | undefined;
    }
  /** Unusual: right, or mistyped? */
  | {
      readonly what: "ask";
      readonly sign: string;
      readonly value: number;
      readonly suggestion: number | undefined;
    };

export type RowJudgement = {
  readonly readings: readonly Reading[];
  readonly fault: Fault | undefined;
};

/** One row as typed. `confirmed` holds `sign=value` pairs that the author said are right. */
export function judgeRow(
  row: SignRow,
  typed: string,
  ageMonths: number | undefined,
  confirmed: readonly string[],
): RowJudgement {
  const read = readVital(typed);
  if (read.read === "empty") return { readings: [], fault: undefined };
  if (read.read === "notANumber") return { readings: [], fault: { what: "notANumber" } };
  if (row === bloodPressure) {
    if (read.read === "number") return { readings: [], fault: { what: "pairExpected" } };
    if (read.diastolic >= read.systolic) return { readings: [], fault: { what: "pairTurned" } };
    return both(
      judgeOne("systolic", read.systolic, ageMonths, confirmed),
      judgeOne("diastolic", read.diastolic, ageMonths, confirmed),
    );
  }
  return read.read === "pair"
    ? { readings: [], fault: { what: "notANumber" } }
    : judgeOne(row, read.value, ageMonths, confirmed);
}

function judgeOne(
  sign: string,
  value: number,
  ageMonths: number | undefined,
  confirmed: readonly string[],
): RowJudgement {
  const judged = judgeReading(sign, value, ageMonths);
  if (judged.judged === "usual") return { readings: [{ sign, value }], fault: undefined };
  if (judged.judged === "impossible") {
    const [low, high] = findVitalSign(sign)?.possible ?? [0, 0];
    return {
      readings: [],
      fault: { what: "impossible", low, high, suggestion: judged.suggestion },
    };
  }
  if (confirmed.includes(confirmation(sign, value)))
    return { readings: [{ sign, value, confirmed: true }], fault: undefined };
  return { readings: [], fault: { what: "ask", sign, value, suggestion: judged.suggestion } };
}

function both(high: RowJudgement, low: RowJudgement): RowJudgement {
  const fault = high.fault ?? low.fault;
  return fault === undefined
    ? { readings: [...high.readings, ...low.readings], fault }
    : { readings: [], fault };
}

export const confirmation = (sign: string, value: number): string => `${sign}=${value}`;

export interface Judged {
  readonly readings: readonly Reading[];
  readonly faults: Readonly<Record<SignRow, Fault | undefined>>;
  readonly first: SignRow | undefined;
}

export function judgeAll(
  texts: Readonly<Record<string, string>>,
  ageMonths: number | undefined,
  confirmed: readonly string[],
): Judged {
  const rows = signRows.map((row) => ({
    row,
    ...judgeRow(row, texts[row] ?? "", ageMonths, confirmed),
  }));
  return {
    readings: rows.flatMap((row) => row.readings),
    faults: Object.fromEntries(rows.map((row) => [row.row, row.fault])),
    first: rows.find((row) => row.fault !== undefined)?.row,
  };
}
