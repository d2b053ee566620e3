/** Bits of stretches of query types are those of the sets that they are. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingInts } from '../../../src/patterns/growingArrays.ts';
import { bitsOfSets, bitsOfStretches, wordsFor } from '../../../src/patterns/pool/queryTypeBits.ts';

it('bits of stretches are those of the sets', () => {
  const sets = fc.array(fc.uniqueArray(fc.nat({ max: 99 }), { maxLength: 12 }), { maxLength: 20 });
  fc.assert(
    fc.property(sets, (drawn) => {
      const start = new GrowingInts();
      start.push(0);
      const queryType: number[] = [];
      for (const set of drawn) {
        queryType.push(...set);
        start.push(queryType.length);
      }
      const bits = bitsOfStretches(start.taken(), Int32Array.from(queryType), wordsFor(100));
      expect(bits).toEqual(bitsOfSets(drawn, wordsFor(100)));
    }),
    { seed: 3, numRuns: 100 },
  );
});
