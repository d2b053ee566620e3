/** The preset that is meant for fleets, on the reference instance: two independent ways confirm its optimum. */
import { expect, it } from 'vitest';
import { buildPublished } from '../../src/model/formulations/published.ts';
import { presets } from '../../src/model/options.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { optimumOf } from '../oracle/optimum.ts';
import { subsetOptimum } from '../oracle/subsetDynamicProgram.ts';
import { referenceInstance } from '../oracle/testInstances.ts';

it('is proven for the reference instance as HiGHS and the program over subsets have it', async () => {
  const instance = referenceInstance();
  const result = optimize(instance, { preset: 'recommended' });
  expect(result.status).toBe('optimal');
  const cost = result.cost!.total;
  expect((await optimumOf(buildPublished(instance, presets.recommended))) / cost).toBeCloseTo(1, 6);
  // No plan wants as many as twelve replicas.
  const { cost: enumerated, isExact } = subsetOptimum(instance, { ...presets.recommended, maxReplicas: 12 });
  expect(isExact).toBe(true);
  expect(enumerated / cost).toBeCloseTo(1, 6);
});
