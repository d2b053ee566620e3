import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMps } from '../../src/lp/files/mpsReader.ts';
import { type LinearProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { solveLinearProgram } from '../../src/lp/solveLinearProgram.ts';
import { draws } from '../arbitrary/draws.ts';
import { worstKktViolation } from './kkt.ts';
import { plantedProgram, randomProgram } from './randomPrograms.ts';
import { truth, truthText } from './truth.ts';

/** Worst violation of the optimality conditions by a solution that claims to be optimal. */
function violationOf(program: LinearProgram, solution: ReturnType<typeof solveLinearProgram>): number {
  const { primal, duals, reducedCosts } = solution;
  if (primal === null || duals === null || reducedCosts === null) return Infinity;
  return worstKktViolation(program, { primal, duals, reducedCosts });
}

/**
 * Whether row multipliers y prove that there is no point: y'A x is at least `byRows` by the row bounds and at most
 * `byColumns` by the column bounds. Multipliers at the level of rounding among the others count as zero.
 */
function provesInfeasibility(program: LinearProgram, ray: Float64Array): boolean {
  const largest = ray.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  const multipliers = ray.map((y) => (Math.abs(y) <= 1e-16 * largest ? 0 : y));
  let byRows = 0;
  multipliers.forEach((y, row) => {
    if (y !== 0) byRows += y > 0 ? y * program.rowLower[row] : y * program.rowUpper[row];
  });
  let byColumns = 0;
  let rounding = 0;
  for (let column = 0; column < program.numColumns; column++) {
    let coefficient = 0;
    let terms = 0;
    for (let t = program.columnStarts[column]; t < program.columnStarts[column + 1]; t++) {
      const term = program.values[t] * multipliers[program.rowIndices[t]];
      coefficient += term;
      terms += Math.abs(term);
    }
    if (Math.abs(coefficient) <= 1e-14 * terms) continue;
    byColumns +=
      coefficient > 0 ? coefficient * program.columnUpper[column] : coefficient * program.columnLower[column];
    rounding += 1e-14 * terms;
  }
  return byRows > byColumns + rounding;
}

describe('solveLinearProgram', () => {
  const linear = truth.filter(({ kind }) => kind === 'LP');

  it.each(linear)('$file with and without presolve', ({ file, optimum }) => {
    const program = readMps(truthText(file));
    for (const presolve of [true, false]) {
      const solution = solveLinearProgram(program, { presolve });
      expect(solution.status).toBe(optimum === 'infeasible' ? 'infeasible' : 'optimal');
      const expected = optimum === 'infeasible' ? 0 : optimum;
      expect(Math.abs((solution.objective ?? 0) - expected)).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(expected)),
      );
      expect(optimum === 'infeasible' ? 0 : violationOf(program, solution)).toBeLessThanOrEqual(1e-7);
      expect(presolve && optimum !== 'infeasible').toBe(solution.presolved !== null);
    }
  });

  it.each(linear.filter(({ optimum }) => optimum === 'infeasible'))(
    '$file: infeasibility comes with a proof, presolve or not',
    ({ file }) => {
      const program = readMps(truthText(file));
      for (const presolve of [true, false]) {
        const { farkasRay } = solveLinearProgram(program, { presolve });
        expect(farkasRay).not.toBeNull();
        expect(provesInfeasibility(program, farkasRay!)).toBe(true);
      }
    },
  );

  it('gives the same answer with presolve as without on random programs', () => {
    fc.assert(
      fc.property(randomProgram(), (program) => {
        const without = solveLinearProgram(program, { presolve: false });
        const solution = solveLinearProgram(program);
        expect(solution.status).toBe(without.status);
        expect(solution.objective ?? 0).toBeCloseTo(without.objective ?? 0, 7);
      }),
      { numRuns: draws(2000), seed: 21 },
    );
  });

  it('needs the way back without presolve on none of the programs with known optima', () => {
    fc.assert(
      fc.property(plantedProgram(20, 20), ({ program, optimum }) => {
        const solution = solveLinearProgram(program);
        expect(solution.presolved).not.toBeNull();
        expect(solution.objective).toBeCloseTo(optimum, 8);
        expect(violationOf(program, solution)).toBeLessThanOrEqual(1e-8);
      }),
      { numRuns: draws(1500), seed: 22 },
    );
  });

  it('calls a program infeasible whose contradiction is plain but which holds an entry of rounding size', () => {
    const text = readFileSync(new URL('../data/lp-regressions/rounding-residue.mps', import.meta.url), 'utf8');
    expect(solveLinearProgram(readMps(text)).status).toBe('infeasible');
  });

  it('stops at an iteration limit without claiming anything', () => {
    const program = readMps(truthText('lp/25fv47.mps'));
    for (const presolve of [true, false]) {
      const solution = solveLinearProgram(program, { presolve, iterationLimit: 10 });
      expect(solution).toMatchObject({ status: 'iteration-limit', objective: null, primal: null, duals: null });
      expect(solution.iterations).toBeLessThanOrEqual(10);
    }
  });

  it('stops at a time limit that has already passed', () => {
    const program = readMps(truthText('lp/25fv47.mps'));
    expect(solveLinearProgram(program, { timeLimit: 0 })).toMatchObject({ status: 'time-limit', objective: null });
  });

  it('gives a direction in which an unbounded program falls', () => {
    const builder = new MixedIntegerProgramBuilder();
    builder.addColumn({ cost: -1 });
    builder.addColumn({ cost: 0.5 });
    builder.addRow({ upper: 4, indices: [0, 1], values: [1, -1] });
    const program = builder.build();
    for (const presolve of [true, false]) {
      const { status, unboundedRay } = solveLinearProgram(program, { presolve });
      expect(status).toBe('unbounded');
      const [x, y] = unboundedRay!;
      expect(-x! + 0.5 * y!).toBeLessThan(0);
      expect(x! - y!).toBeLessThanOrEqual(1e-12);
      expect(Math.min(x!, y!)).toBeGreaterThanOrEqual(0);
    }
  });

  it('solves programs without rows, without columns and without either', () => {
    const empty = new MixedIntegerProgramBuilder();
    empty.addToOffset(3);
    const columnsOnly = new MixedIntegerProgramBuilder();
    columnsOnly.addColumn({ cost: 2, lower: -1 });
    const rowsOnly = new MixedIntegerProgramBuilder();
    rowsOnly.addRow({ lower: -1, upper: 1 });
    const impossibleRow = new MixedIntegerProgramBuilder();
    impossibleRow.addRow({ lower: 1, upper: 2 });
    for (const presolve of [true, false]) {
      expect(solveLinearProgram(empty.build(), { presolve }).objective).toBe(3);
      expect(solveLinearProgram(columnsOnly.build(), { presolve }).objective).toBe(-2);
      expect(solveLinearProgram(rowsOnly.build(), { presolve }).objective).toBe(0);
      expect(solveLinearProgram(impossibleRow.build(), { presolve }).status).toBe('infeasible');
    }
  });

  it('does the same twice, bit for bit', () => {
    const program = readMps(truthText('lp/bandm.mps'));
    expect(solveLinearProgram(program)).toEqual(solveLinearProgram(program));
  });
});
