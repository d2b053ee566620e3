/**
 * Pools where the budget row looks at fractions: searches over them against HiGHS on the strengthened program, and what
 * sets cost together within the budget against the linear program in their fractions.
 */
import { describe, expect, it, vi } from 'vitest';
import { generateInstance } from '../../../src/generator/generateInstance.ts';
import { constructPlans } from '../../../src/heuristics/index.ts';
import { resumeSolve, type SavedSolve, Solve, type SolveOptions } from '../../../src/index.ts';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../../src/model/compiled/indexedPlan.ts';
import { planCost, planIsFeasible } from '../../../src/model/compiled/indexedPlanCheck.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../../src/model/instance.ts';
import { exactPlan } from '../../../src/patterns/plans/exactPlan.ts';
import { patternsWithin } from '../../../src/patterns/pool/coverBudget.ts';
import { PatternPool } from '../../../src/patterns/pool/patternPool.ts';
import { planOfPatterns } from '../../../src/patterns/pricing/planPatterns.ts';
import { resolveOptions } from '../../../src/planner/resolveSolve.ts';
import { drawn } from '../../arbitrary/draws.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const base = { preset: 'corrected', relaxation: 'patterns', delayCostBudget: 'per-query', gap: 1e-7 } as const;

/** A family whose data are dear to store, with a share of what its best constructed plan spends as its budget. */
function budgeted(queryTypes: number, seed: number, share: number, options: SolveOptions): Instance {
  const { budget: _budget, ...drawnInstance } = generateInstance({
    queryTypes,
    models: 3,
    tiers: 4,
    seed,
    unmetCap: 0.9,
  });
  const instance = {
    ...drawnInstance,
    queryTypes: drawnInstance.queryTypes.map((query) => ({ ...query, tokenSize: 30 * query.tokenSize })),
  };
  const resolved = resolveOptions(options);
  const problem = compileProblem(instance, resolved);
  const spends = [...constructPlans(problem)].flatMap((plan) => {
    const { ok, cost } = checkPlan(instance, resolved, toPlan(problem, plan));
    return ok ? [{ total: cost.total, spend: cost.rental + cost.storage.model + cost.storage.data }] : [];
  });
  const best = spends.reduce((one, other) => (other.total < one.total ? other : one));
  return { ...instance, budget: share * best.spend };
}

/** Every pool that is made meanwhile. */
function watchPools() {
  const made: PatternPool[] = [];
  const enumerate = PatternPool.enumerate.bind(PatternPool);
  const spy = vi.spyOn(PatternPool, 'enumerate').mockImplementation((...asked) => {
    const pool = enumerate(...asked);
    if (pool !== null) made.push(pool);
    return pool;
  });
  return { made, stop: () => spy.mockRestore() };
}

const isCornered = (pool: PatternPool) => pool.size > (pool.set.at(-1) ?? -1) + 1;
const noSets = { 'patterns.rentedSets.mostLooked': 1, 'patterns.rentedSets.iterationsOfSome': 1 };

const cases = [1, 2, 3, 4, 5, 6].flatMap((seed) =>
  ([0.6, 0.85] as const).map((share) => ({
    seed,
    share,
    queryTypes: 5 + (seed % 3),
    options: { ...base, maxReplicas: seed % 2 === 0 ? 1 : 3, dropped: seed % 3 === 0 ? 'unplaced' : 'placed' } as const,
  })),
);

describe('a search over a pool under a budget', () => {
  it.each(drawn(cases))('ends at the optimum that HiGHS finds (seed $seed, share $share)', async (one) => {
    const { seed, share, queryTypes, options } = one;
    const instance = budgeted(queryTypes, seed, share, options);
    const optimum = await optimumOf(buildStrengthened(compileProblem(instance, resolveOptions(options))));
    const ways: NonNullable<SolveOptions['strategy']>[] = [
      { parameters: noSets },
      { parameters: noSets, enumeration: false },
      { parameters: noSets, enumeration: false, cuts: false },
    ];
    const watched = watchPools();
    const faults = ways.flatMap((strategy) => {
      const { status, cost, bound } = new Solve(instance, { ...options, strategy }).run();
      const isRight =
        status === 'optimal' &&
        relativeDifference(cost.total, optimum) < 2 * optimumTolerance &&
        bound <= optimum + optimumTolerance * Math.abs(optimum);
      return isRight ? [] : [`${JSON.stringify(strategy)}: ${status}, ${cost?.total}, not ${optimum}`];
    });
    watched.stop();
    expect(optimum).toBeLessThan(Infinity);
    expect(faults).toEqual([]);
    expect(watched.made.some(isCornered)).toBe(true);
  });

  it.each([1, 2])('goes on from JSON as if it had not been stopped (node %d)', (nodeLimit) => {
    const options = { ...base, strategy: { parameters: noSets, cuts: false, enumeration: false } } as const;
    const instance = budgeted(9, 2, 0.6, options);
    const whole = new Solve(instance, options).run();
    const stopped = new Solve(instance, { ...options, nodeLimit });
    stopped.run();
    const resumed = resumeSolve(JSON.parse(JSON.stringify(stopped.save())) as SavedSolve, instance, {}).run();
    expect(whole.nodes).toBeGreaterThan(nodeLimit);
    for (const figure of ['status', 'cost', 'bound', 'nodes', 'simplexIterations', 'plan'] as const)
      expect(resumed[figure]).toEqual(whole[figure]);
  });
});

/** Covers of the query types by sets on different pairs, those of least floor first; each by its first column. */
function coversOf(pool: PatternPool, most: number): number[][] {
  const firsts = Array.from(pool.set.keys()).filter((c) => c === 0 || pool.set[c] !== pool.set[c - 1]);
  firsts.sort((one, other) => pool.floor[one] - pool.floor[other]);
  const covers: number[][] = [];
  const visit = (chosen: readonly number[], covered: readonly number[], from: number): void => {
    if (covered.length === pool.table.problem.numQueryTypes) covers.push([...chosen]);
    for (let at = from; at < firsts.length && covers.length < most; at++) {
      const c = firsts[at];
      const own = Array.from(pool.queryTypesOf(c));
      const isFree = chosen.every((other) => pool.pairOf(other) !== pool.pairOf(c));
      if (isFree && own.every((i) => !covered.includes(i))) visit([...chosen, c], [...covered, ...own], at + 1);
    }
  };
  visit([], [], 0);
  return covers;
}

describe('what sets cost together within the budget', () => {
  it('is what the linear program in their fractions says', () => {
    const options = { ...base, strategy: { parameters: noSets } };
    let within = 0;
    const faults: string[] = [];
    for (const [seed, share] of [1, 2, 3, 4, 5].flatMap((seed) =>
      [0.5, 0.6, 0.7, 0.8, 0.9].map((share) => [seed, share]),
    )) {
      const watched = watchPools();
      new Solve(budgeted(6, seed, share, options), options).run();
      watched.stop();
      const pool = watched.made.find(isCornered);
      if (pool === undefined) continue;
      const { table } = pool;
      const { problem } = table;
      for (const cover of coversOf(pool, 300)) {
        const largest = cover.map((c) => pool.pattern(c));
        const exact = exactPlan(problem, planOfPatterns(table, largest));
        const patterns = patternsWithin(pool, cover);
        if (exact.status === 'infeasible' && patterns !== null) faults.push(`${cover.join()}: not infeasible`);
        // What costs more than the pool's cutoff it need not know.
        if (exact.status !== 'solved' || exact.cost >= pool.cutoff) continue;
        within++;
        const plan = patterns && planOfPatterns(table, patterns);
        const cost = plan && planIsFeasible(problem, plan) ? planCost(problem, plan) : Infinity;
        if (relativeDifference(cost, exact.cost) > 1e-8) faults.push(`${cover.join()}: ${cost}, not ${exact.cost}`);
      }
    }
    expect(faults).toEqual([]);
    expect(within).toBeGreaterThan(20);
  });

  it('is there where it is the whole budget, whatever rounding its sum has', () => {
    const options = { ...base, strategy: { parameters: noSets } };
    let count = 0;
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const watched = watchPools();
      new Solve(budgeted(6, seed, 0.6, options), options).run();
      watched.stop();
      const made = watched.made.find(isCornered)!;
      const cheapest = coversOf(made, 50);
      for (const cover of cheapest) {
        const least = cover.reduce((sum, c) => sum + made.leastSpend(c), 0);
        const problem = { ...made.table.problem, budget: least * (1 - 1e-13) };
        const pool = new PatternPool({ ...made.table, problem, budget: problem.budget }, made.save());
        const patterns = patternsWithin(pool, cover);
        expect(patterns).not.toBeNull();
        expect(planIsFeasible(problem, planOfPatterns(pool.table, patterns!))).toBe(true);
      }
      count += cheapest.length;
    }
    expect(count).toBeGreaterThan(20);
  });
});
