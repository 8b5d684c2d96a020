import type { CaseView } from "@lientuyen/record";
import { vitalUnit } from "@lientuyen/terms";
import { Tag, VitalChart } from "@lientuyen/ui";
import { MendButton } from "./Mend.tsx";
import type { Talk } from "./talk.ts";
import { sayNumber, signName } from "./terms.ts";
import { pointsOf, vitalTable, type VitalTable } from "./vitals.ts";

/** Signs drawn as lines; the two pressures share one picture. */
const charts: readonly (readonly string[])[] = [
  ["pulse"],
  ["systolic", "diastolic"],
  ["spo2"],
  ["respirations"],
  ["temperature"],
];

/** All measurements in one table, and what was measured more than once as a line. */
export function VitalSigns({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const table = vitalTable(view.vitalSigns);
  return (
    <>
      <VitalSignsTable table={table} talk={talk} />
      <div className="charts">
        {charts.map((signs) => (
          <Chart key={signs.join()} signs={signs} table={table} talk={talk} />
        ))}
      </div>
      <p className="row vital-times">
        {table.times.map((time) => (
          <span key={time.hash} className="row small">
            {talk.moments.short(time.body.measuredAt, talk.nowMs)}
            {time.correctedBy === undefined ? null : <Tag>{talk.words.caseView.corrected}</Tag>}
            <MendButton view={view} target={time.hash} talk={talk} />
          </span>
        ))}
      </p>
    </>
  );
}

export function VitalSignsTable({
  table,
  talk,
}: {
  readonly table: VitalTable;
  readonly talk: Talk;
}) {
  const { print, caseView } = talk.words;
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={caseView.vitalSigns}>
      <table className="table vital-table">
        <thead>
          <tr>
            <th scope="col">{print.sign}</th>
            {table.times.map((time) => (
              <th scope="col" key={time.hash}>
                {talk.moments.short(time.body.measuredAt, talk.nowMs)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.sign}>
              <th scope="row">
                <span className="vital-name">{signName(row.sign, talk.language)}</span>
                <span className="muted small">{vitalUnit(row.sign, talk.language)}</span>
              </th>
              {row.values.map((value, i) => (
                <td key={table.times[i]?.hash ?? i} className="number">
                  {value === undefined ? "" : sayNumber(value, talk.language)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Chart({
  signs,
  table,
  talk,
}: {
  readonly signs: readonly string[];
  readonly table: VitalTable;
  readonly talk: Talk;
}) {
  const series = signs
    .map((sign) => ({ label: signName(sign, talk.language), points: pointsOf(table, sign) }))
    .filter((s) => s.points.length > 1);
  const [first] = signs;
  if (series.length === 0 || first === undefined) return null;
  return (
    <VitalChart
      title={series.map((s) => s.label).join(" / ")}
      unit={vitalUnit(first, talk.language)}
      series={series}
      sayTime={(atMs) => talk.moments.short(new Date(atMs).toISOString(), talk.nowMs)}
      sayValue={(value) => sayNumber(value, talk.language)}
      timeLabel={talk.words.timeline.receivedAt}
    />
  );
}
