/**
 * The bound-flipping ratio test of the dual simplex (Maros 2003; Harris 1973): walk along the dual ray while the dual
 * objective still rises, passing boxed variables that can flip to their other bound, in groups that a tolerance on the
 * reduced costs makes; from a late group take the largest pivot.
 */

import { grownInt32 } from '../basis/sparseVectors.ts';
import { Move, type SimplexCore } from './simplexCore.ts';

/** A pivot of this size is good enough to take a later group's over an earlier, larger one. */
const goodPivot = 1;
/** Share of the largest candidate that a pivot should have. */
const goodShare = 0.1;
/** The first cut looks at steps up to this many times the smallest one: a wider one sorts more than it needs. */
const firstCut = 10;

export class DualRatioTest {
  readonly #core: SimplexCore;
  /** Candidates: place in the pivot row, size of the entry, distance of the reduced cost from zero. */
  #place = new Int32Array(64);
  #size = new Float64Array(64);
  #distance = new Float64Array(64);
  #count = 0;
  #firstStep = 0;
  #groupEnd = new Int32Array(16);
  /** After `choose`: the variables that flip are those of the first `flipCount` candidates. */
  flipCount = 0;

  constructor(core: SimplexCore) {
    this.#core = core;
  }

  /** The variable of candidate `t`. */
  candidate(t: number): number {
    return this.#core.pivotRow.index[this.#place[t]];
  }

  /**
   * Picks the entering variable for a leaving variable that is `infeasibility` beyond a bound; `sign` is 1 when it is
   * above its upper bound, -1 below its lower. Returns its place in the pivot row, -1 when the dual ray is unbounded.
   */
  choose(infeasibility: number, sign: 1 | -1, pivotTolerance: number): number {
    this.flipCount = 0;
    this.#collect(sign, pivotTolerance);
    if (this.#count === 0) return -1;
    const count = this.#cut(infeasibility);
    const { lower, upper, pivotRow } = this.#core;
    const { index } = pivotRow;
    const tolerance = this.#core.dualTolerance;
    const place = this.#place;
    const size = this.#size;
    const distance = this.#distance;

    // Groups of nearly equal steps among those.
    let groups = 0;
    let groupBegin = 0;
    let slope = infeasibility;
    while (groupBegin < count) {
      let step = Infinity;
      for (let t = groupBegin; t < count; t++) {
        const d = distance[t];
        const relaxed = Math.max(d, 0) + tolerance;
        if (relaxed < step * size[t]) step = relaxed / size[t];
      }
      let end = groupBegin;
      for (let t = groupBegin; t < count; t++) {
        if (distance[t] > step * size[t]) continue;
        const v = index[place[t]];
        slope -= size[t] * (upper[v] - lower[v]);
        this.#swap(t, end++);
      }
      if (end === groupBegin) break;
      if (groups === this.#groupEnd.length) this.#groupEnd = grownInt32(this.#groupEnd, 2 * groups);
      this.#groupEnd[groups++] = end;
      groupBegin = end;
      if (slope < 0) break;
    }
    return this.#pickFromGroups(groups);
  }

  /** A first cut: moves to the front the candidates up to a step at which the slope has turned; returns how many. */
  #cut(infeasibility: number): number {
    const { lower, upper, pivotRow, dualTolerance: tolerance } = this.#core;
    const { index } = pivotRow;
    const place = this.#place;
    const size = this.#size;
    const distance = this.#distance;
    const count = this.#count;
    let selected = 0;
    let slope = infeasibility;
    for (let step = firstCut * this.#firstStep; ; step *= firstCut) {
      let nextStep = Infinity;
      for (let t = selected; t < count; t++) {
        const d = distance[t];
        const a = size[t];
        if (d <= step * a) {
          const v = index[place[t]];
          slope -= a * (upper[v] - lower[v]);
          this.#swap(t, selected++);
        } else if (d + tolerance < nextStep * a) nextStep = (d + tolerance) / a;
      }
      if (slope < 0 || selected === count) return selected;
      // What no step reaches has lost its numbers to an overflow.
      if (!(nextStep < Infinity)) return selected;
      if (nextStep > step) step = Math.max(step, nextStep / firstCut);
      // From an underflow no factor leads away.
      if (!(step > 0)) return selected;
    }
  }

  #pickFromGroups(groups: number): number {
    const { index } = this.#core.pivotRow;
    const place = this.#place;
    const size = this.#size;
    let overall = 0;
    const total = this.#groupEnd[groups - 1];
    for (let t = 0; t < total; t++) if (size[t] > overall) overall = size[t];
    const wanted = Math.min(goodShare * overall, goodPivot);
    for (let group = groups - 1; group >= 0; group--) {
      const begin = group === 0 ? 0 : this.#groupEnd[group - 1];
      let best = -1;
      let largest = 0;
      for (let t = begin; t < this.#groupEnd[group]; t++) {
        const a = size[t];
        if (a > largest || (a === largest && index[place[t]] < index[best])) {
          largest = a;
          best = place[t];
        }
      }
      if (largest >= wanted) {
        this.flipCount = begin;
        return best;
      }
    }
    return -1;
  }

  /** The variables whose reduced costs the dual ray moves towards zero, and the smallest step that takes one there. */
  #collect(sign: 1 | -1, pivotTolerance: number): void {
    const { pivotRow, move, dual, dualTolerance: tolerance } = this.#core;
    const { index, value, count: entries } = pivotRow;
    if (this.#place.length < entries) {
      this.#place = new Int32Array(2 * entries + 64);
      this.#size = new Float64Array(2 * entries + 64);
      this.#distance = new Float64Array(2 * entries + 64);
    }
    const place = this.#place;
    const size = this.#size;
    const distance = this.#distance;
    let count = 0;
    let smallest = Infinity;
    for (let t = 0; t < entries; t++) {
      const v = index[t];
      const m = move[v];
      let a = value[t] * sign * m;
      let d = m * dual[v];
      if (m === Move.free) {
        a = Math.abs(value[t]);
        d = 0;
      }
      place[count] = t;
      size[count] = a;
      distance[count] = d;
      count += Number(!(a <= pivotTolerance));
      const relaxed = Math.max(d, 0) + tolerance;
      if (relaxed < smallest * a && a > pivotTolerance) smallest = relaxed / a;
    }
    this.#count = count;
    this.#firstStep = smallest;
  }

  #swap(a: number, b: number): void {
    const place = this.#place;
    const size = this.#size;
    const distance = this.#distance;
    const keptPlace = place[a];
    const keptSize = size[a];
    const keptDistance = distance[a];
    place[a] = place[b];
    size[a] = size[b];
    distance[a] = distance[b];
    place[b] = keptPlace;
    size[b] = keptSize;
    distance[b] = keptDistance;
  }
}
