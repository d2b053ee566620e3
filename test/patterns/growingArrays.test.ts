/** Growing typed arrays hold what plain arrays do. */
import { expect, it } from 'vitest';
import { GrowingFloats, GrowingInts } from '../../src/patterns/growingArrays.ts';

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
