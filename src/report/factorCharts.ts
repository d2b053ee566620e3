/**
 * Charts of many scenarios that fill no small grid, such as random designs: along each factor the median and the middle
 * four fifths of what was found, its values put together into at most two dozen groups.
 */
import type { Chart } from './chart.ts';
import { categoryColors } from './colors.ts';
import type { ChartRow, HeatmapAxis } from './heatmap.ts';
import { quantile } from './quantile.ts';
import type { LayerSpec } from './vegaTypes.ts';

const mostGroups = 24;

const measures = [
  { column: 'total_cost', name: 'cost-by-factor', title: 'Total cost ($)' },
  { column: 'total_gpus', name: 'gpus-by-factor', title: 'GPUs rented' },
  { column: 'total_unmet_fraction', name: 'unmet-by-factor', title: 'Unmet share, sum over query types' },
];

/** None without a factor that varies. */
export function factorCharts(title: string, axes: readonly HeatmapAxis[], rows: readonly ChartRow[]): Chart[] {
  const withPlan = rows.filter((row) => typeof row.total_cost === 'number');
  if (axes.length === 0 || withPlan.length === 0) return [];
  const told = withPlan.length === rows.length ? '' : ` of the ${withPlan.length} of ${rows.length} with a plan`;
  return measures.map((measure) => {
    const heading = `${title}: ${measure.title}, median and middle 80 %${told}`;
    return {
      name: measure.name,
      title: heading,
      spec: {
        title: { text: heading, offset: 18 },
        columns: 2,
        concat: axes.map((axis) => spread(axis, withPlan, measure)),
        spacing: { row: 34, column: 60 },
      },
    };
  });
}

/** The lines along one factor. */
function spread(axis: HeatmapAxis, rows: readonly ChartRow[], measure: { column: string; title: string }): LayerSpec {
  const isNumeric = axis.values.every((value) => typeof value === 'number');
  const groups = groupsOf(axis, rows);
  const values = groups.map((group) => {
    const found = group.map((row) => row[measure.column] as number).sort((a, b) => a - b);
    const factor = group.map((row) => row[axis.column]);
    const x = isNumeric ? (factor as number[]).reduce((sum, each) => sum + each, 0) / factor.length : factor[0];
    return { x, low: quantile(found, 0.1), median: quantile(found, 0.5), high: quantile(found, 0.9) };
  });
  const x = {
    field: 'x',
    type: isNumeric ? 'quantitative' : 'ordinal',
    title: axis.label,
    scale: { zero: false },
    ...(isNumeric ? {} : { sort: axis.values.map(String) }),
  };
  const y = { type: 'quantitative', title: measure.title, scale: { zero: false } };
  return {
    width: 360,
    height: 240,
    data: { values },
    layer: [
      {
        mark: isNumeric
          ? { type: 'area', color: categoryColors.skyBlue, opacity: 0.35 }
          : { type: 'rule', color: categoryColors.skyBlue, strokeWidth: 6, opacity: 0.5 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        mark: isNumeric
          ? { type: 'line', color: categoryColors.blue, point: { size: 24, color: categoryColors.blue } }
          : { type: 'point', color: categoryColors.blue, filled: true, size: 40 },
        encoding: { x, y: { ...y, field: 'median' } },
      },
    ],
  };
}

/** Rows by value of the factor; neighbouring values of a long axis together. */
function groupsOf({ column, values }: HeatmapAxis, rows: readonly ChartRow[]): ChartRow[][] {
  const groupOf = new Map(
    values.map((value, v) => [value, Math.floor((v * Math.min(mostGroups, values.length)) / values.length)]),
  );
  const groups: ChartRow[][] = [];
  for (const row of rows) {
    const group = groupOf.get(row[column] as number | string)!;
    groups[group] ??= [];
    groups[group].push(row);
  }
  return groups.filter((group) => group !== undefined);
}
