import type { CaseBody, Fact } from "@lientuyen/record";
import { findVitalSign } from "@lientuyen/terms";
import { VitalChart, type ChartSeries } from "@lientuyen/ui";
import { momentsIn } from "../caseView/moments.ts";
import { sayNumber } from "../caseView/terms.ts";
import { useLanguage, useFirstWords } from "../../words/index.ts";
import { bloodPressure, rowName, rowUnit, sayRow, signRows, type SignRow } from "./readings.ts";

type Taken = readonly Fact<CaseBody<"vitalSigns">>[];

/** What was measured before: each sign in one row, and drawn over time once there are two. */
export function VitalsTaken({
  taken,
  ageMonths,
}: {
  readonly taken: Taken;
  readonly ageMonths: number | undefined;
}) {
  const language = useLanguage();
  const words = useFirstWords().caseForm.vitals;
  const moments = momentsIn(language);
  const sorted = [...taken].sort((a, b) => a.body.measuredAt.localeCompare(b.body.measuredAt));
  const rows = signRows.filter((row) =>
    sorted.some((time) => sayRow(row, time.body.readings, language) !== ""),
  );
  if (rows.length === 0) return null;
  return (
    <>
      <div className="table-frame">
        <table className="table">
          <caption className="visually-hidden">{words.taken}</caption>
          <thead>
            <tr>
              <th scope="col">{words.sign}</th>
              {sorted.map((time) => (
                <th scope="col" key={time.hash}>
                  {moments.time(time.body.measuredAt)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row}>
                <th scope="row">{rowName(row, language)}</th>
                {sorted.map((time) => (
                  <td key={time.hash}>{sayRow(row, time.body.readings, language)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length < 2 ? null : (
        <details>
          <summary>{words.charts}</summary>
          <div className="vitals-charts">
            {rows.map((row) => (
              <VitalChart
                key={row}
                title={rowName(row, language)}
                unit={rowUnit(row, language)}
                series={seriesOf(row, sorted, language)}
                usual={row === bloodPressure ? undefined : usualOf(row, ageMonths)}
                timeLabel={words.time}
                sayTime={(atMs) => moments.time(new Date(atMs).toISOString())}
                sayValue={(value) => sayNumber(value, language)}
              />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

function seriesOf(row: SignRow, taken: Taken, language: "vi" | "en"): readonly ChartSeries[] {
  const signs = row === bloodPressure ? ["systolic", "diastolic"] : [row];
  return signs.map((sign) => ({
    label: findVitalSign(sign)?.[language] ?? sign,
    points: taken.flatMap((time) =>
      time.body.readings
        .filter((reading) => reading.sign === sign)
        .map((reading) => ({ atMs: Date.parse(time.body.measuredAt), value: reading.value })),
    ),
  }));
}

/** The range in which nothing is asked, at this age. */
function usualOf(
  sign: string,
  ageMonths: number | undefined,
): { readonly low: number; readonly high: number } | undefined {
  if (ageMonths === undefined) return undefined;
  const range = [...(findVitalSign(sign)?.ranges ?? [])]
    .reverse()
    .find((row) => row.fromMonths <= ageMonths);
  return range === undefined ? undefined : { low: range.ask[0], high: range.ask[1] };
}
