/**
 * What is alike merged: instances in which query types and tiers come several times, against HiGHS on the strengthened
 * program, with every way in which the tree can settle them taken away but one.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindInstance } from '../../bench/kinds.ts';
import type { Relaxation } from '../../src/bnb/relaxation.ts';
import { restoreSearch, saveSearch } from '../../src/bnb/savedSearch.ts';
import { TreeSearch } from '../../src/bnb/treeSearch.ts';
import { constructPlans } from '../../src/heuristics/index.ts';
import { optimize } from '../../src/index.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import type { IndexedPlan } from '../../src/model/compiled/indexedPlan.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { PublishedInstance, Tensor } from '../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../src/model/options.ts';
import { defaultPatternParameters } from '../../src/patterns/parameters.ts';
import { PatternRelaxation, type PatternRelaxationOptions } from '../../src/patterns/patternRelaxation.ts';
import { mergedPatternTable } from '../../src/patterns/pricing/patternTable.ts';
import type { SavedPatternState } from '../../src/patterns/savedPatternState.ts';
import { incumbentDoor } from '../../src/planner/incumbentDoor.ts';
import { draws } from '../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../arbitrary/instances.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../oracle/optimum.ts';

/** The instance with its query types and tiers at these places, some of them several times. */
function repeated(instance: PublishedInstance, queryTypes: readonly number[], tiers: readonly number[]) {
  const tensor = (values: Tensor): Tensor => queryTypes.map((i) => values[i].map((row) => tiers.map((k) => row[k])));
  const uncertain = <Part extends PublishedInstance['delay']>(part: Part): Part => ({
    ...part,
    nominal: tensor(part.nominal),
    deviation: tensor(part.deviation),
    ...(part.relief && { relief: part.relief.map((row) => tiers.map((k) => row[k])) }),
  });
  const { allowed: _allowed, forbidden: _forbidden, currentPlan: _plan, ...rest } = instance;
  return {
    ...rest,
    queryTypes: queryTypes.map((i, at) => ({ ...instance.queryTypes[i], name: `q${at}` })),
    tiers: tiers.map((k, at) => ({ ...instance.tiers[k], name: `t${at}` })),
    delay: uncertain(instance.delay),
    error: uncertain(instance.error),
    residency: typeof instance.residency === 'object' ? tensor(instance.residency) : instance.residency,
  } as PublishedInstance;
}

/** The search from construction's first plan. */
function searchOf(
  instance: PublishedInstance,
  options: PlanningOptions,
  helpers: PatternRelaxationOptions,
  nodeLimit: number,
) {
  const problem = compileProblem(instance, options);
  const relaxation = new PatternRelaxation(problem, helpers) as Relaxation<unknown, IndexedPlan>;
  const [first] = constructPlans(problem);
  const settings = {
    door: incumbentDoor(problem),
    relativeGap: 1e-7,
    nodeLimit,
    initialSolutions: first ? [{ solution: first, source: 'construction' }] : [],
  };
  return { relaxation, settings };
}

async function compare(instance: PublishedInstance, options: PlanningOptions, helpers: PatternRelaxationOptions) {
  const problem = compileProblem(instance, options);
  const optimum = await optimumOf(buildStrengthened(problem));
  const { relaxation, settings } = searchOf(instance, options, helpers, 3000);
  const { status, cost, nodes } = new TreeSearch(relaxation, settings).run();
  const faults: string[] = [];
  const expected = optimum === Infinity ? 'infeasible' : 'optimal';
  if (status !== expected) faults.push(`status ${status}, not ${expected}`);
  if (!(relativeDifference(cost ?? Infinity, optimum) < optimumTolerance)) faults.push(`cost ${cost}, not ${optimum}`);
  const state = relaxation.saveState?.() as SavedPatternState;
  const hasPool = state.isMerged && state.pool !== null;
  const isMerged = hasPool || (state.isMerged && state.counts.length > 0);
  return { faults, isMerged, hasPool, nodes };
}

/** Query types and tiers of which some come several times, loads of a third to the whole of a GPU, wide limits. */
const packing = fc
  .record({
    drawn: arbitraryInstance({ queryTypes: 3, models: 2, tiers: 2, globalLimits: false, extras: false }),
    queryTypes: fc.constantFrom([0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 1, 2], [0, 0, 0, 0, 0, 0, 0], [0, 1, 2, 2, 2]),
    tiers: fc.constantFrom([0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 1, 0, 1]),
    loads: fc.array(fc.integer({ min: 30, max: 100 }), { minLength: 3, maxLength: 3 }),
    degrees: fc.constantFrom([1], [1, 2]),
    unmetCap: fc.constantFrom(0, 0.3, 1),
  })
  .map(({ drawn, queryTypes, tiers, loads, degrees, unmetCap }) => {
    const wide = { delayThreshold: 1e6, errorThreshold: 1, unmetCap };
    const instance = {
      ...drawn,
      queryTypes: drawn.queryTypes.map(({ minimumServed: _least, ...query }, i) => ({
        ...query,
        ...wide,
        computePerToken: loads[i] / (query.inputTokens + query.outputTokens),
        unmetPenalty: 5,
      })),
      tiers: drawn.tiers.map((tier) => ({ ...tier, memory: 4000, compute: 100, tpDegrees: degrees })),
    };
    return repeated(instance, queryTypes, tiers);
  });

/** No number of pairs is so fractional that it is proven: pools settle what is alike. */
const { counts } = defaultPatternParameters;
const unproven = { ...defaultPatternParameters, counts: { ...counts, leastFraction: 0.6 } };

describe('what is alike', () => {
  it.each([
    { title: 'by proven counts, covers and cuts', helpers: {}, leastPools: 0, leastBranched: 0 },
    { title: 'by covers and cuts', helpers: { parameters: unproven }, leastPools: 4, leastBranched: 0 },
    {
      title: 'by branching alone',
      helpers: { cuts: false, enumeration: false, heuristics: false },
      leastPools: 0,
      leastBranched: 5,
    },
    { title: 'by branching with dives', helpers: { cuts: false, enumeration: false }, leastPools: 0, leastBranched: 5 },
  ])('is merged without changing the optimum, $title', async ({ helpers, leastPools, leastBranched }) => {
    let merged = 0;
    let pools = 0;
    let branched = 0;
    await fc.assert(
      fc.asyncProperty(
        packing,
        arbitraryOptions({ placement: 'single', delayRule: 'per-deployment', delayCostBudget: 'per-query' }),
        fc.constantFrom<PlanningOptions['maxReplicas']>(1, 2),
        async (instance, options, maxReplicas) => {
          const { faults, isMerged, hasPool, nodes } = await compare(instance, { ...options, maxReplicas }, helpers);
          expect(faults).toEqual([]);
          if (isMerged) merged++;
          if (hasPool) pools++;
          if (isMerged && nodes > 1) branched++;
        },
      ),
      { numRuns: draws(30), seed: 17 },
    );
    expect(merged).toBeGreaterThan(draws(4));
    expect(pools).toBeGreaterThanOrEqual(draws(leastPools));
    expect(branched).toBeGreaterThanOrEqual(draws(leastBranched));
  });

  // Subset rows took what stands for several query types for one: seeds where that cut the optimum off.
  it.each([
    [8, 2, 4, 15],
    [10, 3, 4, 18],
    [10, 3, 4, 25],
    [10, 3, 4, 36],
  ])(
    'is in no row that holds for single query types: %d x %d x %d, seed %d',
    async (queryTypes, models, tiers, seed) => {
      const instance = kindInstance({ of: 'alike query types', queryTypes, models, tiers, seed });
      const optimum = await optimumOf(buildStrengthened(compileProblem(instance, presets.corrected)));
      const { status, bound, cost } = optimize(instance, { preset: 'corrected', gap: 1e-6 });
      expect(status).toBe('optimal');
      expect(relativeDifference(cost!.total, optimum)).toBeLessThan(2e-6);
      expect(bound!).toBeLessThanOrEqual(optimum * (1 + 1e-7));
    },
  );

  it('gives no bound beyond the optimum where plans cost more than their points say', async () => {
    let unsettled = 0;
    await fc.assert(
      fc.asyncProperty(
        packing,
        arbitraryOptions({ placement: 'single', delayRule: 'per-deployment', delayCostBudget: 'per-query' }),
        async (instance, options) => {
          const optimum = await optimumOf(buildStrengthened(compileProblem(instance, options)));
          const helpers = { cuts: false, enumeration: false, heuristics: false };
          const { relaxation, settings } = searchOf(instance, options, helpers, 300);
          const door: typeof settings.door = (plan, origin) => {
            const accepted = settings.door(plan, origin);
            return accepted && { ...accepted, cost: accepted.cost * (1 + 1e-5) };
          };
          const { status, bound } = new TreeSearch(relaxation, { ...settings, door }).run();
          expect(status === 'infeasible').toBe(optimum === Infinity);
          expect(bound ?? -Infinity).toBeLessThanOrEqual(optimum * (1 + 1e-6));
          const state = relaxation.saveState?.() as SavedPatternState;
          if (state.isMerged && status === 'numerical-trouble') unsettled++;
        },
      ),
      { numRuns: 12, seed: 18 },
    );
    expect(unsettled).toBeGreaterThan(0);
  });

  it('is merged in a search that goes on from JSON as it was', () => {
    const drawn = fc.sample(
      fc.tuple(
        packing,
        arbitraryOptions({ placement: 'single', delayRule: 'per-deployment', delayCostBudget: 'per-query' }),
      ),
      { numRuns: 30, seed: 17 },
    );
    const helpers = { cuts: false, enumeration: false };
    let resumed = 0;
    for (const [instance, options] of drawn) {
      const { relaxation, settings } = searchOf(instance, options, helpers, 60);
      const whole = new TreeSearch(relaxation, settings).run();
      if (whole.nodes < 4) continue;
      const cut = searchOf(instance, options, helpers, 2);
      const search = new TreeSearch(cut.relaxation, cut.settings);
      search.run();
      const saved = JSON.parse(JSON.stringify(saveSearch(search)));
      const again = searchOf(instance, options, helpers, 60);
      const {
        seconds: _seconds,
        incumbents: _found,
        ...rest
      } = restoreSearch(saved, again.relaxation, again.settings).run();
      const { seconds: _before, incumbents: _all, ...expected } = whole;
      expect(rest).toEqual(expected);
      resumed++;
    }
    expect(resumed).toBeGreaterThan(1);
  });

  it('is told from what is almost alike', () => {
    const drawn = fc.sample(arbitraryInstance({ queryTypes: 3, models: 2, tiers: 2, globalLimits: false }), {
      seed: 5,
      numRuns: 1,
    })[0];
    const instance = repeated(drawn, [0, 0, 1], [0, 0]);
    const options = fc.sample(arbitraryOptions({ placement: 'single', delayRule: 'per-deployment' }), {
      seed: 5,
      numRuns: 1,
    })[0];
    const table = mergedPatternTable(compileProblem(instance, options));
    expect(Array.from(table!.alike.queryTypes.copies)).toEqual([2, 0, 1]);
    const nearly = {
      ...instance,
      queryTypes: instance.queryTypes.map((query, i) =>
        i === 1 ? { ...query, arrivalRate: query.arrivalRate * (1 + 1e-12) } : query,
      ),
      tiers: instance.tiers.map((tier, k) => (k === 1 ? { ...tier, price: tier.price * (1 + 1e-12) } : tier)),
    };
    expect(mergedPatternTable(compileProblem(nearly, options))).toBeNull();
  });
});
