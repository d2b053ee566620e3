/**
 * The continuous knapsack with two resources: minimise sum s_k t_k over 0 <= t_k <= U_k, sum a_k t_k <= A, sum b_k t_k <= B, with
 * s_k < 0 and a_k, b_k >= 0. One resource alone is a greedy; both together are a dual simplex on two rows with bound flips. It is
 * the relaxation inside pricing, solved hundreds of thousands of times, so everything lives in arrays made once.
 *
 * Invariant: `multiplierA`, `multiplierB` >= 0, and -(A muA + B muB) + sum_k min(0, s_k + muA a_k + muB b_k) U_k is a lower bound
 * whatever the entries' values are (weak duality), so the bound survives a dual simplex that stops early.
 */

/** Use above capacity that still counts as within, relative to capacities of order one. */
const capacityTolerance = 1e-10;
/** Entries of the 2 x 2 basis matrix whose determinant is below this are taken as parallel. */
const parallelTolerance = 1e-13;
/** Steps of the dual simplex after which the bound is taken as it stands. Ten is already rare. */
const stepLimit = 60;

const atLower = 0;
const atUpper = 1;
const isBasic = 2;
/** The slack of resource A and of resource B in the basis; entries are 0 and above. */
const slackA = -1;
const slackB = -2;

export class TwoResourceLp {
  /** Number of entries; the arrays below hold them from 0. */
  count = 0;
  readonly cost: Float64Array;
  readonly useA: Float64Array;
  readonly useB: Float64Array;
  readonly upper: Float64Array;
  /** 1 for the entries that take part in the next solve. */
  readonly active: Uint8Array;
  /** Values of the active entries after a solve. */
  readonly value: Float64Array;
  multiplierA = 0;
  multiplierB = 0;
  /** False when the step limit struck: values may be infeasible, the bound holds all the same. */
  isExact = true;

  readonly #orderA: Int32Array;
  readonly #orderB: Int32Array;
  readonly #key: Float64Array;
  readonly #status: Uint8Array;
  readonly #list: Int32Array;

  constructor(capacity: number) {
    this.cost = new Float64Array(capacity);
    this.useA = new Float64Array(capacity);
    this.useB = new Float64Array(capacity);
    this.upper = new Float64Array(capacity);
    this.active = new Uint8Array(capacity);
    this.value = new Float64Array(capacity);
    this.#orderA = new Int32Array(capacity);
    this.#orderB = new Int32Array(capacity);
    this.#key = new Float64Array(capacity);
    this.#status = new Uint8Array(capacity);
    this.#list = new Int32Array(capacity);
  }

  /** Sorts the entries by efficiency; call once after the entries have been written. */
  prepare(): void {
    const n = this.count;
    const key = this.#key;
    for (let pass = 0; pass < 2; pass++) {
      const use = pass === 0 ? this.useA : this.useB;
      const order = pass === 0 ? this.#orderA : this.#orderB;
      for (let k = 0; k < n; k++) {
        key[k] = use[k] > 0 ? -this.cost[k] / use[k] : Infinity;
        order[k] = k;
      }
      sortByKey(order, key, 0, n - 1);
    }
  }

  /** Lower bound of the dual function at multipliers found elsewhere, over the active entries. */
  boundAt(capacityA: number, capacityB: number, muA: number, muB: number): number {
    let bound = -muA * capacityA - muB * capacityB;
    for (let k = 0; k < this.count; k++) {
      if (this.active[k] === 0) continue;
      const reduced = this.cost[k] + muA * this.useA[k] + muB * this.useB[k];
      if (reduced < 0) bound += reduced * this.upper[k];
    }
    return bound;
  }

  /** Solves over the active entries for capacities >= 0 and returns a lower bound, which is the optimum if `isExact`. */
  solve(capacityA: number, capacityB: number): number {
    const { count, active, upper, useA, useB, cost } = this;
    const list = this.#list;
    let n = 0;
    let totalA = 0;
    let totalB = 0;
    let objective = 0;
    for (let k = 0; k < count; k++) {
      if (active[k] === 0) continue;
      list[n++] = k;
      totalA += useA[k] * upper[k];
      totalB += useB[k] * upper[k];
      objective += cost[k] * upper[k];
    }
    this.isExact = true;
    this.multiplierA = 0;
    this.multiplierB = 0;
    const excessA = totalA - capacityA > capacityTolerance;
    const excessB = totalB - capacityB > capacityTolerance;
    if (!excessA && !excessB) {
      for (let t = 0; t < n; t++) this.value[list[t]] = upper[list[t]];
      return objective;
    }
    let basic = -1;
    if (excessA) {
      basic = this.#greedy(this.#orderA, useA, totalA - capacityA);
      this.multiplierA = basic < 0 ? 0 : -cost[basic] / useA[basic];
      if (this.#use(useB, n) - capacityB <= capacityTolerance) return this.#objective(n);
    }
    if (excessB) {
      const basicA = basic;
      basic = this.#greedy(this.#orderB, useB, totalB - capacityB);
      if (this.#use(useA, n) - capacityA <= capacityTolerance) {
        this.multiplierA = 0;
        this.multiplierB = basic < 0 ? 0 : -cost[basic] / useB[basic];
        return this.#objective(n);
      }
      if (excessA) {
        // Both bind: go on from the greedy of A.
        basic = basicA;
        this.multiplierB = 0;
        this.#greedy(this.#orderA, useA, totalA - capacityA);
      } else {
        this.multiplierB = -cost[basic] / useB[basic];
      }
    }
    if (basic < 0) {
      this.isExact = false;
      return this.boundAt(capacityA, capacityB, this.multiplierA, this.multiplierB);
    }
    return this.#dualSimplex(n, basic, excessA ? slackB : slackA, capacityA, capacityB);
  }

  #use(use: Float64Array, n: number): number {
    let total = 0;
    for (let t = 0; t < n; t++) total += use[this.#list[t]] * this.value[this.#list[t]];
    return total;
  }

  #objective(n: number): number {
    let total = 0;
    for (let t = 0; t < n; t++) total += this.cost[this.#list[t]] * this.value[this.#list[t]];
    return total;
  }

  /** Gives up the least efficient entries until `excess` is gone; returns the entry that was cut in part (or last). */
  #greedy(order: Int32Array, use: Float64Array, excess: number): number {
    const { active, upper, value, count } = this;
    const status = this.#status;
    let last = -1;
    let rest = excess;
    for (let t = 0; t < count; t++) {
      const k = order[t];
      if (active[k] === 0) continue;
      const amount = use[k] * upper[k];
      if (rest <= 0) {
        value[k] = upper[k];
        status[k] = atUpper;
      } else if (amount <= rest && amount > 0) {
        value[k] = 0;
        status[k] = atLower;
        rest -= amount;
        last = k;
      } else if (amount > 0) {
        value[k] = upper[k] - rest / use[k];
        status[k] = isBasic;
        rest = 0;
        last = k;
      } else {
        value[k] = upper[k];
        status[k] = atUpper;
      }
    }
    if (last >= 0) status[last] = isBasic;
    return last;
  }

  #dualSimplex(n: number, firstBasic: number, secondBasic: number, capacityA: number, capacityB: number): number {
    const { useA, useB, upper, cost, value } = this;
    const list = this.#list;
    const status = this.#status;
    let p = firstBasic;
    let q = secondBasic;
    let muA = this.multiplierA;
    let muB = this.multiplierB;
    const columnA = (k: number) => (k >= 0 ? useA[k] : k === slackA ? 1 : 0);
    const columnB = (k: number) => (k >= 0 ? useB[k] : k === slackB ? 1 : 0);
    for (let step = 0; step < stepLimit; step++) {
      let restA = capacityA;
      let restB = capacityB;
      for (let t = 0; t < n; t++) {
        const k = list[t];
        if (status[k] === atUpper) {
          restA -= useA[k] * upper[k];
          restB -= useB[k] * upper[k];
        }
      }
      const pA = columnA(p);
      const pB = columnB(p);
      const qA = columnA(q);
      const qB = columnB(q);
      const determinant = pA * qB - pB * qA;
      if (Math.abs(determinant) < parallelTolerance) break;
      const valueP = (restA * qB - restB * qA) / determinant;
      const valueQ = (restB * pA - restA * pB) / determinant;
      const excessP = Math.max(-valueP, p >= 0 ? valueP - upper[p] : -Infinity);
      const excessQ = Math.max(-valueQ, q >= 0 ? valueQ - upper[q] : -Infinity);
      const weightP = excessP * (p >= 0 ? Math.max(pA, pB) : 1);
      const weightQ = excessQ * (q >= 0 ? Math.max(qA, qB) : 1);
      if (weightP <= capacityTolerance && weightQ <= capacityTolerance) {
        for (let t = 0; t < n; t++) {
          const k = list[t];
          if (status[k] !== isBasic) value[k] = status[k] === atUpper ? upper[k] : 0;
        }
        if (p >= 0) value[p] = Math.min(upper[p], Math.max(0, valueP));
        if (q >= 0) value[q] = Math.min(upper[q], Math.max(0, valueQ));
        this.multiplierA = muA;
        this.multiplierB = muB;
        return this.boundAt(capacityA, capacityB, muA, muB);
      }
      const pLeaves = weightP >= weightQ;
      const leaving = pLeaves ? p : q;
      const toUpper = pLeaves ? valueP > 0 : valueQ > 0;
      // The reduced cost of the leaving one moves by +1 (to its lower bound) or -1 per unit of the step; the other's stays 0.
      const sign = toUpper ? -1 : 1;
      const stepA = pLeaves ? (sign * qB) / determinant : (-sign * pB) / determinant;
      const stepB = pLeaves ? (-sign * qA) / determinant : (sign * pA) / determinant;
      let slope = pLeaves ? excessP : excessQ;
      let entering: number | null = null;
      let length = 0;
      for (;;) {
        // The next breakpoint at or after `length` among the entries not yet passed.
        let best = Infinity;
        let candidate: number | null = null;
        let candidateRate = 0;
        for (let t = 0; t < n; t++) {
          const k = list[t];
          if (status[k] === isBasic) continue;
          const rate = useA[k] * stepA + useB[k] * stepB;
          if (status[k] === atLower ? rate >= -1e-14 : rate <= 1e-14) continue;
          const at = -(cost[k] + muA * useA[k] + muB * useB[k]) / rate;
          const clipped = Math.max(at, length);
          if (clipped < best || (clipped === best && Math.abs(rate) > Math.abs(candidateRate))) {
            best = clipped;
            candidate = k;
            candidateRate = rate;
          }
        }
        if (stepA < -1e-14 && p !== slackA && q !== slackA && muA / -stepA <= best) {
          best = Math.max(length, muA / -stepA);
          candidate = slackA;
        }
        if (stepB < -1e-14 && p !== slackB && q !== slackB && muB / -stepB < best) {
          best = Math.max(length, muB / -stepB);
          candidate = slackB;
        }
        if (candidate === null) break;
        length = best;
        entering = candidate;
        if (candidate < 0) break;
        slope -= Math.abs(candidateRate) * upper[candidate];
        if (slope <= 0) break;
        // Passing it flips it to its other bound.
        status[candidate] = status[candidate] === atLower ? atUpper : atLower;
      }
      if (entering === null) break;
      muA = Math.max(0, muA + length * stepA);
      muB = Math.max(0, muB + length * stepB);
      if (leaving >= 0) status[leaving] = toUpper ? atUpper : atLower;
      if (entering >= 0) status[entering] = isBasic;
      if (pLeaves) p = entering;
      else q = entering;
      this.multiplierA = muA;
      this.multiplierB = muB;
    }
    this.isExact = false;
    return this.boundAt(capacityA, capacityB, this.multiplierA, this.multiplierB);
  }
}

/** Sorts `order[from..to]` by ascending key, ties by index, so that the result does not depend on the method. */
export function sortByKey(order: Int32Array, key: Float64Array, from: number, to: number): void {
  let low = from;
  let high = to;
  while (high - low > 12) {
    const middle = order[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (isBefore(key, order[i], middle)) i++;
      while (isBefore(key, middle, order[j])) j--;
      if (i <= j) {
        const swap = order[i];
        order[i] = order[j];
        order[j] = swap;
        i++;
        j--;
      }
    }
    if (j - low < high - i) {
      sortByKey(order, key, low, j);
      low = i;
    } else {
      sortByKey(order, key, i, high);
      high = j;
    }
  }
  for (let i = low + 1; i <= high; i++) {
    const item = order[i];
    let j = i - 1;
    while (j >= low && isBefore(key, item, order[j])) {
      order[j + 1] = order[j];
      j--;
    }
    order[j + 1] = item;
  }
}

function isBefore(key: Float64Array, one: number, other: number): boolean {
  return key[one] < key[other] || (key[one] === key[other] && one < other);
}
