/**
 * Sets of query types as bits: what a pool's columns and the rows over them have in common is a few operations on
 * words.
 */

/** Query types to a word: the bits of an integer without its sign. */
const wordBits = 31;

export function wordsFor(numQueryTypes: number): number {
  return Math.ceil(numQueryTypes / wordBits);
}

/** (set, word): the sets one after another, `numWords` words each. */
export function bitsOfSets(sets: readonly ArrayLike<number>[], numWords: number): Int32Array {
  const bits = new Int32Array(sets.length * numWords);
  sets.forEach((queryTypes, s) => {
    for (let t = 0; t < queryTypes.length; t++) {
      bits[s * numWords + Math.floor(queryTypes[t] / wordBits)] |= 1 << (queryTypes[t] % wordBits);
    }
  });
  return bits;
}

/** How many bits of a word are set: 0, 1, or 2 for more. */
export function countToTwo(word: number): number {
  if (word === 0) return 0;
  return (word & (word - 1)) === 0 ? 1 : 2;
}
