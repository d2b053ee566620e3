/** A comparison of strategies as text, Markdown, CSV and a page with performance profiles and gaps over time. */
import type { Comparison, ComparisonRun, StrategySummary } from '../analysis/comparison/comparison.ts';
import { toCsv } from './csv.ts';
import { escapeHtml, htmlPage } from './html.ts';
import { type Layout, textLayout } from './layout.ts';

const figure = (value: number | null) => (value === null ? '' : Number(value.toPrecision(3)).toString());
const probability = (value: number) => (value < 1e-4 ? '<0.0001' : value.toFixed(4));

/** What was found, whatever is compared; then a table for each comparison (measure), and what it says in a sentence. */
export function comparisonReport(comparisons: readonly Comparison[], layout: Layout = textLayout): string {
  const table = (headings: readonly string[], rows: readonly (readonly string[])[]) =>
    layout.table(
      headings.map((heading, at) => ({ heading, ...(at === 0 ? {} : { align: 'right' as const }) })),
      rows.map((row) => [...row]),
    );
  const found = comparisons
    .slice(0, 1)
    .map(({ strategies }) => layout.section(foundTitle, table(foundColumns, strategies.map(foundRowOf))));
  const tables = comparisons.map(({ measure, strategies, virtualBest, instances }) =>
    layout.section(
      `${measure}: shifted geometric means over ${instances.length} instances, 95 % intervals; ratios to ${strategies[0]?.strategy ?? ''}`,
      table(columns, [
        ...strategies.map(rowOf),
        ['virtual best', figure(virtualBest), ...columns.slice(2).map(() => '')],
      ]),
    ),
  );
  return `${[...found, ...tables].join('\n\n')}\n`;
}

const foundTitle =
  'What was found: runs that were solved, seconds to the first and to the best plan, mean gap at the end';
const foundColumns = ['strategy', 'solved', 'first plan s', 'best plan s', 'gap %'];

function foundRowOf({ strategy, solved, runs, firstPlan, bestPlan, meanGap }: StrategySummary): string[] {
  return [strategy, `${solved}/${runs}`, figure(firstPlan), figure(bestPlan), figure(meanGap)];
}

const columns = [
  'strategy',
  'mean',
  'interval',
  'ratio',
  'its interval',
  'better',
  'worse',
  'Wilcoxon',
  'Holm',
  'sign',
];

function rowOf({ against, ...own }: StrategySummary): string[] {
  return [
    own.strategy,
    figure(own.mean),
    `${figure(own.low)} - ${figure(own.high)}`,
    ...(against === null
      ? ['1', '', '', '', '', '', '']
      : [
          figure(against.ratio),
          `${figure(against.low)} - ${figure(against.high)}`,
          String(against.better),
          String(against.worse),
          probability(against.wilcoxon),
          probability(against.corrected),
          probability(against.sign),
        ]),
  ];
}

/** A line for each run. */
export function runsCsv(runs: readonly ComparisonRun[]): string {
  const rows = runs.map(({ trace: _trace, ...run }) => ({ ...run }));
  return toCsv(
    [
      'strategy',
      'instance',
      'seed',
      'status',
      'seconds',
      'cpuSeconds',
      'nodes',
      'iterations',
      'cost',
      'bound',
      'gap',
      'firstPlan',
      'bestPlan',
    ],
    rows,
  );
}

/** A page that loads nothing. */
export function comparisonPage(title: string, comparisons: readonly Comparison[]): string {
  const found = comparisons
    .slice(0, 1)
    .map(({ strategies }) => `<h2>${foundTitle}</h2>${htmlTable(foundColumns, strategies.map(foundRowOf))}`);
  const sections = comparisons.flatMap(({ measure, strategies, profiles, gaps, instances }) => {
    const ratios = instances.map(({ instance, ratios: list }) => [instance, ...list.map(figure)]);
    const names = strategies.map(({ strategy }) => strategy);
    return [
      `<h2>${measure}</h2>${htmlTable(columns, strategies.map(rowOf))}`,
      `<figure>${lineChart(`Share of instances solved within a factor of the best (${measure})`, profiles)}</figure>`,
      ...(measure === 'seconds' ? [`<figure>${lineChart('Mean gap over seconds', gaps)}</figure>`] : []),
      `<h3>Ratios by instance</h3>${htmlTable(['instance', ...names], ratios)}`,
    ];
  });
  return htmlPage(title, '', [...found, ...sections]);
}

function htmlTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = headings.map((heading) => `<th>${escapeHtml(heading)}</th>`).join('');
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join('');
  return `<div class="table"><table><tr>${head}</tr>${body}</table></div>`;
}

function cells(texts: readonly string[]): string {
  return texts.map((text, at) => `<td${at === 0 ? ' class="text"' : ''}>${escapeHtml(text)}</td>`).join('');
}

const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c564b', '#555555'];

/** Lines over a logarithmic axis; shares from 0 to 1. */
function lineChart(
  title: string,
  lines: readonly { readonly strategy: string; readonly points: readonly (readonly [number, number])[] }[],
): string {
  const [width, height, left, top] = [640, 320, 40, 30];
  const at = lines[0]?.points.map(([x]) => Math.log(x)) ?? [0, 1];
  const [first, last] = [at[0], at[at.length - 1]];
  const x = (value: number) => left + ((Math.log(value) - first) / (last - first || 1)) * (width - left - 170);
  const y = (value: number) => top + (1 - value) * (height - top - 30);
  const drawn = lines.map(({ strategy, points }, index) => {
    const color = palette[index % palette.length];
    const dash = index < palette.length ? '' : ' stroke-dasharray="5 3"';
    const path = points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ');
    const label = `<text x="${width - 160}" y="${top + 16 * index + 4}" fill="${color}">${escapeHtml(strategy)}</text>`;
    return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"${dash}/>${label}`;
  });
  const ticks = (lines[0]?.points ?? []).map(
    ([value]) => `<text x="${x(value).toFixed(1)}" y="${height - 12}" text-anchor="middle">${value}</text>`,
  );
  const levels = [0, 0.25, 0.5, 0.75, 1].map(
    (value) => `<text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  const all = [...levels, ...ticks, ...drawn].join('');
  const head = `<text x="${left}" y="16">${escapeHtml(title)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-size="11" font-family="sans-serif" fill="currentColor" role="img" aria-label="${escapeHtml(title)}">${head}${all}</svg>`;
}
