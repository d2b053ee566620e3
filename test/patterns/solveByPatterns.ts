/**
 * Solves by the pattern relaxation alone, without heuristics, so that tests see the relaxation, its branching and its
 * solutions.
 */
import type { SearchResult } from '../../src/bnb/searchTypes.ts';
import { TreeSearch } from '../../src/bnb/treeSearch.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { type IndexedPlan, toPlan } from '../../src/model/compiled/indexedPlan.ts';
import type { Instance } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { PatternRelaxation, type PatternRelaxationOptions } from '../../src/patterns/patternRelaxation.ts';

export interface PatternSolve {
  readonly result: SearchResult<IndexedPlan>;
  /** Solutions of the tree that the verifier refused. */
  readonly refused: number;
}

export function solveByPatterns(
  instance: Instance,
  options: PlanningOptions,
  { nodeLimit = 5000, ...relaxationOptions }: PatternRelaxationOptions & { readonly nodeLimit?: number } = {},
): PatternSolve {
  const problem = compileProblem(instance, options);
  const relaxation = new PatternRelaxation(problem, { heuristics: false, ...relaxationOptions });
  let refused = 0;
  const door = (solution: IndexedPlan) => {
    const { ok, cost } = checkPlan(instance, options, toPlan(problem, solution));
    if (!ok) refused += 1;
    return ok ? { cost: cost.total, solution } : null;
  };
  const search = new TreeSearch(relaxation, { door, relativeGap: 1e-7, nodeLimit });
  return { result: search.run(), refused };
}
