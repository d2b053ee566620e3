/**
 * The state both simplex methods work on: basis, values, reduced costs and the factorised basis. Invariants:
 * position[v] is the row in which v is basic or -1; a non-basic variable has value[v] at the bound that move[v] names;
 * basicValue[i] belongs to basis[i].
 */
import type { BasisFactorization } from '../basis/basisFactorization.ts';
import { addListed, WorkVector } from '../basis/workVector.ts';
import { dualFeasibility, primalFeasibility } from '../tolerances.ts';
import { PivotRow } from './pivotRow.ts';
import type { ScaledProgram } from './scaledProgram.ts';

/**
 * Where a non-basic variable may go: up from its lower bound, down from its upper, nowhere (fixed, or basic), both
 * (free).
 */
export const Move = { up: 1, down: -1, none: 0, free: 2 } as const;

/** Share of the old average in the running density of solve results. */
const densityMemory = 0.95;
/** Share of non-zero multipliers from which reduced costs are cheaper by columns: these write each result once. */
const denseMultipliers = 0.25;

export class SimplexCore {
  readonly program: ScaledProgram;
  readonly factorization: BasisFactorization;
  /** Bounds and costs in work: the program's, but for perturbation and shifting. */
  lower: Float64Array<ArrayBuffer>;
  upper: Float64Array<ArrayBuffer>;
  cost: Float64Array<ArrayBuffer>;
  value: Float64Array<ArrayBuffer>;
  dual: Float64Array<ArrayBuffer>;
  move: Int8Array<ArrayBuffer>;
  position: Int32Array<ArrayBuffer>;
  basis: Int32Array<ArrayBuffer>;
  basicValue: Float64Array<ArrayBuffer>;
  /** Dual steepest edge weights by row; follow their variables through factorisations. */
  dualWeight: Float64Array<ArrayBuffer>;
  /** Whether cost, or bounds, differ from the program's. */
  costChanged = false;
  boundsChanged = false;
  /** The factorisation fits the basis; the basic values and reduced costs fit the basis. */
  isFactored = false;
  valuesFit = false;
  dualsFit = false;
  /** The same of fixed non-basic variables, which the pivot rows leave out. */
  fixedDualsFit = false;
  iterations = 0;
  factorizations = 0;
  primalTolerance = primalFeasibility;
  dualTolerance = dualFeasibility;

  readonly rowVector = new WorkVector(0);
  readonly columnVector = new WorkVector(0);
  readonly pivotRow = new PivotRow();
  readonly scratch = new WorkVector(0);
  rowDensity = 0.1;
  columnDensity = 0.1;
  /** Room to carry dual weights along while variables change their rows. */
  weightByVariable = new Float64Array(0);

  constructor(program: ScaledProgram, factorization: BasisFactorization) {
    this.program = program;
    this.factorization = factorization;
    const { numRows, total } = program;
    this.lower = program.lower.slice();
    this.upper = program.upper.slice();
    this.cost = program.cost.slice();
    this.value = new Float64Array(total);
    this.dual = new Float64Array(total);
    this.move = new Int8Array(total);
    this.position = new Int32Array(total).fill(-1);
    this.basis = new Int32Array(numRows);
    this.basicValue = new Float64Array(numRows);
    this.dualWeight = new Float64Array(numRows);
    this.resizeWork();
    this.setSlackBasis();
  }

  get numRows(): number {
    return this.program.numRows;
  }

  get numColumns(): number {
    return this.program.numColumns;
  }

  get total(): number {
    return this.program.total;
  }

  resizeWork(): void {
    const { numRows, total } = this.program;
    for (const vector of [this.rowVector, this.columnVector, this.scratch])
      if (vector.array.length < numRows) vector.resize(numRows);
    this.pivotRow.resize(total, this.numColumns);
    if (this.weightByVariable.length < total) this.weightByVariable = new Float64Array(total + (total >> 1));
  }

  setSlackBasis(): void {
    const { numColumns, numRows } = this.program;
    for (let j = 0; j < numColumns; j++) {
      this.position[j] = -1;
      this.placeNonbasic(j, Move.none);
    }
    for (let i = 0; i < numRows; i++) this.setBasic(i, numColumns + i);
    this.dualWeight.fill(1, 0, numRows);
    this.forgetFactors();
  }

  forgetFactors(): void {
    this.isFactored = false;
    this.valuesFit = false;
    this.dualsFit = false;
  }

  setBasic(row: number, variable: number): void {
    this.basis[row] = variable;
    this.position[variable] = row;
    this.move[variable] = Move.none;
  }

  /**
   * Puts a non-basic variable on a bound: the one `preferred` names if it is finite, else the finite one nearest zero;
   * at 0 if it is free.
   */
  placeNonbasic(variable: number, preferred: number): void {
    const lower = this.lower[variable];
    const upper = this.upper[variable];
    if (lower === upper) {
      this.move[variable] = Move.none;
      this.value[variable] = lower;
      return;
    }
    const toUpper =
      lower === -Infinity ||
      (upper < Infinity && (preferred === Move.down || (preferred !== Move.up && Math.abs(upper) < Math.abs(lower))));
    if (!toUpper) {
      this.move[variable] = Move.up;
      this.value[variable] = lower;
    } else if (upper < Infinity) {
      this.move[variable] = Move.down;
      this.value[variable] = upper;
    } else {
      this.move[variable] = Move.free;
      this.value[variable] = 0;
    }
  }

  /** Factorises the basis; dependent variables become non-basic. Returns how many. */
  refactor(): number {
    const { program, basis, position, dualWeight, factorization } = this;
    const numRows = program.numRows;
    const byVariable = this.weightByVariable;
    for (let i = 0; i < numRows; i++) byVariable[basis[i]] = dualWeight[i];
    const deficiency = factorization.factor(program.matrix, basis);
    if (deficiency > 0) {
      for (let t = 0; t < deficiency; t++) {
        const variable = factorization.replaced[t];
        position[variable] = -1;
        this.placeNonbasic(variable, Move.none);
      }
      for (let i = 0; i < numRows; i++) {
        if (position[basis[i]] < 0) byVariable[basis[i]] = 1;
      }
      this.valuesFit = false;
      this.dualsFit = false;
    }
    for (let i = 0; i < numRows; i++) {
      const variable = basis[i];
      dualWeight[i] = byVariable[variable];
      if (position[variable] < 0) this.move[variable] = Move.none;
      position[variable] = i;
    }
    this.isFactored = true;
    this.dualsFit = false;
    this.factorizations++;
    return deficiency;
  }

  /** Basic values from the non-basic ones: B x_B = -N x_N. */
  computeBasicValues(): void {
    const { program, position, value, columnVector, basicValue } = this;
    const { matrix, numColumns, numRows } = program;
    columnVector.clear();
    const array = columnVector.array;
    for (let j = 0; j < numColumns; j++) if (position[j] < 0 && value[j] !== 0) matrix.addColumnTo(j, -value[j], array);
    for (let i = 0; i < numRows; i++) {
      const slack = numColumns + i;
      if (position[slack] < 0) array[i] -= value[slack];
    }
    columnVector.relist(numRows, 0);
    this.factorization.ftran(columnVector, 1, false);
    for (let i = 0; i < numRows; i++) basicValue[i] = array[i];
    columnVector.clear();
    this.valuesFit = true;
  }

  /** Reduced costs d = c - A'y of all variables with B'y = c_B; the slack of row i has d = cost - y_i. */
  computeDuals(): void {
    const { program, basis, cost, dual, rowVector } = this;
    const { matrix, numColumns, numRows } = program;
    rowVector.clear();
    const y = rowVector.array;
    let count = 0;
    for (let i = 0; i < numRows; i++) {
      const c = cost[basis[i]];
      if (c === 0) continue;
      y[i] = c;
      rowVector.index[count++] = i;
    }
    rowVector.count = count;
    if (count > 0) this.factorization.btran(rowVector, 1, false);
    if (rowVector.count < denseMultipliers * numRows) this.#subtractRows();
    else for (let j = 0; j < numColumns; j++) dual[j] = cost[j] - matrix.columnDot(j, y);
    for (let i = 0; i < numRows; i++) dual[numColumns + i] = cost[numColumns + i] - y[i];
    for (let i = 0; i < numRows; i++) dual[basis[i]] = 0;
    rowVector.clear();
    this.dualsFit = true;
    this.fixedDualsFit = true;
  }

  /** Reduced costs of the columns by the rows listed in rowVector: few multipliers leave most of the matrix alone. */
  #subtractRows(): void {
    const { cost, dual, rowVector, program, numColumns } = this;
    const { begin, end, indices, values } = program.matrix.byRow;
    const { array, index, count } = rowVector;
    dual.set(cost.subarray(0, numColumns));
    for (let t = 0; t < count; t++) {
      const i = index[t];
      const y = array[i];
      for (let e = begin[i], stop = end[i]; e < stop; e++) dual[indices[e]] -= y * values[e];
    }
  }

  /** rowVector = row `row` of the inverse basis. */
  computeInverseRow(row: number): void {
    const { rowVector } = this;
    rowVector.clear();
    rowVector.setUnit(row);
    this.factorization.btran(rowVector, this.rowDensity, true);
    this.rowDensity = densityMemory * this.rowDensity + ((1 - densityMemory) * rowVector.count) / this.numRows;
  }

  /** pivotRow = that row of the inverse times [A I]. */
  computePivotRow(): void {
    this.pivotRow.compute(this.program.matrix, this.rowVector, this.move);
    this.fixedDualsFit = false;
  }

  /** columnVector = inverse basis times the column of `variable`. */
  computeColumn(variable: number): void {
    const { columnVector, program } = this;
    columnVector.clear();
    const { matrix, numColumns } = program;
    if (variable >= numColumns) columnVector.setUnit(variable - numColumns);
    else {
      const { begin, end, indices, values } = matrix.byColumn;
      let count = 0;
      for (let e = begin[variable]; e < end[variable]; e++) {
        const i = indices[e];
        columnVector.array[i] = values[e];
        columnVector.index[count++] = i;
      }
      columnVector.count = count;
    }
    this.factorization.ftran(columnVector, this.columnDensity, true);
    this.columnDensity = densityMemory * this.columnDensity + ((1 - densityMemory) * columnVector.count) / this.numRows;
  }

  /** v += factor * column of `variable`, keeping the list. */
  addColumnTo(variable: number, factor: number, v: WorkVector): void {
    const { matrix, numColumns } = this.program;
    if (variable >= numColumns) {
      addListed(v, variable - numColumns, factor);
      return;
    }
    const { begin, end, indices, values } = matrix.byColumn;
    for (let e = begin[variable], stop = end[variable]; e < stop; e++) addListed(v, indices[e], factor * values[e]);
  }

  /**
   * Exchanges basis[row] for `entering`, whose new value is given; the leaving variable goes to its lower or upper
   * bound. The factors are updated, or marked as unfit.
   */
  exchange(row: number, entering: number, enteringValue: number, leavingToUpper: boolean): void {
    const leaving = this.basis[row];
    if (!this.factorization.update(row, this.columnVector)) this.isFactored = false;
    this.position[leaving] = -1;
    this.placeNonbasic(leaving, leavingToUpper ? Move.down : Move.up);
    this.setBasic(row, entering);
    this.basicValue[row] = enteringValue;
    this.iterations++;
  }

  restoreCost(): void {
    if (!this.costChanged) return;
    this.cost.set(this.program.cost.subarray(0, this.total));
    this.costChanged = false;
    this.dualsFit = false;
  }

  restoreBounds(): void {
    if (!this.boundsChanged) return;
    const total = this.total;
    this.takeBounds();
    for (let v = 0; v < total; v++) if (this.position[v] < 0) this.placeNonbasic(v, this.move[v]);
    this.valuesFit = false;
    // Bounds in work may have fixed variables that are free again.
    this.dualsFit = false;
  }

  /**
   * Takes the program's present bounds of all variables; where they cross within the tolerance of feasibility, the
   * lower one.
   */
  takeBounds(): void {
    const { lower, upper, program, total } = this;
    for (let v = 0; v < total; v++) {
      lower[v] = program.lower[v];
      upper[v] = Math.max(program.lower[v], program.upper[v]);
    }
    this.boundsChanged = false;
  }

  /** Takes the program's present bounds and cost of one variable. */
  reload(variable: number): void {
    const { program } = this;
    this.lower[variable] = program.lower[variable];
    this.upper[variable] = Math.max(program.lower[variable], program.upper[variable]);
    if (this.position[variable] >= 0) return;
    const before = this.value[variable];
    const wasFixed = this.move[variable] === Move.none;
    this.placeNonbasic(variable, this.move[variable]);
    // Pivots since it was fixed have not kept its reduced cost up.
    if (wasFixed && this.move[variable] !== Move.none) this.dualsFit = false;
    if (this.value[variable] !== before) this.valuesFit = false;
  }

  /** Sum of primal violations of basic variables beyond the tolerance. */
  primalInfeasibility(): number {
    const { basis, basicValue, lower, upper, primalTolerance } = this;
    let sum = 0;
    for (let i = 0; i < this.numRows; i++) {
      const variable = basis[i];
      const value = basicValue[i];
      const violation = Math.max(lower[variable] - value, value - upper[variable]);
      if (violation > primalTolerance) sum += violation;
    }
    return sum;
  }

  /** Sum of dual violations; boxed variables count only if `countBoxed` (a dual method just flips them). */
  dualInfeasibility(countBoxed: boolean): number {
    const { move, dual, lower, upper, dualTolerance } = this;
    let sum = 0;
    for (let v = 0, total = this.total; v < total; v++) {
      const m = move[v];
      if (m === 0) continue;
      const violation = m === 2 ? Math.abs(dual[v]) : -m * dual[v];
      if (violation <= dualTolerance) continue;
      if (!countBoxed && lower[v] > -Infinity && upper[v] < Infinity) continue;
      sum += violation;
    }
    return sum;
  }

  /** Sum of d_j x_j over non-basic variables: the objective of the basis in work (the right-hand side is zero). */
  dualObjective(): number {
    const { position, dual, value } = this;
    let sum = 0;
    for (let v = 0, total = this.total; v < total; v++) if (position[v] < 0) sum += dual[v] * value[v];
    return sum;
  }

  changeCost(variable: number, cost: number): void {
    const change = cost - this.cost[variable];
    this.cost[variable] = cost;
    if (this.position[variable] >= 0) this.dualsFit = false;
    else this.dual[variable] += change;
  }
}
