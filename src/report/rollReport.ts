/** A fleet through windows as text, as a table for CSV, and as charts of demand, capacity and cost over time. */
import type { RolledFleet, RolledWindow } from '../analysis/rollingWindows.ts';
import type { Chart } from './chart.ts';
import { categoryColors } from './colors.ts';
import { type Layout, textLayout } from './layout.ts';
import { absent, dollars, percent, quantity } from './numberText.ts';

const left = (heading: string) => ({ heading });
const right = (heading: string) => ({ heading, align: 'right' as const });
/** Windows of a longer time are in the CSV. */
const shownWindows = 48;

const gpusOf = ({ plan }: Pick<RolledWindow, 'plan'>) =>
  plan === null ? null : plan.deployments.reduce((sum, { gpus }) => sum + gpus, 0);
const rateOf = ({ rates }: RolledWindow) => Object.values(rates).reduce((sum, rate) => sum + rate, 0);
const money = (value: number | null) => (value === null ? absent : dollars(value));

/** Text for a terminal, or Markdown, ending in a line break. */
export function rollReport(rolled: RolledFleet, layout: Layout = textLayout): string {
  const { windows, totals, peak, gap } = rolled;
  const proven = windows.filter(({ status }) => status === 'optimal').length;
  const gaps = windows.map((window) => window.gap).filter((value) => value !== null);
  const largest = gaps.length === 0 ? absent : percent(Math.max(...gaps));
  const total = totals.cost === null || totals.switching === null ? null : totals.cost + totals.switching;
  const against = (value: number | null) =>
    total === null || value === null || total === 0 ? '' : ` (${percent((value - total) / total)} against it)`;
  const lines = [
    `Windows     ${windows.length}, ${proven} proven within ${percent(gap)}, each from the window before; largest gap ${largest}`,
    `Rolled      $ ${money(total)}: ${money(totals.cost)} and ${money(totals.switching)} for switching, ${totals.gpusMoved} GPUs moved`,
    `Peak        $ ${money(peak.cost)} for one plan all the time${provenPeak(rolled)}${against(peak.cost)}`,
    `Bound       $ ${money(totals.bound)} at least, by each window alone${against(totals.bound)}`,
  ];
  const rows = windows
    .slice(0, shownWindows)
    .map((window) => [
      quantity(window.start),
      quantity(rateOf(window)),
      window.status,
      gpusOf(window) === null ? absent : String(gpusOf(window)),
      window.moves === null ? absent : `+${window.moves.added} -${window.moves.removed}`,
      money(window.cost),
      money(window.switching),
      money(window.bound),
      money(window.peakCost),
    ]);
  const columns = [
    right('From h'),
    right('Queries/h'),
    left('Status'),
    right('GPUs'),
    right('Moves'),
    right('$'),
    right('Switching $'),
    right('Alone $'),
    right('Peak plan $'),
  ];
  const table = layout.table(columns, rows);
  const rest = windows.length - rows.length;
  const parts = [layout.lines(lines), layout.section('Windows', table)];
  if (rest > 0) parts.push(`${rest} more windows: --csv or --json has them`);
  return `${parts.join('\n\n')}\n`;
}

/** What is known of the plan for the peak. */
function provenPeak({ peak: { plan, status, gap } }: RolledFleet): string {
  if (plan === null) return `: ${status}`;
  return gap === null ? `, ${status}` : `, gap ${percent(gap)} for the peak itself`;
}

export const rollColumns = [
  'start',
  'hours',
  'status',
  'queries_per_hour',
  'gpus',
  'added',
  'removed',
  'cost',
  'switching',
  'gap',
  'bound',
  'peak_cost',
] as const;

export function rollRows({ windows }: RolledFleet): Record<string, number | string | null>[] {
  return windows.map((window) => ({
    start: window.start,
    hours: window.hours,
    status: window.status,
    queries_per_hour: rateOf(window),
    gpus: gpusOf(window),
    added: window.moves?.added ?? null,
    removed: window.moves?.removed ?? null,
    cost: window.cost,
    switching: window.switching,
    gap: window.gap,
    bound: window.bound,
    peak_cost: window.peakCost,
  }));
}

const range = [
  categoryColors.blue,
  categoryColors.orange,
  categoryColors.green,
  categoryColors.vermilion,
  categoryColors.purple,
  categoryColors.skyBlue,
  categoryColors.grey,
];

/** Demand by query type, GPUs by tier, and $ per hour of the three ways, one above the other. */
export function rollChart(title: string, { windows }: RolledFleet): Chart {
  const x = { field: 'start', type: 'quantitative', title: 'Time (h)' };
  const demand = windows.flatMap(({ start, rates }) =>
    Object.entries(rates).map(([name, rate]) => ({ start, name, value: rate })),
  );
  const tiers = [...new Set(windows.flatMap(({ plan }) => plan?.deployments.map(({ tier }) => tier) ?? []))];
  const capacity = windows.flatMap(({ start, plan }) =>
    plan === null
      ? []
      : tiers.map((name) => ({
          start,
          name,
          value: plan.deployments.reduce((sum, { tier, gpus }) => sum + (tier === name ? gpus : 0), 0),
        })),
  );
  const cost = windows.flatMap(({ start, hours, cost: own, switching, bound, peakCost }) =>
    [
      { name: 'rolled, with switching', value: own === null ? null : own + (switching ?? 0) },
      { name: 'one plan for the peak', value: peakCost },
      { name: 'bound: alone', value: bound },
    ].flatMap(({ name, value }) => (value === null ? [] : [{ start, name, value: value / hours }])),
  );
  const color = (what: string) => ({ field: 'name', type: 'nominal', title: what, scale: { range } });
  const panel = (values: readonly object[], what: string, y: string, mark: object) => ({
    width: 520,
    height: 150,
    data: { values },
    mark,
    encoding: { x, y: { field: 'value', type: 'quantitative', title: y }, color: color(what) },
  });
  const area = { type: 'area', interpolate: 'step-after' };
  return {
    name: 'roll',
    title,
    spec: {
      title,
      resolve: { scale: { color: 'independent' } },
      vconcat: [
        panel(demand, 'Query type', 'Queries per hour', area),
        panel(capacity, 'GPU tier', 'GPUs', area),
        panel(cost, 'Plan', '$ per hour', { type: 'line', interpolate: 'step-after' }),
      ],
    },
  };
}
