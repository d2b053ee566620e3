/** Growing typed arrays hold what plain arrays do, and bits of stretches those of the sets that they are. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingFloats, GrowingInts } from '../../../src/patterns/pool/growingArrays.ts';
import { bitsOfSets, bitsOfStretches, wordsFor } from '../../../src/patterns/pool/queryTypeBits.ts';

it('grow as plain arrays do, beyond their first length', () => {
  const ints = new GrowingInts();
  const floats = new GrowingFloats();
  const plain: number[] = [];
  for (let t = 0; t < 5000; t++) {
    const value = (t * 7919) % 1009;
    plain.push(value);
    ints.push(value);
    floats.push(value / 8);
    const other = (t * 31) % (t + 1);
    [plain[t], plain[other]] = [plain[other], plain[t]];
    ints.swap(t, other);
    floats.swap(other, t);
  }
  expect([...ints.taken()]).toEqual(plain);
  expect([...floats.taken()]).toEqual(plain.map((value) => value / 8));
  expect([ints.size, floats.size]).toEqual([5000, 5000]);
});

it('have nothing where nothing was pushed', () => {
  expect(new GrowingInts().taken()).toEqual(new Int32Array(0));
});

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
