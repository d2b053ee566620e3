/**
 * Generation over a pool and nodes of a pool, against all columns at once and all covers of the query types, on pools
 * small enough to go through.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { planCost, planIsFeasible } from '../../../src/model/compiled/indexedPlanCheck.ts';
import type { Instance } from '../../../src/model/instance.ts';
import {
  type NodeRestrictions,
  type PatternDecision,
  restrictionsOf,
} from '../../../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../../../src/patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../../../src/patterns/master/restrictedMaster.ts';
import { PatternPool } from '../../../src/patterns/pool/patternPool.ts';
import { generateFromPool } from '../../../src/patterns/pool/pooledColumns.ts';
import { PoolMaster } from '../../../src/patterns/pool/poolMaster.ts';
import { type PoolNodeOutcome, solvePoolNode } from '../../../src/patterns/pool/poolNode.ts';
import { PatternPricer } from '../../../src/patterns/pricing/patternPricer.ts';
import { buildPatternTable } from '../../../src/patterns/pricing/patternTable.ts';
import { planOfPatterns } from '../../../src/patterns/pricing/planPatterns.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';

const never = () => false;
const tolerance = 1e-6;

/** How far above the root's bound the pool reaches, relative: nearly everything of such small instances. */
const reach = 1.5;
const mostColumns = 150;

/** All that a plan below the pool's cutoff can hold, with nothing decided; null where patterns differ by fractions. */
function wholePool(instance: Instance, options: Parameters<typeof compileProblem>[1]) {
  const problem = compileProblem(instance, options);
  if (!problem.delayRule.divides || !problem.delayCost.isSeparable || problem.budget < Infinity) return null;
  const table = buildPatternTable(problem);
  const fixings = {
    blocked: new Uint8Array(table.queryType.length),
    closed: Uint8Array.from(table.mostReplicas, (most, d) => (most < table.leastReplicas[d] ? 1 : 0)),
  };
  const root = restrictionsOf(table, [], fixings);
  const master = new RestrictedMaster(table);
  master.restrict(root);
  const limits = { cutoff: Infinity, shouldStop: never };
  const { certificate, status } = drain(generateColumns(master, new PatternPricer(table), root, limits));
  if (certificate === null || status !== 'converged') return null;
  const cutoff = certificate.bound + reach * Math.max(1, Math.abs(certificate.bound));
  const pool = PatternPool.enumerate(master, root, certificate, cutoff, { effort: 1e5, columns: mostColumns });
  if (pool === null) return null;
  return { problem, table, fixings, pool };
}

/** The cheapest plan of columns of different pairs that covers each query type once and obeys the restrictions. */
function cheapestCover(pool: PatternPool, restrictions: NodeRestrictions): number {
  const { problem } = pool.table;
  const columns = pool.allowed(null, restrictions, Infinity);
  let best = Infinity;
  const extend = (chosen: readonly number[], covered: number, next: number) => {
    if (covered === 2 ** problem.numQueryTypes - 1) {
      const rented = new Set(chosen.map((c) => pool.pairOf(c)));
      const isRequired = restrictions.required.every((mark, pair) => mark === 0 || rented.has(pair));
      const areCounted = [...restrictions.counts.values()].every(({ pairs, least, most }) => {
        const count = pairs.filter((pair) => rented.has(pair)).length;
        return count >= least && count <= most;
      });
      const plan = planOfPatterns(
        pool.table,
        chosen.map((c) => pool.pattern(c)),
      );
      if (isRequired && areCounted && planIsFeasible(problem, plan)) best = Math.min(best, planCost(problem, plan));
    }
    for (let at = next; at < columns.length; at++) {
      const c = columns[at];
      const set = pool.queryTypesOf(c).reduce((sum, i) => sum + 2 ** i, 0);
      if ((covered & set) !== 0 || chosen.some((other) => pool.pairOf(other) === pool.pairOf(c))) continue;
      extend([...chosen, c], covered | set, at + 1);
    }
  };
  extend([], 0, 0);
  return best;
}

const decision = fc.record({
  kind: fc.constantFrom('place', 'keep off', 'rent', 'count', 'few', 'many'),
  queryType: fc.nat(4),
  pair: fc.nat(3),
  amount: fc.integer({ min: 1, max: 2 }),
});

/** What the drawn record stands for on this table. */
function decisionOf(
  { kind, queryType, pair, amount }: typeof decision extends fc.Arbitrary<infer Value> ? Value : never,
  table: ReturnType<typeof buildPatternTable>,
): PatternDecision {
  const { numPairs, numQueryTypes } = table.problem;
  const i = queryType % numQueryTypes;
  const at = pair % numPairs;
  const [deployment = 0] = table.deploymentsOfPair[at];
  const base = { kind: 'replicas', deployment } as const;
  if (kind === 'place') return { kind: 'placement', queryType: i, pairs: [at], inside: true };
  if (kind === 'keep off') return { kind: 'placement', queryType: i, pairs: [at], inside: false };
  if (kind === 'rent') return { kind: 'deployments', pair: at, allowed: table.deploymentsOfPair[at], none: false };
  if (kind === 'few') return { ...base, least: 0, most: amount, required: false };
  if (kind === 'many') return { ...base, least: amount, most: 100, required: false };
  const pairs = Array.from({ length: numPairs }, (_, p) => p);
  return { kind: 'count', pairs, least: 0, most: amount };
}

const cases = fc.record({
  instance: fc.oneof(
    arbitraryInstance({ queryTypes: 3, models: 2, tiers: 1, globalLimits: false }),
    arbitraryInstance({ queryTypes: 5, models: 2, tiers: 2, extras: false, globalLimits: false }),
  ),
  options: arbitraryOptions({
    placement: 'single',
    delayRule: 'per-deployment',
    delayCostBudget: 'per-query',
    dropped: 'placed',
  }),
  decisions: fc.array(decision, { maxLength: 3 }),
});

describe('generation over a pool', () => {
  it('ends at the optimum of the master that has all columns, with floors below every plan', () => {
    let pools = 0;
    fc.assert(
      fc.property(cases, ({ instance, options, decisions }) => {
        const made = wholePool(instance, options);
        if (made === null) return;
        const { table, fixings, pool } = made;
        const drawn = decisions.map((record) => decisionOf(record, table));
        const restrictions = restrictionsOf(table, drawn, fixings);
        if (restrictions.contradicts) return;
        pools++;
        const list = pool.allowed(null, restrictions, Infinity);
        const few = new PoolMaster(pool, restrictions, list, null);
        const limits = { cutoff: Infinity, bound: -Infinity, shouldStop: never };
        const { status, bound, left, floor } = drain(generateFromPool(few, list, restrictions, limits));
        const all = new PoolMaster(pool, restrictions, list, null);
        all.put(list);
        all.master.setPhase(1);
        expect(all.master.solve()).toBe('optimal');
        const isFeasible = all.master.artificialValue() <= 1e-7;
        expect(status).toBe(isFeasible ? 'converged' : 'infeasible');
        if (!isFeasible) return;
        all.master.setPhase(2);
        while (all.master.solve() === 'optimal' && all.master.artificialValue() > 1e-7) {
          if (!all.master.raiseSurcharges()) return;
        }
        const { objective } = all.master.solver;
        expect(Math.abs(bound - objective)).toBeLessThan(tolerance * Math.max(1, Math.abs(objective)));
        const best = cheapestCover(pool, restrictions);
        expect(bound).toBeLessThanOrEqual(best + tolerance * Math.max(1, Math.abs(bound)));
        expect(left.length).toBe(list.length);
        const least = list.reduce((lowest, c) => Math.min(lowest, floor[c]), Infinity);
        expect(least).toBeGreaterThanOrEqual(bound - tolerance * Math.max(1, Math.abs(bound)));
      }),
      { numRuns: 120, seed: 4 },
    );
    expect(pools).toBeGreaterThan(20);
  });
});

/** What is wrong with the outcome of a node whose cheapest cover costs `best`. */
function faultsOf(
  { status, bound, solution, candidates }: PoolNodeOutcome,
  best: number,
  near: number,
  pool: PatternPool,
  enumeration: boolean,
): string[] {
  const { problem } = pool.table;
  if (status === 'cutoff') return best < pool.cutoff - near ? [`cut off, but ${best} is below ${pool.cutoff}`] : [];
  const faults: string[] = [];
  if (status !== 'solved') faults.push(`status ${status}`);
  if (bound > best + near) faults.push(`bound ${bound} above ${best}`);
  if (solution === null) return candidates.length === 0 ? [...faults, 'neither solution nor candidates'] : faults;
  // Covers may end at a plan that breaks the decisions, not the limits: it costs no more than any that keeps them.
  const cost = planCost(problem, solution);
  if (!planIsFeasible(problem, solution)) faults.push('a plan that is not feasible');
  if (cost > best + near) faults.push(`a plan of ${cost} above ${best}`);
  if (!enumeration && cost < best - near) faults.push(`a plan of ${cost} below ${best}`);
  return faults;
}

describe('a node of a pool', () => {
  it('is settled at its cheapest cover, or bounds it from below', () => {
    let settled = 0;
    let branched = 0;
    fc.assert(
      fc.property(cases, fc.boolean(), fc.boolean(), ({ instance, options, decisions }, enumeration, cuts) => {
        const made = wholePool(instance, options);
        if (made === null) return;
        const { table, fixings, pool } = made;
        const drawn = decisions.map((record) => decisionOf(record, table));
        const restrictions = restrictionsOf(table, drawn, fixings);
        if (restrictions.contradicts) return;
        const best = cheapestCover(pool, restrictions);
        const request = { id: 0, parentBound: -Infinity, depth: 0, cutoff: pool.cutoff, relativeGap: 0 };
        const settings = { cuts, enumeration, heuristics: false };
        const whole = { ...request, shouldStop: never };
        const outcome = drain(solvePoolNode(pool, whole, restrictions, null, [], settings));
        const near = tolerance * Math.max(1, Math.abs(best));
        if (outcome.status === 'solved' && outcome.solution === null) branched++;
        if (outcome.solution !== null) settled++;
        expect(faultsOf(outcome, best, near, pool, enumeration)).toEqual([]);
      }),
      { numRuns: 400, seed: 8 },
    );
    expect(settled).toBeGreaterThan(30);
    expect(branched).toBeGreaterThan(0);
  });
});
