/**
 * The triangular solves. The regular ones walk the whole pivot order; the hypersparse one (Gilbert and Peierls 1988)
 * finds by depth-first search the few pivots that can become non-zero and touches nothing else.
 */

import * as tolerances from '../tolerances.ts';
import type { TriangularFactor } from './luFactors.ts';
import type { WorkVector } from './workVector.ts';

/** Local names: an imported binding in an inner loop costs a lookup under some loaders. */
const drop = tolerances.drop;
const listedZero = tolerances.listedZero;

/** The hypersparse solve is tried below this share of non-zeros in the right-hand side ... */
const sparseInput = 0.05;
/** ... and given up when its search has met this share of the pivots, from where on walking them all is cheaper; ... */
const sparseResult = 0.1;
/** ... or this share, if results of the kind tend to be dense: the search is not likely to end soon. */
const sparseAgainstOdds = 0.01;

export class TriangularSolver {
  #mark = new Uint8Array(0);
  #stack = new Int32Array(0);
  #next = new Int32Array(0);
  #topological = new Int32Array(0);

  resize(size: number): void {
    if (this.#mark.length >= size) return;
    const room = size + (size >> 2) + 8;
    this.#mark = new Uint8Array(room);
    this.#stack = new Int32Array(room);
    this.#next = new Int32Array(room);
    this.#topological = new Int32Array(room);
  }

  /**
   * Unit diagonal, forward (`step` 1) or backward (-1) along the pivots that have entries. The result is not listed.
   */
  solveUnit(factor: TriangularFactor, order: Int32Array, orderCount: number, step: 1 | -1, array: Float64Array): void {
    const { begin, end, index, value } = factor;
    for (let k = step > 0 ? 0 : orderCount - 1, left = orderCount; left > 0; k += step, left--) {
      const p = order[k];
      const x = array[p];
      if (x === 0) continue;
      for (let e = begin[p], stop = end[p]; e < stop; e++) array[index[e]] -= x * value[e];
    }
  }

  /** Along the places first .. last of `order`, in which -1 is a hole. Lists what it meets behind what is listed. */
  solvePivoted(
    factor: TriangularFactor,
    inversePivot: Float64Array,
    order: Int32Array,
    first: number,
    last: number,
    v: WorkVector,
  ): void {
    const { begin, end, index, value } = factor;
    const { array, index: list } = v;
    const step = first <= last ? 1 : -1;
    let count = v.count;
    for (let k = first; ; k += step) {
      const p = order[k];
      if (p >= 0) {
        let x = array[p];
        if (x !== 0) {
          if (Math.abs(x) < drop) array[p] = 0;
          else {
            x *= inversePivot[p];
            array[p] = x;
            list[count++] = p;
            for (let e = begin[p], stop = end[p]; e < stop; e++) array[index[e]] -= x * value[e];
          }
        }
      }
      if (k === last) break;
    }
    v.count = count;
  }

  /**
   * Either kind (`inversePivot` null: unit diagonal), visiting only what can be reached from the listed entries. False,
   * with nothing done: that is too much, walk along all `pivots` places instead. The result is expected to have
   * `expected` entries.
   */
  solveHypersparse(
    factor: TriangularFactor,
    inversePivot: Float64Array | null,
    v: WorkVector,
    pivots: number,
    expected: number,
  ): boolean {
    if (v.count > sparseInput * pivots) return false;
    const share = expected > sparseResult * pivots ? sparseAgainstOdds : sparseResult;
    const reached = this.#reach(factor, v, Math.ceil(share * pivots));
    if (reached < 0) return false;
    const { begin, end, index, value } = factor;
    const mark = this.#mark;
    const topological = this.#topological;
    const array = v.array;
    const list = v.index;
    let count = 0;
    for (let t = reached - 1; t >= 0; t--) {
      const p = topological[t];
      mark[p] = 0;
      let x = array[p];
      if (Math.abs(x) < drop) {
        array[p] = 0;
        continue;
      }
      if (inversePivot !== null) {
        x *= inversePivot[p];
        array[p] = x;
      }
      list[count++] = p;
      for (let e = begin[p], stop = end[p]; e < stop; e++) array[index[e]] -= x * value[e];
    }
    v.count = count;
    return true;
  }

  /**
   * Depth-first search from the listed entries: #topological gets all they reach, in reverse order. Returns how many,
   * -1 if more than `limit`.
   */
  #reach(factor: TriangularFactor, v: WorkVector, limit: number): number {
    const { begin, end, index } = factor;
    const mark = this.#mark;
    const stack = this.#stack;
    const next = this.#next;
    const topological = this.#topological;
    const list = v.index;
    let reached = 0;
    let met = 0;
    for (let t = 0, count = v.count; t < count; t++) {
      const start = list[t];
      if (mark[start] !== 0) continue;
      mark[start] = 1;
      met++;
      let depth = 0;
      stack[0] = start;
      next[0] = begin[start];
      while (depth >= 0) {
        const node = stack[depth];
        const stop = end[node];
        let e = next[depth];
        while (e < stop && mark[index[e]] !== 0) e++;
        if (e === stop) {
          topological[reached++] = node;
          depth--;
        } else if (met > limit) {
          for (let r = 0; r < reached; r++) mark[topological[r]] = 0;
          for (let d = 0; d <= depth; d++) mark[stack[d]] = 0;
          return -1;
        } else {
          const child = index[e];
          next[depth] = e + 1;
          mark[child] = 1;
          met++;
          depth++;
          stack[depth] = child;
          next[depth] = begin[child];
        }
      }
    }
    return reached;
  }
}

/** Entries that cancelled stay listed under a value that is not zero. */
export function listedValue(value: number): number {
  return Math.abs(value) < drop ? listedZero : value;
}
