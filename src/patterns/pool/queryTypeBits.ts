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
    for (let t = 0; t < queryTypes.length; t++) setBit(bits, s * numWords, queryTypes[t]);
  });
  return bits;
}

/** The same where set s is queryType[start[s]] .. queryType[start[s + 1] - 1]: no array for each of many sets. */
export function bitsOfStretches(start: Int32Array, queryType: Int32Array, numWords: number): Int32Array {
  const bits = new Int32Array((start.length - 1) * numWords);
  for (let s = 0; s < start.length - 1; s++) {
    for (let t = start[s]; t < start[s + 1]; t++) setBit(bits, s * numWords, queryType[t]);
  }
  return bits;
}

function setBit(bits: Int32Array, from: number, queryType: number): void {
  bits[from + Math.floor(queryType / wordBits)] |= 1 << (queryType % wordBits);
}

/** How many bits of a word are set: 0, 1, or 2 for more. */
export function countToTwo(word: number): number {
  if (word === 0) return 0;
  return (word & (word - 1)) === 0 ? 1 : 2;
}
