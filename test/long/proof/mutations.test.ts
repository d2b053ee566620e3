import { expect, it } from 'vitest';
import { bruteForceOptimum } from '../../oracle/bruteForce.ts';
import { mutate } from '../../proof/mutations.ts';

it('accepts none of 20,000 altered proofs whose claim is false', async () => {
  const { refused, stillTrue, false: wrong } = await mutate(200, 3, 100, 2, bruteForceOptimum);
  expect(wrong).toEqual([]);
  expect(refused + stillTrue).toBe(20_000);
});
