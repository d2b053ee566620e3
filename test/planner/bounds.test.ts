/** Bounds at wide gaps: fixings by what is known, and early ends, leave no bound above the cost of a verified plan. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { optimize } from '../../src/planner/optimize.ts';
import { anyInstance, anyOptions } from '../heuristics/randomInstance.ts';

it.each([
  ['auto', 1, 260],
  ['auto', 3, 210],
  ['auto', 4, 170],
  ['compact', 1, 60],
] as const)('of %s at a gap of 0.2 are below every plan (seed %i)', (relaxation, seed, count) => {
  const drawn = fc.sample(fc.tuple(anyInstance(6), anyOptions()), { seed, numRuns: count });
  let wide = 0;
  for (const [at, [instance, options]] of drawn.entries()) {
    const { bound, cost } = optimize(instance, { ...options, relaxation, gap: 0.2 });
    if (cost === null || bound === null) continue;
    if (bound < cost.total) wide++;
    const best = optimize(instance, { ...options, gap: 1e-9 });
    expect(bound, `case ${at}`).toBeLessThanOrEqual(best.cost!.total * (1 + 1e-8));
  }
  expect(wide).toBeGreaterThan(count / 20);
});
