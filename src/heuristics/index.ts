/**
 * Plans without proof, fast and deterministic: `findPlans` from nothing, `improvePlan` from a plan, `roundPoint` from a
 * relaxation's fractional point. All return plans that keep every limit by the compiled problem; the verifier still has
 * the last word.
 */
import { drain, type Steps } from '../lp/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import { delayStretch, planCost, planIsFeasible } from '../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { defaultHeuristicParameters } from './parameters.ts';
import { type HeuristicEffort, SinglePlacementSearch } from './singlePlacementSearch.ts';
import { SplitPlacementSearch } from './splitPlacementSearch.ts';

export { planCost, planIsFeasible } from '../model/compiled/indexedPlanCheck.ts';
export type { HeuristicEffort } from './singlePlacementSearch.ts';

/**
 * What construction and a descent from the best of it find, each plan cheaper than the one before, each query type in
 * one place. A first plan costs less than a millisecond on small instances.
 */
export function* constructPlans(
  problem: PlanningProblem,
  options: Omit<HeuristicEffort, 'effort'> = {},
): Generator<IndexedPlan, void, void> {
  for (const plan of constructPlansInSteps(problem, options)) if (plan !== null) yield plan;
}

/**
 * As `constructPlans`, with null where the work may pause. `descends` false (default true): the descent only where the
 * budget is hard to keep.
 */
export function constructPlansInSteps(
  problem: PlanningProblem,
  { descends = true, ...options }: Omit<HeuristicEffort, 'effort'> & { readonly descends?: boolean } = {},
): Generator<IndexedPlan | null, void, void> {
  return new SinglePlacementSearch(problem, options).construct(descends);
}

/** A few feasible plans of different cost, cheapest first; empty if none was found. */
export function findPlans(problem: PlanningProblem, effort: HeuristicEffort = {}): IndexedPlan[] {
  return drain(findPlansInSteps(problem, effort));
}

/** As `findPlans`, yielding where the work may pause. */
export function* findPlansInSteps(problem: PlanningProblem, effort: HeuristicEffort = {}): Steps<IndexedPlan[]> {
  const search = new SinglePlacementSearch(problem, effort);
  yield* search.run(effort.effort ?? 1);
  const plans = search.plans.map(({ plan }) => plan);
  if (problem.placement.isSingle || effort.effort === 0) return plans;
  const split = new SplitPlacementSearch(problem, effort);
  split.run(plans);
  return [...split.plans.map(({ plan }) => plan), ...plans].sort((a, b) => planCost(problem, a) - planCost(problem, b));
}

/**
 * The best plan found from `plan`; `plan` itself if nothing cheaper was found. Repairs an infeasible plan if it can.
 */
export function improvePlan(problem: PlanningProblem, plan: IndexedPlan, effort: HeuristicEffort = {}): IndexedPlan {
  return drain(improvePlanInSteps(problem, plan, effort));
}

/** As `improvePlan`, yielding where the work may pause. */
export function* improvePlanInSteps(
  problem: PlanningProblem,
  plan: IndexedPlan,
  effort: HeuristicEffort = {},
): Steps<IndexedPlan> {
  const isSplit = !problem.placement.isSingle;
  const search = isSplit ? new SplitPlacementSearch(problem, effort) : new SinglePlacementSearch(problem, effort, 1);
  if (search instanceof SplitPlacementSearch) search.run([plan]);
  else yield* search.runFrom(mainPlacement(problem, plan), delayStretch(problem, plan), effort.effort ?? 1);
  const found = search.plans[0];
  if (!found || (planIsFeasible(problem, plan) && planCost(problem, plan) <= found.cost)) return plan;
  return found.plan;
}

/**
 * The plan nearest to a relaxation's point: each query type goes to the pair of its largest weight, and a descent
 * follows (more at higher effort; default 0). `weight(i, d)` is z or the served fraction of query type i on deployment
 * d; `openness(d)`, where given, is w. Null if no feasible plan results.
 */
export function roundPoint(
  problem: PlanningProblem,
  weight: (queryType: number, deployment: number) => number,
  effort: HeuristicEffort & { readonly openness?: (deployment: number) => number } = {},
): IndexedPlan | null {
  const { numQueryTypes, deployments, deploymentsOfPair, maxFraction, delayRule } = problem;
  const { leastWeight, degreeTolerance } = (effort.parameters ?? defaultHeuristicParameters).rounding;
  const pairOf = new Int32Array(numQueryTypes).fill(-1);
  const degreeSum = new Float64Array(problem.numPairs);
  for (let i = 0; i < numQueryTypes; i++) {
    let best = leastWeight;
    for (let pair = 0; pair < deploymentsOfPair.length; pair++) {
      let total = 0;
      for (const d of deploymentsOfPair[pair]) {
        if (maxFraction[i * deployments.count + d] >= 0) total += weight(i, d);
      }
      if (total > best) {
        best = total;
        pairOf[i] = pair;
      }
    }
  }
  let stretch = 1;
  if (!delayRule.divides) {
    const { openness } = effort;
    for (let d = 0; d < deployments.count; d++) {
      degreeSum[deployments.pair[d]] += deployments.tpDegree[d] * (openness?.(d) ?? 0);
    }
    const { isPooled, stretchingPair } = delayRule;
    stretch = isPooled
      ? Math.round(degreeSum.reduce((sum, degree) => sum + degree, 0))
      : nearestDegree(problem, stretchingPair, degreeSum[stretchingPair], degreeTolerance);
  }
  const search = new SinglePlacementSearch(problem, effort, 1);
  drain(search.runFrom(pairOf, stretch, effort.effort ?? 0));
  return search.plans[0]?.plan ?? null;
}

/** The degree of `pair` nearest above or else below `degree`. */
function nearestDegree(problem: PlanningProblem, pair: number, degree: number, tolerance: number): number {
  const degrees = problem.deploymentsOfPair[pair].map((d) => problem.deployments.tpDegree[d]).sort((a, b) => a - b);
  return degrees.find((n) => n >= degree - tolerance) ?? degrees[degrees.length - 1] ?? 0;
}

/** (i): the pair that serves most of it, or -1. */
function mainPlacement(problem: PlanningProblem, plan: IndexedPlan): Int32Array {
  const pairOf = new Int32Array(problem.numQueryTypes).fill(-1);
  const most = new Float64Array(problem.numQueryTypes).fill(-1);
  for (const { queryType, deployment, fraction } of plan.routing) {
    if (fraction <= most[queryType]) continue;
    most[queryType] = fraction;
    pairOf[queryType] = problem.deployments.pair[deployment];
  }
  return pairOf;
}
