/**
 * Column generation at the root: every round's bound is a bound, a round of pricing may be stopped, and its certificate
 * lasts.
 */
import { describe, expect, it } from 'vitest';
import { generateInstance, optimize } from '../../../src/index.ts';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { restrictionsOf } from '../../../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../../../src/patterns/master/pricedColumns.ts';
import { fixByReducedCost } from '../../../src/patterns/master/reducedCostFixing.ts';
import { RestrictedMaster } from '../../../src/patterns/master/restrictedMaster.ts';
import { PatternPricer } from '../../../src/patterns/pricing/patternPricer.ts';
import { buildPatternTable } from '../../../src/patterns/pricing/patternTable.ts';
import { resolveOptions } from '../../../src/planner/resolveSolve.ts';

const instanceOf = (seed: number) => generateInstance({ seed, queryTypes: 7, models: 3, tiers: 4, unmetCap: 1 });

/** Master, pricer and restrictions of the root, with nothing generated yet. */
function rootOf(seed: number) {
  const table = buildPatternTable(compileProblem(instanceOf(seed), resolveOptions({ preset: 'corrected' })));
  const master = new RestrictedMaster(table);
  const open = { blocked: new Uint8Array(table.queryType.length), closed: new Uint8Array(table.numDeployments) };
  const restrictions = restrictionsOf(table, [], open);
  master.restrict(restrictions);
  return { master, restrictions, pricer: new PatternPricer(table) };
}

/** Generates at the root; `stopAfter` is how often `shouldStop` says no before it says yes. */
function generate(seed: number, stopAfter: number) {
  const { master, restrictions, pricer } = rootOf(seed);
  const bounds: number[] = [];
  let asked = 0;
  const rounds = generateColumns(master, pricer, restrictions, {
    cutoff: Infinity,
    shouldStop: () => asked++ >= stopAfter,
    onRound: (_, bound) => bounds.push(bound),
  });
  const outcome = drain(rounds);
  // Where the work was stopped, columns may have come since the last solve.
  const objective = master.solver.status === null ? Number.NaN : master.solver.objective;
  return { ...outcome, bounds, objective, master, restrictions, pricer };
}

describe.each([1, 2, 3, 4])('column generation on instance %s', (seed) => {
  // The compact relaxation shares neither master nor pricing with patterns.
  const optimum = optimize(instanceOf(seed), { preset: 'corrected', relaxation: 'compact', gap: 1e-7 }).cost!.total;
  const whole = generate(seed, Infinity);

  it('bounds the optimum in every round, and meets the master at the end', () => {
    expect(whole.status).toBe('converged');
    expect(Math.max(...whole.bounds)).toBeLessThanOrEqual(optimum * (1 + 1e-7));
    expect(whole.bounds).toEqual(whole.bounds.toSorted((one, other) => one - other));
    expect(Math.abs(whole.objective - whole.bound)).toBeLessThanOrEqual(1e-6 * whole.objective);
  });

  it('rules out the same by its certificate once the master has gone on to phase 1', () => {
    const { master, restrictions, pricer, certificate } = whole;
    const ruledOut = () => {
      const closed = restrictions.closed.slice();
      const blocked = restrictions.blocked.slice();
      const marks = fixByReducedCost(master, pricer, restrictions, certificate!, optimum, closed, blocked);
      return { marks, closed, blocked };
    };
    const inPhase2 = ruledOut();
    expect(inPhase2.marks).toBeGreaterThan(0);
    master.setPhase(1);
    expect(ruledOut()).toEqual(inPhase2);
    master.setPhase(2);
  });

  it('stops inside a round of pricing, with the bound of the rounds before', () => {
    const faults: string[] = [];
    for (const stopAfter of [0, 1, 3, 10, 40]) {
      const { status, bound, bounds, rounds } = generate(seed, stopAfter);
      if (status !== 'limit') faults.push(`${stopAfter}: ${status}`);
      if (bound !== Math.max(-Infinity, ...bounds))
        faults.push(`${stopAfter}: bound ${bound}, rounds ${bounds.join()}`);
      if (bound > optimum * (1 + 1e-7)) faults.push(`${stopAfter}: bound ${bound} above ${optimum}`);
      if (stopAfter === 0 && (rounds !== 1 || bounds.length > 0)) faults.push(`the first round went on to its end`);
    }
    expect(faults).toEqual([]);
  });
});

it('keeps the results of the last solve where artificial columns can be charged no more', () => {
  // Without a pattern all that is covered is covered by artificial columns.
  const { master } = rootOf(1);
  do expect(master.solve()).toBe('optimal');
  while (master.raiseSurcharges());
  expect(master.artificialValue()).toBeGreaterThan(1);
  expect(master.solver.duals.some((dual) => dual > 0)).toBe(true);
});
