/** The summary figures of a comparison, each as usual in the field's benchmarks. */
import type { RunRecord, TracePoint } from './runRecord.ts';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** exp(mean(log(t + shift))) - shift (T. Achterberg, thesis, 2007, appendix A.3). */
export function shiftedGeometricMean(values: readonly number[], shift: number): number {
  const sum = values.reduce((total, value) => total + Math.log(value + shift), 0);
  return Math.exp(sum / values.length) - shift;
}

/** One solver on one case: the medians of its repeats. */
export interface CaseResult {
  readonly case: string;
  readonly solver: string;
  readonly size: number;
  readonly solved: boolean;
  /** Seconds, at the limit where unsolved. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Largest less smallest of the repeats. */
  readonly spread: number;
  readonly cost: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  readonly nodes: number | null;
  readonly simplexIterations: number | null;
  readonly peakMegabytes: number;
  readonly rootBound: number | null;
  readonly firstIncumbent: number | null;
  readonly bestIncumbent: number | null;
  /** Mean over time of the gap of the incumbent to the best cost known, capped at 1 (T. Berthold, 2013), times seconds. */
  readonly primalIntegral: number;
  /** The same for the gap between incumbent and bound. */
  readonly primalDualIntegral: number;
  readonly messages: readonly string[];
}

/** Medians by case and solver. A run counts as solved if it proved and, with a plan, the verifier accepted it. */
export function caseResults(records: readonly RunRecord[], timeLimit: number): CaseResult[] {
  const groups = new Map<string, RunRecord[]>();
  for (const record of records) {
    const key = JSON.stringify([record.case, record.solver]);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const bestCost = new Map<string, number>();
  for (const { case: name, cost } of records) {
    if (cost !== null) bestCost.set(name, Math.min(cost, bestCost.get(name) ?? Infinity));
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [RunRecord];
    const solved = group.every(({ status }) => status === 'optimal' || status === 'infeasible');
    const seconds = group.map((record) => (solved ? Math.min(record.wallSeconds, timeLimit) : timeLimit));
    const best = bestCost.get(first.case) ?? null;
    const typical = group.find(({ wallSeconds }) => wallSeconds >= median(group.map((r) => r.wallSeconds))) ?? first;
    return {
      case: first.case,
      solver: first.solver,
      size: first.size,
      solved,
      seconds: median(seconds),
      cpuSeconds: median(group.map((record) => record.cpuSeconds)),
      spread: Math.max(...seconds) - Math.min(...seconds),
      cost: typical.cost,
      bound: typical.bound,
      gap: gapOf(typical.cost, typical.bound),
      nodes: typical.nodes,
      simplexIterations: typical.simplexIterations,
      peakMegabytes: Math.max(...group.map(({ peakMegabytes }) => peakMegabytes)),
      rootBound: typical.rootBound,
      firstIncumbent: typical.trace.find(({ cost }) => cost !== null)?.seconds ?? null,
      bestIncumbent: bestIncumbentTime(typical.trace),
      primalIntegral: integral(typical, timeLimit, ({ cost }) => gapOf(cost, best)),
      primalDualIntegral: integral(typical, timeLimit, ({ cost, bound }) => gapOf(cost, bound)),
      messages: [...new Set(group.flatMap(({ message }) => (message === '' ? [] : [message])))],
    };
  });
}

/** |cost - bound| / max(|cost|, 1e-10); null where either does not exist. */
function gapOf(cost: number | null, bound: number | null): number | null {
  return cost === null || bound === null ? null : Math.abs(cost - bound) / Math.max(Math.abs(cost), 1e-10);
}

function bestIncumbentTime(trace: readonly TracePoint[]): number | null {
  const best = Math.min(...trace.flatMap(({ cost }) => (cost === null ? [] : [cost])));
  return trace.find(({ cost }) => cost !== null && cost <= best * (1 + 1e-9))?.seconds ?? null;
}

/** Sum of gap times time over the trace; the gap is 1 while unknown, and after the end what it was at the end. */
function integral(record: RunRecord, timeLimit: number, gapAt: (point: TracePoint) => number | null): number {
  const solved = record.status === 'optimal' || record.status === 'infeasible';
  let total = 0;
  let gap = 1;
  let since = 0;
  for (const point of record.trace) {
    const seconds = Math.min(point.seconds, timeLimit);
    total += gap * Math.max(0, seconds - since);
    since = Math.max(since, seconds);
    gap = Math.min(1, gapAt(point) ?? gap);
  }
  return total + (solved ? 0 : gap * Math.max(0, timeLimit - since));
}

export interface SolverSummary {
  readonly solver: string;
  readonly cases: number;
  readonly solved: number;
  /** Shifted by 1 s, time-outs at the limit. */
  readonly geometricMean: number;
  /** Shifted by 10 ms: tells apart what takes milliseconds. */
  readonly fineGeometricMean: number;
  readonly median: number;
  readonly largest: number;
  /** Mean time, time-outs counted ten times. */
  readonly par10: number;
  readonly primalIntegral: number;
  readonly primalDualIntegral: number;
}

export function solverSummary(solver: string, results: readonly CaseResult[], timeLimit: number): SolverSummary {
  const own = results.filter((result) => result.solver === solver);
  const seconds = own.map((result) => result.seconds);
  return {
    solver,
    cases: own.length,
    solved: own.filter(({ solved }) => solved).length,
    geometricMean: shiftedGeometricMean(seconds, 1),
    fineGeometricMean: shiftedGeometricMean(seconds, 0.01),
    median: median(seconds),
    largest: Math.max(...seconds),
    par10: own.reduce((sum, result) => sum + (result.solved ? result.seconds : 10 * timeLimit), 0) / own.length,
    primalIntegral: shiftedGeometricMean(
      own.map(({ primalIntegral }) => primalIntegral),
      1,
    ),
    primalDualIntegral: shiftedGeometricMean(
      own.map(({ primalDualIntegral }) => primalDualIntegral),
      1,
    ),
  };
}

/** The best solver on each case, as if one had known. */
export function virtualBest(results: readonly CaseResult[], among: readonly string[], name: string): CaseResult[] {
  const cases = [...new Set(results.map((result) => result.case))];
  return cases.map((caseName) => {
    const own = results.filter((result) => result.case === caseName && among.includes(result.solver));
    const best = own.reduce((a, b) => (b.seconds < a.seconds || (b.solved && !a.solved) ? b : a));
    return { ...best, solver: name };
  });
}

/** Share of cases that a solver solves within a factor of the fastest (E. Dolan and J. More, 2002), at each ratio where it changes. */
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
