import { beforeAll, describe, expect, it } from 'vitest';
import { solveLinearProgram } from '../../src/lp/solveLinearProgram.ts';
import { deviation, type HighsOracle, loadHighsOracle } from './highsOracle.ts';
import { worstKktViolation } from './kkt.ts';
import { families, structuredProgram } from './structuredPrograms.ts';

let highs: HighsOracle;
beforeAll(async () => {
  highs = await loadHighsOracle();
});

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

describe.each(Object.keys(families))('programs of the family %s', (family) => {
  it.each([true, false])('agree with HiGHS and satisfy the optimality conditions, presolve %s', (presolve) => {
    for (const seed of seeds) {
      const program = structuredProgram(family, seed);
      const solution = solveLinearProgram(program, { presolve });
      const { status, objective, primal, duals, reducedCosts } = solution;
      const answer = { status, objective: objective ?? Number.NaN };
      expect(deviation(answer, highs.solve(program)), `seed ${seed}`).toBeLessThanOrEqual(1e-7);
      const violation =
        primal && duals && reducedCosts ? worstKktViolation(program, { primal, duals, reducedCosts }) : 0;
      expect(violation, `seed ${seed}`).toBeLessThanOrEqual(1e-7);
    }
  });

  it('are infeasible with two rows that contradict each other, by much or by little', () => {
    for (const seed of seeds.slice(0, 20))
      for (const spoiled of [10, 1e-3])
        for (const presolve of [true, false]) {
          const { status } = solveLinearProgram(structuredProgram(family, seed, spoiled), { presolve });
          expect(status, `seed ${seed} spoiled ${spoiled}`).toBe('infeasible');
        }
  });
});
