/** Limits that keep a cheaper plan out: what is said of them, and of those that are not named, by HiGHS. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain/index.ts';
import { requirementsOf } from '../../src/explain/requirements.ts';
import { generateFleet } from '../../src/generator/generateFleet.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../src/model/instance.ts';
import { resolveSolve } from '../../src/planner/resolveSolve.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { draws } from '../arbitrary/draws.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../arbitrary/instances.ts';
import { optimumOf, relativeDifference } from '../oracle/optimum.ts';

const tolerance = 1e-5;

/** Claims made; null where the instance has no plan. */
async function checkBarriers(data: Instance, options: SolveOptions): Promise<number | null> {
  const explanation = explain(data, options);
  if (explanation.status !== 'feasible') return null;
  expect(explanation).toMatchObject({ isProven: true, isComplete: true });
  const { instance, planning } = resolveSolve(data, options);
  const requirements = requirementsOf(instance, planning);
  const optimumWith = (values: ReadonlyMap<string, number | 'loosest'>) =>
    optimumOf(
      buildStrengthened(
        compileProblem(
          requirements.reduce((changed, { path, scale }) => {
            const value = values.get(path);
            return value === undefined
              ? changed
              : scale!.withValue(changed, value === 'loosest' ? scale!.loosest : value);
          }, instance),
          planning,
        ),
      ),
    );
  const { total } = explanation.cost;
  const named = new Set<string>();
  for (const { limits, saved, isProven, text } of explanation.barriers) {
    expect(isProven).toBe(true);
    expect(saved).toBeGreaterThan(0);
    const atValues = await optimumWith(new Map(limits.map(({ requirement, to }) => [requirement.path, to])));
    expect({ text, difference: relativeDifference(atValues, total - saved) < tolerance }).toEqual({
      text,
      difference: true,
    });
    const [{ requirement }] = limits;
    if (limits.length === 1) named.add(requirement.path);
    const loose = requirements.filter(
      ({ kind, path }) => (limits.length > 1 && kind === requirement.kind) || path === requirement.path,
    );
    const atLoosest = await optimumWith(new Map(loose.map(({ path }) => [path, 'loosest'])));
    expect(relativeDifference(atLoosest, total - saved)).toBeLessThan(tolerance);
  }
  // A group of one limit, or with nothing but one to say, is named by its limit.
  const unnamed = requirements.filter(
    ({ path, level, scale }) => level === 'policy' && scale !== undefined && !named.has(path),
  );
  for (const { path } of unnamed) {
    const optimum = await optimumWith(new Map([[path, 'loosest']]));
    expect({ path, saves: optimum < total * (1 - tolerance) }).toEqual({ path, saves: false });
  }
  return explanation.barriers.length;
}

describe('limits that keep a cheaper plan out', () => {
  it.each([
    [
      'published instances',
      arbitraryInstanceUpTo({ queryTypes: 3, models: 2, tiers: 2 }),
      arbitraryOptions({ placement: 'single' }),
    ],
    [
      'fleets',
      fc.nat(999).map((seed) => generateFleet({ queryTypes: 3, models: 2, tiers: 3, seed })),
      fc.constant<SolveOptions>({}),
    ],
  ] as const)('are what HiGHS says of %s', async (_, instances, options) => {
    let claims = 0;
    await fc.assert(
      fc.asyncProperty(
        instances as fc.Arbitrary<Instance>,
        options as fc.Arbitrary<SolveOptions>,
        async (data, given) => {
          claims += (await checkBarriers(data, given)) ?? 0;
        },
      ),
      { numRuns: draws(30), seed: 7 },
    );
    expect(claims).toBeGreaterThan(draws(15));
  });
});
