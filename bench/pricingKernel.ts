/** Pricing of patterns as column generation does it, frozen at two moments. */

import { findPlans } from '../src/heuristics/index.ts';
import { drain } from '../src/lp/steps.ts';
import type { PlanningProblem } from '../src/model/compiled/planningProblem.ts';
import { restrictionsOf } from '../src/patterns/master/patternDecision.ts';
import { generateColumns, priceAll } from '../src/patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../src/patterns/master/restrictedMaster.ts';
import { PatternPricer } from '../src/patterns/pricing/patternPricer.ts';
import { buildPatternTable } from '../src/patterns/pricing/patternTable.ts';
import { patternsOfPlan } from '../src/patterns/pricing/planPatterns.ts';

/** Reduced costs above minus this do not count as improving: the relaxation's own order of magnitude. */
const tolerance = 1e-6;

/**
 * Prices every deployment at the duals of the first master (one plan's patterns) and of the last (columns converged).
 */
export function pricingKernel(problem: PlanningProblem): () => void {
  const table = buildPatternTable(problem);
  const master = new RestrictedMaster(table);
  const pricer = new PatternPricer(table);
  const free = { blocked: new Uint8Array(table.queryType.length), closed: new Uint8Array(table.numDeployments) };
  const restrictions = restrictionsOf(table, [], free);
  master.add(patternsOfPlan(table, findPlans(problem)[0]));
  master.restrict(restrictions);
  const dualsNow = () => {
    master.solve();
    return master.solver.duals.slice(0, master.solver.numRows);
  };
  const first = dualsNow();
  const generation = generateColumns(master, pricer, restrictions, { cutoff: Infinity, shouldStop: () => false });
  const { status } = drain(generation);
  if (status !== 'converged') throw new Error(`column generation ended with ${status}`);
  const last = dualsNow();
  return () => {
    priceAll(master, pricer, restrictions, first, tolerance);
    priceAll(master, pricer, restrictions, last, tolerance);
  };
}
