/** Charts of one suite: performance profile, gap over time, growth with size, time ratio of each case. */
import { relativeGapOf } from '../src/bnb/progress.ts';
import type { Chart } from '../src/report/chart.ts';
import { categoryColors } from '../src/report/colors.ts';
import type { ChartSpec } from '../src/report/vegaTypes.ts';
import type { RunRecord } from './runRecord.ts';
import { type CaseResult, carriedTrace, commonCases, growthOf, isSolved, performanceProfile } from './statistics.ts';
import type { SuiteSummary } from './summary.ts';

const palette = Object.values(categoryColors);

/** A colour for each solver, the same in all charts of the suite. */
function solverColor(solvers: readonly string[]): object {
  const colors =
    solvers.length <= palette.length ? { range: palette.slice(0, solvers.length) } : { scheme: 'tableau20' };
  return { field: 'solver', type: 'nominal', title: 'Solver', scale: { domain: solvers, ...colors } };
}

/** `series` are the cases of growing size, by the options that they share. */
export function suiteCharts(
  summary: SuiteSummary,
  records: readonly RunRecord[],
  series: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): Chart[] {
  const { names, results } = summary;
  const color = solverColor(names);
  const charts = [gapOverTime(summary, records, color)];
  // Profiles compare cases that all took part in; where there are none, they would compare nothing.
  const common = commonCases(results, names);
  if (names.length > 1 && common.length > 0) charts.unshift(profileChart(summary, common, color));
  for (const [options, cases] of series) charts.push(growthChart(summary, options, cases, color));
  const ratios = ratioPoints(summary);
  if (ratios.length > 0) charts.push(ratioChart(summary, ratios, color));
  return charts;
}

function chartOf(summary: SuiteSummary, kind: string, title: string, spec: ChartSpec): Chart {
  return { name: `${summary.name}-${kind}`, title: `${title}, suite ${summary.name}`, spec };
}

/** E. Dolan and J. More, 2002. */
function profileChart(summary: SuiteSummary, common: readonly CaseResult[], color: object): Chart {
  const profiles = summary.names.map((solver) =>
    performanceProfile(common, solver).map((point) => ({ solver, ...point })),
  );
  const end = Math.max(...profiles.flat().map(({ ratio }) => ratio));
  // What is not solved at the largest ratio is not solved at all: the lines go on level to the edge.
  const values = profiles.flatMap((profile) => [...profile, { ...profile.at(-1)!, ratio: end }]);
  const cases = new Set(common.map((result) => result.case)).size;
  return chartOf(summary, 'profile', 'Performance profile', {
    title: `Performance profile, suite ${summary.name}, ${cases} cases`,
    width: 460,
    height: 280,
    data: { values },
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
  });
}

/** Points of the time axis. */
const timeSteps = 60;
const firstSecond = 0.001;

/**
 * Mean gap between plan and bound over time (log) over the cases that all took part in; 100 % while there is no plan or
 * no bound.
 */
function gapOverTime(summary: SuiteSummary, records: readonly RunRecord[], color: object): Chart {
  const cases = new Set(commonCases(summary.results, summary.names).map((result) => result.case));
  const first = records.filter((record) => record.repeat === 0 && (cases.size === 0 || cases.has(record.case)));
  const last = Math.max(...first.map(({ timeLimit }) => timeLimit));
  const times = Array.from(
    { length: timeSteps },
    (_, t) => firstSecond * (last / firstSecond) ** (t / (timeSteps - 1)),
  );
  const values = summary.names.flatMap((solver) => {
    const own = first.filter((record) => record.solver === solver);
    if (own.length === 0) return [];
    const gaps = own.map((record) => gapsAt(record, times));
    return times.map((seconds, t) => ({
      solver,
      seconds,
      gap: (100 * gaps.reduce((sum, gap) => sum + gap[t], 0)) / own.length,
    }));
  });
  return chartOf(summary, 'gap', 'Gap over time', {
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
  });
}

/** The gap at each time, capped at 1; 0 from a proof on. */
export function gapsAt(record: RunRecord, times: readonly number[]): number[] {
  const trace = carriedTrace(record.trace);
  return times.map((seconds) => {
    if (isSolved(record) && seconds >= record.wallSeconds) return 0;
    const point = trace.findLast((candidate) => candidate.seconds <= seconds);
    return Math.min(1, (point && relativeGapOf(point.cost, point.bound)) ?? 1);
  });
}

/** Gaps below this are drawn there: a logarithmic axis has no zero. */
const leastGap = 1e-6;

function growthChart(summary: SuiteSummary, options: string, cases: ReadonlySet<string>, color: object): Chart {
  const { names } = summary;
  const results = summary.results.filter((result) => cases.has(result.case));
  const values = results.map(({ solver, size, seconds, solved, gap }) => ({
    solver,
    size,
    seconds,
    outcome: solved ? 'proven' : 'stopped at the limit',
    gap: gap === null ? null : 100 * Math.max(gap, leastGap),
  }));
  const lines = names.flatMap((solver) => {
    const own = results.filter((result) => result.solver === solver);
    const growth = growthOf(own);
    if (growth === null) return [];
    const sizes = own.filter(({ solved }) => solved).map(({ size }) => size);
    return [Math.min(...sizes), Math.max(...sizes)].map((size) => ({
      solver,
      size,
      seconds: growth.factor * size ** growth.exponent,
    }));
  });
  const exponents = names.flatMap((solver) => {
    const growth = growthOf(results.filter((result) => result.solver === solver));
    return growth === null ? [] : [`${solver}: exponent ${growth.exponent.toPrecision(3)}`];
  });
  const x = {
    field: 'size',
    type: 'quantitative',
    title: 'I x J x K (log)',
    scale: { type: 'log', nice: false, padding: 12 },
    // A tick for each size that there is: a log axis of this width has no room for more.
    axis: { values: [...new Set(results.map(({ size }) => size))], format: '~s', labelOverlap: 'greedy' },
  };
  const shape = { field: 'outcome', type: 'nominal', title: 'Outcome' };
  const points = { type: 'point', size: 55, filled: true, opacity: 0.8 };
  const panel = { width: 330, height: 260 };
  const y = { field: 'seconds', type: 'quantitative', title: 'Seconds (log)', scale: { type: 'log' } };
  return chartOf(summary, `growth-${options}`, `Growth with size under ${options} options`, {
    title: {
      text: `Growth with size, suite ${summary.name}, ${options} options`,
      subtitle: [`Lines: least squares over proven cases. ${exponents.join(', ')}`],
    },
    hconcat: [
      {
        ...panel,
        layer: [
          { data: { values }, mark: points, encoding: { x, y, color, shape } },
          { data: { values: lines }, mark: { type: 'line', strokeDash: [5, 3] }, encoding: { x, y, color } },
        ],
      },
      {
        ...panel,
        data: { values: values.filter(({ gap }) => gap !== null) },
        mark: points,
        encoding: {
          x,
          y: { field: 'gap', type: 'quantitative', title: 'Gap at the end (%, log)', scale: { type: 'log' } },
          color,
          shape,
        },
      },
    ],
  });
}

interface RatioPoint {
  readonly case: string;
  readonly solver: string;
  readonly ratio: number;
}

function ratioPoints({ results, base }: SuiteSummary): RatioPoint[] {
  const own = new Map(results.filter(({ solver }) => solver === base).map((result) => [result.case, result.seconds]));
  return results.flatMap(({ case: name, solver, seconds }) => {
    const ours = own.get(name);
    return solver === base || ours === undefined ? [] : [{ case: name, solver, ratio: seconds / ours }];
  });
}

function ratioChart(summary: SuiteSummary, values: readonly RatioPoint[], color: object): Chart {
  return chartOf(summary, 'ratio', 'Time ratio per case', {
    title: `Time of the other solver / time of ${summary.base}, suite ${summary.name} (right of 1: ${summary.base} is faster)`,
    width: 460,
    height: { step: 14 },
    layer: [
      {
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
          color,
        },
      },
      {
        data: { values: [{ ratio: 1 }] },
        mark: { type: 'rule', color: '#555' },
        encoding: { x: { field: 'ratio', type: 'quantitative' } },
      },
    ],
  });
}
