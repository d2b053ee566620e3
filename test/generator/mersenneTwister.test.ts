import fc from 'fast-check';
import { mersenne } from 'pure-rand/generator/mersenne';
import { expect, it } from 'vitest';
import { mersenneTwister } from '../../src/generator/mersenneTwister.ts';

it('gives the 10000th word that the C++ standard demands of mt19937', () => {
  const word = mersenneTwister(5489);
  for (let i = 1; i < 10_000; i++) word();
  expect(word()).toBe(4123659995);
});

it('gives the words of pure-rand from any seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 1, max: 1500 }), (seed, count) => {
      const ours = mersenneTwister(seed);
      const theirs = mersenne(seed);
      for (let i = 0; i < count; i++) expect(ours()).toBe(theirs.next() >>> 0);
    }),
  );
});
