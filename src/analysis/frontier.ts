/**
 * Frontiers: the least cost at each value of a limit (epsilon-constraint: Haimes, Lasdon and Wismer, IEEE Transactions
 * on Systems, Man, and Cybernetics 1 (1971) 296-297), or of any other numeric factor of a sweep.
 *
 * Points are solved from the loosest value to the tightest. A tighter value allows fewer plans and makes none cheaper,
 * so the bound of a looser point holds at every tighter one: where the plan before still verifies at a cost that this
 * bound proves, it is the answer there, without a search.
 */

import * as z from 'zod/mini';
import { cutoffWithin, relativeGapOf } from '../bnb/progress.ts';
import { type InputIssue, showValue } from '../input/inputError.ts';
import type { PlanCost } from '../model/check/cost.ts';
import { checkPlan } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { optionTable } from '../planner/optionTable.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import { type Solving, solveAll, solveAllAsync, solved } from '../planner/solving.ts';
import type { Scenario } from './factors.ts';
import { findFactor } from './factors.ts';
import { axisIssues, type GridAxis } from './grids.ts';
import { tighterOf } from './tighterValues.ts';

export interface FrontierPoint {
  readonly value: number;
  readonly status: SolveResult['status'];
  readonly cost: PlanCost | null;
  /** No plan of the value costs less; null where that is not known. */
  readonly bound: number | null;
  readonly gap: number | null;
  readonly plan: Plan | null;
  readonly gpus: number | null;
  /** What proves the point: a search of its own, or the bound of a looser point. */
  readonly provenBy: 'search' | 'looser point' | null;
  /** Whether some tighter point costs no more; null where factor or point have no such order. */
  readonly isDominated: boolean | null;
}

export interface Frontier {
  readonly format: 'rolla-frontier/1';
  readonly instance: string | null;
  /** The factor's name, and the title of its axis. */
  readonly factor: string;
  readonly label: string;
  /** Which of two values is the tighter; null where the factor has no such order. */
  readonly tighter: 'smaller' | 'larger' | null;
  readonly options: SolveResult['options'];
  readonly notices: readonly string[];
  /** From the loosest value to the tightest; without an order as given. */
  readonly points: readonly FrontierPoint[];
  readonly solves: number;
  /** Wall time. */
  readonly seconds: number;
}

export interface FrontierOptions extends Omit<SolveOptions, 'startPlan'> {
  /** Told of each point once it is known; whether it is dominated is said at the end. */
  readonly onPoint?: (point: FrontierPoint) => void;
}

/**
 * The least cost at each value of `axis` (`parseVary`), whose factor must be numeric. Other options as in `optimize`,
 * limits and gap for each point; `signal` ends it with the points so far. Throws InputError with every fault.
 */
export function frontier(instance: Instance, axis: GridAxis, options: FrontierOptions = {}): Frontier {
  return solveAll(tracing(instance, { axis }, options));
}

/** As `frontier`, letting the event loop run about every 20 ms, so that `options.signal` stops the work. */
export async function frontierAsync(
  instance: Instance,
  axis: GridAxis,
  options: FrontierOptions = {},
): Promise<Frontier> {
  return solveAllAsync(tracing(instance, { axis }, options));
}

/**
 * Cost against GPUs rented, each point with one GPU less than the plan before rents, from no limit until there is no
 * plan or `most` points are known: every plan that is not dominated, if `most` allows.
 */
export function gpuFrontier(instance: Instance, most: number, options: FrontierOptions = {}): Frontier {
  return solveAll(tracing(instance, { most }, options));
}

/** As `gpuFrontier`, letting the event loop run. */
export async function gpuFrontierAsync(
  instance: Instance,
  most: number,
  options: FrontierOptions = {},
): Promise<Frontier> {
  return solveAllAsync(tracing(instance, { most }, options));
}

/** What is known of the looser points. */
interface Looser {
  readonly plan: Plan | null;
  readonly bound: number;
  readonly isInfeasible: boolean;
}

/** The values of an axis, or as many points of GPUs as there are. */
type Range = { readonly axis: GridAxis } | { readonly most: number };

const furtherOptions = {
  onPoint: optionTable.onProgress,
  startPlan: { field: z.never({ error: 'nothing: each point starts from the plan of the point before' }) },
};

function* tracing(data: Instance, over: Range, options: FrontierOptions): Solving<Frontier> {
  const began = performance.now();
  const { instance, planning, settings, notices } = resolveSolve(data, options, furtherOptions, rangeIssues(over));
  const { onPoint, ...solveOptions } = options;
  const most = 'most' in over ? over.most : null;
  const factor = 'most' in over ? findFactor('gpus') : over.axis.factor;
  const tighter = tighterOf(factor.name, instance);
  const values = 'most' in over ? null : sorted(over.axis.values as readonly number[], tighter);
  const points: FrontierPoint[] = [];
  let looser: Looser = { plan: null, bound: 0, isInfeasible: false };
  let solves = 0;
  for (let t = 0; t < (values?.length ?? most!); t++) {
    const limit: number | null = values === null ? gpusLeft(points) : values[t];
    const base: Scenario = { instance, options: {} };
    const scenario = limit === null ? base : factor.apply(base, limit);
    const known = tighter === null ? null : atTighter(scenario, planning, looser, settings.gap);
    let point: Omit<FrontierPoint, 'value' | 'isDominated'>;
    if (known !== null) point = known;
    else {
      const start = looser.plan === null ? {} : { startPlan: looser.plan };
      const result = yield* solved(scenario.instance, { ...solveOptions, ...scenario.options, ...start });
      solves++;
      point = solvedPoint(result, tighter === null ? 0 : looser.bound, settings.gap);
    }
    const isEnd = values === null && point.plan === null;
    if (isEnd && points.length > 0) break;
    const whole = { ...point, value: values === null ? (point.gpus ?? 0) : limit!, isDominated: null };
    points.push(whole);
    onPoint?.(whole);
    looser = {
      plan: point.plan ?? looser.plan,
      bound: Math.max(tighter === null ? 0 : looser.bound, point.bound ?? 0),
      isInfeasible: point.status === 'infeasible',
    };
    if (options.signal?.aborted || isEnd) break;
  }
  return {
    format: 'rolla-frontier/1',
    instance: instance.name ?? null,
    factor: factor.name,
    label: factor.label,
    tighter,
    options: planning,
    notices,
    points:
      tighter === null
        ? points
        : points.map((point, t) => ({ ...point, isDominated: isDominated(points, t, settings.gap) })),
    solves,
    seconds: (performance.now() - began) / 1000,
  };
}

/** From the loosest to the tightest. */
function sorted(values: readonly number[], tighter: 'smaller' | 'larger' | null): readonly number[] {
  if (tighter === null) return values;
  return [...values].sort((a, b) => (tighter === 'smaller' ? b - a : a - b));
}

function rangeIssues(over: Range): readonly InputIssue[] {
  if ('most' in over) {
    if (Number.isSafeInteger(over.most) && over.most >= 1) return [];
    return [{ path: 'most', value: showValue(over.most), expected: 'a whole number >= 1 (points)' }];
  }
  const issues = axisIssues(over.axis, 'axis');
  if (issues.length > 0) return issues;
  const { factor, values } = over.axis;
  const other = values.find((value) => typeof value !== 'number');
  if (other === undefined) return [];
  return [{ path: `factor ${factor.name}`, value: showValue(other), expected: 'numbers' }];
}

/** One GPU less than the last plan; null at the beginning: no limit. */
function gpusLeft(points: readonly FrontierPoint[]): number | null {
  const last = points.at(-1);
  return last === undefined ? null : Math.max(0, last.gpus! - 1);
}

/** What a looser point says of this one without a search; null where it says too little. */
function atTighter(
  { instance }: Scenario,
  planning: SolveResult['options'],
  { plan, bound, isInfeasible }: Looser,
  gap: number,
): Omit<FrontierPoint, 'value' | 'isDominated'> | null {
  if (isInfeasible) return { ...withoutPlan, status: 'infeasible', provenBy: 'looser point' };
  if (plan === null) return null;
  const { ok, cost } = checkPlan(instance, planning, plan);
  const least = Math.min(bound, cost.total);
  const provenGap = relativeGapOf(cost.total, least);
  if (!ok || provenGap === null || provenGap > gap) return null;
  return {
    status: 'optimal',
    cost,
    bound: least,
    gap: provenGap,
    plan,
    gpus: gpusOf(plan),
    provenBy: 'looser point',
  };
}

const withoutPlan = { cost: null, bound: null, gap: null, plan: null, gpus: null } as const;

/** A result with the bound of the looser point, which may prove what a limit left open. */
function solvedPoint(
  { status, cost, bound, plan }: SolveResult,
  looserBound: number,
  asked: number,
): Omit<FrontierPoint, 'value' | 'isDominated'> {
  if (status === 'infeasible') return { ...withoutPlan, status, provenBy: 'search' };
  const least = bound === null && looserBound === 0 ? null : Math.max(bound ?? 0, looserBound);
  if (cost === null || plan === null) return { ...withoutPlan, status, bound: least, provenBy: null };
  const known = least === null ? null : Math.min(least, cost.total);
  const gap = relativeGapOf(cost.total, known);
  const isProven = gap !== null && gap <= asked;
  return {
    status: isProven ? 'optimal' : status,
    cost,
    bound: known,
    gap,
    plan,
    gpus: gpusOf(plan),
    provenBy: status === 'optimal' ? 'search' : isProven ? 'looser point' : null,
  };
}

function gpusOf({ deployments }: Plan): number {
  return deployments.reduce((sum, { gpus }) => sum + gpus, 0);
}

/** Points are from the loosest to the tightest: whether one after it costs no more, but for the gap. */
function isDominated(points: readonly FrontierPoint[], at: number, gap: number): boolean | null {
  const { cost, value } = points[at];
  if (cost === null) return null;
  return points
    .slice(at + 1)
    .some((other) => other.cost !== null && other.value !== value && cutoffWithin(other.cost.total, gap) <= cost.total);
}
