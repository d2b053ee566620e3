/** A heatmap of one figure over two factors, cells without a plan marked instead of coloured. */
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
      mark: known ? '' : row.status === 'infeasible' ? '×' : '?',
      status: row.status ?? '',
    };
  });
  const finite = values.flatMap(({ value }) => (value === null ? [] : [value]));
  // Without any value the scale is never drawn, but must still be one.
  const low = finite.length === 0 ? 0 : Math.min(...finite);
  const high = finite.length === 0 ? 0 : Math.max(...finite);
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
  // Counts: a tick between two whole numbers would be labelled as one of them.
  const wholeTicks = figure.format === 'd' ? { tickMinStep: 1 } : {};
  const layers: UnitSpec[] = [
    {
      transform: [{ filter: 'datum.value === null' }],
      mark: { type: 'rect', fill: '#eeeeee', stroke: '#bbbbbb', strokeWidth: 0.5 },
      encoding: position,
    },
    {
      transform: [{ filter: 'datum.value !== null' }],
      mark: { type: 'rect', stroke: 'white', strokeWidth: 0.5, tooltip: true },
      encoding: {
        ...position,
        color: {
          field: 'value',
          type: 'quantitative',
          title: null,
          scale: { scheme: 'viridis', ...(low === high ? { domain: [low - 1, high + 1] } : { domain: [low, high] }) },
          legend: { format: figure.format, gradientLength: cellHeight * y.values.length, tickCount: 5, ...wholeTicks },
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
        // Viridis is dark at its low end: white text there, black on the bright end.
        color: { condition: { test: `datum.value > ${low + 0.55 * (high - low)}`, value: 'black' }, value: 'white' },
      },
    });
  }
  return {
    title: figure.title,
    width,
    height: cellHeight * y.values.length,
    data: { values },
    layer: layers,
    resolve: { scale: { color: 'independent' } },
  };
}
