/**
 * The primal simplex method with Devex pricing (Harris 1973): phase 2 from a primal feasible basis, after columns were
 * added, costs changed or shifts removed; phase 1 minimises the sum of infeasibilities where the dual method gave up.
 */

import { largestEntry } from '../basis/workVector.ts';
import type { Steps } from '../steps.ts';
import { lastResortPivot, leastPivot, pivotAfterUpdates } from '../tolerances.ts';
import { perturbBounds } from './perturbation.ts';
import { PrimalRatioTest } from './primalRatioTest.ts';
import { provesInfeasibility, provesUnboundedness } from './rays.ts';
import type { RunLimits, RunOutcome } from './runLimits.ts';
import { Move, type SimplexCore } from './simplexCore.ts';

/** Pivots without progress after which bounds are perturbed. */
const stall = 50;
/** A primal step below this is no progress. */
const noStep = 1e-12;
/** Devex weights above this have lost touch with their reference framework. */
const maxWeight = 1e7;

export class PrimalSimplex {
  readonly #core: SimplexCore;
  readonly #ratioTest: PrimalRatioTest;
  #weight = new Float64Array(0);
  /** Variables whose pivots were refused since the last progress. */
  #refused = new Uint8Array(0);
  #refusals = 0;
  #infeasible = false;
  #stalled = 0;
  #perturbed = false;
  /** Direction of all variables after `unbounded`. */
  ray = new Float64Array(0);

  constructor(core: SimplexCore) {
    this.#core = core;
    this.#ratioTest = new PrimalRatioTest(core);
  }

  /** `infeasible` leaves the ray in core.rowVector, `unbounded` in `ray`. */
  *run(limits: RunLimits, mayPerturb: boolean): Steps<RunOutcome> {
    const core = this.#core;
    if (this.#weight.length < core.total) {
      this.#weight = new Float64Array(core.total + (core.total >> 1));
      this.#refused = new Uint8Array(core.total + (core.total >> 1));
    }
    this.#weight.fill(1);
    this.#clearRefusals();
    this.#stalled = 0;
    this.#perturbed = !mayPerturb;
    if (!core.isFactored) core.refactor();
    this.#rebuild();
    for (;;) {
      if (limits.reached(core)) return limits.outcome;
      if (limits.isPauseDue(core)) yield;
      if (!core.isFactored || core.factorization.isWorn) {
        core.refactor();
        this.#rebuild();
      }
      if (this.#stalled > stall && !this.#perturbed && !this.#infeasible) {
        this.#perturbed = true;
        perturbBounds(core, core.iterations & 15);
        this.#rebuild();
      }
      if (this.#infeasible) this.#computePhaseOneDuals();
      const entering = this.#chooseColumn();
      if (entering < 0) {
        if (core.factorization.updates > 0 || this.#refusals > 0) {
          if (core.factorization.updates === 0) return 'trouble';
          core.refactor();
          this.#clearRefusals();
          this.#rebuild();
          continue;
        }
        if (!this.#infeasible) return 'optimal';
        this.#phaseOneMultipliers();
        return provesInfeasibility(core.program, core.rowVector.array) ? 'infeasible' : 'trouble';
      }
      const outcome = this.#iterate(entering);
      if (outcome !== null) return outcome;
    }
  }

  #rebuild(): void {
    const core = this.#core;
    core.computeBasicValues();
    this.#infeasible = core.primalInfeasibility() > 0;
    if (!this.#infeasible) core.computeDuals();
  }

  #clearRefusals(): void {
    this.#refused.fill(0);
    this.#refusals = 0;
  }

  #refuse(variable: number): void {
    this.#refused[variable] = 1;
    this.#refusals++;
  }

  /** rowVector = B^-T g with g the gradient of the sum of infeasibilities; false if nothing is infeasible. */
  #phaseOneMultipliers(): boolean {
    const core = this.#core;
    const { rowVector, basis, basicValue, lower, upper, primalTolerance } = core;
    rowVector.clear();
    let count = 0;
    for (let i = 0; i < core.numRows; i++) {
      const v = basis[i];
      const gradient =
        basicValue[i] < lower[v] - primalTolerance ? -1 : basicValue[i] > upper[v] + primalTolerance ? 1 : 0;
      if (gradient === 0) continue;
      rowVector.array[i] = gradient;
      rowVector.index[count++] = i;
    }
    rowVector.count = count;
    if (count > 0) core.factorization.btran(rowVector, 1, false);
    return count > 0;
  }

  #computePhaseOneDuals(): void {
    const core = this.#core;
    if (!this.#phaseOneMultipliers()) {
      this.#infeasible = false;
      core.computeDuals();
      return;
    }
    const { rowVector, dual, position, numColumns, numRows } = core;
    const matrix = core.program.matrix;
    for (let j = 0; j < numColumns; j++) dual[j] = position[j] >= 0 ? 0 : -matrix.columnDot(j, rowVector.array);
    for (let i = 0; i < numRows; i++) {
      const slack = numColumns + i;
      dual[slack] = position[slack] >= 0 ? 0 : -rowVector.array[i];
    }
    core.dualsFit = false;
  }

  #chooseColumn(): number {
    const { move, dual, dualTolerance, total } = this.#core;
    const weight = this.#weight;
    const refused = this.#refused;
    let best = -1;
    let bestValue = 0;
    for (let v = 0; v < total; v++) {
      const m = move[v];
      if (m === 0) continue;
      const d = dual[v];
      const violation = m === 2 ? Math.abs(d) : -m * d;
      if (violation <= dualTolerance) continue;
      const square = violation * violation;
      if (square > bestValue * weight[v] && refused[v] === 0) {
        bestValue = square / weight[v];
        best = v;
      }
    }
    return best;
  }

  #iterate(entering: number): RunOutcome | null {
    const core = this.#core;
    const { dual, move, lower, upper, value, factorization, columnVector, basicValue } = core;
    core.computeColumn(entering);
    if (!this.#infeasible) {
      // The reduced cost once more, from the column: the updated one may have drifted.
      let exact = core.cost[entering];
      for (let t = 0; t < columnVector.count; t++) {
        const i = columnVector.index[t];
        exact -= core.cost[core.basis[i]] * columnVector.array[i];
      }
      const updated = dual[entering];
      if (Math.abs(exact - updated) > 1e-6 * (1 + Math.abs(exact)) && factorization.updates > 0) {
        core.refactor();
        this.#rebuild();
        return null;
      }
      dual[entering] = exact;
      const violation = move[entering] === Move.free ? Math.abs(exact) : -move[entering] * exact;
      if (violation <= core.dualTolerance) return null;
    }
    const direction = dual[entering] < 0 ? 1 : -1;
    const range = upper[entering] - lower[entering];
    const slope = Math.abs(dual[entering]);
    const smallestPivot = factorization.updates < 20 ? leastPivot : pivotAfterUpdates;
    let row = this.#infeasible
      ? this.#ratioTest.choosePhaseOne(direction, range, slope)
      : this.#ratioTest.choose(direction, range, smallestPivot);
    if (row < 0 && this.#ratioTest.step === Infinity) {
      if (factorization.updates > 0) {
        core.refactor();
        this.#rebuild();
        return null;
      }
      if (!this.#infeasible && this.#isRay(entering, direction)) return 'unbounded';
      if (!this.#infeasible)
        row = this.#ratioTest.choose(direction, range, lastResortPivot * largestEntry(columnVector));
      if (row < 0) {
        this.#refuse(entering);
        return null;
      }
    }
    const step = this.#ratioTest.step;
    if (step <= noStep) this.#stalled++;
    if (row < 0) {
      for (let t = 0; t < columnVector.count; t++) {
        const i = columnVector.index[t];
        basicValue[i] -= direction * range * columnVector.array[i];
      }
      core.placeNonbasic(entering, -move[entering]);
      core.iterations++;
      return null;
    }
    const alpha = columnVector.array[row];
    if (this.#ratioTest.isTiny) {
      if (factorization.updates > 0) {
        core.refactor();
        this.#rebuild();
        return null;
      }
      this.#refuse(entering);
      return null;
    }
    const leavingToUpper = this.#ratioTest.toUpper;
    if (!this.#infeasible) {
      core.computeInverseRow(row);
      core.computePivotRow();
      const alphaRow = core.pivotRow.entryOf(entering);
      if (Math.abs(alphaRow - alpha) > 1e-7 * (1 + Math.abs(alpha)) && factorization.updates > 0) {
        core.refactor();
        this.#rebuild();
        return null;
      }
      this.#updateDuals(row, entering, alpha);
    } else core.computeInverseRow(row);
    for (let t = 0; t < columnVector.count; t++) {
      const i = columnVector.index[t];
      basicValue[i] -= direction * step * columnVector.array[i];
    }
    core.exchange(row, entering, value[entering] + direction * step, leavingToUpper);
    if (this.#refusals > 0) this.#clearRefusals();
    return null;
  }

  /** Reduced costs and Devex weights after `entering` replaces the basic variable of `row`. */
  #updateDuals(row: number, entering: number, alpha: number): void {
    const { pivotRow, dual, basis } = this.#core;
    const weight = this.#weight;
    const dualStep = dual[entering] / alpha;
    const enteringWeight = weight[entering];
    const perAlpha = enteringWeight / (alpha * alpha);
    const { index, value, count } = pivotRow;
    let largest = 0;
    for (let t = 0; t < count; t++) {
      const v = index[t];
      const a = value[t];
      dual[v] -= dualStep * a;
      const candidate = a * a * perAlpha;
      if (candidate > weight[v]) {
        weight[v] = candidate;
        if (candidate > largest) largest = candidate;
      }
    }
    dual[entering] = 0;
    const leaving = basis[row];
    dual[leaving] = -dualStep;
    weight[leaving] = Math.max(perAlpha, 1);
    if (largest > maxWeight) weight.fill(1);
  }

  /** Whether moving `entering` for ever, the basic variables along, proves unboundedness; fills `ray`. */
  #isRay(entering: number, direction: 1 | -1): boolean {
    const { columnVector, basis, total, program } = this.#core;
    if (this.ray.length < total) this.ray = new Float64Array(total);
    this.ray.fill(0);
    this.ray[entering] = direction;
    for (let t = 0; t < columnVector.count; t++) {
      const i = columnVector.index[t];
      this.ray[basis[i]] = -direction * columnVector.array[i];
    }
    return provesUnboundedness(program, this.ray);
  }
}
