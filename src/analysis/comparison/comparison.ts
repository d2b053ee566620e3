/**
 * Strategies compared on the same instances with the same seeds (a paired design): every strategy solves every pair of
 * instance and seed. What is compared is the mean over the seeds of one instance, since seeds of one instance are no
 * independent samples; intervals come from a bootstrap over instances, tests from the differences of logarithms.
 */

import { holm, signTest, wilcoxonTest } from './pairedTests.ts';
import { sampler } from './sampler.ts';

/** One solve. */
export interface ComparisonRun {
  readonly strategy: string;
  readonly instance: string;
  readonly seed: number;
  readonly status: string;
  readonly seconds: number;
  /** Of the process meanwhile; null where the platform does not say. */
  readonly cpuSeconds: number | null;
  readonly nodes: number;
  readonly iterations: number;
  readonly cost: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  /** Seconds to the first plan and to the best; null without one. */
  readonly firstPlan: number | null;
  readonly bestPlan: number | null;
  /** Gap over time: seconds and gap, wherever it changed. */
  readonly trace: readonly (readonly [number, number])[];
}

/** What is compared, each the smaller the better. */
export const measures = {
  /** A run that a limit ended counts with the time that it had. */
  seconds: { shift: 0.1, of: (run: ComparisonRun) => run.seconds },
  /** What others do on the machine counts less. */
  cpuSeconds: { shift: 0.1, of: (run: ComparisonRun) => run.cpuSeconds ?? run.seconds },
  nodes: { shift: 10, of: (run: ComparisonRun) => run.nodes },
  iterations: { shift: 100, of: (run: ComparisonRun) => run.iterations },
} as const;
export type Measure = keyof typeof measures;

export interface StrategySummary {
  readonly strategy: string;
  readonly solved: number;
  readonly runs: number;
  /** Shifted geometric mean over instances, with its 95 % interval. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Shifted geometric means of the seconds to the first and to the best plan, over runs that have one. */
  readonly firstPlan: number | null;
  readonly bestPlan: number | null;
  /** Mean gap at the end, in percent, where there is one. */
  readonly meanGap: number | null;
  /** Against the first strategy; null for that itself. */
  readonly against: PairedResult | null;
}

export interface PairedResult {
  /** Shifted geometric mean as a multiple of the first strategy's, with its 95 % interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly better: number;
  readonly worse: number;
  readonly wilcoxon: number;
  readonly sign: number;
  /** Wilcoxon's after Holm's correction for the number of strategies. */
  readonly corrected: number;
}

export interface Comparison {
  readonly measure: Measure;
  readonly strategies: readonly StrategySummary[];
  /** Shifted geometric mean of the best strategy of each instance. */
  readonly virtualBest: number;
  /** (strategy, factor): share of instances solved within the factor of the best on it. */
  readonly profiles: readonly { readonly strategy: string; readonly points: readonly (readonly [number, number])[] }[];
  /** (strategy, seconds): mean gap of all runs at that time; 1 before there is one. */
  readonly gaps: readonly { readonly strategy: string; readonly points: readonly (readonly [number, number])[] }[];
  /** Each instance's value under each strategy, and as a multiple of the first strategy's. */
  readonly instances: readonly {
    readonly instance: string;
    readonly values: readonly number[];
    readonly ratios: readonly number[];
  }[];
}

const resamples = 2000;
/** Seconds. */
const gapTimes = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 300] as const;
const profileFactors = [1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 30, 100] as const;

/** Compares by one measure; instances that a strategy lacks are left out. The first strategy is the baseline. */
export function compareRuns(runs: readonly ComparisonRun[], measure: Measure, bootstrapSeed = 1): Comparison {
  const strategies = [...new Set(runs.map((run) => run.strategy))];
  const { shift, of } = measures[measure];
  const runsOf = (strategy: string, instance: string) =>
    runs.filter((run) => run.strategy === strategy && run.instance === instance);
  const names = [...new Set(runs.map((run) => run.instance))].filter((instance) =>
    strategies.every((strategy) => runsOf(strategy, instance).length > 0),
  );
  /** [strategy][instance]. */
  const values = strategies.map((strategy) =>
    names.map((instance) => shiftedGeometricMean(runsOf(strategy, instance).map(of), shift)),
  );
  const isSolved = strategies.map((strategy) =>
    names.map((instance) => runsOf(strategy, instance).every(({ status }) => isSettled(status))),
  );
  const draws = sampler(bootstrapSeed, names.length, resamples);
  const meanOver = (list: readonly number[], picked: ArrayLike<number>) =>
    shiftedGeometricMean(
      Array.from(picked, (at) => list[at]),
      shift,
    );
  const all = names.map((_, at) => at);
  const tests = strategies.slice(1).map((_, at) => {
    const differences = values[at + 1].map((value, i) => logOf(value, shift) - logOf(values[0][i], shift));
    return { differences, wilcoxon: wilcoxonTest(differences).pValue, sign: signTest(differences) };
  });
  const corrected = holm(tests.map(({ wilcoxon }) => wilcoxon));
  return {
    measure,
    strategies: strategies.map((strategy, s) => {
      const own = runs.filter((run) => run.strategy === strategy && names.includes(run.instance));
      const [low, high] = interval(draws.map((picked) => meanOver(values[s], picked)));
      const gaps = own.flatMap(({ gap }) => gap ?? []);
      return {
        strategy,
        solved: own.filter(({ status }) => isSettled(status)).length,
        runs: own.length,
        mean: meanOver(values[s], all),
        low,
        high,
        firstPlan: meanOrNull(own.flatMap(({ firstPlan }) => firstPlan ?? [])),
        bestPlan: meanOrNull(own.flatMap(({ bestPlan }) => bestPlan ?? [])),
        meanGap: gaps.length === 0 ? null : (100 * gaps.reduce((sum, gap) => sum + gap, 0)) / gaps.length,
        against: s === 0 ? null : paired(s),
      };
    }),
    virtualBest: shiftedGeometricMean(
      all.map((i) => Math.min(...values.map((list) => list[i]))),
      shift,
    ),
    profiles: strategies.map((strategy, s) => ({
      strategy,
      points: profileFactors.map((factor) => {
        const within = all.filter((i) => {
          const least = Math.min(...values.map((list) => list[i] + shift));
          return isSolved[s][i] && values[s][i] + shift <= factor * least;
        });
        return [factor, names.length === 0 ? 0 : within.length / names.length] as const;
      }),
    })),
    gaps: strategies.map((strategy) => {
      const own = runs.filter((run) => run.strategy === strategy && names.includes(run.instance));
      return { strategy, points: gapTimes.map((seconds) => [seconds, meanGapAt(own, seconds)] as const) };
    }),
    instances: names.map((instance, i) => ({
      instance,
      values: values.map((list) => list[i]),
      ratios: values.map((list) => (list[i] + shift) / (values[0][i] + shift)),
    })),
  };

  function paired(s: number): PairedResult {
    const ratioOver = (picked: ArrayLike<number>) =>
      (meanOver(values[s], picked) + shift) / (meanOver(values[0], picked) + shift);
    const [low, high] = interval(draws.map(ratioOver));
    const { differences, wilcoxon, sign } = tests[s - 1];
    return {
      ratio: ratioOver(all),
      low,
      high,
      better: differences.filter((difference) => difference < 0).length,
      worse: differences.filter((difference) => difference > 0).length,
      wilcoxon,
      sign,
      corrected: corrected[s - 1],
    };
  }
}

/** exp(mean(log(x + shift))) - shift (Achterberg 2007, A.3). */
function shiftedGeometricMean(values: readonly number[], shift: number): number {
  return Math.exp(values.reduce((sum, value) => sum + logOf(value, shift), 0) / values.length) - shift;
}

function meanGapAt(runs: readonly ComparisonRun[], seconds: number): number {
  const gapOf = ({ trace }: ComparisonRun) => Math.min(1, trace.findLast(([at]) => at <= seconds)?.[1] ?? 1);
  return runs.reduce((sum, run) => sum + gapOf(run), 0) / Math.max(1, runs.length);
}

function isSettled(status: string): boolean {
  return status === 'optimal' || status === 'infeasible';
}

function logOf(value: number, shift: number): number {
  return Math.log(value + shift);
}

function meanOrNull(seconds: readonly number[]): number | null {
  return seconds.length === 0 ? null : shiftedGeometricMean(seconds, measures.seconds.shift);
}

/** The middle 95 %. */
function interval(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}
