/**
 * Stabilisation of column generation (Wentges, "Weighted Dantzig-Wolfe decomposition for linear mixed-integer
 * programming", 1997): prices are taken between the master's duals and those of the best bound so far,
 *
 *   priced = (1 - weight) duals + weight center.
 *
 * A bound is valid at whatever duals. A round that left the master where it was, mispriced, is followed by rounds at
 * its own duals.
 */
export class DualSmoothing {
  readonly #weight: number;
  #center: Float64Array | null = null;

  constructor(weight: number) {
    this.#weight = weight;
  }

  /** Whether `at` would leave the duals as they are. */
  isOff(suspended: boolean): boolean {
    return this.#center === null || suspended || this.#weight === 0;
  }

  /** The duals to price at, in place; rows that the center does not know count as 0 there. */
  at(duals: Float64Array, suspended: boolean): Float64Array {
    const center = this.#center;
    if (center === null || this.isOff(suspended)) return duals;
    const weight = this.#weight;
    for (let r = 0; r < duals.length; r++) duals[r] = (1 - weight) * duals[r] + weight * (center[r] ?? 0);
    return duals;
  }

  /** These duals gave the best bound. */
  moveTo(duals: Float64Array): void {
    this.#center = duals;
  }

  /** Costs have changed: what was best says nothing any more. */
  forget(): void {
    this.#center = null;
  }
}
