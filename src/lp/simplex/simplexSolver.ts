/**
 * The linear solver that lives through a search: it keeps the scaled program, the basis and its factors, follows every
 * change of the program, and tells the results of the last solve (methodTurns.ts) in the caller's units.
 */

import { attempt, fault, type InputIssue, refuse } from '../../input/inputError.ts';
import { checkOptions, type OptionRule, rule, switchRule } from '../../input/optionRules.ts';
import type { BasisFactorization } from '../basis/basisFactorization.ts';
import { SparseLu } from '../basis/sparseLu.ts';
import { addListed } from '../basis/workVector.ts';
import { checkProgram } from '../checkProgram.ts';
import type { LinearProgram, SparseColumn, SparseRow } from '../linearProgram.ts';
import type { OptimalityViolations } from '../optimalityCheck.ts';
import type { Basis, LinearSolver, LpStatus, SolveLimits } from '../simplexTypes.ts';
import { drain, type Steps } from '../steps.ts';
import { checkBasis, checkBounds, checkIndex, checkVector } from './argumentChecks.ts';
import { columnsAdded, renumbered, rowsAdded } from './coreChanges.ts';
import { type DualPricing, type DualPricingName, dualPricingOf, pricingRule } from './dualPricing.ts';
import { MethodTurns } from './methodTurns.ts';
import { crossedBoundsRay } from './rays.ts';
import type { ResultPoint } from './residuals.ts';
import { basisOf, takeBasis } from './savedBasis.ts';
import { ScaledProgram } from './scaledProgram.ts';
import type { Scaling } from './scaling.ts';
import { SimplexCore } from './simplexCore.ts';

export interface SimplexOptions {
  /** Whether rows and columns are scaled by powers of two. Default: true. */
  readonly scale?: boolean;
  /** Factors of the basis, of this solver alone. Default: a new `SparseLu`; `rolla/lp/dense` has a plain reference. */
  readonly factorization?: BasisFactorization;
  /** Whether degeneracy may be broken by perturbing costs and bounds. Default: true. */
  readonly perturb?: boolean;
  /** Which violated row leaves the basis in the dual simplex: a rule, or the name of one. Default: steepest edge. */
  readonly pricing?: DualPricingName | DualPricing;
}

const methods = ['factor', 'ftran', 'ftranFor', 'btran', 'update'] as const;

export const simplexRules: { readonly [Name in keyof SimplexOptions]-?: OptionRule } = {
  scale: switchRule,
  factorization: rule(
    `factors of a basis: an object with ${methods.join(', ')}`,
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function'),
  ),
  perturb: switchRule,
  pricing: pricingRule,
};

export class SimplexSolver implements LinearSolver {
  readonly #program: ScaledProgram;
  readonly #core: SimplexCore;
  readonly #turns: MethodTurns;
  #status: LpStatus | null = null;
  #hasPoint = false;
  #farkasRay: Float64Array | null = null;
  #unboundedRay: Float64Array | null = null;

  /**
   * Throws InputError for data that are no program (`checkProgram`), and with every fault of the options; with
   * `isChecked` the caller has seen to both.
   */
  constructor(program: LinearProgram, options: SimplexOptions = {}, isChecked = false) {
    if (!isChecked) checkArguments(program, options);
    this.#program = new ScaledProgram(program, options.scale ?? true);
    this.#core = new SimplexCore(this.#program, options.factorization ?? new SparseLu());
    const pricing = dualPricingOf(options.pricing);
    this.#turns = new MethodTurns(this.#core, options.scale ?? true, options.perturb ?? true, pricing);
  }

  get numRows(): number {
    return this.#program.numRows;
  }

  get numColumns(): number {
    return this.#program.numColumns;
  }

  get iterations(): number {
    return this.#core.iterations;
  }

  /** Factorisations over the life of the solver. */
  get factorizations(): number {
    return this.#core.factorizations;
  }

  /** What scaling did when the solver was made. */
  get scaling(): Scaling {
    return this.#program.scaling;
  }

  /**
   * The point of the last solve; what a solve that made none left behind, or one before a change, is not read as if it
   * were.
   */
  get #fresh(): ResultPoint {
    if (this.#hasPoint) return this.#turns.point;
    const what = this.#status === null ? 'no solve since the last change' : `a solve that ended ${this.#status}`;
    throw new Error(`SimplexSolver: found ${what}, expected a solve with a point before its result is read`);
  }

  /** After a change there is no result until the next solve. */
  #forgetResult(): void {
    this.#status = null;
    this.#hasPoint = false;
    this.#farkasRay = null;
    this.#unboundedRay = null;
  }

  get status(): LpStatus | null {
    return this.#status;
  }

  get objective(): number {
    return this.#status === 'cutoff' ? this.#fresh.dualBound : this.#fresh.objective;
  }

  get dualBound(): number {
    return this.#fresh.dualBound;
  }

  get primal(): Float64Array {
    return this.#fresh.primal;
  }

  get rowActivity(): Float64Array {
    return this.#fresh.rowActivity;
  }

  get duals(): Float64Array {
    return this.#fresh.duals;
  }

  get reducedCosts(): Float64Array {
    return this.#fresh.reducedCosts;
  }

  multipliersOf(columns: ArrayLike<number>, values: ArrayLike<number>): Float64Array {
    const { rowScale, columnScale } = this.#program;
    const core = this.#core;
    if (!core.isFactored) core.refactor();
    const { rowVector, position } = core;
    rowVector.clear();
    for (let t = 0; t < columns.length; t++) {
      const column = columns[t];
      checkIndex('column', column, this.numColumns);
      const at = position[column];
      if (at >= 0) addListed(rowVector, at, values[t] * columnScale[column]);
    }
    if (rowVector.count > 0) core.factorization.btran(rowVector, core.rowDensity, false);
    const multipliers = new Float64Array(this.numRows);
    for (let i = 0; i < multipliers.length; i++) multipliers[i] = rowVector.array[i] * rowScale[i];
    rowVector.clear();
    return multipliers;
  }

  /** Largest violations of the last point, in the caller's units. */
  get violations(): OptimalityViolations {
    return this.#turns.point.violations;
  }

  get farkasRay(): Float64Array | null {
    return this.#farkasRay;
  }

  get unboundedRay(): Float64Array | null {
    return this.#unboundedRay;
  }

  setColumnBounds(column: number, lower: number, upper: number): void {
    checkIndex('column', column, this.numColumns);
    checkBounds('column', column, lower, upper);
    this.#forgetResult();
    this.#program.setColumnBounds(column, lower, upper);
    this.#core.reload(column);
  }

  setRowBounds(row: number, lower: number, upper: number): void {
    checkIndex('row', row, this.numRows);
    checkBounds('row', row, lower, upper);
    this.#forgetResult();
    this.#program.setRowBounds(row, lower, upper);
    this.#core.reload(this.numColumns + row);
  }

  setCost(column: number, cost: number): void {
    checkIndex('column', column, this.numColumns);
    if (!Number.isFinite(cost)) throw fault(`column ${column}`, `a cost of ${cost}`, 'a finite number');
    const scaled = cost * this.#program.columnScale[column];
    this.#program.cost[column] = scaled;
    this.#forgetResult();
    this.#core.changeCost(column, scaled);
  }

  columnLower(column: number): number {
    checkIndex('column', column, this.numColumns);
    return this.#program.lower[column] * this.#program.columnScale[column];
  }

  columnUpper(column: number): number {
    checkIndex('column', column, this.numColumns);
    return this.#program.upper[column] * this.#program.columnScale[column];
  }

  addRows(rows: readonly SparseRow[]): void {
    if (rows.length === 0) return;
    for (const [t, row] of rows.entries()) checkVector('row', t, row, this.numColumns);
    this.#forgetResult();
    this.#program.addRows(rows);
    rowsAdded(this.#core, rows.length);
  }

  addColumns(columns: readonly SparseColumn[]): void {
    if (columns.length === 0) return;
    for (const [t, column] of columns.entries()) {
      checkVector('column', t, column, this.numRows);
      if (!Number.isFinite(column.cost)) throw fault(`new column ${t}`, `a cost of ${column.cost}`, 'a finite number');
    }
    this.#forgetResult();
    this.#program.addColumns(columns);
    columnsAdded(this.#core, columns.length);
  }

  removeRows(rows: readonly number[]): void {
    this.#remove(rows, []);
  }

  removeColumns(columns: readonly number[]): void {
    this.#remove([], columns);
  }

  saveBasis(): Basis {
    return basisOf(this.#core);
  }

  loadBasis(basis: Basis): void {
    checkBasis(basis, this.numRows, this.numColumns);
    this.#forgetResult();
    takeBasis(this.#core, basis);
  }

  solve(limits: SolveLimits = {}): LpStatus {
    return drain(this.solveInSteps(limits));
  }

  *solveInSteps(limits: SolveLimits = {}): Steps<LpStatus> {
    this.#farkasRay = crossedBoundsRay(this.#program);
    this.#unboundedRay = null;
    this.#hasPoint = false;
    if (this.#farkasRay !== null) this.#status = 'infeasible';
    else {
      const { status, farkasRay, unboundedRay } = yield* this.#turns.run(limits);
      this.#status = status;
      this.#farkasRay = farkasRay;
      this.#unboundedRay = unboundedRay;
    }
    this.#hasPoint = this.#status !== 'infeasible' && this.#status !== 'unbounded';
    this.#core.restoreCost();
    this.#core.restoreBounds();
    return this.#status;
  }

  #remove(rows: readonly number[], columns: readonly number[]): void {
    if (rows.length === 0 && columns.length === 0) return;
    const { numRows, numColumns } = this;
    for (const row of rows) checkIndex('row', row, numRows);
    for (const column of columns) checkIndex('column', column, numColumns);
    const newRow = numbersWithout(numRows, rows);
    const newColumn = numbersWithout(numColumns, columns);
    this.#forgetResult();
    this.#program.renumber(newRow, newColumn);
    renumbered(this.#core, newRow, newColumn);
  }
}

function checkArguments(program: LinearProgram, options: SimplexOptions): void {
  const issues: InputIssue[] = [];
  attempt(() => checkProgram(program), issues);
  attempt(() => checkOptions(options, simplexRules), issues);
  refuse(issues);
}

/** New numbers of what stays, -1 for what goes. */
function numbersWithout(size: number, removed: readonly number[]): Int32Array {
  const numbers = new Int32Array(size);
  for (const index of removed) numbers[index] = -1;
  let next = 0;
  for (let i = 0; i < size; i++) if (numbers[i] === 0) numbers[i] = next++;
  return numbers;
}
