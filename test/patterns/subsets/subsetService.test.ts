/**
 * The dynamic program where rent leads, on what it would serve anyway for its few sets: against HiGHS, beside plans
 * that are known; which problems and plans it is for; and that a pass can be stopped and given up.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constructPlans } from '../../../src/heuristics/index.ts';
import { drain } from '../../../src/lp/steps.ts';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { type IndexedPlan, toPlan } from '../../../src/model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../../../src/model/compiled/planningProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../../src/model/instance.ts';
import { presets } from '../../../src/model/options.ts';
import { defaultPatternParameters, type PatternParameters } from '../../../src/patterns/parameters.ts';
import { SubsetSearch } from '../../../src/patterns/subsets/subsetSearch.ts';
import { isLedByRent, subsetServiceFor } from '../../../src/patterns/subsets/subsetService.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const { subsets } = defaultPatternParameters;

/** No problem has few sets, and rent leads in all of them. */
function ledByRent(changes: Partial<PatternParameters['subsets']['ledByRent']> = {}): PatternParameters {
  const changed = { ...subsets.ledByRent, leastShare: 0, ...changes };
  return { ...defaultPatternParameters, subsets: { ...subsets, mostQueryTypes: 0, mostSteps: 0, ledByRent: changed } };
}

function knownPlans(problem: PlanningProblem, instance: Instance) {
  return [...constructPlans(problem)].flatMap((plan) => {
    const checked = plan && checkPlan(instance, problem.options, toPlan(problem, plan));
    return plan && checked?.ok ? [{ plan, cost: checked.cost.total }] : [];
  });
}

const size = { inputTokens: 10, outputTokens: 10, arrivalRate: 1, tokenSize: 0, unmetCap: 0, unmetPenalty: 0 };

/** `count` query types with a load of 20 on tiers of 41: two fit, and rent is all that costs. */
function packing(count: number, changes: Partial<Instance> = {}): Instance {
  return {
    format: 'rolla-instance/1',
    queryTypes: Array.from({ length: count }, (_, i) => ({ name: `q${i}`, ...size, computePerToken: 1 })),
    models: [{ name: 'm', weightSize: 1, kvCachePerToken: 0 }],
    tiers: Array.from({ length: 8 }, (_, k) => ({
      name: `t${k}`,
      memory: 10,
      compute: 41,
      price: 1 + k / 8,
      tpDegrees: [1],
    })),
    uncertaintyBudget: { delay: 16, error: 16 },
    rentalPeriod: 1,
    storagePrice: 0,
    ...changes,
  };
}

describe('the dynamic program where rent leads', () => {
  it('agrees with HiGHS beside the plans that are known', async () => {
    let served = 0;
    let improved = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          arbitraryInstance({ queryTypes: 5, models: 2, tiers: 3, globalLimits: false }),
          arbitraryInstance({ queryTypes: 6, models: 2, tiers: 2, globalLimits: false }),
        ),
        arbitraryOptions({ placement: 'single', delayRule: 'per-deployment', uncertainty: 'budgeted' }),
        fc.constantFrom<1 | 2 | 'none'>(1, 2, 'none'),
        fc.constantFrom(0, 0.01, 1),
        async (drawn, planning, maxReplicas, delayFactor) => {
          const queryTypes = drawn.queryTypes.map((query) => ({
            ...query,
            delayPenalty: delayFactor * (query.delayPenalty ?? 0),
          }));
          const tiers = drawn.tiers.map((tier) => ({ ...tier, available: Infinity, committed: 0 }));
          const instance = { ...drawn, queryTypes, tiers, uncertaintyBudget: { delay: 6, error: 1 } };
          const problem = compileProblem(instance, { ...planning, maxReplicas });
          const parameters = ledByRent();
          if (subsetServiceFor(problem, parameters) !== 'led by rent') return;
          const optimum = await optimumOf(buildStrengthened(problem));
          for (const { plan, cost } of knownPlans(problem, instance)) {
            if (!isLedByRent(problem, plan, cost, parameters)) continue;
            for (const known of [cost, 1.2 * Math.abs(cost) + 1]) {
              const search = new SubsetSearch(problem, parameters, 'led by rent');
              const found = drain(search.run(() => false, known, plan));
              expect(found.isSettled).toBe(true);
              expect(relativeDifference(found.bound, optimum)).toBeLessThan(optimumTolerance);
              served++;
              const isBest = relativeDifference(known, optimum) < optimumTolerance;
              expect(found.plan !== null || isBest).toBe(true);
              if (found.plan === null || isBest) continue;
              const checked = checkPlan(instance, problem.options, toPlan(problem, found.plan));
              expect(checked.violations).toEqual([]);
              expect(relativeDifference(checked.cost.total, optimum)).toBeLessThan(optimumTolerance);
              improved++;
            }
          }
        },
      ),
      { numRuns: draws(300), seed: 41 },
    );
    expect(served).toBeGreaterThan(draws(150));
    expect(improved).toBeGreaterThan(draws(60));
  });

  it('proves fourteen query types in seven rentals, the cheapest ones, without a linear program', () => {
    // Tiers cost 1, 1.125, ..., 1.75 for the seven cheapest of eight.
    const result = optimize(packing(14), { preset: 'corrected' });
    expect(result.status).toBe('optimal');
    expect(result.cost?.rental).toBeCloseTo(7 + (1 + 2 + 3 + 4 + 5 + 6) / 8, 9);
    expect(result.simplexIterations).toBe(0);
  });

  const serviceOf = (instance: Instance, options = presets.corrected) =>
    subsetServiceFor(compileProblem(instance, options), defaultPatternParameters);
  const tiers = packing(1).tiers;

  it('is for single placement of up to 16 query types that share nothing', () => {
    expect(serviceOf(packing(14))).toBe('led by rent');
    expect(serviceOf(packing(16))).toBe('led by rent');
    expect(serviceOf(packing(6))).toBe('few');
    expect(serviceOf({ ...packing(17), uncertaintyBudget: { delay: 17, error: 17 } })).toBeNull();
    expect(serviceOf(packing(14, { budget: 1000 }))).toBeNull();
    expect(serviceOf(packing(14, { storageCapacity: 1 }))).toBeNull();
    expect(serviceOf(packing(14, { tiers: tiers.map((tier) => ({ ...tier, available: 3 })) }))).toBeNull();
    expect(serviceOf(packing(14), { ...presets.corrected, placement: 'split' })).toBeNull();
    expect(serviceOf(packing(14), { ...presets.corrected, delayRule: 'pooled' })).toBeNull();
  });

  it('needs a plan that spends on rent', () => {
    const problem = compileProblem(packing(14), presets.corrected);
    const rented = (deployment: number): IndexedPlan => ({ deployments: [{ deployment, replicas: 1 }], routing: [] });
    const rent = problem.deployments.rental[0];
    const share = subsets.ledByRent.leastShare;
    expect(isLedByRent(problem, rented(0), rent / (share + 0.01), defaultPatternParameters)).toBe(true);
    expect(isLedByRent(problem, rented(0), rent / (share - 0.01), defaultPatternParameters)).toBe(false);
    expect(isLedByRent(problem, { deployments: [], routing: [] }, 0, defaultPatternParameters)).toBe(false);
    const search = new SubsetSearch(problem, defaultPatternParameters, 'led by rent');
    expect(drain(search.run(() => false))).toEqual({ plan: null, bound: -Infinity, isSettled: false });
  });

  it('is given up beyond its steps and sets, and goes on anew where it was stopped', () => {
    const instance = packing(8);
    const problem = compileProblem(instance, presets.corrected);
    const [{ plan, cost }] = knownPlans(problem, instance) as [{ plan: IndexedPlan; cost: number }];
    const optimum = 4 + (1 + 2 + 3) / 8;
    const short = new SubsetSearch(problem, ledByRent({ mostSteps: 1 }), 'led by rent');
    expect(drain(short.run(() => false, cost, plan))).toMatchObject({ bound: -Infinity, isSettled: false });
    // Eight tiers with 2^8 sets each: all of them, but none of the patterns beside.
    const few = new SubsetSearch(problem, ledByRent({ mostSets: 8 * 2 ** 8 }), 'led by rent');
    expect(drain(few.run(() => false, cost, plan))).toMatchObject({ bound: -Infinity, isSettled: false });
    const search = new SubsetSearch(problem, ledByRent(), 'led by rent');
    expect(drain(search.run(() => true, cost, plan))).toMatchObject({ bound: -Infinity, isSettled: false });
    expect(drain(search.run(() => false, cost, plan)).bound).toBeCloseTo(optimum, 9);
  });
});
