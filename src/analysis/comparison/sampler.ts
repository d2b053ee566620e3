/** Samples with replacement from a seed, for a bootstrap (Efron 1979): the same every time. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** `count` lists of `size` indices below `size`. */
export function sampler(seed: number, size: number, count: number): readonly Int32Array[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, () =>
    Int32Array.from({ length: size }, () => Math.floor(((generator.next() >>> 0) / 2 ** 32) * size)),
  );
}
