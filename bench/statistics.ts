/** The summary figures of a comparison, each as usual in the field's benchmarks. */
import { relativeGapOf } from '../src/bnb/progress.ts';
import type { RunRecord, TracePoint } from './runRecord.ts';

/** The items by key, in the order of their first coming. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** exp(mean(log(t + shift))) - shift (T. Achterberg, thesis, 2007, appendix A.3). */
export function shiftedGeometricMean(values: readonly number[], shift: number): number {
  const sum = values.reduce((total, value) => total + Math.log(value + shift), 0);
  return Math.exp(sum / values.length) - shift;
}

/** What follows from one run and the best cost that any solver has for its case. */
export interface RunMeasures {
  readonly gap: number | null;
  /** Share of the best cost that the root's bound is away, before and after cuts. */
  readonly rootGapBefore: number | null;
  readonly rootGapAfter: number | null;
  readonly firstIncumbent: number | null;
  readonly bestIncumbent: number | null;
  /** Seconds to the first plan within `nearShare` of the best cost. */
  readonly nearIncumbent: number | null;
  /** Gap of the incumbent to the best cost, capped at 1 (T. Berthold, 2013), integrated over the seconds. */
  readonly primalIntegral: number;
  /** The same for the gap between incumbent and bound. */
  readonly primalDualIntegral: number;
}

/** How far from the best cost a first plan is near it. */
export const nearShare = 0.05;

export function runMeasures(record: RunRecord, best: number | null): RunMeasures {
  const { trace, cost, bound } = record;
  const firstWith = (isEnough: (cost: number) => boolean) =>
    trace.find((point) => point.cost !== null && isEnough(point.cost))?.seconds ?? null;
  const lowest = Math.min(...trace.flatMap((point) => point.cost ?? []));
  return {
    gap: relativeGapOf(cost, bound),
    rootGapBefore: relativeGapOf(best, record.firstRootBound),
    rootGapAfter: relativeGapOf(best, record.rootBound),
    firstIncumbent: firstWith(() => true),
    bestIncumbent: firstWith((value) => value <= lowest + 1e-9 * Math.abs(lowest)),
    nearIncumbent: best === null ? null : firstWith((value) => value <= best + nearShare * Math.abs(best)),
    primalIntegral: integral(record, (point) => relativeGapOf(point.cost, best)),
    primalDualIntegral: integral(record, (point) => relativeGapOf(point.cost, point.bound)),
  };
}

/** One solver on one case: the medians of its repeats. */
export interface CaseResult extends RunMeasures {
  readonly case: string;
  readonly solver: string;
  readonly size: number;
  readonly timeLimit: number;
  readonly solved: boolean;
  /** Seconds, at the limit where unsolved. */
  readonly seconds: number;
  /** At the limit where the run failed. */
  readonly cpuSeconds: number;
  /** Largest less smallest of the repeats. */
  readonly spread: number;
  readonly repeats: number;
  readonly cost: number | null;
  readonly bound: number | null;
  readonly nodes: number | null;
  readonly simplexIterations: number | null;
  readonly peakMegabytes: number | null;
  readonly messages: readonly string[];
}

/** The least verified cost of each case, by any solver. */
export function bestCosts(records: readonly RunRecord[]): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (const { case: name, cost } of records) {
    if (cost !== null) best.set(name, Math.min(cost, best.get(name) ?? Infinity));
  }
  return best;
}

export const isSolved = ({ status }: RunRecord): boolean => status === 'optimal' || status === 'infeasible';

/**
 * Medians by case and solver. A run counts as solved if it proved and, with a plan, the verifier accepted it. What is
 * not a time is taken from the run in the middle.
 */
export function caseResults(records: readonly RunRecord[]): CaseResult[] {
  const groups = groupBy(records, (record) => JSON.stringify([record.case, record.solver]));
  const best = bestCosts(records);
  return [...groups.values()].map((group) => {
    const solved = group.every(isSolved);
    const seconds = group.map(({ wallSeconds, timeLimit }) => (solved ? Math.min(wallSeconds, timeLimit) : timeLimit));
    const middle = median(group.map(({ wallSeconds }) => wallSeconds));
    const typical = group.find(({ wallSeconds }) => wallSeconds >= middle) ?? group[0];
    const peaks = group.flatMap(({ peakMegabytes }) => peakMegabytes ?? []);
    return {
      case: typical.case,
      solver: typical.solver,
      size: typical.size,
      timeLimit: typical.timeLimit,
      solved,
      seconds: median(seconds),
      cpuSeconds: median(group.map((run) => (run.status === 'failed' ? run.timeLimit : run.cpuSeconds))),
      spread: Math.max(...seconds) - Math.min(...seconds),
      repeats: group.length,
      cost: typical.cost,
      bound: typical.bound,
      nodes: typical.nodes,
      simplexIterations: typical.simplexIterations,
      peakMegabytes: peaks.length === 0 ? null : Math.max(...peaks),
      messages: [...new Set(group.flatMap(({ message }) => (message === '' ? [] : [message])))],
      ...runMeasures(typical, best.get(typical.case) ?? null),
    };
  });
}

/** The trace with what a point does not tell as the points before told it. */
export function carriedTrace(trace: readonly TracePoint[]): TracePoint[] {
  let cost: number | null = null;
  let bound: number | null = null;
  return trace.map((point) => {
    cost = point.cost ?? cost;
    bound = point.bound ?? bound;
    return { seconds: point.seconds, cost, bound };
  });
}

/** Sum of gap times time over the trace; the gap is 1 while unknown, and after the end what it was at the end. */
function integral(record: RunRecord, gapAt: (point: TracePoint) => number | null): number {
  const { timeLimit } = record;
  let total = 0;
  let gap = 1;
  let since = 0;
  for (const point of carriedTrace(record.trace)) {
    const seconds = Math.min(point.seconds, timeLimit);
    total += gap * Math.max(0, seconds - since);
    since = Math.max(since, seconds);
    gap = Math.min(1, gapAt(point) ?? gap);
  }
  return total + (isSolved(record) ? 0 : gap * Math.max(0, timeLimit - since));
}

export interface SolverSummary {
  readonly solver: string;
  readonly cases: number;
  readonly solved: number;
  /** Shifted by 1 s, time-outs at the limit. */
  readonly geometricMean: number;
  /** Shifted by 10 ms: tells apart what takes milliseconds. */
  readonly fineGeometricMean: number;
  /** Of CPU seconds, shifted by 10 ms. */
  readonly cpuGeometricMean: number;
  readonly median: number;
  readonly largest: number;
  /** Mean time, time-outs counted ten times. */
  readonly par10: number;
  readonly primalIntegral: number;
  readonly primalDualIntegral: number;
}

export function solverSummary(solver: string, results: readonly CaseResult[]): SolverSummary {
  const own = results.filter((result) => result.solver === solver);
  const seconds = own.map((result) => result.seconds);
  const mean = (key: 'seconds' | 'cpuSeconds' | 'primalIntegral' | 'primalDualIntegral', shift: number) =>
    shiftedGeometricMean(
      own.map((result) => result[key]),
      shift,
    );
  return {
    solver,
    cases: own.length,
    solved: own.filter(({ solved }) => solved).length,
    geometricMean: mean('seconds', 1),
    fineGeometricMean: mean('seconds', 0.01),
    cpuGeometricMean: mean('cpuSeconds', 0.01),
    median: median(seconds),
    largest: Math.max(...seconds),
    par10: own.reduce((sum, result) => sum + (result.solved ? result.seconds : 10 * result.timeLimit), 0) / own.length,
    primalIntegral: mean('primalIntegral', 1),
    primalDualIntegral: mean('primalDualIntegral', 1),
  };
}

/**
 * The best solver on each case that any of them took part in, as if one had known; unsolved: the one with the smallest
 * gap.
 */
export function virtualBest(results: readonly CaseResult[], among: readonly string[], name: string): CaseResult[] {
  const isBetter = (a: CaseResult, b: CaseResult) =>
    a.solved !== b.solved ? a.solved : a.solved ? a.seconds < b.seconds : (a.gap ?? Infinity) < (b.gap ?? Infinity);
  const best = new Map<string, CaseResult>();
  for (const result of results) {
    if (!among.includes(result.solver)) continue;
    const present = best.get(result.case);
    if (present === undefined || isBetter(result, present)) best.set(result.case, result);
  }
  return [...best.values()].map((result) => ({ ...result, solver: name }));
}

/**
 * The results on cases that may be compared: those that all these solvers took part in, each for as long as any other
 * worked on it. What would have come of a solver that was stopped before another was done is not known.
 */
export function commonCases(results: readonly CaseResult[], solvers: readonly string[]): CaseResult[] {
  const own = results.filter(({ solver }) => solvers.includes(solver));
  const byCase = groupBy(own, (result) => result.case);
  return own.filter((result) => {
    const group = byCase.get(result.case)!;
    const longest = Math.max(...group.map(({ seconds }) => seconds));
    return group.length === solvers.length && group.every(({ solved, seconds }) => solved || seconds >= longest);
  });
}

/**
 * Share of cases that a solver solves within a factor of the fastest (E. Dolan and J. More, 2002), at each ratio where
 * it changes.
 */
export function performanceProfile(results: readonly CaseResult[], solver: string): { ratio: number; share: number }[] {
  const fastest = new Map<string, number>();
  for (const { case: name, seconds, solved } of results) {
    if (solved) fastest.set(name, Math.min(seconds, fastest.get(name) ?? Infinity));
  }
  const numCases = new Set(results.map((result) => result.case)).size;
  const ratios = results
    .filter((result) => result.solver === solver && result.solved)
    .map(({ case: name, seconds }) => seconds / fastest.get(name)!)
    .sort((a, b) => a - b);
  return [{ ratio: 1, share: 0 }, ...ratios.map((ratio, t) => ({ ratio, share: (t + 1) / numCases }))];
}

/** A line through the logarithms of time and size. */
export interface Growth {
  /** Seconds grow as size to this power. */
  readonly exponent: number;
  /** Seconds of a case of size 1 on the line. */
  readonly factor: number;
  readonly cases: number;
}

/** Least squares of log seconds over log size, over proven cases. Null with fewer than two sizes. */
export function growthOf(results: readonly CaseResult[]): Growth | null {
  const points = results
    .filter(({ solved }) => solved)
    .map(({ size, seconds }) => ({ x: Math.log(size), y: Math.log(seconds) }));
  const mean = (key: 'x' | 'y') => points.reduce((sum, point) => sum + point[key], 0) / points.length;
  const spread = points.reduce((sum, point) => sum + (point.x - mean('x')) ** 2, 0);
  if (points.length < 2 || spread < 1e-9) return null;
  const covariance = points.reduce((sum, point) => sum + (point.x - mean('x')) * (point.y - mean('y')), 0);
  const exponent = covariance / spread;
  return { exponent, factor: Math.exp(mean('y') - exponent * mean('x')), cases: points.length };
}
