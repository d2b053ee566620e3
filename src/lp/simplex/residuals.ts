/**
 * The check of a result in the caller's units: the point and the multipliers are taken from the basis, everything else
 * (row activities, reduced costs, violations) is computed from the matrix.
 */
import { checkOptimality, type OptimalityViolations } from '../optimalityCheck.ts';
import { termRounding, wantedViolation } from '../tolerances.ts';
import { refineBasicValues, refineMultipliers } from './refinement.ts';
import { Move, type SimplexCore } from './simplexCore.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export class ResultPoint {
  primal = new Float64Array(0);
  rowActivity = new Float64Array(0);
  duals = new Float64Array(0);
  reducedCosts = new Float64Array(0);
  objective = 0;
  dualBound = -Infinity;
  /**
   * Violations of the point as `checkOptimality` defines them, but without regard to the size of terms; `weighTerms`
   * adds it.
   */
  readonly violations: Writable<OptimalityViolations> = { primal: 0, dual: 0, gap: 0 };
  /**
   * What more simplex iterations could make good: violations less what rounding of their terms explains, the dual ones
   * of every sign that is wrong where the variable stands.
   */
  readonly excess = { primal: 0, dual: 0 };
  #multipliers = new Float64Array(0);
  #activity = new Float64Array(0);

  /** Reads the point, and the multipliers of the program's own costs, from the basis; core.basicValue must fit. */
  take(core: SimplexCore): void {
    this.#resize(core.numRows, core.numColumns);
    this.#takePrimal(core);
    this.#solveMultipliers(core);
    this.#takeDual(core);
  }

  /** Reads the same with point and multipliers refined; the basis must be factorised. */
  takeRefined(core: SimplexCore): void {
    refineBasicValues(core);
    this.#takePrimal(core);
    refineMultipliers(core, this.#multipliers);
    this.#takeDual(core);
  }

  /** Measures the violations of the point that was taken once more, relative to the terms of their sums too. */
  weighTerms(core: SimplexCore): void {
    Object.assign(this.violations, checkOptimality(core.program.inCallersUnits(), this).violations);
  }

  /** Views of the present size on buffers that grow in steps. */
  #resize(numRows: number, numColumns: number): void {
    if (this.primal.length !== numColumns) {
      this.primal = resized(this.primal, numColumns);
      this.reducedCosts = resized(this.reducedCosts, numColumns);
    }
    if (this.rowActivity.length !== numRows) {
      this.rowActivity = resized(this.rowActivity, numRows);
      this.duals = resized(this.duals, numRows);
      this.#multipliers = resized(this.#multipliers, numRows);
      this.#activity = resized(this.#activity, numRows);
    }
  }

  #takePrimal(core: SimplexCore): void {
    const { program, position, value, basicValue } = core;
    const { matrix, numRows, numColumns, columnScale, rowScale, lower, upper, cost } = program;
    const activity = this.#activity;
    activity.fill(0, 0, numRows);
    let worst = 0;
    let objective = program.offset;
    for (let j = 0; j < numColumns; j++) {
      const row = position[j];
      const x = row >= 0 ? basicValue[row] : value[j];
      const scale = columnScale[j];
      this.primal[j] = x * scale;
      if (x === 0) {
        if (lower[j] > 0 || upper[j] < 0) worst = Math.max(worst, violation(0, lower[j] * scale, upper[j] * scale));
        continue;
      }
      objective += cost[j] * x;
      matrix.addColumnTo(j, x, activity);
      if (x < lower[j] || x > upper[j])
        worst = Math.max(worst, violation(x * scale, lower[j] * scale, upper[j] * scale));
    }
    let excess = worst;
    for (let i = 0; i < numRows; i++) {
      const slack = numColumns + i;
      const scale = rowScale[i];
      const a = activity[i];
      this.rowActivity[i] = a / scale;
      const low = lower[slack];
      const high = upper[slack];
      if (-a >= low && -a <= high) continue;
      const missed = Math.max(low + a, -a - high);
      const size = scale + Math.abs(-a < low ? low : high);
      worst = Math.max(worst, missed / size);
      if (missed > wantedViolation * size)
        excess = Math.max(excess, (missed - termRounding * largestTerm(core, i)) / size);
    }
    this.objective = objective;
    this.violations.primal = worst;
    this.excess.primal = excess;
  }

  #solveMultipliers(core: SimplexCore): void {
    const { basis, rowVector, numRows } = core;
    const { cost } = core.program;
    rowVector.clear();
    let count = 0;
    for (let i = 0; i < numRows; i++) {
      const c = cost[basis[i]];
      if (c === 0) continue;
      rowVector.array[i] = c;
      rowVector.index[count++] = i;
    }
    rowVector.count = count;
    if (count > 0) core.factorization.btran(rowVector, 1, false);
    this.#multipliers.set(rowVector.array.subarray(0, numRows));
    rowVector.clear();
  }

  #takeDual(core: SimplexCore): void {
    const { program, position, move } = core;
    const { matrix, numRows, numColumns, columnScale, rowScale, lower, upper, cost } = program;
    const y = this.#multipliers;
    let dualObjective = program.offset;
    let isBound = true;
    let worst = 0;
    let excess = 0;
    for (let v = 0; v < numColumns + numRows; v++) {
      const isColumn = v < numColumns;
      const d = isColumn ? cost[v] - matrix.columnDot(v, y) : -y[v - numColumns];
      const scale = isColumn ? columnScale[v] : 1 / rowScale[v - numColumns];
      const unscaled = d / scale;
      if (isColumn) this.reducedCosts[v] = unscaled;
      else this.duals[v - numColumns] = -unscaled;
      const size = 1 + Math.abs(cost[v] / scale);
      if (d !== 0) {
        const at = d > 0 ? lower[v] : upper[v];
        if (Number.isFinite(at)) dualObjective += d * at;
        else {
          if (Math.abs(d) > core.dualTolerance) isBound = false;
          worst = Math.max(worst, Math.abs(unscaled) / size);
        }
      }
      const m = move[v];
      const wrong =
        position[v] >= 0 || m === Move.free ? Math.abs(unscaled) : m === Move.none ? 0 : Math.max(0, -m * unscaled);
      if (wrong > wantedViolation * size)
        excess = Math.max(excess, (wrong - (termRounding * largestDualTerm(core, v, y)) / scale) / size);
    }
    this.dualBound = isBound ? dualObjective : -Infinity;
    this.violations.dual = worst;
    this.violations.gap = Math.abs(this.objective - dualObjective) / (1 + Math.abs(this.objective));
    this.excess.dual = excess;
  }
}

/** Largest |a_ij x_j| of a row of the scaled program. */
function largestTerm(core: SimplexCore, row: number): number {
  const { program, position, value, basicValue } = core;
  const { begin, end, indices, values } = program.matrix.byRow;
  let largest = 0;
  for (let e = begin[row]; e < end[row]; e++) {
    const j = indices[e];
    const at = position[j];
    largest = Math.max(largest, Math.abs(values[e] * (at >= 0 ? basicValue[at] : value[j])));
  }
  return largest;
}

/** Largest |a_ij y_i| of the reduced cost of a variable of the scaled program. */
function largestDualTerm(core: SimplexCore, variable: number, y: Float64Array): number {
  const { begin, end, indices, values } = core.program.matrix.byColumn;
  if (variable >= core.numColumns) return 0;
  let largest = Math.abs(core.program.cost[variable]);
  for (let e = begin[variable]; e < end[variable]; e++)
    largest = Math.max(largest, Math.abs(values[e] * y[indices[e]]));
  return largest;
}

function violation(x: number, lower: number, upper: number): number {
  if (x < lower) return (lower - x) / (1 + Math.abs(lower));
  if (x > upper) return (x - upper) / (1 + Math.abs(upper));
  return 0;
}

/**
 * A view of this length on the same buffer, or on a larger one if that is too small; what it holds is to be written.
 */
function resized(view: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const { buffer } = view;
  const room = buffer.byteLength / Float64Array.BYTES_PER_ELEMENT;
  return room >= length
    ? new Float64Array(buffer, 0, length)
    : new Float64Array(length + (length >> 1)).subarray(0, length);
}
