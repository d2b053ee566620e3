/**
 * Badly scaled programs without presolve: the simplex comes to a verdict, and the verdict has a proof that the test
 * checks itself.
 */
import { describe, expect, it } from 'vitest';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { isCertified } from '../certificates.ts';
import { badlyScaledProgram } from './badlyScaledPrograms.ts';

function verdictsWithoutProof(seeds: readonly number[]): string[] {
  const faults: string[] = [];
  for (const seed of seeds) {
    const program = badlyScaledProgram(seed);
    const solver = new SimplexSolver(program);
    const status = solver.solve();
    if (!isCertified(program, solver)) faults.push(`seed ${seed}: ${status}`);
  }
  return faults;
}

describe('badly scaled programs', () => {
  it('end with a verdict and its proof', () => {
    const seeds = Array.from({ length: 1000 }, (_, t) => t + 1);
    expect(verdictsWithoutProof(seeds)).toEqual([]);
  });

  it('end as optimal where no method can tighten a point that is within tolerances', () => {
    const seeds = [
      30091, 30377, 30466, 31246, 33179, 33596, 35567, 35739, 38531, 40345, 43339, 45385, 46885, 47552, 52524,
    ];
    expect(verdictsWithoutProof(seeds)).toEqual([]);
  });
});
