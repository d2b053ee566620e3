/** Dive and rounding under split placement, against the proven optimum of the reference instance. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planCost } from '../../src/heuristics/index.ts';
import { dive, guideBy } from '../../src/heuristics/relaxationDive.ts';
import { descendFrom, SplitPlacementSearch } from '../../src/heuristics/splitPlacementSearch.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../src/model/compiled/indexedPlan.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../src/model/options.ts';

const reference: Instance = JSON.parse(
  readFileSync(new URL('../data/instances/reference-seed42.json', import.meta.url), 'utf8'),
);
const split: PlanningOptions = {
  ...presets.corrected,
  placement: 'split',
  delayCost: 'deviation',
  delayCostBudget: 'per-query',
  weightStorage: 'per-placement',
};
/** Proven with Gamma 50; single placement costs at least 500. */
const optimum = 350.0855;

describe('under split placement', () => {
  const problem = compileProblem(reference, split);
  const never = () => false;

  it('a dive gives deployments that serve everything', () => {
    const guide = guideBy(buildStrengthened(problem))!;
    expect(guide.bound).toBeLessThan(optimum);
    const found = dive(problem, guide, Infinity, never)!;
    const plan = new SplitPlacementSearch(problem, {}).serve(found.rented)!;
    expect(checkPlan(reference, split, toPlan(problem, plan)).violations).toEqual([]);
    expect(planCost(problem, plan)).toBeGreaterThan(optimum - 1e-3);
    // The bounds that the dive set are taken back.
    expect(guide.solver.solve()).toBe('optimal');
    expect(guide.solver.objective).toBeCloseTo(guide.bound, 6);
  });

  it('rounding what the relaxation rents ends near the optimum, on deployments of the problem alone', () => {
    const guide = guideBy(buildStrengthened(problem))!;
    const plan = descendFrom(problem, (d) => guide.rented[d])!;
    expect(checkPlan(reference, split, toPlan(problem, plan)).violations).toEqual([]);
    expect(planCost(problem, plan)).toBeGreaterThan(optimum - 1e-3);
    expect(planCost(problem, plan)).toBeLessThan(1.02 * optimum);
  });

  it('rounds nothing where nothing is rented', () => {
    expect(descendFrom(problem, () => 0)).toBeNull();
  });
});
