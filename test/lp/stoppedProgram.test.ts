/** A linear program that is stopped on the way: nothing is claimed but a bound that holds. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readMps } from '../../src/lp/files/mpsReader.ts';
import { solveLinearProgram } from '../../src/lp/solveLinearProgram.ts';

it.each([true, false])('has a bound, if any, below the known optimum (presolve %s)', (presolve) => {
  const program = readMps(readFileSync(new URL('../data/lp/25fv47.mps', import.meta.url), 'utf8'));
  const optimum = 5501.8458883;
  let bounds = 0;
  for (let after = 0; after < 60; after += 3) {
    let asked = 0;
    const solution = solveLinearProgram(program, { presolve, shouldStop: () => asked++ >= after });
    if (solution.status === 'optimal') break;
    expect(solution).toMatchObject({ status: 'interrupted', primal: null });
    if (!('bound' in solution) || solution.bound === null) continue;
    bounds++;
    expect(solution.bound).toBeLessThanOrEqual(optimum * (1 + 1e-9));
  }
  expect(bounds).toBeGreaterThan(0);
});
