/** Greedy construction: feasible by the verifier, never below the optimum, and the worse the less it looks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindInstance } from '../../bench/kinds.ts';
import { greedyPlan } from '../../src/heuristics/greedy.ts';
import { optimize } from '../../src/index.ts';
import { drain } from '../../src/lp/steps.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../src/model/compiled/indexedPlan.ts';
import type { Instance } from '../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../src/model/options.ts';
import { referenceInstance } from '../oracle/testInstances.ts';
import { anyInstance, anyOptions } from './randomInstance.ts';

function greedyCost(instance: Instance, options: PlanningOptions, adapts: boolean): number | null {
  const problem = compileProblem(instance, options);
  const plan = drain(greedyPlan(problem, { adapts }));
  if (plan === null) return null;
  const { violations, cost } = checkPlan(instance, options, toPlan(problem, plan));
  expect(violations).toEqual([]);
  return cost.total;
}

describe('greedy construction', () => {
  it('keeps every limit under all options, the same every time', () => {
    let found = 0;
    fc.assert(
      fc.property(anyInstance(), anyOptions(['single']), fc.boolean(), (instance, options, adapts) => {
        const cost = greedyCost(instance, options, adapts);
        if (cost !== null) found++;
        expect(greedyCost(instance, options, adapts)).toBe(cost);
      }),
      { numRuns: 200, seed: 18 },
    );
    expect(found).toBeGreaterThan(60);
  });

  it('costs at least the optimum, and adaptively less than at once on the whole', () => {
    let once = 0;
    let adaptive = 0;
    for (const of of ['plain', 'assignment', 'tight memory', 'replicas', 'many TP degrees'] as const) {
      const instance = kindInstance({ of, queryTypes: 8, models: 4, tiers: 4, seed: 1 });
      const { cost } = optimize(instance, { preset: 'corrected' });
      const [first, second] = [false, true].map((adapts) => greedyCost(instance, presets.corrected, adapts)!);
      for (const found of [first, second]) expect(found).toBeGreaterThanOrEqual(cost!.total * (1 - 1e-9));
      once += first / cost!.total;
      adaptive += second / cost!.total;
    }
    expect(adaptive).toBeLessThan(once);
  });

  it('is a plugin by name, which runs before the root, in place of ours where those are off', () => {
    const instance = referenceInstance();
    const usual = optimize(instance, {});
    for (const name of ['greedy', 'adaptive-greedy']) {
      const found = optimize(instance, { strategy: { base: 'no-heuristics', plugins: [name] } });
      expect(found.incumbents[0]).toMatchObject({ source: name, node: 0 });
      expect(found.cost!.total).toBeCloseTo(usual.cost!.total, 6);
    }
  });
});
