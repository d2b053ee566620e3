/**
 * The dual simplex method, phase 2, priced by a rule of weights (dualPricing.ts). Where a start is not dual feasible,
 * boxed variables are flipped and the cost of others is shifted; the caller removes the shifts afterwards and lets the
 * primal simplex finish.
 */

import type { Steps } from '../steps.ts';
import { lastResortPivot, leastPivot, pivotAfterUpdates, pivotDisagreement } from '../tolerances.ts';
import type { DualPricing } from './dualPricing.ts';
import { DualRatioTest } from './dualRatioTest.ts';
import { hashedFraction, perturbCosts } from './perturbation.ts';
import { provesInfeasibility } from './rays.ts';
import type { RunLimits, RunOutcome } from './runLimits.ts';
import { Move, type SimplexCore } from './simplexCore.ts';

/** Weights stay above this: below, rounding of the update rules. */
const minWeight = 1e-4;
/** Artificial bound of free variables in phase 1: they should leave the non-basic side first. */
const artificialFree = 1000;
/** Pivots without dual progress after which costs are perturbed. */
const stall = 30;
/** A dual step below this is no progress. */
const noStep = 1e-12;

export class DualSimplex {
  readonly #core: SimplexCore;
  readonly #ratioTest: DualRatioTest;
  readonly #pricing: DualPricing;
  /** Bounds in work of the basic variables, by row. */
  #basicLower = new Float64Array(0);
  #basicUpper = new Float64Array(0);
  /** Squared violation of each basic variable, 0 where feasible. */
  #violation = new Float64Array(0);
  /** Rows with a violation; rows that lost theirs stay until the list is next walked. */
  #violated = new Int32Array(0);
  #violatedCount = 0;
  #isListed = new Uint8Array(0);
  /** Rows whose pivots were refused since the last progress. */
  #refused = new Uint8Array(0);
  #refusals = 0;
  #tauDensity = 0.1;
  #objective = 0;
  #stalled = 0;
  #perturbed = false;

  constructor(core: SimplexCore, pricing: DualPricing) {
    this.#core = core;
    this.#pricing = pricing;
    this.#ratioTest = new DualRatioTest(core);
  }

  /** Dual objective of the costs in work, without the program's offset. */
  get objective(): number {
    return this.#objective;
  }

  /**
   * Runs until no basic variable violates a bound. `infeasible` leaves the ray in core.rowVector; `cutoff` says that
   * the dual objective of the costs in work passed the limit.
   */
  *run(limits: RunLimits, mayPerturb: boolean): Steps<RunOutcome> {
    const core = this.#core;
    if (this.#violation.length < core.numRows) {
      const room = core.numRows + (core.numRows >> 1);
      this.#violation = new Float64Array(room);
      this.#basicLower = new Float64Array(room);
      this.#basicUpper = new Float64Array(room);
      this.#violated = new Int32Array(room);
      this.#isListed = new Uint8Array(room);
      this.#violatedCount = 0;
      this.#refused = new Uint8Array(room);
    }
    this.#stalled = 0;
    this.#perturbed = !mayPerturb;
    this.#clearRefusals();
    this.#rebuild();
    for (;;) {
      if (limits.reached(core)) return limits.outcome;
      if (limits.isPauseDue(core)) yield;
      if (limits.cutoff < Infinity && this.#objective > limits.cutoff) return 'cutoff';
      if (!core.isFactored || core.factorization.isWorn) {
        core.refactor();
        this.#rebuild();
      }
      if (this.#stalled > stall && !this.#perturbed) {
        this.#perturbed = true;
        perturbCosts(core, core.iterations & 15);
        this.#rebuild();
      }
      const row = this.#chooseRow();
      if (row < 0) {
        if (this.#refusals > 0) {
          if (core.factorization.updates === 0) return 'trouble';
          core.refactor();
          this.#clearRefusals();
          this.#rebuild();
          continue;
        }
        return 'optimal';
      }
      const outcome = this.#iterate(row);
      if (outcome !== null) return outcome;
    }
  }

  /**
   * Phase 1 by artificial bounds (Koberstein 2005): with the bounds replaced by boxes of the same directions and with
   * zero in them, the dual simplex minimises the sum of dual infeasibilities. Whatever of them is left, phase 2 shifts
   * away. The basic slack of a free row keeps its infinite bounds and with them its place: outside the basis its dual
   * would be 0 but for the tolerance, which coefficients of 1e17 make any cost.
   */
  *runPhaseOne(limits: RunLimits, mayPerturb: boolean): Steps<RunOutcome> {
    const core = this.#core;
    const { lower, upper, total, move, position } = core;
    const { numColumns } = core.program;
    for (let v = 0; v < total; v++) {
      const hasLower = lower[v] > -Infinity;
      const hasUpper = upper[v] < Infinity;
      if (v >= numColumns && !hasLower && !hasUpper && position[v] >= 0) continue;
      lower[v] = hasLower ? 0 : hasUpper ? -1 : -artificialFree;
      upper[v] = hasUpper ? 0 : hasLower ? 1 : artificialFree;
      if (position[v] < 0) core.placeNonbasic(v, move[v]);
    }
    core.boundsChanged = true;
    core.valuesFit = false;
    const outcome = yield* this.run(limits.withoutCutoff(), mayPerturb);
    core.restoreBounds();
    return outcome;
  }

  /** Fresh values, reduced costs and objective; makes the basis dual feasible. */
  #rebuild(): void {
    const core = this.#core;
    if (!core.isFactored) core.refactor();
    if (!core.dualsFit || !core.fixedDualsFit) core.computeDuals();
    this.#makeDualFeasible();
    core.computeBasicValues();
    this.#isListed.fill(0);
    this.#violatedCount = 0;
    const { basis, lower, upper } = core;
    for (let i = 0; i < core.numRows; i++) {
      this.#basicLower[i] = lower[basis[i]];
      this.#basicUpper[i] = upper[basis[i]];
      this.#updateViolation(i);
    }
    this.#objective = core.dualObjective();
  }

  #makeDualFeasible(): void {
    const { move, dual, lower, upper, cost, dualTolerance, total } = this.#core;
    for (let v = 0; v < total; v++) {
      const m = move[v];
      if (m === Move.none) continue;
      const d = dual[v];
      if (m === Move.free ? Math.abs(d) <= dualTolerance : m * d >= -dualTolerance) continue;
      if (lower[v] > -Infinity && upper[v] < Infinity) {
        this.#core.placeNonbasic(v, -m);
        continue;
      }
      // A little beyond zero, so that shifted costs are no source of ties.
      const target = m === Move.free ? 0 : m * dualTolerance * (1 + 99 * hashedFraction(v, 1));
      cost[v] += target - d;
      dual[v] = target;
      this.#core.costChanged = true;
    }
  }

  #updateViolation(i: number): void {
    const { basicValue, primalTolerance } = this.#core;
    const value = basicValue[i];
    const below = this.#basicLower[i] - value;
    const violation = below > primalTolerance ? below : value - this.#basicUpper[i];
    if (violation > primalTolerance) {
      this.#violation[i] = violation * violation;
      if (this.#isListed[i] === 0) {
        this.#isListed[i] = 1;
        this.#violated[this.#violatedCount++] = i;
      }
    } else this.#violation[i] = 0;
  }

  /** The row of largest squared violation per weight, the first of equals whatever the order of the list. */
  #chooseRow(): number {
    const violation = this.#violation;
    const list = this.#violated;
    const isListed = this.#isListed;
    const weight = this.#core.dualWeight;
    const refused = this.#refused;
    let best = -1;
    let bestValue = -1;
    let kept = 0;
    for (let t = 0, count = this.#violatedCount; t < count; t++) {
      const i = list[t];
      const v = violation[i];
      if (v === 0) {
        isListed[i] = 0;
        continue;
      }
      list[kept++] = i;
      const merit = v / weight[i];
      if ((merit > bestValue || (merit === bestValue && i < best)) && refused[i] === 0) {
        bestValue = merit;
        best = i;
      }
    }
    this.#violatedCount = kept;
    return best;
  }

  #refuse(row: number): void {
    this.#refused[row] = 1;
    this.#refusals++;
  }

  #clearRefusals(): void {
    this.#refused.fill(0);
    this.#refusals = 0;
  }

  #iterate(row: number): RunOutcome | null {
    const core = this.#core;
    const { basis, basicValue, lower, upper, dualWeight, rowVector, columnVector, pivotRow, factorization } = core;
    core.computeInverseRow(row);
    const array = rowVector.array;
    let squaredNorm = 0;
    for (let t = 0; t < rowVector.count; t++) squaredNorm += array[rowVector.index[t]] ** 2;
    const storedWeight = dualWeight[row];
    const weight = this.#pricing.ofChosen(storedWeight, squaredNorm);
    dualWeight[row] = atLeastMinimum(weight);
    // A weight that was far too small made this row look better than it is: choose again.
    if (storedWeight < 0.25 * weight) return null;

    core.computePivotRow();
    const leaving = basis[row];
    const isAbove = basicValue[row] > upper[leaving];
    const sign = isAbove ? 1 : -1;
    const bound = isAbove ? upper[leaving] : lower[leaving];
    const infeasibility = Math.abs(basicValue[row] - bound);
    let pivotTolerance = factorization.updates < 20 ? leastPivot : pivotAfterUpdates;
    let place = this.#ratioTest.choose(infeasibility, sign, pivotTolerance);
    if (place < 0) {
      if (factorization.updates > 0) {
        core.refactor();
        this.#rebuild();
        return null;
      }
      if (provesInfeasibility(core.program, rowVector.array)) return 'infeasible';
      pivotTolerance = lastResortPivot * pivotRow.largest;
      place = this.#ratioTest.choose(infeasibility, sign, pivotTolerance);
      if (place < 0) {
        this.#refuse(row);
        return null;
      }
    }

    const entering = pivotRow.index[place];
    core.computeColumn(entering);
    const alphaRow = pivotRow.value[place];
    const alpha = columnVector.array[row];
    const disagreement = Math.abs(alpha - alphaRow);
    if (
      Math.abs(alpha) < pivotTolerance ||
      (disagreement > pivotDisagreement * (1 + Math.abs(alpha)) && factorization.updates > 0) ||
      disagreement > 1e-3 * Math.abs(alpha)
    ) {
      if (factorization.updates > 0) core.isFactored = false;
      else this.#refuse(row);
      return null;
    }
    this.#pivot(row, entering, alpha, bound, isAbove);
    return null;
  }

  #pivot(row: number, entering: number, alpha: number, bound: number, isAbove: boolean): void {
    const core = this.#core;
    const { basis, basicValue, dual, cost, move, pivotRow, lower, upper } = core;
    const leaving = basis[row];
    if (move[entering] !== Move.free && move[entering] * dual[entering] < 0) {
      cost[entering] -= dual[entering];
      dual[entering] = 0;
      core.costChanged = true;
    }
    if (this.#ratioTest.flipCount > 0) this.#flip();
    const dualStep = dual[entering] / alpha;
    if (dualStep !== 0) {
      const { index, value, count } = pivotRow;
      for (let t = 0; t < count; t++) dual[index[t]] -= dualStep * value[t];
    }
    dual[leaving] = -dualStep;
    dual[entering] = 0;
    this.#objective += dualStep * (basicValue[row] - bound);
    if (Math.abs(dualStep) <= noStep) this.#stalled++;

    const primalStep = (basicValue[row] - bound) / alpha;
    this.#updateRows(row, alpha, primalStep);
    core.exchange(row, entering, core.value[entering] + primalStep, isAbove);
    this.#basicLower[row] = lower[entering];
    this.#basicUpper[row] = upper[entering];
    this.#updateViolation(row);
    if (this.#refusals > 0) this.#clearRefusals();
  }

  /** Flips the boxed variables that the ratio test passed and moves the basic values along. */
  #flip(): void {
    const core = this.#core;
    const { scratch, value, lower, upper, move, dual, basicValue } = core;
    scratch.clear();
    for (let t = 0; t < this.#ratioTest.flipCount; t++) {
      const v = this.#ratioTest.candidate(t);
      const delta = move[v] === Move.up ? upper[v] - lower[v] : lower[v] - upper[v];
      core.addColumnTo(v, delta, scratch);
      this.#objective += delta * dual[v];
      move[v] = -move[v];
      value[v] = move[v] === Move.up ? lower[v] : upper[v];
    }
    core.factorization.ftran(scratch, core.columnDensity, false);
    for (let t = 0; t < scratch.count; t++) {
      const i = scratch.index[t];
      basicValue[i] -= scratch.array[i];
      this.#updateViolation(i);
    }
  }

  /**
   * The basic values after a step along the column, and the weights, for some rules with tau = inverse basis times the
   * pivot row's inverse row.
   */
  #updateRows(row: number, alpha: number, primalStep: number): void {
    const core = this.#core;
    const { rowVector, columnVector, dualWeight, basicValue, primalTolerance } = core;
    const pivotWeight = dualWeight[row];
    // The row has done its duty; tau counts only where the column has entries.
    const pricing = this.#pricing;
    const { usesTau } = pricing;
    if (usesTau) {
      core.factorization.ftranFor(rowVector, this.#tauDensity, columnVector);
      this.#tauDensity = 0.95 * this.#tauDensity + (0.05 * rowVector.count) / core.numRows;
    }
    const tau = rowVector.array;
    const basicLower = this.#basicLower;
    const basicUpper = this.#basicUpper;
    const violation = this.#violation;
    const isListed = this.#isListed;
    const violated = this.#violated;
    let violatedCount = this.#violatedCount;
    const { array, index, count } = columnVector;
    for (let t = 0; t < count; t++) {
      const i = index[t];
      const entry = array[i];
      const weight = pricing.updated(dualWeight[i], entry / alpha, pivotWeight, usesTau ? tau[i] : 0);
      dualWeight[i] = atLeastMinimum(weight);
      const value = basicValue[i] - primalStep * entry;
      basicValue[i] = value;
      const below = basicLower[i] - value;
      const excess = below > primalTolerance ? below : value - basicUpper[i];
      if (excess > primalTolerance) {
        violation[i] = excess * excess;
        if (isListed[i] === 0) {
          isListed[i] = 1;
          violated[violatedCount++] = i;
        }
      } else violation[i] = 0;
    }
    this.#violatedCount = violatedCount;
    dualWeight[row] = atLeastMinimum(pricing.ofEntering(pivotWeight, alpha));
  }
}

/** Also where a rule gives no number: the row must stay a candidate. */
function atLeastMinimum(weight: number): number {
  if (!(weight > minWeight)) return minWeight;
  return weight;
}
