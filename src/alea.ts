/**
 * Johannes Baagøe's generator Alea (2010, MIT licence): a multiply-with-carry generator of lag 3 on fractions of 2^32,
 * exact in doubles. Seeded by text; the streams are bit for bit those of `lib/alea.js` in the package `seedrandom`,
 * with which tests compare them.
 */

export interface AleaStream {
  /** In [0, 1), 32 random bits. */
  (): number;
  /** In [0, 1), 53 random bits. */
  double(): number;
}

const multiplier = 2091639;
const twoTo32 = 0x100000000;
const perTwoTo32 = 1 / twoTo32;

export function alea(seed: string): AleaStream {
  const hash = textHash();
  const initial = [hash(' '), hash(' '), hash(' ')];
  let [s0, s1, s2] = initial.map((value) => {
    const difference = value - hash(seed);
    return difference < 0 ? difference + 1 : difference;
  });
  let carry = 1;
  const next = () => {
    const value = multiplier * s0 + carry * perTwoTo32;
    s0 = s1;
    s1 = s2;
    carry = Math.trunc(value);
    s2 = value - carry;
    return s2;
  };
  return Object.assign(next, { double: () => next() + Math.trunc(next() * 0x200000) * 2 ** -53 });
}

/** Baagøe's Mash: a hash that goes on from text to text; each call gives a fraction of 2^32. */
function textHash(): (text: string) => number {
  let state = 0xefc8249d;
  return (text) => {
    for (let at = 0; at < text.length; at++) {
      state += text.charCodeAt(at);
      const product = 0.02519603282416938 * state;
      state = Math.trunc(product);
      const scaled = (product - state) * state;
      state = Math.trunc(scaled);
      state += (scaled - state) * twoTo32;
    }
    // It may stand above 2^32 here; the fraction wraps.
    return (state >>> 0) * perTwoTo32;
  };
}
