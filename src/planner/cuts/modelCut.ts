/**
 * What the cuts of this folder give: rows over the columns of a formulation that hold for all plans and that a point
 * violates.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';

export interface ModelCut {
  readonly name: string;
  separate(point: Float64Array): Iterable<SparseRow>;
}

/** Violations below this, relative to the norm of the row, are not worth a row. */
const leastViolation = 1e-4;
/** Loads must exceed a capacity by this, relative to it, before they count as too much: nearer is rounding. */
export const overloadTolerance = 1e-6;

/** A row sum values x <= upper under construction; each column stands in it once, zero terms are dropped. */
export class RowBuilder {
  readonly indices: number[] = [];
  readonly values: number[] = [];
  readonly #positions = new Map<number, number>();

  /** Terms of the same column add up. */
  add(column: number, value: number): void {
    if (value === 0) return;
    const position = this.#positions.get(column);
    if (position !== undefined) {
      this.values[position] += value;
      return;
    }
    this.#positions.set(column, this.indices.length);
    this.indices.push(column);
    this.values.push(value);
  }

  /** The row, or null if the point does not violate it enough. */
  atMost(upper: number, point: Float64Array): SparseRow | null {
    let activity = 0;
    let square = 0;
    for (let t = 0; t < this.indices.length; t++) {
      activity += this.values[t] * point[this.indices[t]];
      square += this.values[t] ** 2;
    }
    if (activity - upper <= leastViolation * Math.sqrt(square)) return null;
    return { lower: -Infinity, upper, indices: this.indices, values: this.values };
  }
}
