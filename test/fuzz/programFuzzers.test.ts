/** A few seeds of every fuzzer of programs; minutes of them are `npm run fuzz`. */
import { describe, expect, it } from 'vitest';
import { programFuzzers } from './programFuzzers.ts';

/** Share of solves that may end without a word: numbers of 1e300 leave many without. */
const mostTroubles = (name: string): number => (name === 'lp-huge' ? 0.5 : 0.02);

describe.each([...programFuzzers])('$name', ({ name, run }) => {
  it('finds no wrong word', async () => {
    const faults: string[] = [];
    let solves = 0;
    let troubles = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const outcome = await run(seed);
      faults.push(...outcome.faults.map((fault) => `seed ${seed}: ${fault}`));
      solves += outcome.solves;
      troubles += outcome.troubles ?? 0;
    }
    expect(faults).toEqual([]);
    expect(solves).toBeGreaterThanOrEqual(50);
    expect(troubles).toBeLessThan(mostTroubles(name) * solves);
  });
});

describe('rows in units far below their tolerances', () => {
  // At a node one row was taken to be implied, all of whose coefficients were of the size of the tolerance.
  it('end with a word', async () => {
    const { run } = programFuzzers.find(({ name }) => name === 'mip-rows-scaled')!;
    const { faults, troubles, solves } = await run(9066);
    expect({ faults, troubles }).toEqual({ faults: [], troubles: 0 });
    expect(solves).toBeGreaterThan(0);
  });
});
