/**
 * The one generator of `seedrandom` that is imported alone: its main module looks for Node's `crypto`, which browsers
 * lack.
 */
declare module 'seedrandom/lib/alea.js' {
  export interface AleaStream {
    /** In [0, 1), 32 random bits. */
    (): number;
    /** In [0, 1), 53 random bits. */
    double(): number;
  }
  export default function alea(seed: string): AleaStream;
}
