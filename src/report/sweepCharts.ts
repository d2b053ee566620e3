/**
 * The charts of a sweep: heatmaps of costs, use and TP degrees, trend lines along both factors, stacked cost breakdown,
 * and TP distribution. Every figure of the published scripts is here under its meaning; see docs/sweeps.md.
 */
import { degreesIn } from '../analysis/sweepRow.ts';
import type { Chart } from './chart.ts';
import { categoryColors, costPartColors } from './colors.ts';
import { type ChartRow, type HeatmapAxis, type HeatmapFigure, hasContent, heatmap } from './heatmap.ts';
import type { ChartSpec, LayerSpec } from './vegaTypes.ts';

/** How many scenarios the stacked bars show: as many as stay readable side by side. */
const mostBars = 10;
/** Of them without a plan, where there are any. */
const fewestMarked = 2;

/** Of TP degrees from the least up; with more degrees than colours they begin anew. */
const degreeColors = [
  categoryColors.skyBlue,
  categoryColors.blue,
  categoryColors.orange,
  categoryColors.vermilion,
  categoryColors.green,
  categoryColors.purple,
  categoryColors.grey,
];

const figures = {
  total: { column: 'total_cost', title: 'Total cost ($)', format: ',.0f' },
  rental: { column: 'C1_rental', title: 'Rental cost ($)', format: ',.0f' },
  unmet: { column: 'C4_unmet', title: 'Unmet demand cost ($)', format: ',.1f' },
  delayCost: { column: 'C3_robust_delay', title: 'Delay penalty ($)', format: ',.0f' },
  storage: { column: 'C2_storage', title: 'Storage cost ($)', format: ',.1f' },
  budgetUse: { column: 'budget_utilization', title: 'Budget use (%)', format: '.0f', scale: 100 },
  gpus: { column: 'total_gpus', title: 'GPUs rented', format: 'd' },
  delay: { column: 'avg_delay', title: 'Worst-case delay, mean over query types (ms)', format: ',.0f' },
  error: { column: 'avg_error', title: 'Worst-case error, mean over query types (%)', format: '.2f', scale: 100 },
  unmetShare: { column: 'total_unmet_fraction', title: 'Unmet share, sum over query types', format: '.3f' },
  delayUse: { column: 'avg_delay_utilization', title: 'Use of the delay limit, mean (%)', format: '.0f', scale: 100 },
  delayUseMost: {
    column: 'max_delay_utilization',
    title: 'Use of the delay limit, largest (%)',
    format: '.0f',
    scale: 100,
  },
  errorUse: { column: 'avg_error_utilization', title: 'Use of the error limit, mean (%)', format: '.0f', scale: 100 },
  errorUseMost: {
    column: 'max_error_utilization',
    title: 'Use of the error limit, largest (%)',
    format: '.0f',
    scale: 100,
  },
  memoryUse: { column: 'avg_memory_util', title: 'GPU memory use, mean (%)', format: '.0f', scale: 100 },
  memoryUseMost: { column: 'max_memory_util', title: 'GPU memory use, largest (%)', format: '.0f', scale: 100 },
  rentalShare: { column: 'C1_pct', title: 'Rental, share of cost (%)', format: '.1f' },
  storageShare: { column: 'C2_pct', title: 'Storage, share of cost (%)', format: '.1f' },
  delayShare: { column: 'C3_pct', title: 'Delay penalty, share of cost (%)', format: '.1f' },
  unmetCostShare: { column: 'C4_pct', title: 'Unmet demand, share of cost (%)', format: '.1f' },
  averageDegree: { column: 'avg_tp_degree', title: 'TP degree, mean weighted by GPUs', format: '.2f' },
  deployments: { column: 'num_gpu_configs', title: 'Deployments, all TP degrees', format: 'd' },
} satisfies Record<string, HeatmapFigure>;

/** What a column of a sweep is called in charts, and by how much it is multiplied there. */
export function columnWords(column: string): { readonly heading: string; readonly scale: number } | null {
  const found: HeatmapFigure | undefined = Object.values(figures).find((figure) => figure.column === column);
  return found === undefined ? null : { heading: found.title, scale: found.scale ?? 1 };
}

const costParts = [
  { column: 'C1_rental', part: 'Rental' },
  { column: 'C2_storage', part: 'Storage' },
  { column: 'C3_robust_delay', part: 'Delay penalty' },
  { column: 'C4_unmet', part: 'Unmet demand' },
];

/**
 * All charts of a sweep; `rows` are its cells, `axes` its factors. One factor gives lines and bars, two or more also
 * heatmaps. Where no cell has a plan there are no lines and bars.
 */
export function sweepCharts(title: string, axes: readonly HeatmapAxis[], rows: readonly ChartRow[]): Chart[] {
  if (axes.length === 1) return linesAndBars(title, axes, rows, '');
  const charts: Chart[] = [];
  for (const { suffix, rows: slice, caption } of slices(axes, rows)) {
    const [y, x] = axes as [HeatmapAxis, HeatmapAxis];
    const heading = caption === '' ? title : `${title}, ${caption}`;
    // A figure that says nothing anywhere is left out, but for the one that tells which cells have a plan.
    const grid = (name: string, subtitle: string, list: readonly HeatmapFigure[]): Chart[] => {
      const shown = list.filter((figure) => figure === figures.total || hasContent(slice, figure));
      const title = `${heading}: ${subtitle}`;
      const pieces = shown.map((figure) => heatmap(slice, y, x, figure));
      return shown.length === 0 ? [] : [{ name: `${name}${suffix}`, title, spec: concatenate(title, pieces) }];
    };
    charts.push(
      ...grid('cost-heatmaps', 'costs', [figures.total, figures.rental, figures.delayCost, figures.unmet]),
      ...grid('resource-heatmaps', 'budget, GPUs and memory', [
        figures.budgetUse,
        figures.gpus,
        figures.memoryUse,
        figures.memoryUseMost,
      ]),
      ...grid('service-heatmaps', 'delay, error and unmet demand', [
        figures.delay,
        figures.error,
        figures.unmetShare,
        figures.storage,
      ]),
      ...grid('limit-use-heatmaps', 'use of the delay and error limits', [
        figures.delayUse,
        figures.delayUseMost,
        figures.errorUse,
        figures.errorUseMost,
      ]),
      ...grid('cost-share-heatmaps', 'shares of the cost', [
        figures.rentalShare,
        figures.storageShare,
        figures.delayShare,
        figures.unmetCostShare,
      ]),
      ...grid('tp-heatmaps', 'tensor parallelism', [
        figures.averageDegree,
        figures.deployments,
        ...degreesIn(rows).map(
          (degree): HeatmapFigure => ({
            column: `tp_${degree}_count`,
            title: `Deployments with TP ${degree}`,
            format: 'd',
          }),
        ),
      ]),
      ...linesAndBars(heading, axes, slice, suffix),
    );
  }
  return charts;
}

function linesAndBars(title: string, axes: readonly HeatmapAxis[], rows: readonly ChartRow[], suffix: string): Chart[] {
  if (!rows.some(hasPlan)) return [];
  return [trendChart(title, axes.slice(0, 2), rows), breakdownChart(title, axes, rows), tpBars(title, axes, rows)].map(
    (chart) => ({ ...chart, name: `${chart.name}${suffix}` }),
  );
}

function hasPlan(row: ChartRow): boolean {
  return typeof row.total_cost === 'number';
}

/** Rows by the values of the third and further axes; one slice without them. */
function slices(axes: readonly HeatmapAxis[], rows: readonly ChartRow[]) {
  const others = axes.slice(2);
  const groups = new Map<string, ChartRow[]>();
  for (const row of rows) {
    const caption = others.map((axis) => `${axis.label} ${row[axis.column]}`).join(', ');
    groups.set(caption, [...(groups.get(caption) ?? []), row]);
  }
  return [...groups].map(([caption, slice], t) => ({
    caption,
    rows: slice,
    suffix: groups.size > 1 ? `-${t + 1}` : '',
  }));
}

function concatenate(title: string, pieces: readonly LayerSpec[]): ChartSpec {
  return {
    title: { text: title, offset: 18 },
    columns: 2,
    concat: pieces,
    spacing: { row: 34, column: 60 },
    resolve: { scale: { color: 'independent' }, legend: { color: 'independent' } },
  };
}

/** Total cost and its parts along each factor; the other factor gives the lines of the total. */
function trendChart(title: string, axes: readonly HeatmapAxis[], rows: readonly ChartRow[]): Chart {
  const pieces = axes.map((x, a): LayerSpec => {
    const other = axes[1 - a];
    const numeric = x.values.every((value) => typeof value === 'number');
    const values = rows.map((row) => ({
      x: row[x.column],
      cost: typeof row.total_cost === 'number' ? row.total_cost : null,
      line: other === undefined ? 'Total' : String(row[other.column]),
    }));
    return {
      width: 360,
      height: 260,
      data: { values },
      mark: { type: 'line', point: { size: 28 }, strokeWidth: 1.6 },
      encoding: {
        x: {
          field: 'x',
          type: numeric ? 'quantitative' : 'ordinal',
          title: x.label,
          scale: { zero: false, nice: false, padding: 8 },
          // One tick for each value of the factor: rounded labels would let two of them read the same.
          axis: { values: [...x.values], labelOverlap: true, labelAngle: 0, ...(numeric ? { format: '.6~g' } : {}) },
        },
        y: { field: 'cost', type: 'quantitative', title: 'Total cost ($)', scale: { zero: false } },
        ...(other === undefined
          ? {}
          : {
              color: {
                field: 'line',
                type: 'ordinal',
                sort: other.values.map(String),
                title: other.label,
                scale: { scheme: 'viridis' },
              },
            }),
      },
    };
  });
  return { name: 'cost-trends', title: `${title}: cost trends`, spec: concatenate(`${title}: cost trends`, pieces) };
}

/** Up to ten scenarios in their order, spread evenly over those with a plan; of those without one a few at least. */
function chosenRows(rows: readonly ChartRow[]): readonly ChartRow[] {
  if (rows.length <= mostBars) return rows;
  const withPlan = rows.filter(hasPlan);
  const without = rows.filter((row) => !hasPlan(row));
  const marked = Math.min(without.length, Math.max(fewestMarked, mostBars - withPlan.length));
  const chosen = new Set([...spread(without, marked), ...spread(withPlan, mostBars - marked)]);
  return rows.filter((row) => chosen.has(row));
}

function spread(rows: readonly ChartRow[], most: number): readonly ChartRow[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, t) => rows[Math.round((t * (rows.length - 1)) / Math.max(1, most - 1))]);
}

/** The axis of bars: each scenario by the values of its factors. */
function scenarioAxis(axes: readonly HeatmapAxis[], chosen: readonly ChartRow[]) {
  return {
    field: 'scenario',
    type: 'ordinal',
    scale: { domain: chosen.map((row) => scenarioLabel(axes, row)) },
    title: axes.map((axis) => axis.label).join(' | '),
    axis: { labelAngle: -40 },
  };
}

/** What a title says where scenarios are left out. */
function shownText(chosen: readonly ChartRow[], rows: readonly ChartRow[]): string {
  return chosen.length === rows.length ? '' : ` (${chosen.length} of ${rows.length} scenarios)`;
}

/** In place of the bars of scenarios without a plan: the marks that heatmaps have. */
function missingMarks(axes: readonly HeatmapAxis[], chosen: readonly ChartRow[]): LayerSpec {
  const values = chosen.flatMap((row) =>
    hasPlan(row)
      ? []
      : [{ scenario: scenarioLabel(axes, row), mark: row.status === 'infeasible' ? '× infeasible' : '? stopped' }],
  );
  return {
    data: { values },
    mark: { type: 'text', angle: 270, align: 'left', baseline: 'middle', color: '#555555', fontSize: 11, dx: 4 },
    encoding: { x: scenarioAxis(axes, chosen), y: { datum: 0, type: 'quantitative' }, text: { field: 'mark' } },
  };
}

function scenarioLabel(axes: readonly HeatmapAxis[], row: ChartRow): string {
  return axes.map((axis) => String(row[axis.column])).join(' | ');
}

function breakdownChart(title: string, axes: readonly HeatmapAxis[], rows: readonly ChartRow[]): Chart {
  const chosen = chosenRows(rows);
  const values = chosen.filter(hasPlan).flatMap((row) =>
    costParts.map(({ column, part }, order) => ({
      scenario: scenarioLabel(axes, row),
      part,
      order,
      cost: row[column],
    })),
  );
  const heading = `${title}: cost breakdown${shownText(chosen, rows)}`;
  const bars: LayerSpec = {
    data: { values },
    mark: { type: 'bar', stroke: 'white', strokeWidth: 0.5 },
    encoding: {
      x: scenarioAxis(axes, chosen),
      y: { field: 'cost', type: 'quantitative', title: 'Cost ($)' },
      order: { field: 'order' },
      color: {
        field: 'part',
        type: 'nominal',
        sort: costParts.map(({ part }) => part),
        title: 'Part of the cost',
        scale: { domain: Object.keys(costPartColors), range: Object.values(costPartColors) },
      },
    },
  };
  return {
    name: 'cost-breakdown',
    title: heading,
    spec: {
      title: heading,
      width: Math.max(320, 62 * chosen.length),
      height: 300,
      layer: [bars, missingMarks(axes, chosen)],
    },
  };
}

/** Deployments by TP degree in up to ten scenarios, with the mean degree as a line on its own axis. */
function tpBars(title: string, axes: readonly HeatmapAxis[], rows: readonly ChartRow[]): Chart {
  const chosen = chosenRows(rows);
  const degrees = degreesIn(rows);
  const heading = `${title}: TP degrees${shownText(chosen, rows)}`;
  const withPlan = chosen.filter(hasPlan);
  const bars = withPlan.flatMap((row) =>
    degrees.map((degree) => ({
      scenario: scenarioLabel(axes, row),
      degree: `TP ${degree}`,
      deployments: row[`tp_${degree}_count`],
    })),
  );
  const means = withPlan.map((row) => ({ scenario: scenarioLabel(axes, row), mean: row.avg_tp_degree }));
  const x = scenarioAxis(axes, chosen);
  const deployed: LayerSpec = {
    data: { values: bars },
    mark: { type: 'bar', stroke: 'white', strokeWidth: 0.5 },
    encoding: {
      x,
      y: { field: 'deployments', type: 'quantitative', title: 'Deployments', axis: { tickMinStep: 1, format: 'd' } },
      color: {
        field: 'degree',
        type: 'nominal',
        title: 'TP degree',
        scale: { domain: degrees.map((degree) => `TP ${degree}`), range: degreeColors },
      },
    },
  };
  return {
    name: 'tp-distribution',
    title: heading,
    spec: {
      title: heading,
      width: Math.max(320, 62 * chosen.length),
      height: 300,
      layer: [
        // Together, so that marks stand on the axis of the bars.
        { layer: [deployed, missingMarks(axes, chosen)] },
        {
          data: { values: means },
          mark: { type: 'line', point: { filled: true, size: 45, color: 'black' }, color: 'black', strokeDash: [4, 3] },
          encoding: {
            x,
            y: {
              field: 'mean',
              type: 'quantitative',
              title: 'Mean TP degree, weighted by GPUs (dashed)',
              scale: { zero: true },
            },
          },
        },
      ],
      resolve: { scale: { y: 'independent' } },
    },
  };
}
