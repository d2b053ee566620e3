/**
 * What a set can still save by further items when each is taken at its largest fraction or not at all, in one resource
 * at a time: dynamic programs over the room left (Martello, Toth, Knapsack Problems (1990), ch. 2.6). Two resources
 * bound together where their mixes do: sets that fit both fit every mix of them, and which mix says most depends on
 * what has been chosen. Fractions between bound far less where items hardly pay before they are served whole.
 *
 * An item weighs w_s and costs p_s at its largest fraction. Fractions shrink where sets are too heavy, at sigma or more
 * for a unit of weight, so that the items from s on cost at least
 *
 *   D_s(r) = min over subsets T of them of  sum over T of p + sigma max(0, sum over T of w - r)
 *
 * with room r. Room is counted in cells, weights rounded down and room up: never more than the least cost.
 */
import type { PatternTable } from './patternTable.ts';

/** How much of the multipliers of memory and compute is in each mix. */
const mixes = [
  [1, 1],
  [1, 0],
  [0, 1],
  [2, 1],
  [1, 2],
] as const;

/** A share of a cell that rounding may take. */
const cellSlack = 1e-6;

/** Items as enumerations lay them out: cost f + c x, memory a x, compute b x at a fraction x from low to high. */
export interface FillItems {
  readonly f: Float64Array;
  readonly c: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export class WholeFill {
  readonly #numCells: number;
  readonly #programs: FillProgram[] = [];
  #used = 0;

  constructor(table: PatternTable) {
    this.#numCells = table.parameters.pool.fillCells;
  }

  /** For the first `count` of the items, in this order, by mixes of the multipliers. */
  prepare(items: FillItems, count: number, muA: number, muB: number): void {
    this.#used = 0;
    // Where only one resource has a multiplier all mixes are the same.
    const taken = new Set<number>();
    for (const [partA, partB] of mixes) {
      const room = partA * muA + partB * muB;
      const shareA = (partA * muA) / room;
      if (room <= 0 || taken.has(shareA)) continue;
      taken.add(shareA);
      if (this.#programs.length === this.#used) this.#programs.push(new FillProgram(this.#numCells));
      this.#programs[this.#used++].prepare(items, count, shareA, 1 - shareA);
    }
  }

  /** Whether sets of `value` that take `memory` and `compute` cost `limit` or more with any items from `from` on. */
  rulesOut(from: number, value: number, memory: number, compute: number, limit: number): boolean {
    for (let k = 0; k < this.#used; k++) {
      if (value + this.#programs[k].atLeast(from, memory, compute) >= limit) return true;
    }
    return false;
  }
}

/** One mix of the resources, of which there is 1. */
class FillProgram {
  readonly #numCells: number;
  readonly #stride: number;
  /** (position, cell): D. */
  #least = new Float64Array(0);
  #shareA = 0;
  #shareB = 0;
  /** Sigma for a cell. */
  #shed = Infinity;

  constructor(numCells: number) {
    this.#numCells = numCells;
    this.#stride = numCells + 1;
  }

  prepare({ f, c, a, b, low, high }: FillItems, count: number, shareA: number, shareB: number): void {
    const stride = this.#stride;
    if (this.#least.length < (count + 1) * stride) this.#least = new Float64Array((count + 1) * stride);
    const least = this.#least;
    this.#shareA = shareA;
    this.#shareB = shareB;
    let shed = Infinity;
    for (let s = 0; s < count; s++) {
      const weight = shareA * a[s] + shareB * b[s];
      if (high[s] > low[s] && weight > 0) shed = Math.min(shed, -c[s] / weight);
    }
    this.#shed = shed / this.#numCells;
    least.fill(0, count * stride, (count + 1) * stride);
    for (let s = count - 1; s >= 0; s--) {
      const here = s * stride;
      const next = here + stride;
      const price = f[s] + c[s] * high[s];
      const weight = (shareA * a[s] + shareB * b[s]) * high[s];
      const cells = Math.floor(weight * this.#numCells);
      for (let r = 0; r < stride; r++) {
        const skipped = least[next + r];
        const taken = price + (cells <= r ? least[next + r - cells] : least[next] + (cells - r) * this.#shed);
        least[here + r] = Math.min(taken, skipped);
      }
    }
  }

  /** Least cost of items from position `from` on beside what takes so much already. */
  atLeast(from: number, memory: number, compute: number): number {
    const room = 1 - this.#shareA * memory - this.#shareB * compute;
    const cells = Math.min(this.#numCells, Math.ceil(room * this.#numCells + cellSlack));
    const at = from * this.#stride;
    return cells >= 0 ? this.#least[at + cells] : this.#least[at] - cells * this.#shed;
  }
}
