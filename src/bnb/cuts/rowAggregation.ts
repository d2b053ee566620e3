/** Sums of multiples of rows, written as equations over columns and the rows' activities. */
import type { AggregatedRow } from './mixedIntegerRounding.ts';
import type { SeparationContext } from './separator.ts';

/** Sums rows in a dense vector that lives as long as the separation. */
export class RowAggregator {
  readonly #context: SeparationContext;
  readonly #sum: Float64Array;
  readonly #isTouched: Uint8Array;

  constructor(context: SeparationContext) {
    this.#context = context;
    const size = context.program.numColumns;
    this.#sum = new Float64Array(size);
    this.#isTouched = new Uint8Array(size);
  }

  /** sum of multipliers[at] * row rows[at], less the same multiples of the rows' activities, = 0. */
  aggregate(rows: readonly number[], multipliers: ArrayLike<number>): AggregatedRow {
    const { numColumns } = this.#context.program;
    const { starts, indices, values } = this.#context.rows;
    const { negligibleMultiplier } = this.#context.parameters.aggregation;
    let largest = 0;
    for (let at = 0; at < rows.length; at++) largest = Math.max(largest, Math.abs(multipliers[at]));
    const summed: number[] = [];
    for (let at = 0; at < rows.length; at++) {
      const multiplier = multipliers[at];
      if (Math.abs(multiplier) <= negligibleMultiplier * largest) continue;
      const row = rows[at];
      for (let entry = starts[row]; entry < starts[row + 1]; entry++) {
        const column = indices[entry];
        if (this.#isTouched[column] === 0) {
          this.#isTouched[column] = 1;
          summed.push(column);
        }
        this.#sum[column] += multiplier * values[entry];
      }
    }
    const coefficients = summed.map((column) => this.#sum[column]);
    for (const column of summed) {
      this.#sum[column] = 0;
      this.#isTouched[column] = 0;
    }
    for (let at = 0; at < rows.length; at++) {
      if (Math.abs(multipliers[at]) <= negligibleMultiplier * largest) continue;
      summed.push(numColumns + rows[at]);
      coefficients.push(-multipliers[at]);
    }
    return { indices: summed, values: coefficients };
  }
}
