/** The one generator of `seedrandom` that is imported alone: its main module looks for Node's `crypto`, which browsers lack. */
declare module 'seedrandom/lib/alea.js' {
  export default function alea(seed: string): { double(): number };
}
