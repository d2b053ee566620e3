/**
 * The dynamic program over sets of query types against HiGHS on the strengthened program, and its plans by the
 * verifier: every option and optional field that it serves, limits that plans share binding or not.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drain } from '../../../src/lp/steps.ts';
import { type ConstraintGroup, checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { type IndexedPlan, toPlan } from '../../../src/model/compiled/indexedPlan.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../../src/model/options.ts';
import { SubsetSearch } from '../../../src/patterns/subsets/subsetSearch.ts';
import { hasFewSubsets } from '../../../src/patterns/subsets/subsetService.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryFleet } from '../../arbitrary/fleets.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

/** What is wrong with what the dynamic program says; `isServed`: whether it says anything. */
async function compare(instance: Instance, options: PlanningOptions) {
  const problem = compileProblem(instance, options);
  if (!hasFewSubsets(problem)) return { faults: [], isServed: false, optimum: Infinity };
  const { plan, bound, isSettled } = drain(new SubsetSearch(problem).run(() => false));
  const optimum = await optimumOf(buildStrengthened(problem));
  const faults: string[] = [];
  if (!isSettled) faults.push('not settled');
  if (!(relativeDifference(bound, optimum) < optimumTolerance)) faults.push(`bound ${bound}, not ${optimum}`);
  if ((plan === null) !== (optimum === Infinity)) faults.push('a plan where there is none, or none where there is one');
  if (plan !== null) {
    const { cost, violations } = checkPlan(instance, options, toPlan(problem, plan));
    for (const { group, subject } of violations) faults.push(`its plan violates ${group} of ${subject}`);
    if (!(relativeDifference(cost.total, bound) < 1e-9)) faults.push(`its plan costs ${cost.total}, not ${bound}`);
  }
  const costOf = (found: IndexedPlan | null) =>
    found === null ? Infinity : checkPlan(instance, options, toPlan(problem, found)).cost.total;
  // Beside a known plan that is dearer, as cheap, or (were there one) cheaper.
  for (const share of optimum < Infinity ? [1.1, 1, 0.9] : []) {
    const known = share * optimum;
    const beside = drain(new SubsetSearch(problem).run(() => false, known));
    if (!beside.isSettled) faults.push(`not settled beside ${known}`);
    const least = Math.min(known, optimum);
    if (!(relativeDifference(beside.bound, least) < optimumTolerance)) faults.push(`${beside.bound} beside ${known}`);
    if (share > 1 && optimum > 0 && !(relativeDifference(costOf(beside.plan), costOf(plan)) < 1e-9))
      faults.push(`another plan beside ${known}`);
  }
  return { faults, isServed: true, optimum };
}

const replicas = fc.constantFrom<PlanningOptions['maxReplicas']>(1, 2, 3, 'none');

describe('the dynamic program over sets of query types', () => {
  it('agrees with HiGHS under every option that it serves', async () => {
    let served = 0;
    let feasible = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          arbitraryInstance({ queryTypes: 4, models: 2, tiers: 2 }),
          arbitraryInstance({ queryTypes: 5, models: 2, tiers: 3 }),
          arbitraryInstance({ queryTypes: 3, models: 3, tiers: 2 }),
        ),
        arbitraryOptions({ placement: 'single' }),
        replicas,
        async (instance, options, maxReplicas) => {
          const { faults, isServed, optimum } = await compare(instance, { ...options, maxReplicas });
          expect(faults).toEqual([]);
          if (isServed) served++;
          if (isServed && optimum < Infinity) feasible++;
        },
      ),
      { numRuns: draws(400), seed: 31 },
    );
    expect(served).toBeGreaterThan(draws(100));
    expect(feasible).toBeGreaterThan(draws(40));
  });

  it('agrees with HiGHS where the budget is a share of what the cheapest plan spends', async () => {
    let tighter = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          arbitraryInstance({ queryTypes: 5, models: 2, tiers: 3, globalLimits: false, extras: false }),
          arbitraryInstance({ queryTypes: 6, models: 3, tiers: 2, globalLimits: false, extras: false }),
        ),
        arbitraryOptions({ placement: 'single', delayCostBudget: 'per-query' }),
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        fc.boolean(),
        fc.constantFrom(1, 30),
        async (drawn, options, share, limitsStorage, dataFactor) => {
          const queryTypes = drawn.queryTypes.map((query) => ({
            ...query,
            tokenSize: (query.tokenSize ?? 0) * dataFactor,
          }));
          const free = { ...drawn, queryTypes };
          const problem = compileProblem(free, options);
          if (!hasFewSubsets(problem)) return;
          const { plan } = drain(new SubsetSearch(problem).run(() => false));
          if (plan === null) return;
          const { constraints } = checkPlan(free, options, toPlan(problem, plan));
          const useOf = (group: ConstraintGroup) => constraints.find((each) => each.group === group)!.left;
          const limited = {
            ...free,
            budget: share * useOf('budget'),
            ...(limitsStorage ? { storageCapacity: share * useOf('storage') } : {}),
          };
          const { faults, optimum } = await compare(limited, options);
          expect(faults).toEqual([]);
          if (optimum < Infinity) tighter++;
        },
      ),
      { numRuns: draws(300), seed: 32 },
    );
    expect(tighter).toBeGreaterThan(draws(60));
  });

  it('agrees with HiGHS on fleets with limits, replicas and current plans', async () => {
    let served = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(arbitraryFleet(3, 2, 2), arbitraryFleet(4, 2, 2), arbitraryFleet(5, 2, 2)),
        arbitraryOptions({ placement: 'single', delayRule: 'per-deployment', uncertainty: 'budgeted' }),
        replicas,
        async (instance, options, maxReplicas) => {
          const { faults, isServed } = await compare(instance, { ...options, maxReplicas });
          expect(faults).toEqual([]);
          if (isServed) served++;
        },
      ),
      { numRuns: draws(300), seed: 33 },
    );
    expect(served).toBeGreaterThan(draws(60));
  });

  it('keeps a set that fills its deployment but for rounding where serving it saves nothing', () => {
    const query = { inputTokens: 5, outputTokens: 5, arrivalRate: 1, unmetCap: 0, unmetPenalty: 0, tokenSize: 0.001 };
    const instance: Instance = {
      format: 'rolla-instance/1',
      // Loads of 4 and 6.000000005 on 10.
      queryTypes: [
        { name: 'a', ...query, computePerToken: 0.4 },
        { name: 'b', ...query, computePerToken: 0.6000000005 },
      ],
      models: [{ name: 'm', weightSize: 1, kvCachePerToken: 0 }],
      tiers: [{ name: 't', memory: 10, compute: 10, price: 1, tpDegrees: [1] }],
      rentalPeriod: 1,
      storagePrice: 0.1,
    };
    const { plan, isSettled } = drain(new SubsetSearch(compileProblem(instance, presets.corrected)).run(() => false));
    expect(isSettled).toBe(true);
    expect(plan?.routing.map(({ fraction }) => fraction)).toEqual([1, 1]);
  });
});
