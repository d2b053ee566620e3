import { expect, it } from 'vitest';
import { generateReference } from '../../src/generator/generateReference.ts';
import { fingerprintOf } from '../../src/model/fingerprint.ts';
import type { Instance } from '../../src/model/instance.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { checkProof } from '../../src/proof/check/checkProof.ts';
import { writeProof } from '../../src/proof/write/writeProof.ts';
import { mutate, type Oracle } from './mutations.ts';

/** The published program, which neither patterns nor the checker know. */
const byPublishedProgram: Oracle = (instance, options) => {
  const { status, cost } = optimize(instance, { ...options, formulation: 'published', relaxation: 'compact' });
  if (status !== 'optimal' && status !== 'infeasible') throw new Error(`no oracle: ${status}`);
  return cost?.total ?? Infinity;
};

it('accepts no altered proof whose claim is false', async () => {
  const { refused, stillTrue, false: wrong } = await mutate(25, 2, 20, 1, byPublishedProgram);
  expect(wrong).toEqual([]);
  expect(refused + stillTrue).toBe(500);
  expect(refused).toBeGreaterThan(100);
});

/** The proof that a solver writes which takes `seen` for the reference instance. */
function refusalOf(seen: Instance, preset: 'corrected' | 'reference') {
  const reference = generateReference();
  const proof = writeProof(seen, optimize(seen, { preset }));
  return checkProof(reference, { ...proof, instance: fingerprintOf(reference) });
}

it('refuses the proof of a solver that loses the best deployment', () => {
  const reference = generateReference();
  const [{ model, tier }] = optimize(reference, { preset: 'reference' }).plan!.deployments;
  expect(refusalOf({ ...reference, forbidden: [{ model, tier }] }, 'reference')).toMatchObject({ ok: false });
});

it('refuses the proof of a solver whose prices or limits are off', () => {
  const reference = generateReference();
  const optimum = optimize(reference, { preset: 'corrected' }).cost!.total;
  const dearer = { ...reference, tiers: reference.tiers.map((tier) => ({ ...tier, price: tier.price * 1.001 })) };
  const smaller = { ...reference, tiers: reference.tiers.map((tier) => ({ ...tier, compute: tier.compute * 0.7 })) };
  for (const seen of [dearer, smaller]) {
    expect(optimize(seen, { preset: 'corrected' }).cost!.total).toBeGreaterThan(optimum * (1 + 1e-5));
    expect(refusalOf(seen, 'corrected')).toMatchObject({ ok: false });
  }
});
