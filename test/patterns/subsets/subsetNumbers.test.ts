/**
 * The dynamic program over sets of query types where its numbers are put to the test: a little stored data that is
 * worth much, labels that are compared without end, its parameters at the ends of their ranges, and being told to stop.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parameterFaults, parametersOf, withChanges } from '../../../src/bnb/parameterPaths.ts';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import type { Instance, QueryType } from '../../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../../src/model/options.ts';
import { patternParameterRoom } from '../../../src/patterns/parameters.ts';
import { SubsetSearch } from '../../../src/patterns/subsets/subsetSearch.ts';
import { hasFewSubsets } from '../../../src/patterns/subsets/subsetService.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const options: PlanningOptions = { ...presets.reference, delayCostBudget: 'per-query', rentalInBudget: 'once' };

/** One model on tiers of these prices, where a GPU has room for everything and nothing is late or wrong. */
function roomyInstance(
  queryTypes: readonly Partial<QueryType>[],
  prices: readonly number[],
  rest: Partial<Instance>,
): Instance {
  const cube = queryTypes.map(() => [prices.map(() => 0)]);
  const none = { nominal: cube, deviation: cube };
  const usual = { inputTokens: 50, outputTokens: 50, arrivalRate: 10, tokenSize: 0, delayPenalty: 0 };
  const limits = { delayThreshold: 1000, errorThreshold: 1, computePerToken: 0.001 };
  return {
    format: 'rolla-instance/1',
    queryTypes: queryTypes.map((query, i) => ({ name: `q${i}`, ...usual, ...limits, unmetPenalty: 0.1, ...query })),
    models: [{ name: 'm0', weightSize: 0, kvCachePerToken: 0 }],
    tiers: prices.map((price, k) => ({ name: `t${k}`, memory: 24, compute: 60, price, tpDegrees: [1] })),
    delay: none,
    error: none,
    residency: 0,
    uncertaintyBudget: { delay: 1, error: 1 },
    rentalPeriod: 1,
    storagePrice: 0,
    ...rest,
  } as Instance;
}

/** Two query types and so many GPUs that it costs more to remove than to keep: as many choices as sets of them. */
function keptGpus(count: number): Instance {
  const names = Array.from({ length: count }, (_, k) => `t${k}`);
  const prices = names.map((_, k) => 1 + ((k * 37) % 101) / 100);
  const perGpu = (step: number) => Object.fromEntries(names.map((name, k) => [name, ((k * step) % 89) / 89]));
  const kept = names.map((tier) => ({ model: 'm0', tier, tpDegree: 1, replicas: 1, gpus: 1 }));
  return roomyInstance([{ unmetCap: 0 }, { unmetCap: 0 }], prices, {
    budget: 0.4 * count,
    fleetLimits: [
      { name: 'power', perGpu: perGpu(53), most: count / 8 },
      { name: 'racks', perGpu: perGpu(31), most: count / 8 },
    ],
    currentPlan: { format: 'rolla-plan/1', deployments: kept, routing: [], unmet: [] },
    switchingCost: { added: 1, removed: 2.5 },
  });
}

function searchOf(instance: Instance, changes: Readonly<Record<string, number>> = {}): SubsetSearch {
  return new SubsetSearch(compileProblem(instance, options), withChanges(patternParameterRoom, changes));
}

const never = () => false;

describe('the dynamic program over sets of query types', () => {
  it('serves what is worth most where a little stored data is worth much', () => {
    const share = fc.double({ min: 0.3, max: 1.3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(share, share), { minLength: 2, maxLength: 8 }),
        fc.constantFrom(1e-4, 1e-5),
        (drawn, size) => {
          // 1000 tokens an hour each, at $ 1 a GB.
          const items = drawn.map(([tokens, worth]) => ({ data: size * tokens, worth }));
          const queryTypes = items.map(({ data, worth }) => ({
            tokenSize: data / 1000,
            unmetPenalty: worth / 10,
            unmetCap: 1,
          }));
          const rent = 100;
          const budget = rent + 0.55 * items.reduce((sum, { data }) => sum + data, 0);
          const { bound, isSettled } = drain(
            searchOf(roomyInstance(queryTypes, [rent], { storagePrice: 1, budget })).run(never),
          );
          let room = budget - rent;
          let least = rent + items.reduce((sum, { worth }) => sum + worth, 0);
          for (const { data, worth } of items.sort((a, b) => b.worth / b.data - a.worth / a.data)) {
            const served = Math.min(1, room / data);
            room -= served * data;
            least -= served * (worth - data);
          }
          expect(isSettled).toBe(true);
          expect(relativeDifference(bound, least)).toBeLessThan(optimumTolerance);
        },
      ),
      { numRuns: draws(300), seed: 34 },
    );
  });

  it('counts comparisons of labels, and gives up where there are too many', () => {
    const { bound: optimum, isSettled } = drain(searchOf(keptGpus(14)).run(never));
    expect(isSettled).toBe(true);
    // 1,500 labels, which are compared ten times as often.
    const given = drain(searchOf(keptGpus(14), { 'patterns.subsets.mostLabels': 5000 }).run(never));
    expect(given.isSettled).toBe(false);
    expect(given.bound).toBeLessThanOrEqual(optimum);
    expect(given.bound).toBeGreaterThan(0);
  });

  it('is not tried where its tables would take more than a hundred MB or so', () => {
    const prices = Array.from({ length: 200 }, () => 1);
    const isServed = (numQueryTypes: number, numLimits: number) => {
      const queryTypes = Array.from({ length: numQueryTypes }, () => ({}));
      const instance = roomyInstance(queryTypes, prices, {});
      const placed = instance.queryTypes.map(({ name }, i) => ({ queryType: name, tier: `t${i}` }));
      const tiers = instance.tiers.map((tier, k) => (k < numLimits ? { ...tier, available: 1 } : tier));
      return hasFewSubsets(compileProblem({ ...instance, tiers, allowed: placed }, options));
    };
    // 12 query types and 12 pairs that can be rented: 13 x 4096 x 12 bytes for each table.
    expect(isServed(12, 12)).toBe(true);
    expect(isServed(12, 200)).toBe(false);
    expect(isServed(8, 200)).toBe(true);
  });

  it('settles the same whatever its parameters, or gives a bound', () => {
    const { bound: optimum, isSettled } = drain(searchOf(keptGpus(8)).run(never));
    expect(isSettled).toBe(true);
    let settled = 0;
    const own = parametersOf([patternParameterRoom]).filter(({ path }) => path.startsWith('patterns.subsets.'));
    for (const { path, range } of own) {
      const least = range.above === true ? range.least + Number.MIN_VALUE : range.least;
      for (const value of [least, Math.min(range.most, 1e300)]) {
        const changes = { [path]: value };
        expect(parameterFaults([patternParameterRoom], changes)).toEqual([]);
        const found = drain(searchOf(keptGpus(8), changes).run(never));
        expect(found.bound).toBeLessThan(optimum + optimumTolerance);
        expect(found.bound >= optimum - optimumTolerance || !found.isSettled).toBe(true);
        if (found.isSettled) settled++;
      }
    }
    expect(settled).toBeGreaterThan(own.length);
  });

  it('settles beside a plan that costs several times as much whatever it settles without one', () => {
    let settled = 0;
    fc.assert(
      fc.property(
        arbitraryInstance({ queryTypes: 5, models: 2, tiers: 3, globalLimits: false }),
        arbitraryOptions({ placement: 'single', delayCostBudget: 'per-query' }),
        fc.constantFrom(50, 100, 200, 400),
        (instance, planning, mostSets) => {
          const problem = compileProblem(instance, planning);
          if (!hasFewSubsets(problem)) return;
          const parameters = withChanges(patternParameterRoom, { 'patterns.subsets.mostSets': mostSets });
          const { bound, isSettled } = drain(new SubsetSearch(problem, parameters).run(never));
          if (!isSettled || !(bound > 0) || bound === Infinity) return;
          settled++;
          for (const share of [1.5, 3, 30]) {
            const beside = drain(new SubsetSearch(problem, parameters).run(never, share * bound));
            expect(beside.isSettled).toBe(true);
            expect(relativeDifference(beside.bound, bound)).toBeLessThan(1e-9);
          }
        },
      ),
      { numRuns: draws(400), seed: 35 },
    );
    expect(settled).toBeGreaterThan(draws(30));
  });

  it('says nothing that is cut short, and the same as ever when it is run again', () => {
    let asked = 0;
    const whole = drain(searchOf(keptGpus(8), { 'patterns.subsets.stopPeriod': 1 }).run(() => ++asked < 0));
    expect(asked).toBeGreaterThan(50);
    for (let most = 0; most < asked; most += 7) {
      let left = most;
      const search = searchOf(keptGpus(8), { 'patterns.subsets.stopPeriod': 1 });
      expect(drain(search.run(() => left-- <= 0))).toMatchObject({ bound: -Infinity, isSettled: false });
      expect(left).toBe(-1);
      expect(drain(search.run(never))).toEqual(whole);
    }
  });
});
