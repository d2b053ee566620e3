/** A heatmap of one figure over two factors, cells without a plan marked instead of coloured. */
import { quantile } from './quantile.ts';
import type { LayerSpec, UnitSpec } from './vegaTypes.ts';

export interface HeatmapAxis {
  readonly column: string;
  readonly label: string;
  readonly values: readonly (number | string)[];
}

export interface HeatmapFigure {
  readonly column: string;
  readonly title: string;
  /** d3-format of the numbers in the cells. */
  readonly format: string;
  /** Multiplies the column before drawing, such as 100 for percent. Default 1. */
  readonly scale?: number;
}

export type ChartRow = Readonly<Record<string, number | string | null>>;

/** Above this many columns, numbers in the cells would overlap. */
const mostLabelledColumns = 14;
/** Colours of a scale by rank. */
const ranks = 9;
/** Where nine tenths of the values lie within this share of their range, one far off would make the rest look alike. */
const crowdedShare = 0.25;
/** Steps of the legend between the least and the most, about. */
const legendSteps = 4;
const cellWidth = 46;
const cellHeight = 30;

/** `x` runs along the last axis, `y` along the first, smallest value at the bottom. */
export function heatmap(rows: readonly ChartRow[], y: HeatmapAxis, x: HeatmapAxis, figure: HeatmapFigure): LayerSpec {
  const scale = figure.scale ?? 1;
  const values = rows.map((row) => {
    const value = row[figure.column];
    const known = typeof value === 'number';
    return {
      x: String(row[x.column]),
      y: String(row[y.column]),
      value: known ? value * scale : null,
      mark: known ? '' : markOf(row),
      status: row.status ?? '',
    };
  });
  const finite = values.flatMap(({ value }) => (value === null ? [] : [value]));
  // Without any value the scale is never drawn, but must still be one.
  const low = finite.length === 0 ? 0 : Math.min(...finite);
  const high = finite.length === 0 ? 0 : Math.max(...finite);
  const sorted = finite.toSorted((a, b) => a - b);
  const isCrowded = isCrowdedAt(sorted, low, high);
  // Viridis is dark at its low end: white text there, black on the bright end.
  const bright = isCrowded ? quantile(sorted, 0.6) : low + 0.55 * (high - low);
  const linear = low === high ? [low - 1, high + 1] : [low, high];
  const colors = isCrowded
    ? { type: 'quantile', scheme: { name: 'viridis', count: ranks } }
    : { scheme: 'viridis', domain: linear };
  const width = Math.max(cellWidth * x.values.length, 200);
  const xEncoding = {
    field: 'x',
    type: 'ordinal',
    sort: x.values.map(String),
    title: x.label,
    axis: { labelAngle: 0 },
  };
  const yEncoding = { field: 'y', type: 'ordinal', sort: [...y.values].reverse().map(String), title: y.label };
  const position = { x: xEncoding, y: yEncoding };
  const gradient = {
    format: figure.format,
    gradientLength: cellHeight * y.values.length,
    values: legendValues(low, high, figure.format),
  };
  const layers: UnitSpec[] = [
    {
      transform: [{ filter: 'datum.value === null' }],
      mark: { type: 'rect', fill: '#eeeeee', stroke: '#bbbbbb', strokeWidth: 0.5 },
      encoding: position,
    },
    {
      transform: [{ filter: 'datum.value !== null' }],
      mark: { type: 'rect', ...(x.values.length <= mostLabelledColumns && { stroke: 'white', strokeWidth: 0.5 }) },
      encoding: {
        ...position,
        color: {
          field: 'value',
          type: 'quantitative',
          title: null,
          scale: colors,
          // Where all cells are alike there is nothing to tell apart.
          legend: low === high ? null : isCrowded ? { format: figure.format } : gradient,
        },
      },
    },
    {
      transform: [{ filter: 'datum.value === null' }],
      mark: { type: 'text', fontSize: 13, color: '#555555' },
      encoding: { ...position, text: { field: 'mark' } },
    },
  ];
  if (x.values.length <= mostLabelledColumns) {
    layers.push({
      transform: [{ filter: 'datum.value !== null' }],
      mark: { type: 'text', fontSize: 10 },
      encoding: {
        ...position,
        text: { field: 'value', type: 'quantitative', format: figure.format },
        color: { condition: { test: `datum.value > ${bright}`, value: 'black' }, value: 'white' },
      },
    });
  }
  return {
    title: isCrowded ? `${figure.title}, coloured by rank` : figure.title,
    width,
    height: cellHeight * y.values.length,
    data: { values },
    layer: layers,
    resolve: { scale: { color: 'independent' } },
  };
}

/** Round values that `format` (a d3-format with decimals, or `d`) does not write alike. */
function legendValues(low: number, high: number, format: string): number[] {
  const decimals = Number(/\.(\d)f$/.exec(format)?.[1] ?? 0);
  const rough = (high - low) / legendSteps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [10, 5, 2].find((factor) => rough / power >= factor / Math.SQRT2) ?? 1;
  const step = Math.max(round * power, 10 ** -decimals);
  const first = Math.ceil(low / step - 1e-9);
  const values = Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, t) => (first + t) * step);
  return values.length < 2 ? [low, high] : values;
}

/** What a cell without a value has in its place; a plan may have none where there is no limit to measure it by. */
function markOf({ status, total_cost }: ChartRow): string {
  if (typeof total_cost === 'number') return '–';
  return status === 'infeasible' ? '×' : '?';
}

/** Whether some cell has a value, and one that is not nothing. */
export function hasContent(rows: readonly ChartRow[], { column }: HeatmapFigure): boolean {
  return rows.some((row) => typeof row[column] === 'number' && row[column] !== 0);
}

/**
 * Of ascending numbers: whether most of them lie close together at one end of the range, for which one far off stands.
 */
function isCrowdedAt(sorted: readonly number[], low: number, high: number): boolean {
  if (new Set(sorted).size < ranks) return false;
  const crowd = crowdedShare * (high - low);
  return quantile(sorted, 0.9) - low < crowd || high - quantile(sorted, 0.1) < crowd;
}
