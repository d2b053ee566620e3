/** Roots that once ended in a wrong word or none, against HiGHS on the strengthened program. */
import { expect, it } from 'vitest';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { resolveOptions } from '../../src/planner/resolveSolve.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../oracle/optimum.ts';
import { loadInstance } from '../oracle/testInstances.ts';

const stretched = {
  placement: 'single',
  uncertainty: 'decision-dependent',
  delayRule: 'last-deployment',
  delayCost: 'total',
  delayCostBudget: 'joint',
  rentalInBudget: 'per-query-type',
  weightStorage: 'per-placement',
  maxReplicas: 3,
  dropped: 'placed',
  penalties: 'per-period',
} as const satisfies PlanningOptions;

it.each([
  // GPUs beyond the commitments count in the budget: what sets of deployments leave of it is not known.
  ['commitments-in-budget', { maxReplicas: 3, dropped: 'placed' }],
  // The master's table is not that of the stretch that its patterns are priced for.
  ['stretched-dive', stretched],
] as const)('%s is solved at every gap', async (name, options) => {
  const instance = loadInstance(name);
  const optimum = await optimumOf(buildStrengthened(compileProblem(instance, resolveOptions(options))));
  for (const gap of [1e-6, 0.01]) {
    const { status, cost, bound } = optimize(instance, { ...options, gap });
    expect(status).toBe('optimal');
    expect(cost!.total).toBeLessThanOrEqual(optimum * (1 + gap + optimumTolerance));
    expect(bound!).toBeLessThanOrEqual(optimum * (1 + optimumTolerance));
  }
  const { cost } = optimize(instance, options);
  expect(relativeDifference(cost!.total, optimum)).toBeLessThan(2e-6);
});
