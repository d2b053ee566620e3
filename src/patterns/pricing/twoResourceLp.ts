/**
 * The continuous knapsack with two resources: minimise sum cost_k t_k over 0 <= t_k <= 1, sum useA_k t_k <= roomA,
 * sum useB_k t_k <= roomB, with useA, useB, rooms >= 0, by a dual simplex on two rows with bound flips. It is the
 * relaxation inside pricing, solved hundreds of thousands of times, each time from the basis of a parent, so everything
 * lives in arrays made once.
 *
 * Invariant: multipliers muA, muB >= 0 give -(roomA muA + roomB muB) + sum_k min(0, cost_k + muA useA_k + muB useB_k),
 * a lower bound whatever the shares are (weak duality); so the bound survives a run that stops early.
 */

import { defaultPatternParameters, type PatternParameters } from '../parameters.ts';

const atLower = 0;
const atUpper = 1;
const isBasic = 2;
/** The slack of resource A and of resource B in the basis; pieces are 0 and above. */
const slackA = -1;
const slackB = -2;

export class TwoResourceLp {
  readonly cost: Float64Array;
  readonly useA: Float64Array;
  readonly useB: Float64Array;
  /**
   * 1 for a piece that may be used, 0 for one that is held at 0; only open pieces may be listed, others may be in the
   * basis.
   */
  readonly isOpen: Uint8Array;
  /** Shares of the listed pieces after an exact solve that was not cut off. */
  readonly share: Float64Array;
  /** Reduced costs of the listed pieces after a solve that was not cut off. */
  readonly reducedCost: Float64Array;
  /** The basis: before a solve where to start, after it where it ended. */
  basicP = slackA;
  basicQ = slackB;
  muA = 0;
  muB = 0;
  /** False when the step limit struck: shares may not fit, the bound holds all the same. */
  isExact = true;

  readonly #feasibilityTolerance: number;
  readonly #parallelTolerance: number;
  readonly #stepLimit: number;
  readonly #status: Uint8Array;
  readonly #candidate: Int32Array;
  readonly #breakpoint: Float64Array;
  readonly #rate: Float64Array;

  constructor(capacity: number, parameters: PatternParameters['pricing'] = defaultPatternParameters.pricing) {
    this.#feasibilityTolerance = parameters.lpFeasibilityTolerance;
    this.#parallelTolerance = parameters.lpParallelTolerance;
    this.#stepLimit = parameters.lpStepLimit;
    this.cost = new Float64Array(capacity);
    this.useA = new Float64Array(capacity);
    this.useB = new Float64Array(capacity);
    this.isOpen = new Uint8Array(capacity);
    this.share = new Float64Array(capacity);
    this.reducedCost = new Float64Array(capacity);
    this.#status = new Uint8Array(capacity);
    this.#candidate = new Int32Array(capacity + 2);
    this.#breakpoint = new Float64Array(capacity + 2);
    this.#rate = new Float64Array(capacity + 2);
  }

  /** Starts from all shares at 1, where no multiplier is needed. */
  setSlackBasis(): void {
    this.basicP = slackA;
    this.basicQ = slackB;
    this.muA = 0;
    this.muB = 0;
  }

  /**
   * Solves over the pieces list[from..to-1]. Returns the optimum, or a lower bound at or above `cutoff` as soon as one
   * is known.
   */
  solve(list: Int32Array, from: number, to: number, roomA: number, roomB: number, cutoff: number): number {
    const { cost, useA, useB, isOpen, reducedCost } = this;
    const status = this.#status;
    const feasibilityTolerance = this.#feasibilityTolerance;
    const stepLimit = this.#stepLimit;
    let p = this.basicP;
    let q = this.basicQ;
    let muA = this.muA;
    let muB = this.muB;
    let restA = roomA;
    let restB = roomB;
    let bound = -muA * roomA - muB * roomB;
    this.isExact = true;
    for (let t = from; t < to; t++) {
      const k = list[t];
      if (k === p || k === q) {
        status[k] = isBasic;
        continue;
      }
      const reduced = cost[k] + muA * useA[k] + muB * useB[k];
      reducedCost[k] = reduced;
      if (reduced < 0) {
        status[k] = atUpper;
        bound += reduced;
        restA -= useA[k];
        restB -= useB[k];
      } else {
        status[k] = atLower;
      }
    }
    if (bound >= cutoff) return bound;
    let valueP = 0;
    let valueQ = 0;
    for (let step = 0; ; step++) {
      const pA = p >= 0 ? useA[p] : p === slackA ? 1 : 0;
      const pB = p >= 0 ? useB[p] : p === slackB ? 1 : 0;
      const qA = q >= 0 ? useA[q] : q === slackA ? 1 : 0;
      const qB = q >= 0 ? useB[q] : q === slackB ? 1 : 0;
      const determinant = pA * qB - pB * qA;
      valueP = (restA * qB - restB * qA) / determinant;
      valueQ = (restB * pA - restA * pB) / determinant;
      const upperP = p < 0 ? Infinity : isOpen[p];
      const upperQ = q < 0 ? Infinity : isOpen[q];
      const excessP = Math.max(-valueP, valueP - upperP);
      const excessQ = Math.max(-valueQ, valueQ - upperQ);
      if (excessP <= feasibilityTolerance && excessQ <= feasibilityTolerance) break;
      if (step >= stepLimit) {
        this.isExact = false;
        break;
      }
      const pLeaves = excessP * (pA + pB) >= excessQ * (qA + qB);
      const toUpper = pLeaves ? valueP > 0 : valueQ > 0;
      // The reduced cost of the leaving one moves by +1 (to its lower bound) or -1 per unit of the step; the other's
      // stays 0.
      const sign = toUpper ? -1 : 1;
      const stepA = pLeaves ? (sign * qB) / determinant : (-sign * pB) / determinant;
      const stepB = pLeaves ? (-sign * qA) / determinant : (sign * pA) / determinant;
      let candidates = this.#collectBreakpoints(list, from, to, stepA, stepB);
      if (stepA < 0 && p !== slackA && q !== slackA) {
        this.#candidate[candidates] = slackA;
        this.#rate[candidates] = Infinity;
        this.#breakpoint[candidates++] = -muA / stepA;
      }
      if (stepB < 0 && p !== slackB && q !== slackB) {
        this.#candidate[candidates] = slackB;
        this.#rate[candidates] = Infinity;
        this.#breakpoint[candidates++] = -muB / stepB;
      }
      let slope = pLeaves ? excessP : excessQ;
      let length = 0;
      let entering: number | null = null;
      while (candidates > 0) {
        const at = this.#takeNearest(candidates--);
        const next = Math.max(length, this.#breakpoint[candidates]);
        bound += slope * (next - length);
        length = next;
        entering = at;
        if (at < 0) break;
        slope -= this.#rate[candidates];
        // All shares 0 is feasible, so that the slope ends at the last breakpoint at the latest: what is left of it is
        // rounding.
        if (slope <= 0 || candidates === 0) break;
        // Passing it flips it to its other bound.
        if (status[at] === atLower) {
          status[at] = atUpper;
          restA -= useA[at];
          restB -= useB[at];
        } else {
          status[at] = atLower;
          restA += useA[at];
          restB += useB[at];
        }
      }
      if (entering === null) {
        // No room at all for what is basic: rounding in the rooms. The multipliers as they stand are good.
        this.isExact = false;
        break;
      }
      muA = Math.max(0, muA + length * stepA);
      muB = Math.max(0, muB + length * stepB);
      if (bound >= cutoff) return bound;
      for (let t = from; t < to; t++) {
        const k = list[t];
        reducedCost[k] = cost[k] + muA * useA[k] + muB * useB[k];
      }
      const leaving = pLeaves ? p : q;
      if (leaving >= 0) {
        status[leaving] = toUpper ? atUpper : atLower;
        if (toUpper && isOpen[leaving] === 1) {
          restA -= useA[leaving];
          restB -= useB[leaving];
        }
      }
      if (entering >= 0) {
        if (status[entering] === atUpper) {
          restA += useA[entering];
          restB += useB[entering];
        }
        status[entering] = isBasic;
      }
      if (pLeaves) p = entering;
      else q = entering;
    }
    this.basicP = p;
    this.basicQ = q;
    this.muA = muA;
    this.muB = muB;
    bound = -muA * roomA - muB * roomB;
    for (let t = from; t < to; t++) {
      const k = list[t];
      if (k === p || k === q) {
        reducedCost[k] = 0;
        this.share[k] = Math.min(1, Math.max(0, k === p ? valueP : valueQ));
      } else {
        this.share[k] = status[k] === atUpper ? 1 : 0;
        if (reducedCost[k] < 0) bound += reducedCost[k];
      }
    }
    return bound;
  }

  /**
   * The pieces whose reduced cost changes sign along the step, where, and how much of the leaving one's excess each
   * takes.
   */
  #collectBreakpoints(list: Int32Array, from: number, to: number, stepA: number, stepB: number): number {
    const { useA, useB, reducedCost } = this;
    const status = this.#status;
    const parallelTolerance = this.#parallelTolerance;
    let candidates = 0;
    for (let t = from; t < to; t++) {
      const k = list[t];
      if (status[k] === isBasic) continue;
      const rateA = useA[k] * stepA;
      const rateB = useB[k] * stepB;
      const rate = rateA + rateB;
      if (status[k] === atLower ? rate >= 0 : rate <= 0) continue;
      const size = Math.abs(rate);
      if (size <= parallelTolerance * (Math.abs(rateA) + Math.abs(rateB))) continue;
      this.#candidate[candidates] = k;
      this.#breakpoint[candidates] = -reducedCost[k] / rate;
      this.#rate[candidates++] = size;
    }
    return candidates;
  }

  /**
   * Moves the candidate of the nearest breakpoint (the largest rate among equals) to the end of the first `count`;
   * returns it.
   */
  #takeNearest(count: number): number {
    const candidate = this.#candidate;
    const breakpoint = this.#breakpoint;
    const rate = this.#rate;
    let best = 0;
    for (let t = 1; t < count; t++) {
      if (breakpoint[t] < breakpoint[best] || (breakpoint[t] === breakpoint[best] && rate[t] > rate[best])) best = t;
    }
    const last = count - 1;
    const taken = candidate[best];
    const at = breakpoint[best];
    const size = rate[best];
    candidate[best] = candidate[last];
    breakpoint[best] = breakpoint[last];
    rate[best] = rate[last];
    candidate[last] = taken;
    breakpoint[last] = at;
    rate[last] = size;
    return taken;
  }
}
