/** The linear programs with published optima, and those known to be infeasible. */
import { describe, expect, it } from 'vitest';
import { readMps } from '../../src/lp/files/mpsReader.ts';
import { SimplexSolver } from '../../src/lp/simplex/simplexSolver.ts';
import { flawsOfOptimum, provesInfeasible } from './certificates.ts';
import { truth, truthText } from './truth.ts';

const linear = truth.filter((entry) => entry.kind === 'LP');

describe('linear programs with a known optimum', () => {
  const solvable = linear.flatMap(({ file, optimum }) => (typeof optimum === 'number' ? [{ file, optimum }] : []));
  it.each(solvable)('$file is $optimum', ({ file, optimum }) => {
    const program = readMps(truthText(file));
    const solver = new SimplexSolver(program);
    expect(solver.solve()).toBe('optimal');
    expect(Math.abs(solver.objective - optimum)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(optimum)));
    expect(flawsOfOptimum(program, solver)).toEqual([]);
  });

  it('are many', () => expect(solvable.length).toBeGreaterThan(25));
});

describe('programs known to be infeasible', () => {
  const infeasible = linear.filter((entry) => entry.optimum === 'infeasible');
  it.each(infeasible)('$file', ({ file }) => {
    const program = readMps(truthText(file));
    const solver = new SimplexSolver(program);
    expect(solver.solve()).toBe('infeasible');
    expect(provesInfeasible(program, solver.farkasRay!)).toBe(true);
  });

  it('are several', () => expect(infeasible.length).toBeGreaterThan(4));
});
