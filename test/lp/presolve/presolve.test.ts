import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMps } from '../../../src/lp/files/mpsReader.ts';
import { type LinearProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import type { PrimalDualPoint } from '../../../src/lp/presolve/postsolve.ts';
import { presolve } from '../../../src/lp/presolve/presolve.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { draws } from '../../arbitrary/draws.ts';
import { deviation, type HighsOracle, loadHighsOracle } from '../highsOracle.ts';
import { worstKktViolation } from '../kkt.ts';
import { plantedProgram, randomProgram } from '../randomPrograms.ts';
import { truth, truthText } from '../truth.ts';

let highs: HighsOracle;
beforeAll(async () => {
  highs = await loadHighsOracle();
});

interface Outcome {
  readonly status: string;
  readonly objective: number;
  /** Worst violation of the optimality conditions of the original program, 0 without a point. */
  readonly violation: number;
}

/** Presolve, simplex, postsolve, judged by the optimality conditions of the original program. */
function solvePresolved(program: LinearProgram): Outcome {
  const result = presolve(program);
  if (result.status !== 'reduced') return { status: result.status, objective: Number.NaN, violation: 0 };
  const solver = new SimplexSolver(result.program);
  const status = solver.solve();
  if (status !== 'optimal') return { status, objective: Number.NaN, violation: 0 };
  const point = result.postsolve(solver);
  return { status, objective: objectiveOf(program, point), violation: worstKktViolation(program, point) };
}

function objectiveOf(program: LinearProgram, point: PrimalDualPoint): number {
  return program.cost.reduce((sum, cost, column) => sum + cost * point.primal[column], program.offset);
}

const size = ({ numRows, numColumns }: LinearProgram) => [numRows, numColumns];

describe('presolve on the programs with known answers', () => {
  it.each(truth.filter(({ kind }) => kind === 'LP'))(
    '$file has its answer after presolve and postsolve',
    ({ file, optimum }) => {
      const outcome = solvePresolved(readMps(truthText(file)));
      expect(
        deviation(outcome, optimum === 'infeasible' ? { status: 'infeasible', objective: 0 } : optimum),
      ).toBeLessThanOrEqual(1e-9);
      expect(outcome.violation).toBeLessThanOrEqual(1e-8);
    },
  );
});

describe('presolve on random programs', () => {
  it('agrees with HiGHS, and its points satisfy the optimality conditions of the original', () => {
    fc.assert(
      fc.property(randomProgram(), (program) => {
        const expected = highs.solve(program);
        fc.pre(expected.status !== 'other');
        const outcome = solvePresolved(program);
        expect(deviation(outcome, expected)).toBeLessThanOrEqual(1e-7);
        expect(outcome.violation).toBeLessThanOrEqual(1e-7);
      }),
      { numRuns: draws(3000), seed: 11 },
    );
  });

  it('does so on larger sparse programs', () => {
    fc.assert(
      fc.property(randomProgram({ maxRows: 25, maxColumns: 25 }), (program) => {
        const expected = highs.solve(program);
        fc.pre(expected.status !== 'other');
        const outcome = solvePresolved(program);
        expect(deviation(outcome, expected)).toBeLessThanOrEqual(1e-7);
        expect(outcome.violation).toBeLessThanOrEqual(1e-7);
      }),
      { numRuns: draws(1000), seed: 12 },
    );
  });

  it('does so with coefficients over six decades', () => {
    fc.assert(
      fc.property(randomProgram({ decades: 3 }), (program) => {
        const expected = highs.solve(program);
        fc.pre(expected.status !== 'other');
        const outcome = solvePresolved(program);
        expect(deviation(outcome, expected)).toBeLessThanOrEqual(1e-6);
        expect(outcome.violation).toBeLessThanOrEqual(1e-6);
      }),
      { numRuns: draws(1500), seed: 13 },
    );
  });

  it('finds optima that are known from the construction', () => {
    fc.assert(
      fc.property(plantedProgram(30, 30), ({ program, optimum }) => {
        const outcome = solvePresolved(program);
        expect(deviation(outcome, optimum)).toBeLessThanOrEqual(1e-9);
        expect(outcome.violation).toBeLessThanOrEqual(1e-8);
      }),
      { numRuns: draws(3000), seed: 15 },
    );
  });

  it('leaves the program given as it was', () => {
    fc.assert(
      fc.property(randomProgram(), (program) => {
        const before = structuredClone(program);
        presolve(program);
        expect(program).toEqual(before);
      }),
      { numRuns: draws(100), seed: 14 },
    );
  });
});

/**
 * Each rule on a program made for it: it must fire, leave the size told, and come back with the optimum known by hand.
 */
describe('a presolve rule', () => {
  const build = (fill: (builder: MixedIntegerProgramBuilder) => void) => {
    const builder = new MixedIntegerProgramBuilder();
    fill(builder);
    return builder.build();
  };

  it('turns a singleton row into a bound and gives the row its dual back', () => {
    const program = build((b) => {
      b.addColumn({ cost: 1 });
      b.addRow({ lower: 4, indices: [0], values: [2] });
    });
    const result = presolve(program);
    expect(result.reductions['singleton-row']).toBe(1);
    expect(size(result.program)).toEqual([0, 0]);
    const empty = new Float64Array(0);
    const point = result.postsolve({ primal: empty, duals: empty, reducedCosts: empty });
    expect([...point.primal, ...point.duals, ...point.reducedCosts]).toEqual([2, 0.5, 0]);
  });

  it('fixes all columns of a forcing row at the bounds that it forces', () => {
    // x + y - z >= 5 with x, y <= 2 and z >= -1: the largest activity is 5.
    const program = build((b) => {
      b.addColumn({ cost: 3, upper: 2 });
      b.addColumn({ cost: 1, upper: 2 });
      b.addColumn({ cost: 0, lower: -1, upper: 9 });
      b.addRow({ lower: 5, indices: [0, 1, 2], values: [1, 1, -1] });
      b.addRow({ upper: 7, indices: [0, 1, 2], values: [1, 2, 3] });
    });
    const result = presolve(program);
    expect(result.reductions['forcing-row']).toBe(1);
    expect(solvePresolved(program)).toMatchObject({ objective: 8, violation: 0 });
  });

  it('drops a row that the bounds make redundant', () => {
    const program = build((b) => {
      b.addColumn({ cost: -1, upper: 2 });
      b.addColumn({ cost: -1, upper: 2 });
      b.addRow({ upper: 4, indices: [0, 1], values: [1, 1] });
      b.addRow({ upper: 3, indices: [0, 1], values: [1, 1] });
    });
    expect(presolve(program).program.numRows).toBe(1);
    expect(solvePresolved(program)).toMatchObject({ objective: -3, violation: 0 });
  });

  it('replaces a column through a doubleton equation and hands its bounds on', () => {
    // x + 2 y = 6, x <= 4: y >= 1; min 3 x + y over both and a third column in a shared row.
    const program = build((b) => {
      b.addColumn({ cost: 3, upper: 4 });
      b.addColumn({ cost: 8 });
      b.addColumn({ cost: 1 });
      b.addRow({ lower: 6, upper: 6, indices: [0, 1], values: [1, 2] });
      b.addRow({ lower: 5, indices: [0, 1, 2], values: [1, 1, 1] });
      b.addRow({ upper: 9, indices: [0, 1, 2], values: [1, -1, 2] });
    });
    expect(presolve(program).reductions['doubleton-equation']).toBeGreaterThanOrEqual(1);
    // x = 4, y = 1, z = 0.
    expect(solvePresolved(program)).toMatchObject({ objective: 20, violation: 0 });
  });

  it('takes a singleton column of an equation as its slack', () => {
    const program = build((b) => {
      b.addColumn({ cost: 2 });
      b.addColumn({ cost: 3 });
      b.addColumn({ upper: 4 });
      b.addRow({ lower: 10, upper: 10, indices: [0, 1, 2], values: [1, 2, 1] });
      b.addRow({ upper: 3, indices: [0, 1], values: [1, 1] });
    });
    expect(presolve(program).reductions['slack-column']).toBeGreaterThanOrEqual(1);
    // 2 y >= 6 with x + y <= 3: y = 3, x = 0, slack 4.
    expect(solvePresolved(program)).toMatchObject({ objective: 9, violation: 0 });
  });

  it('replaces a column that an equation keeps within its bounds', () => {
    // x = y + z with 0 <= y, z <= 3 stays within [0, 6].
    const program = build((b) => {
      b.addColumn({ cost: 1, upper: 6 });
      b.addColumn({ cost: -3, upper: 3 });
      b.addColumn({ cost: -2, upper: 3 });
      b.addRow({ lower: 0, upper: 0, indices: [0, 1, 2], values: [1, -1, -1] });
      b.addRow({ upper: 7, indices: [0, 1], values: [1, 1] });
      b.addRow({ lower: 2, indices: [1, 2], values: [1, 2] });
    });
    expect(presolve(program).reductions['substituted-column']).toBe(1);
    // min -2 y - z over 2 y + z <= 7, y, z <= 3: -7.
    expect(solvePresolved(program)).toMatchObject({ objective: -7, violation: 0 });
  });

  it('replaces a column through an equation where another row keeps it below its bound', () => {
    // x = y + z is at least 0, and x + w <= 5 keeps it below 5.
    const program = build((b) => {
      b.addColumn({ cost: 1, upper: 5 });
      b.addColumn({ cost: -3, upper: 3 });
      b.addColumn({ cost: -2, upper: 3 });
      b.addColumn({ upper: 4 });
      b.addRow({ lower: 0, upper: 0, indices: [0, 1, 2], values: [1, -1, -1] });
      b.addRow({ upper: 5, indices: [0, 3], values: [1, 1] });
      b.addRow({ lower: 2, indices: [1, 2], values: [1, 2] });
      b.addRow({ lower: 1, indices: [1, 3], values: [1, 1] });
    });
    expect(presolve(program).reductions['substituted-column']).toBe(1);
    // min -2 y - z over y + z + w <= 5, y, z <= 3: y = 3, z = 2, w = 0.
    expect(solvePresolved(program)).toMatchObject({ objective: -8, violation: 0 });
  });

  it('does not replace a column that the equation can push out of its bounds', () => {
    const program = build((b) => {
      b.addColumn({ cost: 1, upper: 5 });
      b.addColumn({ cost: -3, upper: 3 });
      b.addColumn({ cost: -2, upper: 3 });
      b.addRow({ lower: 0, upper: 0, indices: [0, 1, 2], values: [1, -1, -1] });
      b.addRow({ upper: 70, indices: [0, 1], values: [1, 1] });
      b.addRow({ lower: 2, indices: [1, 2], values: [1, 2] });
    });
    // min -2 y - z over y + z <= 5, y, z <= 3: y = 3, z = 2.
    expect(solvePresolved(program)).toMatchObject({ objective: -8, violation: 0 });
  });

  it('makes an equation of a row that a singleton column presses to its side', () => {
    // x >= 9 - y - 2 z is at least 0 for y, z <= 3: x costs, so the row is met exactly and x is gone.
    const program = build((b) => {
      b.addColumn({ cost: 5 });
      b.addColumn({ cost: 2, upper: 3 });
      b.addColumn({ cost: 11, upper: 3 });
      b.addRow({ lower: 9, indices: [0, 1, 2], values: [1, 1, 2] });
      b.addRow({ lower: 4, upper: 8, indices: [1, 2], values: [1, 3] });
    });
    const result = presolve(program);
    expect(result.reductions['slack-column']).toBeGreaterThanOrEqual(1);
    expect([...result.columns]).not.toContain(0);
    // 45 - 3 y + z over 4 <= y + 3 z <= 8: y = 3, z = 1/3.
    expect(solvePresolved(program).objective).toBeCloseTo(36 + 1 / 3, 12);
  });

  it('does not use a row again that a column has pressed to its side', () => {
    // min -x - y over 0 <= -3 x + y <= 1, x, y <= 0: once x is gone, y must not give the row a dual of the other sign.
    const program = build((b) => {
      b.addColumn({ cost: -1, lower: -Infinity, upper: 0 });
      b.addColumn({ cost: -1, lower: -Infinity, upper: 0 });
      b.addRow({ lower: 0, upper: 1, indices: [0, 1], values: [-3, 1] });
    });
    expect(solvePresolved(program)).toMatchObject({ objective: 0, violation: 0 });
  });

  it('fixes a dominated column', () => {
    // Going down never hurts x: it costs, and only <= rows hold it.
    const program = build((b) => {
      b.addColumn({ cost: 1, lower: -2, upper: 8 });
      b.addColumn({ cost: -1, upper: 8 });
      b.addColumn({ cost: -2, upper: 8 });
      b.addRow({ upper: 4, indices: [0, 1, 2], values: [1, 1, 1] });
      b.addRow({ upper: 6, indices: [0, 1, 2], values: [1, 2, 1] });
    });
    const result = presolve(program);
    expect(result.reductions['fixed-column']).toBeGreaterThanOrEqual(1);
    expect([...result.columns]).not.toContain(0);
    expect(solvePresolved(program)).toMatchObject({ objective: -14, violation: 0 });
  });

  it('fixes a column by what two rows imply for it', () => {
    // x - y >= 3 with y >= 0 gives x >= 3; x + z <= 3 with z >= 0 gives x <= 3: all three are fixed.
    const program = build((b) => {
      b.addColumn({ cost: 1, lower: -Infinity });
      b.addColumn({ cost: -1 });
      b.addColumn({ cost: -2 });
      b.addRow({ lower: 3, indices: [0, 1], values: [1, -1] });
      b.addRow({ upper: 3, indices: [0, 2], values: [1, 1] });
      b.addRow({ lower: -10, upper: 10, indices: [0, 1, 2], values: [1, 1, 1] });
    });
    expect(presolve(program).reductions['tightened-bound']).toBe(2);
    expect(solvePresolved(program)).toMatchObject({ objective: 3, violation: 0 });
  });

  it.each([
    ['an empty row that asks for something', (b: MixedIntegerProgramBuilder) => b.addRow({ lower: 1, upper: 2 })],
    ['bounds that cross', (b: MixedIntegerProgramBuilder) => b.addColumn({ lower: 2, upper: 1 })],
    [
      'a row out of reach',
      (b: MixedIntegerProgramBuilder) =>
        b.addRow({ lower: 3, indices: [b.addColumn({ upper: 1 }), b.addColumn({ upper: 1 })], values: [1, 1] }),
    ],
    [
      'two singleton rows that disagree',
      (b: MixedIntegerProgramBuilder) => {
        b.addColumn();
        b.addRow({ lower: 3, indices: [0], values: [1] });
        b.addRow({ upper: 2, indices: [0], values: [1] });
      },
    ],
  ])('says infeasible of %s', (_, fill) => {
    expect(presolve(build(fill)).status).toBe('infeasible');
  });

  it('leaves open whether a free ride is unboundedness or infeasibility', () => {
    expect(presolve(build((b) => b.addColumn({ cost: -1 }))).status).toBe('infeasible-or-unbounded');
  });

  it('does not take half a row for full because the other half is infinite', () => {
    // Found on afiro: an infinite activity compared equal to a finite side.
    const program = build((b) => {
      b.addColumn({ cost: -1, lower: -Infinity });
      b.addColumn({ cost: -1, lower: -Infinity });
      b.addRow({ upper: 4, indices: [0, 1], values: [1, 2] });
      b.addRow({ upper: 4, indices: [0, 1], values: [2, 1] });
    });
    expect(presolve(program).reductions['forcing-row']).toBe(0);
    expect(solvePresolved(program).objective).toBeCloseTo(-8 / 3, 12);
  });
});
