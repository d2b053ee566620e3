/**
 * Alternatives: after the best plan the next best one that does without something that each plan before it rents, and
 * so on (specification 19). What plans rent is compared by (model, tier), by tier alone, or by configuration, never by
 * how many GPUs of it.
 *
 * A region is the plans that rent none of a set F. The first has F empty. Whenever a plan that rents S has been given,
 * every open region whose F does not meet S is replaced by the regions F + {d} for d in S. Then the open regions hold
 * exactly the plans that do without something of every plan given: such a plan lies outside some d of S, and no plan of
 * a region rents all of an S that its F meets. So the best plan of all open regions is the next one, each region being
 * an ordinary solve (the hitting-set tree of Reiter, Artificial Intelligence 32 (1987) 57-95, best first).
 */

import { cutoffWithin, relativeGapOf } from '../bnb/progress.ts';
import type { DeploymentPattern } from '../model/compiled/restrictedProblem.ts';
import type { Instance, Plan, PlannedDeployment } from '../model/instance.ts';
import { choice, exactly, numberBetween } from '../model/schemaFields.ts';
import { type Alternative, type Alternatives, type DifferIn, waysToDiffer } from './alternativesResult.ts';
import { optionTable } from './optionTable.ts';
import { resolveSolve } from './resolveSolve.ts';
import type { SolveOptions } from './solveOptions.ts';
import type { SolveResult } from './solveResult.ts';
import { SolveRun } from './solveRun.ts';

export interface AlternativesOptions extends Omit<SolveOptions, 'formulation'> {
  /** How many plans, the best one included; a whole number from 1 to 1000. */
  readonly count: number;
  /**
   * What a plan must do without something of: the (model, tier)s that each plan before rents (`deployment`, default),
   * its configurations (with TP and pipeline degree: `configuration`), or its tiers (`tier`).
   */
  readonly differIn?: DifferIn;
  /** Told of each plan once it is known to be the next. */
  readonly onAlternative?: (alternative: Alternative, position: number) => void;
}

/**
 * The `count` best plans of which none rents all that a better one rents. Limits (`timeLimit`, `nodeLimit`,
 * `memoryLimit`) and `gap` are those of each solve; several are needed for each alternative. Throws InputError with
 * every fault of instance and options.
 */
export function planAlternatives(instance: Instance, options: AlternativesOptions): Alternatives {
  const work = searching(instance, options);
  let step = work.next();
  while (!step.done) step = work.next(step.value.run());
  return step.value;
}

/** As `planAlternatives`, letting the event loop run about every 20 ms, so that `options.signal` stops the work. */
export async function planAlternativesAsync(instance: Instance, options: AlternativesOptions): Promise<Alternatives> {
  const work = searching(instance, options);
  let step = work.next();
  while (!step.done) step = work.next(await step.value.runAsync());
  return step.value;
}

/** Plans that rent none of `without`; not solved yet, or solved. */
interface Region {
  readonly without: readonly DeploymentPattern[];
  /** No plan of the region costs less. */
  readonly bound: number;
  /** What of it can be rented here is where the solve starts. */
  readonly startPlan: Plan | null;
  readonly result: SolveResult | null;
}

function* searching(data: Instance, options: AlternativesOptions): Generator<SolveRun, Alternatives, SolveResult> {
  const began = performance.now();
  const resolved = resolveSolve(data, options as SolveOptions, {
    count: { field: numberBetween({ least: 1, below: 1001, whole: true }, 'plans', 'How many'), isRequired: true },
    differIn: { field: choice(waysToDiffer, 'What alternatives differ in') },
    onAlternative: optionTable.onProgress,
    formulation: { field: exactly('strengthened') },
  });
  const { count, differIn = 'deployment', onAlternative } = options;
  const given: Alternative[] = [];
  const rented: (readonly DeploymentPattern[])[] = [];
  const seen = new Set<string>();
  let open: Region[] = [{ without: [], bound: 0, startPlan: resolved.startPlan, result: null }];
  let solves = 0;
  let nodes = 0;
  let stopped: SolveResult['status'] | null = null;

  while (given.length < count && stopped !== 'interrupted') {
    open = open.flatMap((region) => within(region, rented, seen));
    const best = cheapest(open);
    const next = leastBound(open.filter(({ result }) => result === null));
    if (next !== undefined && mayHoldBetter(next, best, resolved.settings.gap)) {
      const { without, startPlan } = next;
      const result = yield new SolveRun({ ...resolved, without, startPlan }, performance.now());
      solves++;
      nodes += result.nodes;
      open = open.filter((region) => region !== next);
      if (result.status === 'infeasible') continue;
      if (result.status !== 'optimal') stopped = result.status;
      open.push({ ...next, result, bound: Math.max(next.bound, result.bound ?? 0) });
      continue;
    }
    if (best === undefined) break;
    const alternative = alternativeOf(best.result!, leastBound(open)!.bound, resolved.settings.gap);
    given.push(alternative);
    rented.push(alternative.plan.deployments.map((deployment) => comparedBy(differIn, deployment)));
    onAlternative?.(alternative, given.length - 1);
  }
  const { planning, instance, notices } = resolved;
  return {
    format: 'rolla-alternatives/1',
    instance: instance.name ?? null,
    options: planning,
    notices,
    differIn,
    status: given.length === count ? 'complete' : ((stopped as Alternatives['status'] | null) ?? 'exhausted'),
    alternatives: given,
    solves,
    nodes,
    seconds: (performance.now() - began) / 1000,
  };
}

/**
 * The region without the plans that rent all of a given one: itself, or the regions that each do without one thing
 * more; those met before on another way are left out.
 */
function within(
  region: Region,
  rented: readonly (readonly DeploymentPattern[])[],
  seen: Set<string>,
): readonly Region[] {
  const whole = rented.find((plan) => !plan.some((each) => region.without.some((gone) => keyOf(gone) === keyOf(each))));
  if (whole === undefined) return [region];
  const startPlan = region.result?.plan ?? region.startPlan;
  return whole.flatMap((each) => {
    const without = [...region.without, each];
    const key = without.map(keyOf).sort().join('\n');
    if (seen.has(key)) return [];
    seen.add(key);
    return within({ without, bound: region.bound, startPlan, result: null }, rented, seen);
  });
}

function comparedBy(
  differIn: DifferIn,
  { model, tier, tpDegree, pipelineDegree = 1 }: PlannedDeployment,
): DeploymentPattern {
  if (differIn === 'tier') return { tier };
  return differIn === 'deployment' ? { model, tier } : { model, tier, tpDegree, pipelineDegree };
}

function keyOf({ model, tier, tpDegree, pipelineDegree }: DeploymentPattern): string {
  return JSON.stringify([model, tier, tpDegree, pipelineDegree]);
}

/** Whether a plan of the region could cost less than the best one known by more than the gap. */
function mayHoldBetter({ bound }: Region, best: Region | undefined, gap: number): boolean {
  const cost = best?.result?.cost?.total;
  return cost === undefined || bound < cutoffWithin(cost, gap);
}

function leastBound(regions: readonly Region[]): Region | undefined {
  return regions.reduce<Region | undefined>(
    (least, region) => (least === undefined || region.bound < least.bound ? region : least),
    undefined,
  );
}

function cheapest(regions: readonly Region[]): Region | undefined {
  return regions.reduce<Region | undefined>((best, region) => {
    const cost = region.result?.cost?.total ?? Infinity;
    return cost < (best?.result?.cost?.total ?? Infinity) ? region : best;
  }, undefined);
}

function alternativeOf({ cost, plan }: SolveResult, least: number, asked: number): Alternative {
  if (cost === null || plan === null) throw new Error('a region without a plan was taken for the next');
  const bound = Math.min(least, cost.total);
  const gap = relativeGapOf(cost.total, bound);
  return { cost, plan, bound, gap, isProven: gap !== null && gap <= asked };
}
