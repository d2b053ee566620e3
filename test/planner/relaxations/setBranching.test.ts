/** Set branching loses no plan, splits what is fractional, and leads to the optimum (HiGHS). */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BoundChange } from '../../../src/bnb/linear/linearDecision.ts';
import { findPlans } from '../../../src/heuristics/index.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { setBranchingClasses, setCandidates } from '../../../src/planner/relaxations/setBranching.ts';
import { draws } from '../../arbitrary/draws.ts';
import { anyInstance, anyOptions } from '../../heuristics/randomInstance.ts';
import { type HighsOracle, loadHighsOracle } from '../../lp/highsOracle.ts';

let oracle: HighsOracle;
beforeAll(async () => {
  oracle = await loadHighsOracle();
});

const keeps = (point: ArrayLike<number>, bounds: readonly BoundChange[]) =>
  bounds.every(({ column, lower, upper }) => point[column] >= lower - 1e-9 && point[column] <= upper + 1e-9);

describe('set branching', () => {
  it('cuts off the point on both sides, and leaves every plan in a child', () => {
    let candidates = 0;
    let plans = 0;
    fc.assert(
      fc.property(anyInstance(), anyOptions(['single', 'split']), (instance, options) => {
        const problem = compileProblem(instance, options);
        const formulation = buildStrengthened(problem);
        const { program } = formulation;
        const solver = new SimplexSolver(program);
        if (solver.solve() !== 'optimal') return;
        const point = solver.primal.slice(0, program.numColumns);
        const { columnLower: lower, columnUpper: upper } = program;
        const found = setCandidates(
          formulation,
          1e-6,
        )({ point, lower, upper, objective: solver.objective, depth: 0, id: 0 });
        const encoded = findPlans(problem, { effort: 0.1 }).map((plan) => formulation.encode(plan));
        const faults: string[] = [];
        for (const { key, branchingClass, value, down, up } of found) {
          candidates++;
          plans += encoded.length;
          if (!(value > 0 && value < 1)) faults.push(`${key}: value ${value}`);
          if (!(setBranchingClasses as readonly string[]).includes(branchingClass)) faults.push(`${key}: class`);
          if (keeps(point, down.bounds) || keeps(point, up.bounds)) faults.push(`${key}: a child keeps the point`);
          if (!encoded.every((plan) => keeps(plan, down.bounds) || keeps(plan, up.bounds)))
            faults.push(`${key}: a plan is lost`);
        }
        expect(faults).toEqual([]);
      }),
      { numRuns: 100, seed: 6 },
    );
    expect(candidates).toBeGreaterThan(50);
    expect(plans).toBeGreaterThan(50);
  });

  it.each(['single', 'split'] as const)('leads to the optimum, %s placement', (placement) => {
    let nodes = 0;
    fc.assert(
      fc.property(anyInstance(), anyOptions([placement]), (instance, options) => {
        const strategy = { base: 'plain', setBranching: true } as const;
        const result = optimize(instance, { ...options, relaxation: 'compact', strategy, reductions: false });
        nodes += result.nodes;
        const { program } = buildStrengthened(compileProblem(instance, options));
        const expected = oracle.solve(program);
        if (expected.status !== 'optimal' && expected.status !== 'infeasible') return;
        expect(result.status).toBe(expected.status);
        const found = result.cost?.total ?? Infinity;
        const optimum = expected.status === 'optimal' ? expected.objective : Infinity;
        expect(found === optimum || Math.abs(found - optimum) <= 1e-5 * Math.max(1, Math.abs(optimum))).toBe(true);
      }),
      { numRuns: draws(40), seed: 7 },
    );
    expect(nodes).toBeGreaterThan(draws(80));
  });
});
