/**
 * On random small instances under every option: published, strengthened with duals, projected and adversarial agree in their optimum,
 * decoded plans pass the verifier at that cost, and the strengthened LP bound is at least the published one.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { toPlan } from '../../../src/model/indexedPlan.ts';
import type { Instance } from '../../../src/model/instance.ts';
import type { PlanningOptions } from '../../../src/model/options.ts';
import { compileProblem } from '../../../src/model/planningProblem.ts';
import { verifyPlan } from '../../../src/model/verifier.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../../arbitrary/instances.ts';
import { solveWithHighs } from '../../oracle/highs.ts';
import {
  isAtLeast,
  optimumOf,
  optimumTolerance,
  relativeDifference,
  solveAdversarially,
} from '../../oracle/optimum.ts';

async function expectAgreement(instance: Instance, options: PlanningOptions): Promise<'feasible' | 'infeasible'> {
  const problem = compileProblem(instance, options);
  const published = buildPublished(instance, options);
  const reference = await solveWithHighs(published.program);
  const forms = (['projected', 'dual'] as const).map((robust) => buildStrengthened(problem, { robust }));
  const publishedBound = await optimumOf(published, true);
  for (const formulation of [published, ...forms]) {
    const solution = await solveWithHighs(formulation.program);
    expect(relativeDifference(solution.objective, reference.objective), formulation.name).toBeLessThan(
      optimumTolerance,
    );
    if (formulation !== published) {
      const bound = await optimumOf(formulation, true);
      expect(isAtLeast(bound, publishedBound), formulation.name).toBe(true);
    }
    if (solution.status !== 'optimal') continue;
    const plan = formulation.decode(solution.point);
    const { ok, cost, violations } = verifyPlan(instance, options, toPlan(problem, plan));
    expect(violations, formulation.name).toEqual([]);
    expect(ok).toBe(true);
    expect(relativeDifference(cost.total, reference.objective), formulation.name).toBeLessThan(optimumTolerance);
    for (const other of [published, ...forms]) {
      expect(relativeDifference(objectiveAt(other.program, other.encode(plan)), cost.total), other.name).toBeLessThan(
        1e-7,
      );
      expect(largestViolation(other.program, other.encode(plan)), other.name).toBeLessThan(1e-6);
    }
  }
  const adversarial = await solveAdversarially(buildStrengthened(problem, { robust: 'adversarial' }));
  expect(relativeDifference(adversarial.objective, reference.objective), 'adversarial').toBeLessThan(optimumTolerance);
  return reference.status === 'optimal' ? 'feasible' : 'infeasible';
}

type Program = ReturnType<typeof buildPublished>['program'];

function objectiveAt(program: Program, point: Float64Array): number {
  return point.reduce((sum, value, column) => sum + value * program.cost[column]!, program.offset);
}

/** Largest violation of a row or column bound, relative to the bound where that is above 1. */
function largestViolation(program: Program, point: Float64Array): number {
  const activity = new Float64Array(program.numRows);
  let largest = 0;
  const note = (value: number, lower: number, upper: number) => {
    const beyond = Math.max(lower - value, value - upper);
    largest = Math.max(largest, beyond / Math.max(1, Math.abs(value)));
  };
  for (let column = 0; column < program.numColumns; column++) {
    note(point[column]!, program.columnLower[column]!, program.columnUpper[column]!);
    for (let t = program.columnStarts[column]!; t < program.columnStarts[column + 1]!; t++) {
      activity[program.rowIndices[t]!]! += program.values[t]! * point[column]!;
    }
  }
  for (let row = 0; row < program.numRows; row++) note(activity[row]!, program.rowLower[row]!, program.rowUpper[row]!);
  return largest;
}

describe('formulations agree on random instances', () => {
  for (const placement of ['single', 'split'] as const) {
    it(`${placement} placement, every other option`, async () => {
      const counts = { feasible: 0, infeasible: 0 };
      await fc.assert(
        fc.asyncProperty(
          arbitraryInstanceUpTo({ queryTypes: 3, models: 2, tiers: 2 }),
          arbitraryOptions({ placement }),
          async (instance, options) => {
            counts[await expectAgreement(instance, options)] += 1;
          },
        ),
        { numRuns: 120, seed: 4 },
      );
      expect(counts.feasible).toBeGreaterThan(30);
      expect(counts.infeasible).toBeGreaterThan(5);
    });
  }
});
