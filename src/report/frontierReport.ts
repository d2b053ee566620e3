/** A frontier as text, as a table for CSV, and as a chart of cost over the limit with dominated points hollow. */
import type { Frontier, FrontierPoint } from '../analysis/frontier.ts';
import type { Instance } from '../model/instance.ts';
import type { Chart } from './chart.ts';
import { categoryColors } from './colors.ts';
import { type Layout, textLayout } from './layout.ts';
import { absent, counted, dollars, percent, quantity, seconds } from './numberText.ts';
import { instanceLine, optionsLine } from './solveReport.ts';

const right = (heading: string) => ({ heading, align: 'right' as const });

/** Text for a terminal, or Markdown, ending in a line break. */
export function frontierReport(instance: Instance, found: Frontier, layout: Layout = textLayout): string {
  const { points, label, options, solves, tighter } = found;
  const proven = points.filter(({ provenBy }) => provenBy !== null).length;
  const lines = [
    `Instance  ${instanceLine(instance)}`,
    `Options   ${optionsLine(options)}`,
    `Frontier  ${label}: ${counted(points.length, 'point')}, ${proven} proven${tighter === null ? '; no order, so that no point dominates another' : ''}`,
    `Work      ${counted(solves, 'solve')}, ${seconds(found.seconds)}`,
  ];
  return `${layout.lines(lines)}\n\n${layout.section('Points', frontierTable(points, label, layout))}\n`;
}

/** One row for each point; `label` is the title of their values. */
export function frontierTable(points: readonly FrontierPoint[], label: string, layout: Layout = textLayout): string {
  const rows = points.map((point) => [
    quantity(point.value),
    point.status,
    point.cost === null ? absent : dollars(point.cost.total),
    percent(point.gap),
    point.gpus === null ? absent : String(point.gpus),
    point.provenBy ?? absent,
    dominance(point),
  ]);
  const columns = [
    right(label),
    { heading: 'Status' },
    right('Cost $'),
    right('Gap'),
    right('GPUs'),
    { heading: 'Proven by' },
    { heading: 'Dominated' },
  ];
  return layout.table(columns, rows);
}

function dominance({ isDominated }: FrontierPoint): string {
  if (isDominated === null) return absent;
  return isDominated ? 'dominated' : 'no';
}

export const frontierColumns = ['value', 'status', 'cost', 'bound', 'gap', 'gpus', 'proven_by', 'dominated'] as const;

export function frontierRows({ points }: Frontier): Record<string, number | string | null>[] {
  return points.map(({ value, status, cost, bound, gap, gpus, provenBy, isDominated }) => ({
    value,
    status,
    cost: cost?.total ?? null,
    bound,
    gap,
    gpus,
    proven_by: provenBy,
    dominated: isDominated === null ? null : String(isDominated),
  }));
}

/** Of a chart's drawing, in pixels. */
const chartHeight = 300;

/** Points without a cost are marked at the foot; between points nothing is claimed but what a step says. */
export function frontierChart(title: string, { points, label, tighter }: Frontier): Chart {
  const values = points.flatMap(({ value, cost, isDominated, provenBy }) =>
    cost === null
      ? []
      : [{ value, cost: cost.total, kind: provenBy === null ? 'not proven' : isDominated ? 'dominated' : 'proven' }],
  );
  const marks = points.flatMap(({ value, cost, status }) =>
    cost === null ? [{ value, mark: status === 'infeasible' ? '×' : '?' }] : [],
  );
  const axis = { labelOverlap: 'greedy', labelSeparation: 8, format: '~g' };
  const x = { field: 'value', type: 'quantitative', title: label, scale: { zero: false }, axis };
  const y = { field: 'cost', type: 'quantitative', title: 'Cost ($)', scale: { zero: false } };
  const kinds = ['proven', 'dominated', 'not proven'];
  const line = { type: 'line', color: categoryColors.grey, ...(tighter !== null && { interpolate: stepOf(tighter) }) };
  return {
    name: 'frontier',
    title,
    spec: {
      title,
      width: 520,
      height: chartHeight,
      data: { values },
      layer: [
        { mark: line, encoding: { x, y } },
        {
          mark: { type: 'point', filled: true, size: 60, opacity: 1 },
          encoding: {
            x,
            y,
            color: {
              field: 'kind',
              type: 'nominal',
              title: 'Point',
              scale: { domain: kinds, range: [categoryColors.blue, '#ffffff', categoryColors.vermilion] },
            },
            stroke: { value: categoryColors.blue },
          },
        },
        ...(marks.length === 0
          ? []
          : [
              {
                data: { values: marks },
                mark: { type: 'text', fontSize: 13, color: '#555555' },
                encoding: { x, y: { value: chartHeight - 8 }, text: { field: 'mark' } },
              },
            ]),
      ],
    },
  };
}

/** Between two values the plan of the tighter one is still there. */
function stepOf(tighter: 'smaller' | 'larger'): string {
  return tighter === 'smaller' ? 'step-after' : 'step-before';
}
