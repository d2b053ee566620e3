import { describe, expect, it } from 'vitest';
import { numpyRandomState } from '../../src/generator/numpyRandomState.ts';

describe('numpyRandomState', () => {
  it('gives the words of MT19937 as std::mt19937 does with its default seed', () => {
    const state = numpyRandomState(5489);
    expect([1, 2, 3, 4, 5].map(() => state.word())).toEqual([3499211612, 581869302, 3890346734, 3586334585, 545404204]);
  });

  it('gives the 10000th word that the C++ standard demands of std::mt19937', () => {
    const state = numpyRandomState(5489);
    for (let i = 1; i < 10000; i++) state.word();
    expect(state.word()).toBe(4123659995);
  });

  it('gives the doubles of RandomState(42).random_sample()', () => {
    const state = numpyRandomState(42);
    expect([state.random(), state.random(), state.random()]).toEqual([
      0.3745401188473625, 0.9507143064099162, 0.7319939418114051,
    ]);
  });

  it('gives the integers of RandomState(42).randint(0, 100, 5)', () => {
    const state = numpyRandomState(42);
    expect([1, 2, 3, 4, 5].map(() => state.randint(0, 100))).toEqual([51, 92, 14, 71, 60]);
  });

  it('refuses seeds that NumPy refuses', () => {
    for (const seed of [-1, 1.5, 2 ** 32, Number.NaN])
      expect(() => numpyRandomState(seed)).toThrow(/seed: .* expected/);
  });
});
