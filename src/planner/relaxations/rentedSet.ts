/**
 * Plans under split placement that rent exactly a given set of deployments: branch and bound on the strengthened
 * program of the set alone, a few dozen placements and fractions, in milliseconds.
 */
import { generalCuts } from '../../bnb/cuts/generalCuts.ts';
import { gomoryCuts } from '../../bnb/cuts/gomory.ts';
import { ShrinkingRelaxation } from '../../bnb/linear/shrinkingRelaxation.ts';
import { cutoffWithin } from '../../bnb/progress.ts';
import { resolveStrategy, type SearchStrategy } from '../../bnb/strategy.ts';
import { TreeSearch } from '../../bnb/treeSearch.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { planCost, planIsFeasible } from '../../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { restrictedTo } from '../../model/compiled/restrictedProblem.ts';
import { buildStrengthened } from '../../model/formulations/strengthened.ts';
import { withUnitRows } from '../../model/formulations/unitRows.ts';
import { planCuts } from '../cuts/planCuts.ts';
import { type CompactParameters, defaultCompactParameters } from '../parameters.ts';

/**
 * Plans must be cheaper than the cutoff by this, relatively: rounding of the LP, which would make the cutoff's own plan
 * look better.
 */
const leastGain = 1e-7;

export interface RentedSetOptions {
  /** Only plans cheaper than this are wanted. */
  readonly cutoff: number;
  /** Share of a cost, the cutoff's or the plan's, that the bound may stay below it. Default 0. */
  readonly relativeGap?: number;
  readonly shouldStop: () => boolean;
  /** Nodes of the search; default: none. */
  readonly nodeLimit?: number;
  /** All cuts, as long as they gain: pays where the search is a long one. Default false. */
  readonly isThorough?: boolean;
  /** That of the tree over the sets; order of classes and heuristics mean nothing here. */
  readonly strategy?: SearchStrategy;
  readonly parameters?: CompactParameters['sets'];
}

export interface RentedSetResult {
  /** The cheapest plan below the cutoff, or null. */
  readonly plan: IndexedPlan | null;
  readonly cost: number | null;
  /** Whether `bound` reaches the cost of `plan`, or else the cutoff, but for the gap. */
  readonly isProven: boolean;
  /** Whether the nodes were used up. */
  readonly wasCutShort: boolean;
  /** No plan of the set costs less; -Infinity where nothing is known. */
  readonly bound: number;
  readonly simplexIterations: number;
}

export function bestPlanOfSet(
  problem: PlanningProblem,
  rented: ReadonlySet<number>,
  {
    cutoff,
    relativeGap = 0,
    shouldStop,
    nodeLimit,
    isThorough = false,
    strategy = resolveStrategy(),
    parameters = defaultCompactParameters.sets,
  }: RentedSetOptions,
): RentedSetResult {
  const formulation = buildStrengthened(restrictedTo(problem, (d) => rented.has(d)));
  const { columns } = formulation;
  const program = withUnitRows(formulation.program);
  const columnLower = program.columnLower.slice();
  const columnUpper = program.columnUpper.slice();
  columns.w.forEach((column, d) => {
    if (column >= 0) columnLower[column] = columnUpper[column] = rented.has(d) ? 1 : 0;
  });
  const relaxation = new ShrinkingRelaxation<IndexedPlan>({
    program: { ...program, columnLower, columnUpper },
    decode: (point) => formulation.decode(point),
    ...(isThorough && strategy.cuts
      ? { separators: generalCuts, modelCuts: planCuts(formulation) }
      : { separators: strategy.cuts ? [gomoryCuts] : [], rootRounds: parameters.cutRounds }),
    propagation: strategy.propagation,
    reducedCostFixing: strategy.reducedCostFixing,
    parameters: strategy.parameters,
  });
  const search = new TreeSearch(relaxation, {
    // Stricter than the tree's own door: a set whose best plan that one would refuse is not settled.
    door: (plan) => (planIsFeasible(problem, plan) ? { cost: planCost(problem, plan), solution: plan } : null),
    ...(cutoff < Infinity ? { cutoff: cutoffWithin(cutoff, Math.max(leastGain, relativeGap)) } : {}),
    relativeGap,
    ...(nodeLimit === undefined ? {} : { nodeLimit }),
    resumable: false,
    strategy: { ...strategy, classOrder: null, heuristics: false },
    isInterrupted: shouldStop,
  });
  const { status, solution, cost, bound, simplexIterations } = search.run();
  const isProven = status === 'optimal' || status === 'infeasible';
  // What lies between the search's cutoff and this one is rounding.
  const nothingBelow = cutoff < Infinity ? cutoffWithin(cutoff, relativeGap) : Infinity;
  return {
    plan: solution,
    cost,
    isProven,
    wasCutShort: status === 'node-limit',
    bound: status === 'infeasible' ? nothingBelow : (bound ?? -Infinity),
    simplexIterations,
  };
}
