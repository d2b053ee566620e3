/**
 * Rounds the master's point: each query type goes to the pair of its largest weight, and local search improves the
 * plan. Where what is alike is merged, patterns of large weight are handed out to members first, as far as they go.
 */
import { type HeuristicEffort, roundPoint } from '../../heuristics/index.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { MasterPoint } from '../master/masterPoint.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import { movesOf } from '../parameters.ts';
import type { Pattern } from '../pricing/pattern.ts';
import type { PatternTable } from '../pricing/patternTable.ts';
import { planOfPatterns } from '../pricing/planPatterns.ts';

export function roundMasterPoint(
  { table, patterns }: Pick<RestrictedMaster, 'table' | 'patterns'>,
  point: MasterPoint,
  search: Pick<HeuristicEffort, 'effort' | 'shouldStop' | 'target'>,
): IndexedPlan | null {
  const { problem } = table;
  const { placement, deployment } = point;
  const { numPairs, deployments, deploymentsOfPair } = problem;
  const weight = (i: number, d: number) => {
    const pair = deployments.pair[d];
    return placement[i * numPairs + pair] / deploymentsOfPair[pair].length;
  };
  const moves = movesOf(table.parameters);
  if (!table.isMerged) return roundPoint(problem, weight, { ...search, openness: (d) => deployment[d], ...moves });
  const plan = planOfPatterns(table, largestThatFit(table, patterns, point));
  const places = new Map(plan.routing.map((route) => [route.queryType, route.deployment]));
  const rented = new Set(plan.deployments.map((one) => one.deployment));
  const { lead, copies } = table.alike.pairs;
  const queryLead = table.alike.queryTypes.lead;
  return roundPoint(problem, (i, d) => (places.has(i) ? (places.get(i) === d ? 1 : 0) : elsewhere(i, d)), {
    ...search,
    ...moves,
    openness: (d) => (rented.has(d) ? 1 : 0),
  });

  function elsewhere(i: number, d: number): number {
    const pair = lead[deployments.pair[d]];
    return placement[queryLead[i] * numPairs + pair] / copies[pair] / deploymentsOfPair[pair].length;
  }
}

/** Patterns by falling weight that leave no class with more than its members. */
function largestThatFit(table: PatternTable, patterns: readonly Pattern[], point: MasterPoint): Pattern[] {
  const { pairs, queryTypes } = table.alike;
  const unrented = pairs.copies.slice();
  const uncovered = queryTypes.copies.slice();
  const ranked = [...point.patterns].sort((one, other) => other.weight - one.weight || one.pattern - other.pattern);
  const chosen: Pattern[] = [];
  for (const { pattern: p, weight } of ranked) {
    const pattern = patterns[p];
    const pair = table.pair[pattern.deployment];
    for (let copy = 0; copy < Math.ceil(weight); copy++) {
      if (unrented[pair] === 0) break;
      const held = new Map<number, number>();
      for (const i of pattern.queryTypes) held.set(queryTypes.lead[i], (held.get(queryTypes.lead[i]) ?? 0) + 1);
      if ([...held].some(([first, count]) => count > uncovered[first])) break;
      for (const [first, count] of held) uncovered[first] -= count;
      unrented[pair]--;
      chosen.push(pattern);
    }
  }
  return chosen;
}
