/** The compact relaxation as the rival of patterns: what it says of the optimum, however long its turn is. */
import { describe, expect, it } from 'vitest';
import { drain } from '../../../src/lp/steps.ts';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../../src/model/compiled/indexedPlan.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { ReducibleProblem } from '../../../src/model/reductions/reducibleProblem.ts';
import { compactRival } from '../../../src/planner/relaxations/compactRival.ts';
import { resolveSolve } from '../../../src/planner/resolveSolve.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';
import { referenceInstance } from '../../oracle/testInstances.ts';

const instance = referenceInstance();
// Without helpers, so that there are many nodes to stop at.
const resolved = resolveSolve(instance, { preset: 'corrected', gap: 1e-6, strategy: 'plain' });
const problem = compileProblem(instance, resolved.planning);
const optimum = await optimumOf(buildPublished(instance, resolved.planning));

/** A turn of so many iterations; stopped when it has been asked `stopsAt` times. */
function turn(iterations: number, stopsAt = Infinity, ahead = {}) {
  let questions = 0;
  const rival = compactRival(new ReducibleProblem(problem, resolved.settings.reductions), resolved);
  const shouldStop = () => ++questions >= stopsAt;
  const turnOf = { bound: -Infinity, incumbent: null, iterations, iterationsAhead: iterations, patternBound: Infinity };
  return drain(rival({ ...turnOf, ...ahead, shouldStop }));
}

describe('the compact relaxation as a rival', () => {
  it('proves the optimum where its turn is long enough', () => {
    const { bound, solution } = turn(Infinity);
    expect(relativeDifference(bound, optimum)).toBeLessThan(optimumTolerance);
    const { ok, cost } = checkPlan(instance, resolved.planning, toPlan(problem, solution!));
    expect(ok).toBe(true);
    expect(relativeDifference(cost.total, optimum)).toBeLessThan(optimumTolerance);
  });

  it('is at its end when its turn is, with a bound that holds, and the same each time', () => {
    const whole = turn(Infinity).simplexIterations;
    let stops = 0;
    for (const iterations of [0, 1, 20, 100]) {
      const { bound, solution, simplexIterations } = turn(iterations);
      expect(bound).toBeLessThanOrEqual(optimum * (1 + 1e-9));
      expect(turn(iterations)).toEqual({ bound, solution, simplexIterations });
      if (simplexIterations < whole) stops++;
    }
    expect(stops).toBeGreaterThan(0);
  });

  it('goes on where it is ahead', () => {
    const [short, long] = [turn(100), turn(200)];
    expect(turn(100, Infinity, { iterationsAhead: 200, patternBound: optimum })).toEqual(short);
    expect(turn(100, Infinity, { iterationsAhead: 200, patternBound: 0 })).toEqual(long);
    expect(short.simplexIterations).toBeLessThan(long.simplexIterations);
  });

  it('ends where it is stopped, with a bound that holds', () => {
    for (const stopsAt of [1, 10, 100]) {
      expect(turn(Infinity, stopsAt).bound).toBeLessThanOrEqual(optimum * (1 + 1e-9));
    }
  });
});
