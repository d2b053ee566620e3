import { expect, it } from 'vitest';
import { bruteForceOptimum } from '../../oracle/bruteForce.ts';
import { judgedAlterations } from '../../proof/alteredPrograms.ts';
import { mutate } from '../../proof/mutations.ts';

// 20,000 in all, in parts that can be run by themselves.
it.each([2, 3, 4, 5, 6])('accepts none of 4,000 altered proofs whose claim is false, seed %i', async (seed) => {
  const { refused, stillTrue, false: wrong } = await mutate(100, 2, 40, seed, bruteForceOptimum);
  expect(wrong).toEqual([]);
  expect(refused + stillTrue).toBe(4000);
  expect(Math.min(refused, stillTrue)).toBeGreaterThan(1000);
});

it('accepts no altered proof of a program whose claim is false', () => {
  const { refused, stillTrue } = judgedAlterations(1500, 7);
  expect(refused).toBeGreaterThan(5000);
  expect(stillTrue).toBeGreaterThan(2000);
});
