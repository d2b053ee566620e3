import { expect, it } from 'vitest';
import { planningFuzzers } from './planningFuzzers.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

it.each(planningFuzzers)('$name: one answer, whatever the way', async ({ run }) => {
  let solves = 0;
  for (const seed of seeds) {
    const outcome = await run(seed);
    expect(outcome.faults).toEqual([]);
    solves += outcome.solves;
  }
  expect(solves).toBeGreaterThan(50);
});
