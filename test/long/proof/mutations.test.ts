import { expect, it } from 'vitest';
import { bruteForceOptimum } from '../../oracle/bruteForce.ts';
import { judgedAlterations } from '../../proof/alteredPrograms.ts';
import { mutate } from '../../proof/mutations.ts';

it('accepts none of 20,000 altered proofs whose claim is false', async () => {
  const { refused, stillTrue, false: wrong } = await mutate(500, 2, 40, 2, bruteForceOptimum);
  expect(wrong).toEqual([]);
  expect(refused + stillTrue).toBe(20_000);
});

it('accepts no altered proof of a program whose claim is false', () => {
  expect(judgedAlterations(1500, 7).refused).toBeGreaterThan(5000);
});
