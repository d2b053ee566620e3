/** What a proof of an instance is to show, and in which numbers. */
import { fromPlan } from '../../model/compiled/indexedPlan.ts';
import { planCost } from '../../model/compiled/indexedPlanCheck.ts';
import { compileForSearch, type SearchProblem } from '../../model/compiled/searchInstance.ts';
import type { SolveResult } from '../../planner/solveResult.ts';
import type { Facts } from '../check/facts.ts';
import { asNumber, readRational, roundedUp } from '../check/rational.ts';
import { type RoundedFacts, roundedFacts } from '../check/roundedFacts.ts';
import { LeafWriter } from './leafWriter.ts';
import { gapOf } from './target.ts';
import type { WriteOptions } from './writeOptions.ts';

export interface ProofGoal {
  readonly searched: SearchProblem;
  readonly rounded: RoundedFacts;
  readonly leaves: LeafWriter;
  /** In the checker's units; null: nothing is feasible. */
  readonly target: bigint | null;
  /** Search money = scale * $. */
  readonly scale: number;
  /** In search money: the target and a margin beyond it, and bounds from which a leaf is tried. */
  readonly cutoff: number;
  readonly hopeful: number;
  /** $: numbers of money are multiples of it. */
  readonly step: number;
}

/** Binary digits of money kept below the size of the bound. */
const moneyDigits = 56;

export function goalOf(facts: Facts, result: SolveResult, bound: string | null, options: WriteOptions): ProofGoal {
  const target = bound === null ? null : readRational(bound)!;
  const searched = compileForSearch(facts.instance, facts.options, (problem) =>
    result.plan === null ? Infinity : planCost(problem, fromPlan(problem, result.plan)),
  );
  const { moneyScale, problem } = searched;
  const unmet = problem.unmetCost.reduce((sum, cost) => sum + cost, 0) / moneyScale;
  const size = target === null ? Math.max(unmet, 1 / moneyScale) : Math.abs(asNumber(target)) || 1;
  const rounded = roundedFacts(facts, moneyDigits - Math.ceil(Math.log2(size)));
  const gap = gapOf(result, options);
  const units = target && roundedUp(target, rounded.resolution);
  const step = 10 ** Math.floor(Math.log10(size * gap * 1e-3));
  const aim = target === null ? Infinity : asNumber(target) * moneyScale;
  const margin = gap * size * 0.05 * moneyScale;
  return {
    searched,
    rounded,
    leaves: new LeafWriter(rounded, step, units),
    target: units,
    scale: moneyScale,
    cutoff: aim + margin,
    hopeful: aim - margin,
    step,
  };
}
