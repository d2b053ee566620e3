/** The seeded stream of perturbations; every number is a seed of its own. */
import alea from 'seedrandom/lib/alea.js';

export class SeededRandom {
  /** The next number, in [0, 1). */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = alea(String(seed));
  }

  /** An integer in [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
}
