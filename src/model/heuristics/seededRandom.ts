/** A small seeded stream for perturbations (a 32-bit linear congruential generator, constants of Numerical Recipes). */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.trunc(seed) ^ 0x9e3779b9) >>> 0;
    this.next();
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 4294967296;
  }

  /** An integer in [0, n). The high bits of the generator decide, its low bits have short periods. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
}
