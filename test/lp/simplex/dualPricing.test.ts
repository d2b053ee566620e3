/** Pricing rules: each ends as HiGHS does; own ones stand beside ours, and cannot break the answer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveMixedIntegerProgram } from '../../../src/bnb/solveMixedIntegerProgram.ts';
import { MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { type DualPricing, type DualPricingName, dualPricings } from '../../../src/lp/simplex/dualPricing.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { isCertified } from '../certificates.ts';
import { loadHighsOracle } from '../highsOracle.ts';
import { drawFrom, randomLinearProgram } from '../randomLinearPrograms.ts';

const oracle = await loadHighsOracle();
const names = Object.keys(dualPricings) as DualPricingName[];

/** Weights that say nothing: not a number, infinite, negative. */
const senseless = (weight: number): DualPricing => ({
  kind: 'lp-pricing',
  name: 'senseless',
  usesTau: false,
  ofChosen: () => weight,
  updated: () => weight,
  ofEntering: () => weight,
});

/** A covering program of random coefficients: enough rows for the rules to differ. */
function covering(seed = 7) {
  const { integer } = drawFrom(seed);
  const builder = new MixedIntegerProgramBuilder();
  const columns = Array.from({ length: 90 }, () => builder.addColumn({ cost: integer(20, 90), lower: 0, upper: 3 }));
  for (let row = 0; row < 60; row++)
    builder.addRow({
      lower: integer(20, 90),
      indices: columns,
      values: columns.map(() => Math.max(0, integer(-9, 9))),
    });
  return builder.build('covering');
}

describe('a pricing rule', () => {
  it.each(names)('ends as HiGHS says, with a proof: %s', (pricing) => {
    let judged = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const program = randomLinearProgram(seed, { rows: [2, 30], columns: [2, 40], wide: false });
        const solver = new SimplexSolver(program, { pricing });
        const status = solver.solve();
        // Optimal and infeasible alike carry their proofs; what HiGHS says is looked at where it says something.
        expect([status, isCertified(program, solver)]).toEqual([status, true]);
        const verdict = oracle.solve(program, { presolve: 'off' });
        const isOpen = verdict.status === 'other' || verdict.status === 'infeasible-or-unbounded';
        expect(isOpen ? status : verdict.status).toBe(status);
        judged += isOpen ? 0 : 1;
      }),
      { numRuns: 150, seed: 3 },
    );
    expect(judged).toBeGreaterThan(120);
  });

  it('makes another way of it', () => {
    const ways = names.map((pricing) =>
      [1, 2, 3, 4].map((seed) => {
        const solver = new SimplexSolver(covering(seed), { pricing });
        expect(solver.solve()).toBe('optimal');
        expect(solver.objective).toBeCloseTo(oracle.solve(covering(seed)).objective, 6);
        return solver.iterations;
      }),
    );
    expect(new Set(ways.map(String)).size).toBe(names.length);
  });

  it('of exact weights is steepest edge, however it is come by', () => {
    const copy: DualPricing = { ...dualPricings['steepest-edge'], name: 'a copy' };
    const [ours, own] = ['steepest-edge' as const, copy].map((pricing) => {
      const solver = new SimplexSolver(covering(), { pricing });
      solver.solve();
      return [solver.iterations, solver.objective];
    });
    expect(own).toEqual(ours);
  });

  it.each([Number.NaN, Infinity, -1, 0])('that gives weights of %d still ends at the optimum', (weight) => {
    const solver = new SimplexSolver(covering(), { pricing: senseless(weight) });
    expect(solver.solve()).toBe('optimal');
    expect(solver.objective).toBeCloseTo(oracle.solve(covering()).objective, 6);
  });

  it('of an unknown name is refused', () => {
    const expected = 'pricing: found "steepest", expected a pricing rule, or one of steepest-edge, devex';
    expect(() => new SimplexSolver(covering(), { pricing: 'steepest' as never })).toThrow(expected);
  });
});

describe('a pricing rule of a search', () => {
  const builder = new MixedIntegerProgramBuilder();
  const weights = [37, 41, 53, 61, 67, 71, 79, 83, 89, 97, 43, 59];
  const columns = weights.map((weight) =>
    builder.addColumn({ cost: -weight - (weight % 7), lower: 0, upper: 1, integer: true }),
  );
  builder.addRow({ upper: 411.5, indices: columns, values: weights });
  builder.addRow({ upper: 6.5, indices: columns, values: weights.map((weight) => (weight % 5) / 2 + 0.4) });
  const program = builder.build('two rows');
  const usual = solveMixedIntegerProgram(program, { strategy: 'plain' });

  it.each(names)('keeps the optimum: %s', (lpPricing) => {
    const found = solveMixedIntegerProgram(program, { strategy: { base: 'plain', lpPricing } });
    expect([found.status, found.cost]).toEqual(['optimal', oracle.solve(program).objective]);
  });

  it('is a plugin, which is named where it throws, and refused where it is none', () => {
    const copy: DualPricing = { ...dualPricings['steepest-edge'], name: 'a copy' };
    const { nodes, simplexIterations, cost } = solveMixedIntegerProgram(program, {
      strategy: { base: 'plain', plugins: [copy] },
    });
    expect([nodes, simplexIterations, cost]).toEqual([usual.nodes, usual.simplexIterations, usual.cost]);
    const throwing: DualPricing = {
      ...copy,
      updated: () => {
        throw new Error('no weight');
      },
    };
    const run = (pricing: unknown) => () =>
      solveMixedIntegerProgram(program, { strategy: { base: 'plain', lpPricing: pricing as DualPricing } });
    expect(run(throwing)).toThrow('plugin "a copy" (lp pricing): threw Error: no weight');
    expect(run({ ...copy, ofChosen: undefined })).toThrow('strategy.lpPricing: found');
    expect(run('fastest')).toThrow('expected one of steepest-edge, devex, largest-infeasibility');
  });
});
