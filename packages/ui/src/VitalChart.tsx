import { useId } from "react";

export interface ChartPoint {
  readonly atMs: number;
  readonly value: number;
}
export interface ChartSeries {
  readonly label: string;
  readonly points: readonly ChartPoint[];
}
export interface VitalChartProps {
  /** One sign, or two that belong together (systolic and diastolic). */
  readonly title: string;
  readonly unit: string;
  readonly series: readonly ChartSeries[];
  /** Usual range, drawn as a band. */
  readonly usual?: { readonly low: number; readonly high: number } | undefined;
  readonly sayTime: (atMs: number) => string;
  readonly sayValue: (value: number) => string;
  readonly timeLabel: string;
}

const width = 320;
const height = 140;
const pad = { left: 36, right: 12, top: 18, bottom: 24 };

/** A sign over time as SVG, with the same numbers in a table beside it for whoever cannot see the line. */
export function VitalChart(props: VitalChartProps) {
  const id = useId();
  const all = props.series.flatMap((line) => line.points);
  if (all.length === 0) return null;
  const scale = scaleOf(all, props.usual);
  const first = props.series[0]?.points[0];
  const last = props.series[0]?.points[props.series[0].points.length - 1];
  return (
    <figure aria-labelledby={id}>
      <figcaption id={id} className="small">
        <strong>{props.title}</strong> <span className="muted">({props.unit})</span>
      </figcaption>
      <svg
        className="chart"
        viewBox={`0 0 ${width} ${height}`}
        aria-hidden="true"
        focusable="false"
      >
        {props.usual === undefined ? null : (
          <Band scale={scale} low={props.usual.low} high={props.usual.high} />
        )}
        <line
          className="chart-axis"
          x1={pad.left}
          y1={height - pad.bottom}
          x2={width - pad.right}
          y2={height - pad.bottom}
        />
        <text className="chart-text" x={pad.left - 4} y={scale.y(scale.high) + 4} textAnchor="end">
          {props.sayValue(scale.high)}
        </text>
        <text className="chart-text" x={pad.left - 4} y={scale.y(scale.low) + 4} textAnchor="end">
          {props.sayValue(scale.low)}
        </text>
        {first === undefined ? null : (
          <text className="chart-text" x={pad.left} y={height - 6}>
            {props.sayTime(first.atMs)}
          </text>
        )}
        {last === undefined || last === first ? null : (
          <text className="chart-text" x={width - pad.right} y={height - 6} textAnchor="end">
            {props.sayTime(last.atMs)}
          </text>
        )}
        {props.series.map((line, index) => (
          <Line
            key={line.label}
            line={line}
            scale={scale}
            second={index > 0}
            sayValue={props.sayValue}
          />
        ))}
      </svg>
      <ChartTable {...props} />
    </figure>
  );
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly x: (atMs: number) => number;
  readonly y: (value: number) => number;
}

function scaleOf(points: readonly ChartPoint[], usual: VitalChartProps["usual"]): Scale {
  const values = points.map((point) => point.value);
  if (usual !== undefined) values.push(usual.low, usual.high);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const times = points.map((point) => point.atMs);
  const from = Math.min(...times);
  const span = Math.max(...times) - from;
  const range = high === low ? 1 : high - low;
  return {
    low,
    high,
    x: (atMs) =>
      span === 0
        ? (pad.left + width - pad.right) / 2
        : pad.left + 8 + ((atMs - from) / span) * (width - pad.left - pad.right - 16),
    y: (value) => pad.top + (1 - (value - low) / range) * (height - pad.top - pad.bottom),
  };
}

function Band({
  scale,
  low,
  high,
}: {
  readonly scale: Scale;
  readonly low: number;
  readonly high: number;
}) {
  return (
    <rect
      className="chart-band"
      x={pad.left}
      width={width - pad.left - pad.right}
      y={scale.y(high)}
      height={Math.max(1, scale.y(low) - scale.y(high))}
    />
  );
}

function Line({
  line,
  scale,
  second,
  sayValue,
}: {
  readonly line: ChartSeries;
  readonly scale: Scale;
  readonly second: boolean;
  readonly sayValue: (value: number) => string;
}) {
  const path = line.points
    .map(
      (point, index) =>
        `${index === 0 ? "M" : "L"}${scale.x(point.atMs).toFixed(1)} ${scale.y(point.value).toFixed(1)}`,
    )
    .join("");
  return (
    <g className={second ? "chart-second" : undefined}>
      <path className="chart-line" d={path} />
      {line.points.map((point, index) => (
        <g key={index}>
          <circle
            className="chart-point"
            cx={scale.x(point.atMs)}
            cy={scale.y(point.value)}
            r={3.5}
          />
          <text
            className="chart-value"
            x={scale.x(point.atMs)}
            y={scale.y(point.value) - 8}
            textAnchor="middle"
          >
            {sayValue(point.value)}
          </text>
        </g>
      ))}
    </g>
  );
}

function ChartTable({ series, unit, sayTime, sayValue, timeLabel, title }: VitalChartProps) {
  const times = [...new Set(series.flatMap((line) => line.points.map((point) => point.atMs)))].sort(
    (a, b) => a - b,
  );
  return (
    <table className="visually-hidden">
      <caption>
        {title} ({unit})
      </caption>
      <thead>
        <tr>
          <th scope="col">{timeLabel}</th>
          {series.map((line) => (
            <th scope="col" key={line.label}>
              {line.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((atMs) => (
          <tr key={atMs}>
            <th scope="row">{sayTime(atMs)}</th>
            {series.map((line) => {
              const point = line.points.find((candidate) => candidate.atMs === atMs);
              return <td key={line.label}>{point === undefined ? "" : sayValue(point.value)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
