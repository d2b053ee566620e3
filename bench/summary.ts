/** Tables and charts of one suite's records. */
import type { TopLevelSpec } from 'vega-lite';
import { type Chart, categoryColors } from '../src/report/chart.ts';
import type { RunRecord } from './runRecord.ts';
import {
  type CaseResult,
  caseResults,
  performanceProfile,
  type SolverSummary,
  solverSummary,
  virtualBest,
} from './statistics.ts';
import { numberText, percentText, secondsText } from './tables.ts';

export interface SuiteSummary {
  readonly name: string;
  readonly timeLimit: number;
  readonly results: readonly CaseResult[];
  readonly solvers: readonly SolverSummary[];
}

const virtualBestOfHighs = 'best of HiGHS';

export function summarize(name: string, records: readonly RunRecord[], timeLimit: number): SuiteSummary {
  const results = caseResults(records, timeLimit);
  const names = [...new Set(records.map(({ solver }) => solver))];
  const highs = names.filter((solver) => solver.startsWith('highs'));
  const all = highs.length > 1 ? [...results, ...virtualBest(results, highs, virtualBestOfHighs)] : [...results];
  const order = highs.length > 1 ? [...names, virtualBestOfHighs] : names;
  return { name, timeLimit, results: all, solvers: order.map((solver) => solverSummary(solver, all, timeLimit)) };
}

export const summaryHead = [
  'solver',
  'solved',
  'shifted geo. mean (1 s)',
  'shifted geo. mean (10 ms)',
  'median',
  'largest',
  'PAR10',
  'primal integral',
  'primal-dual integral',
];

export function summaryRows({ solvers }: SuiteSummary): string[][] {
  return solvers.map((s) => [
    s.solver,
    `${s.solved}/${s.cases}`,
    secondsText(s.geometricMean),
    secondsText(s.fineGeometricMean),
    secondsText(s.median),
    secondsText(s.largest),
    secondsText(s.par10),
    secondsText(s.primalIntegral),
    secondsText(s.primalDualIntegral),
  ]);
}

/** How many times slower each solver is than `base`, by the two shifted means. */
export function ratioRows({ solvers }: SuiteSummary, base: string): string[][] {
  const own = solvers.find(({ solver }) => solver === base);
  if (own === undefined) return [];
  return solvers
    .filter(({ solver }) => solver !== base)
    .map((s) => [
      s.solver,
      numberText(s.geometricMean / own.geometricMean, 3),
      numberText(s.fineGeometricMean / own.fineGeometricMean, 3),
    ]);
}

export const caseHead = [
  'case',
  'solver',
  'time',
  'spread',
  'CPU',
  'cost',
  'gap',
  'nodes',
  'LP iterations',
  'root bound',
  'first plan',
  'best plan',
  'peak MB',
];

/** Cases grouped, the largest losses of `base` against the best other solver first. */
export function caseRows({ results }: SuiteSummary, base: string): string[][] {
  const cases = [...new Set(results.map((result) => result.case))];
  const loss = (name: string): number => {
    const of = (isOwn: boolean) =>
      Math.min(
        ...results.filter((r) => r.case === name && (r.solver === base) === isOwn).map(({ seconds }) => seconds),
      );
    return of(true) / of(false);
  };
  return cases
    .sort((a, b) => loss(b) - loss(a))
    .flatMap((name) =>
      results
        .filter((result) => result.case === name && result.solver !== virtualBestOfHighs)
        .map((r) => [
          name,
          r.solver,
          r.solved ? secondsText(r.seconds) : r.messages.length > 0 ? 'failed' : `> ${secondsText(r.seconds)}`,
          secondsText(r.spread),
          secondsText(r.cpuSeconds),
          numberText(r.cost, 8),
          percentText(r.gap),
          numberText(r.nodes),
          numberText(r.simplexIterations),
          numberText(r.rootBound, 6),
          secondsText(r.firstIncumbent),
          secondsText(r.bestIncumbent),
          numberText(Math.round(r.peakMegabytes)),
        ]),
    );
}

const palette = Object.values(categoryColors);

/** Dolan-More profiles; for `scale`, time and gap over size; ratios per case where both solved. */
export function summaryCharts(summary: SuiteSummary, records: readonly RunRecord[], base: string): Chart[] {
  const solvers = [...new Set(records.map(({ solver }) => solver))];
  const own = summary.results.filter(({ solver }) => solvers.includes(solver));
  const color = {
    field: 'solver',
    type: 'nominal',
    title: 'Solver',
    scale: { domain: solvers, range: palette.slice(0, solvers.length) },
  };
  const profile = solvers.flatMap((solver) => performanceProfile(own, solver).map((point) => ({ solver, ...point })));
  const charts: Chart[] = [
    {
      name: `${summary.name}-profile`,
      title: `Performance profile, suite ${summary.name}`,
      spec: {
        title: `Performance profile, suite ${summary.name}`,
        width: 460,
        height: 280,
        data: { values: profile },
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 },
        encoding: {
          x: {
            field: 'ratio',
            type: 'quantitative',
            title: 'Time / time of the fastest solver (log)',
            scale: { type: 'log' },
          },
          y: { field: 'share', type: 'quantitative', title: 'Share of cases solved', scale: { domain: [0, 1] } },
          color,
        },
      } as TopLevelSpec,
    },
    gapOverTime(summary, records, color),
  ];
  const sizes = new Set(own.map(({ size }) => size));
  if (sizes.size > 1) charts.push(growthChart(summary, own, color));
  const ratios = ratioPoints(summary, base);
  if (ratios.length > 0) charts.push(ratioChart(summary, ratios));
  return charts;
}

/** Mean primal-dual gap over time (log), unsolved counting as their present gap. */
function gapOverTime(summary: SuiteSummary, records: readonly RunRecord[], color: object): Chart {
  const first = records.filter(({ repeat }) => repeat === 0);
  const solvers = [...new Set(first.map(({ solver }) => solver))];
  const times = Array.from({ length: 60 }, (_, t) => 0.001 * (summary.timeLimit / 0.001) ** (t / 59));
  const values = solvers.flatMap((solver) => {
    const own = first.filter((record) => record.solver === solver);
    return times.map((seconds) => ({
      solver,
      seconds,
      gap: (100 * own.reduce((sum, record) => sum + gapAt(record, seconds), 0)) / own.length,
    }));
  });
  return {
    name: `${summary.name}-gap`,
    title: `Gap over time, suite ${summary.name}`,
    spec: {
      title: `Mean gap over time, suite ${summary.name}`,
      width: 460,
      height: 280,
      data: { values },
      mark: { type: 'line', strokeWidth: 2 },
      encoding: {
        x: {
          field: 'seconds',
          type: 'quantitative',
          title: 'Seconds (log)',
          scale: { type: 'log' },
          axis: { tickCount: 6 },
        },
        y: { field: 'gap', type: 'quantitative', title: 'Mean gap between plan and bound (%)' },
        color,
      },
    } as TopLevelSpec,
  };
}

function gapAt({ trace, status, wallSeconds }: RunRecord, seconds: number): number {
  if (seconds >= wallSeconds && (status === 'optimal' || status === 'infeasible')) return 0;
  let gap = 1;
  for (const point of trace) {
    if (point.seconds > seconds) break;
    if (point.cost !== null && point.bound !== null) {
      gap = Math.min(1, Math.abs(point.cost - point.bound) / Math.max(1e-10, Math.abs(point.cost)));
    }
  }
  return gap;
}

function growthChart(summary: SuiteSummary, results: readonly CaseResult[], color: object): Chart {
  const values = results.map(({ solver, size, seconds, solved, gap }) => ({
    solver,
    size,
    seconds,
    outcome: solved ? 'proven' : 'stopped at the limit',
    gap: gap === null ? null : 100 * Math.max(gap, 1e-6),
  }));
  const x = {
    field: 'size',
    type: 'quantitative',
    title: 'I x J x K (log)',
    scale: { type: 'log', nice: false, padding: 12 },
    // A tick for each size that there is: a log axis of this width has no room for more.
    axis: { values: [...new Set(results.map(({ size }) => size))], format: '~s', labelOverlap: 'greedy' },
  };
  const shape = { field: 'outcome', type: 'nominal', title: 'Outcome' };
  return {
    name: `${summary.name}-growth`,
    title: `Growth with size, suite ${summary.name}`,
    spec: {
      title: `Growth with size, suite ${summary.name}`,
      hconcat: [
        {
          width: 330,
          height: 260,
          data: { values },
          mark: { type: 'point', size: 55, filled: true, opacity: 0.8 },
          encoding: {
            x,
            y: { field: 'seconds', type: 'quantitative', title: 'Seconds (log)', scale: { type: 'log' } },
            color,
            shape,
          },
        },
        {
          width: 330,
          height: 260,
          data: { values: values.filter(({ gap }) => gap !== null) },
          mark: { type: 'point', size: 55, filled: true, opacity: 0.8 },
          encoding: {
            x,
            y: { field: 'gap', type: 'quantitative', title: 'Gap at the end (%, log)', scale: { type: 'log' } },
            color,
            shape,
          },
        },
      ],
    } as unknown as TopLevelSpec,
  };
}

function ratioPoints({ results }: SuiteSummary, base: string) {
  return results
    .filter(({ solver }) => solver !== base && solver !== virtualBestOfHighs)
    .flatMap((other) => {
      const own = results.find((result) => result.case === other.case && result.solver === base);
      return own === undefined ? [] : [{ case: other.case, solver: other.solver, ratio: other.seconds / own.seconds }];
    });
}

function ratioChart(summary: SuiteSummary, values: readonly { readonly solver: string }[]): Chart {
  return {
    name: `${summary.name}-ratio`,
    title: `Time ratio per case, suite ${summary.name}`,
    spec: {
      title: `Time of the other solver / ours, suite ${summary.name} (right of 1: ours is faster)`,
      width: 460,
      height: { step: 14 },
      data: { values },
      mark: { type: 'point', filled: true, size: 45 },
      encoding: {
        x: {
          field: 'ratio',
          type: 'quantitative',
          title: 'Ratio (log; time-outs at the limit)',
          scale: { type: 'log' },
        },
        y: { field: 'case', type: 'nominal', title: null, sort: '-x', axis: { labelLimit: 260, labelFontSize: 10 } },
        color: { field: 'solver', type: 'nominal', title: 'Solver', scale: { range: palette } },
      },
    } as unknown as TopLevelSpec,
  };
}

/** The exponent of growth: slope of log seconds over log size by least squares, over proven cases. Null with fewer than two sizes. */
export function growthExponent(results: readonly CaseResult[], solver: string): number | null {
  const points = results
    .filter((result) => result.solver === solver && result.solved)
    .map(({ size, seconds }) => ({ x: Math.log(size), y: Math.log(seconds) }));
  const mean = (key: 'x' | 'y') => points.reduce((sum, point) => sum + point[key], 0) / points.length;
  const spread = points.reduce((sum, point) => sum + (point.x - mean('x')) ** 2, 0);
  if (points.length < 2 || spread < 1e-9) return null;
  return points.reduce((sum, point) => sum + (point.x - mean('x')) * (point.y - mean('y')), 0) / spread;
}
