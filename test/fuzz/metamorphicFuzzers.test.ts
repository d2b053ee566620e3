/** A few seeds of every metamorphic fuzzer; minutes of them are `npm run fuzz`. */
import { expect, it } from 'vitest';
import { metamorphicFuzzers } from './metamorphicFuzzers.ts';

it.each(metamorphicFuzzers)('$name: changes do to the optimum what they must', async ({ run }) => {
  const faults: string[] = [];
  let solves = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const outcome = await run(seed);
    faults.push(...outcome.faults.map((fault) => `seed ${seed}: ${fault}`));
    solves += outcome.solves;
  }
  expect(faults).toEqual([]);
  expect(solves).toBeGreaterThan(100);
});
