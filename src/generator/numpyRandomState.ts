/**
 * NumPy's legacy `RandomState(seed)`: the MT19937 words of `pure-rand` (seeded by `init_genrand`), read as NumPy reads
 * them, so that the published reference instance can be drawn again to the last bit.
 */
import { mersenne } from 'pure-rand/generator/mersenne';
import { refuse } from '../input/inputError.ts';
import { numberRule } from '../input/optionRules.ts';

export interface NumpyRandomState {
  /** The next 32-bit word, 0 to 2^32 - 1. */
  word(): number;
  /** The next double in [0, 1): 53 bits of two words. */
  random(): number;
  /** low + (high - low) * random(), in this order of operations. */
  uniform(low: number, high: number): number;
  /**
   * An integer in [low, high): words are masked to the smallest 2^m - 1 that covers the range and rejected beyond it;
   * one value: none.
   */
  randint(low: number, high: number): number;
}

export const numpySeedRule = numberRule(
  'an integer from 0 to 4294967295',
  (value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff,
);

/**
 * @param seed integer, 0 to 2^32 - 1.
 * @throws InputError for another seed.
 */
export function numpyRandomState(seed: number): NumpyRandomState {
  refuse(numpySeedRule.check(seed, 'seed').issues);
  const generator = mersenne(seed);
  const word = () => generator.next() >>> 0;
  const random = () => {
    const high = word() >>> 5;
    const low = word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
  return {
    word,
    random,
    uniform: (low, high) => low + (high - low) * random(),
    randint(low, high) {
      const span = high - 1 - low;
      if (span === 0) return low;
      const mask = 2 ** (32 - Math.clz32(span)) - 1;
      for (;;) {
        const value = (word() & mask) >>> 0;
        if (value <= span) return low + value;
      }
    },
  };
}
