/**
 * MT19937 of M. Matsumoto and T. Nishimura, ACM TOMACS 8 (1998) 3-30, seeded by its `init_genrand`: 624 words of 32
 * bits, of which each next one is twisted from itself, its neighbour and the one 397 further on.
 */

const size = 624;
const distance = 397;
const twist = 0x9908b0df;
const upperBit = 0x80000000;
const lowerBits = 0x7fffffff;

/** The stream of words, each 0 to 2^32 - 1. `seed`: an integer in the same range. */
export function mersenneTwister(seed: number): () => number {
  const words = new Uint32Array(size);
  words[0] = seed;
  for (let i = 1; i < size; i++) words[i] = Math.imul(1812433253, words[i - 1] ^ (words[i - 1] >>> 30)) + i;
  let index = 0;
  return () => {
    const joined = (words[index] & upperBit) | (words[(index + 1) % size] & lowerBits);
    words[index] = words[(index + distance) % size] ^ (joined >>> 1) ^ ((joined & 1) === 0 ? 0 : twist);
    let tempered = words[index];
    index = (index + 1) % size;
    tempered ^= tempered >>> 11;
    tempered ^= (tempered << 7) & 0x9d2c5680;
    tempered ^= (tempered << 15) & 0xefc60000;
    tempered ^= tempered >>> 18;
    return tempered >>> 0;
  };
}
