/**
 * Pools of patterns: the enumeration against all subsets, and searches over pools against HiGHS on the strengthened
 * program.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreeSearch } from '../../../src/bnb/treeSearch.ts';
import { generateInstance } from '../../../src/generator/generateInstance.ts';
import { constructPlans, planCost } from '../../../src/heuristics/index.ts';
import { resumeSolve, type SavedSolve, Solve, type SolveResult } from '../../../src/index.ts';
import { drain } from '../../../src/lp/steps.ts';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { type IndexedPlan, toPlan } from '../../../src/model/compiled/indexedPlan.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { type PlanningOptions, presets } from '../../../src/model/options.ts';
import { defaultPatternParameters, type PatternParameters } from '../../../src/patterns/parameters.ts';
import { PatternRelaxation } from '../../../src/patterns/patternRelaxation.ts';
import { setsSuffice } from '../../../src/patterns/pool/patternPool.ts';
import { PatternEnumerator } from '../../../src/patterns/pricing/patternEnumeration.ts';
import type { PatternPrices } from '../../../src/patterns/pricing/patternPricer.ts';
import type { PatternTable } from '../../../src/patterns/pricing/patternTable.ts';
import { draws } from '../../arbitrary/draws.ts';
import { rootRequest } from '../../bnb/rootRequest.ts';
import { anyInstance, anyOptions } from '../../heuristics/randomInstance.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';
import { loadInstance, referenceInstance } from '../../oracle/testInstances.ts';
import { bestVertex, type Item, item, pricesOf, subset, tableOf, tenth } from '../pricing/pricingItems.ts';

/** Every set below `limit` with its value, by name. */
function setsBelow(items: readonly Item[], fixed: number, subsets: PatternPrices['subsets'], limit: number) {
  const found = new Map<string, number>();
  for (let set = 0; set < 1 << items.length; set++) {
    const inside = [...items.keys()].filter((i) => (set >> i) & 1);
    const chosen = inside.map((i) => items[i]);
    let value = fixed + bestVertex(chosen) + chosen.reduce((sum, { f }) => sum + f, 0);
    for (const { queryTypes, penalty } of subsets) {
      if (queryTypes.filter((i) => inside.includes(i)).length >= 2) value += penalty;
    }
    if (value < limit) found.set(inside.join(), value);
  }
  return found;
}

type Fill = Pick<PatternTable['parameters']['pool'], 'fillAfter' | 'fillCells'>;

/** Bounds by whole items from the first set on, and late as ever. */
const early: Fill = { fillAfter: 1, fillCells: 1024 };
const coarse: Fill = { fillAfter: 1, fillCells: 3 };
const { fillAfter, fillCells } = defaultPatternParameters.pool;

function tableWith(items: readonly Item[], fill: Partial<PatternTable['parameters']['pool']>): PatternTable {
  const { parameters, ...table } = tableOf(items);
  return { ...table, parameters: { ...parameters, pool: { ...parameters.pool, ...fill } } } as PatternTable;
}

/** Faults of what the enumerator gives; values within 1e-6 of the limit may be in or out. */
function enumerationFaults(
  items: readonly Item[],
  fixed: number,
  subsets: PatternPrices['subsets'],
  limit: number,
  mu: number,
  fill: Fill,
) {
  const expected = setsBelow(items, fixed, subsets, limit + 1e-6);
  const faults: string[] = [];
  const seen = new Set<string>();
  const enumerator = new PatternEnumerator(tableWith(items, fill));
  const blocked = new Uint8Array(items.length);
  const take = (count: number, entries: Int32Array, fractions: Float64Array, value: number) => {
    const order = [...entries.subarray(0, count).keys()].sort((p, q) => entries[p] - entries[q]);
    const name = order.map((t) => entries[t]).join();
    if (seen.has(name)) faults.push(`${name} twice`);
    seen.add(name);
    const known = expected.get(name);
    if (known === undefined || Math.abs(known - value) > 1e-6) faults.push(`${name} at ${value}, not ${known}`);
    const use = (pick: (entry: Item) => number) =>
      order.reduce((sum, t) => sum + pick(items[entries[t]]) * fractions[t], 0);
    if (use(({ a }) => a) > 1 + 1e-8 || use(({ b }) => b) > 1 + 1e-8) faults.push(`${name} does not fit`);
    return true;
  };
  const complete = enumerator.enumerate(0, 1, pricesOf(items, fixed, subsets), blocked, mu, 2 * mu, limit, 1e6, take);
  if (!complete) faults.push('gave up');
  for (const [name, value] of expected)
    if (value < limit - 1e-6 && !seen.has(name)) faults.push(`${name} at ${value} missing`);
  return { faults, count: seen.size, nodes: enumerator.nodes };
}

describe('enumerating the patterns of a deployment', () => {
  it('gives each set below the limit once, at its least cost', () => {
    let total = 0;
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 7 }),
        tenth(-3, 5),
        fc.array(subset, { maxLength: 3 }),
        tenth(-8, 6),
        fc.constantFrom(0, 0.5, 4),
        fc.constantFrom(early, coarse, { fillAfter, fillCells }),
        (items, fixed, allSubsets, limit, mu, fill) => {
          const subsets = allSubsets.filter(({ queryTypes }) => queryTypes.every((i) => i < items.length));
          const { faults, count } = enumerationFaults(items, fixed, subsets, limit, mu, fill);
          expect(faults).toEqual([]);
          total += count;
        },
      ),
      { numRuns: 800, seed: 11 },
    );
    expect(total).toBeGreaterThan(1000);
  });
});

describe('bounds by whole items', () => {
  it('rule out more where two resources bind and items pay only if they are served whole', () => {
    // Gains and uses all different, by the golden ratio.
    const items = Array.from({ length: 9 }, (_, i) => {
      const part = (i * 0.618) % 1;
      return { f: 10, c: -10.2 - part, low: 0, high: 1, a: 0.1 + 0.2 * part, b: 0.3 - 0.2 * ((part * 7) % 1) };
    });
    const late = enumerationFaults(items, 1, [], -1.5, 2, { fillAfter, fillCells });
    const soon = enumerationFaults(items, 1, [], -1.5, 2, early);
    expect(late.faults).toEqual([]);
    expect(soon).toEqual({ ...late, nodes: soon.nodes });
    expect(soon.nodes).toBeLessThan(0.8 * late.nodes);
  });
});

describe('an enumeration that is told to stop', () => {
  it('says that it is not complete, after few sets', () => {
    const items = Array.from({ length: 12 }, () => ({ f: -1, c: 0, low: 1, high: 1, a: 0.05, b: 0.05 }));
    const setsUntil = (shouldStop: () => boolean) => {
      const enumerator = new PatternEnumerator(tableWith(items, { stopPeriod: 10 }));
      const blocked = new Uint8Array(items.length);
      const prices = pricesOf(items, 0, []);
      const isComplete = enumerator.enumerate(0, 1, prices, blocked, 0, 0, 1, 1e6, () => true, shouldStop);
      return { isComplete, nodes: enumerator.nodes };
    };
    expect(setsUntil(() => false)).toEqual({ isComplete: true, nodes: 2 ** 12 - 1 });
    const { isComplete, nodes } = setsUntil(() => true);
    expect(isComplete).toBe(false);
    expect(nodes).toBeLessThan(50);
  });
});

const separable: PlanningOptions = { ...presets.reference, delayRule: 'per-deployment', rentalInBudget: 'once' };

/** Families whose root leaves a gap, so that a pool is made. */
const families = [
  { seed: 3, queryTypes: 8, models: 4, tiers: 6, options: separable },
  { seed: 1, queryTypes: 10, models: 5, tiers: 6, options: presets.corrected },
  { seed: 4, queryTypes: 10, models: 5, tiers: 6, options: separable },
  { seed: 5, queryTypes: 10, models: 5, tiers: 6, options: presets.corrected },
  { seed: 2, queryTypes: 14, models: 6, tiers: 8, options: separable },
];

/** The default parameters with another limit on pools. */
function poolOf(changes: Partial<PatternParameters['pool']>): PatternParameters {
  return { ...defaultPatternParameters, pool: { ...defaultPatternParameters.pool, ...changes } };
}

describe('a search over a pool', () => {
  it.each(families.slice(0, draws(families.length)))(
    'ends at the optimum that HiGHS finds ($queryTypes query types, seed $seed)',
    async (family) => {
      const { options, ...size } = family;
      const instance = generateInstance({ ...size, unmetCap: 1 });
      const problem = compileProblem(instance, options);
      const optimum = await optimumOf(buildStrengthened(problem));
      const faults: string[] = [];
      let pools = 0;
      // By branching, by covers, by those of the widest pool where the whole one takes too long, and where that is not
      // the whole one.
      const ways = [
        { enumeration: false },
        { enumeration: true },
        { parameters: poolOf({ effort: 1 }) },
        { parameters: poolOf({ columns: 10 }) },
        // From a plan that is no better than it was put together.
        { parameters: poolOf({ columns: 60 }), heuristics: false },
      ];
      const initialSolutions = [...constructPlans(problem)].map((solution) => ({ solution, source: 'construction' }));
      for (const [way, refused] of ways.flatMap((one) => [[one, []] as const, [one, ['rounding', 'dive']] as const])) {
        const relaxation = new PatternRelaxation(problem, way);
        // The pool counts on plans that a door may refuse.
        const door = (solution: IndexedPlan, source: string) => {
          const { ok, cost } = checkPlan(instance, options, toPlan(problem, solution));
          return ok && !refused.some((name) => name === source) ? { cost: cost.total, solution } : null;
        };
        const { status, cost } = new TreeSearch(relaxation, {
          door,
          relativeGap: 1e-7,
          initialSolutions,
          onProgress: ({ bound }) => {
            pools = Math.max(pools, relaxation.poolSize);
            if (bound !== null && bound > optimum + optimumTolerance * Math.abs(optimum)) {
              faults.push(`${JSON.stringify(way)}: a bound of ${bound}, above ${optimum}`);
            }
          },
        }).run();
        const isSame = relativeDifference(cost ?? Infinity, optimum) < optimumTolerance;
        if (status !== 'optimal' || !isSame)
          faults.push(`${JSON.stringify(way)}, refusing ${refused.length}: ${status}, ${cost}, not ${optimum}`);
      }
      expect(faults).toEqual([]);
      expect(pools).toBeGreaterThan(0);
    },
  );
});

describe('a trial of a child', () => {
  it.each(families)('proves no more than solving it does ($queryTypes query types, seed $seed)', (family) => {
    const { options, ...size } = family;
    const problem = compileProblem(generateInstance({ ...size, unmetCap: 1 }), options);
    const relaxation = new PatternRelaxation(problem, { cuts: false, enumeration: false });
    const root = drain(relaxation.solveInSteps(rootRequest));
    const { warmStart, bound: parentBound } = root;
    // As in a search: the pool ends at the best plan at hand.
    const cutoff = Math.min(...root.proposals.map(({ solution }) => planCost(problem, solution)));
    const children = root.candidates.flatMap(({ down, up }) => [down, up]);
    // Only the node solved last can be tried in: all trials come before any child is solved.
    const trials = children.map((child) => relaxation.probe({ ...rootRequest, warmStart, parentBound, cutoff }, child));
    expect(trials.length).toBeGreaterThan(0);
    children.forEach((child, t) => {
      const trial = trials[t]?.bound ?? Number.NaN;
      const node = { id: t + 1, decisions: [child], warmStart, parentBound, depth: 1, cutoff };
      const { bound } = drain(relaxation.solveInSteps({ ...rootRequest, ...node }));
      expect(trial).toBeGreaterThanOrEqual(parentBound);
      expect(trial).toBeLessThanOrEqual(bound + 1e-8 * Math.abs(bound));
    });
  });

  it('is not offered without a pool', () => {
    const problem = compileProblem(referenceInstance(), presets.reference);
    const relaxation = new PatternRelaxation(problem);
    const { candidates, warmStart, bound } = drain(relaxation.solveInSteps(rootRequest));
    expect(relaxation.probe({ ...rootRequest, warmStart, parentBound: bound }, candidates[0].down)).toBeNull();
  });
});

describe('a solve stopped in a pool', () => {
  const instance = loadInstance('family-24x10x20');
  const options = { ...separable, strategy: 'no-enumeration' } as const;
  const whole = new Solve(instance, options).run();

  it.each([1, 3, 5])('goes on from JSON as if it had not been stopped (node %d)', (nodeLimit) => {
    const stopped = new Solve(instance, { ...options, nodeLimit });
    stopped.run();
    const saved = JSON.parse(JSON.stringify(stopped.save())) as SavedSolve;
    const resumed = resumeSolve(saved, instance, {}).run();
    expect(whole.nodes).toBeGreaterThan(nodeLimit);
    const figures = ({ status, cost, bound, nodes, simplexIterations, plan }: SolveResult) => ({
      status,
      cost,
      bound,
      nodes,
      simplexIterations,
      plan,
    });
    expect(figures(resumed)).toEqual(figures(whole));
  });
});

describe('whether sets of query types are all that patterns differ by', () => {
  const problemWith = (options: PlanningOptions) => compileProblem(referenceInstance(), options);

  it('not where a row looks at fractions', () => {
    const loose = { ...presets.corrected, delayCostBudget: 'per-query' } as const;
    const budget = referenceInstance().budget ?? 0;
    expect(setsSuffice(problemWith(loose), budget)).toBe(true);
    // Data are stored at a price, and a plan may cost more than the budget in rental alone.
    expect(setsSuffice(problemWith(loose), 10 * budget)).toBe(false);
    expect(setsSuffice(problemWith({ ...loose, rentalInBudget: 'per-query-type' }), 0.99 * budget)).toBe(false);
    expect(setsSuffice(problemWith({ ...loose, delayRule: 'pooled' }), budget)).toBe(false);
    expect(setsSuffice(problemWith({ ...loose, delayRule: 'last-deployment' }), budget)).toBe(false);
  });

  it('where a budget binds that counts whole deployments alone, once there is a cutoff', () => {
    const { queryTypes, ...rest } = referenceInstance();
    const withoutData = { ...rest, queryTypes: queryTypes.map((query) => ({ ...query, tokenSize: 0 })) };
    const problem = compileProblem(withoutData, { ...presets.corrected, delayCostBudget: 'per-query' });
    expect(setsSuffice(problem, 10 * (rest.budget ?? 0))).toBe(true);
    expect(setsSuffice(problem, Infinity)).toBe(false);
  });

  it('where what delay and dropping cost at least leaves less than the budget: no plan below the cutoff breaks it', () => {
    let told = 0;
    fc.assert(
      fc.property(
        anyInstance(),
        anyOptions(['single']),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        (drawn, anyOption, share) => {
          const { budget: _budget, ...instance } = drawn;
          const options: PlanningOptions = { ...anyOption, delayRule: 'per-deployment', delayCostBudget: 'per-query' };
          const free = compileProblem(instance, options);
          for (const plan of constructPlans(free)) {
            const { total, rental, storage } = checkPlan(instance, options, toPlan(free, plan)).cost;
            const budget = share * total;
            const problem = compileProblem({ ...instance, budget }, options);
            const isPriced = problem.dataCost.some((cost) => cost > 0);
            if (!isPriced || !setsSuffice(problem, total * (1 + 1e-9))) continue;
            told++;
            const spent = problem.rentalBudgetFactor * rental + storage.model + storage.data;
            expect(spent).toBeLessThanOrEqual(budget * (1 + 1e-7));
          }
        },
      ),
      { numRuns: 600, seed: 17 },
    );
    expect(told).toBeGreaterThan(20);
  });
});
