/** What leaving a query type out costs the local search. */
import { describe, expect, it } from 'vitest';
import { drawFleet } from '../../src/generator/generateFleet.ts';
import { PlacementState } from '../../src/heuristics/placementState.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { mustBePlaced } from '../../src/model/compiled/planningProblem.ts';
import { presets } from '../../src/model/options.ts';

describe('query types that must be served', () => {
  // Fleets whose delay penalties cost many times what rental and dropping do.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('cost more unplaced than a whole plan: seed %i', (seed) => {
    const { instance, homePlan } = drawFleet({ seed, queryTypes: 24, models: 10, tiers: 20, replicas: [0.2, 500] });
    const home = checkPlan(instance, presets.recommended, homePlan);
    expect(home.ok).toBe(true);
    const problem = compileProblem(instance, presets.recommended);
    const { unplacedCost } = new PlacementState(problem);
    const bound = [...unplacedCost].filter((_, i) => mustBePlaced(problem, i));
    expect(bound.length).toBeGreaterThan(0);
    expect(Math.min(...bound)).toBeGreaterThan(home.cost.total);
  });
});
