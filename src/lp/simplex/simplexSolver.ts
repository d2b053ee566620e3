/**
 * The linear solver that lives through a search: it keeps the scaled program, the basis and its factors, lets the dual
 * and the primal simplex take turns until neither has work left, and checks every answer in the caller's units.
 */

import type { BasisFactorization } from '../basis/basisFactorization.ts';
import { SparseLu } from '../basis/sparseLu.ts';
import { addListed } from '../basis/workVector.ts';
import { checkProgram } from '../checkProgram.ts';
import { workingTolerance } from '../feasibility.ts';
import type { LinearProgram, SparseColumn, SparseRow } from '../linearProgram.ts';
import { isWithinTolerances, type OptimalityViolations } from '../optimalityCheck.ts';
import { type Basis, BasisStatus, type LinearSolver, type LpStatus, type SolveLimits } from '../simplexTypes.ts';
import { drain, type Steps } from '../steps.ts';
import {
  acceptedViolation,
  dualFeasibility,
  loosestFeasibility,
  primalFeasibility,
  tightestFeasibility,
  wantedViolation,
} from '../tolerances.ts';
import { columnsAdded, removeScaling, renumbered, rowsAdded, takeStatuses } from './coreChanges.ts';
import { DualSimplex } from './dualSimplex.ts';
import { LoosenedRows } from './loosenedRows.ts';
import { PrimalSimplex } from './primalSimplex.ts';
import { crossedBoundsRay, unscaledFarkasRay } from './rays.ts';
import { ResultPoint } from './residuals.ts';
import { RunLimits, type RunOutcome } from './runLimits.ts';
import { ScaledProgram } from './scaledProgram.ts';
import type { Scaling } from './scaling.ts';
import { Move, SimplexCore } from './simplexCore.ts';

export interface SimplexOptions {
  /** Whether rows and columns are scaled by powers of two. Default: true. */
  readonly scale?: boolean;
  /** Factors of the basis, of this solver alone. Default: a new `SparseLu`; `rolla/lp/dense` has a plain reference. */
  readonly factorization?: BasisFactorization;
  /** Whether degeneracy may be broken by perturbing costs and bounds. Default: true. */
  readonly perturb?: boolean;
}

/** Changes between the methods in one solve after which the solver surrenders. */
const maxRounds = 40;
/** Rounds in which perturbation is allowed; later ones must end without. */
const perturbedRounds = 6;
/** Failures of both methods after which the solver surrenders. */
const maxTroubles = 6;
/** Iterations of one solve per row and column beyond which something must be wrong. */
const runawayFactor = 60;
const runawayBase = 20_000;

export class SimplexSolver implements LinearSolver {
  readonly #program: ScaledProgram;
  readonly #core: SimplexCore;
  readonly #dual: DualSimplex;
  readonly #primal: PrimalSimplex;
  readonly #point = new ResultPoint();
  readonly #loosened = new LoosenedRows();
  readonly #mayPerturb: boolean;
  #isScaled: boolean;
  #status: LpStatus | null = null;
  #hasPoint = false;
  #farkasRay: Float64Array | null = null;
  #unboundedRay: Float64Array | null = null;

  constructor(program: LinearProgram, options: SimplexOptions = {}) {
    checkProgram(program);
    this.#isScaled = options.scale ?? true;
    this.#program = new ScaledProgram(program, this.#isScaled);
    this.#core = new SimplexCore(this.#program, options.factorization ?? new SparseLu());
    this.#dual = new DualSimplex(this.#core);
    this.#primal = new PrimalSimplex(this.#core);
    this.#mayPerturb = options.perturb ?? true;
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
    if (this.#hasPoint) return this.#point;
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
      this.#checkIndex('column', column, this.numColumns);
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
    return this.#point.violations;
  }

  get farkasRay(): Float64Array | null {
    return this.#farkasRay;
  }

  get unboundedRay(): Float64Array | null {
    return this.#unboundedRay;
  }

  setColumnBounds(column: number, lower: number, upper: number): void {
    this.#checkIndex('column', column, this.numColumns);
    checkBounds('column', column, lower, upper);
    this.#forgetResult();
    this.#program.setColumnBounds(column, lower, upper);
    this.#core.reload(column);
  }

  setRowBounds(row: number, lower: number, upper: number): void {
    this.#checkIndex('row', row, this.numRows);
    checkBounds('row', row, lower, upper);
    this.#forgetResult();
    this.#program.setRowBounds(row, lower, upper);
    this.#core.reload(this.numColumns + row);
  }

  setCost(column: number, cost: number): void {
    this.#checkIndex('column', column, this.numColumns);
    if (!Number.isFinite(cost)) throw new RangeError(`cost of column ${column} is ${cost}, expected a finite number`);
    const scaled = cost * this.#program.columnScale[column];
    this.#program.cost[column] = scaled;
    this.#forgetResult();
    this.#core.changeCost(column, scaled);
  }

  columnLower(column: number): number {
    this.#checkIndex('column', column, this.numColumns);
    return this.#program.lower[column] * this.#program.columnScale[column];
  }

  columnUpper(column: number): number {
    this.#checkIndex('column', column, this.numColumns);
    return this.#program.upper[column] * this.#program.columnScale[column];
  }

  addRows(rows: readonly SparseRow[]): void {
    if (rows.length === 0) return;
    for (const [t, row] of rows.entries()) this.#checkVector('row', t, row, this.numColumns);
    this.#forgetResult();
    this.#program.addRows(rows);
    rowsAdded(this.#core, rows.length);
  }

  addColumns(columns: readonly SparseColumn[]): void {
    if (columns.length === 0) return;
    for (const [t, column] of columns.entries()) {
      this.#checkVector('column', t, column, this.numRows);
      if (!Number.isFinite(column.cost))
        throw new RangeError(`new column ${t}, cost ${column.cost}, expected a finite number`);
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
    const { numRows, numColumns } = this;
    const columns = new Uint8Array(numColumns);
    const rows = new Uint8Array(numRows);
    for (let j = 0; j < numColumns; j++) columns[j] = this.#statusOf(j);
    for (let i = 0; i < numRows; i++) {
      const status = this.#statusOf(numColumns + i);
      // The slack is the negative of the activity.
      rows[i] = status === BasisStatus.atLower ? BasisStatus.atUpper : status === BasisStatus.atUpper ? 0 : status;
    }
    return { columns, rows };
  }

  loadBasis(basis: Basis): void {
    const { numRows, numColumns } = this;
    if (basis.columns.length > numColumns || basis.rows.length > numRows)
      throw new RangeError(
        `basis of ${basis.rows.length} rows and ${basis.columns.length} columns, expected at most ${numRows} and ${numColumns}`,
      );
    const statusOf = (v: number): number => {
      if (v < numColumns) return v < basis.columns.length ? basis.columns[v] : -1;
      const i = v - numColumns;
      return i < basis.rows.length ? basis.rows[i] : BasisStatus.basic;
    };
    const moveOf = (v: number): number => {
      const status = statusOf(v);
      if (status === BasisStatus.atLower) return v < numColumns ? Move.up : Move.down;
      if (status === BasisStatus.atUpper) return v < numColumns ? Move.down : Move.up;
      return Move.none;
    };
    this.#forgetResult();
    takeStatuses(this.#core, (v) => statusOf(v) === BasisStatus.basic, moveOf);
  }

  solve(limits: SolveLimits = {}): LpStatus {
    return drain(this.solveInSteps(limits));
  }

  *solveInSteps(limits: SolveLimits = {}): Steps<LpStatus> {
    this.#farkasRay = crossedBoundsRay(this.#program);
    this.#unboundedRay = null;
    const core = this.#core;
    core.primalTolerance = primalFeasibility;
    core.dualTolerance = dualFeasibility;
    this.#hasPoint = false;
    this.#status = this.#farkasRay !== null ? 'infeasible' : yield* this.#runWithinTolerance(limits);
    this.#hasPoint = this.#status !== 'infeasible' && this.#status !== 'unbounded';
    core.restoreCost();
    core.restoreBounds();
    return this.#status;
  }

  /**
   * Where rows had to be loosened, the point must be optimal in the program as it is, in all three ways; if it does not
   * hold there, rows are loosened by their sides alone.
   */
  *#runWithinTolerance(limits: SolveLimits): Steps<LpStatus> {
    const core = this.#core;
    const startIterations = core.iterations;
    const { iterationLimit } = limits;
    for (const withColumns of [true, false]) {
      const spent = core.iterations - startIterations;
      const left = iterationLimit === undefined ? limits : { ...limits, iterationLimit: iterationLimit - spent };
      const status = yield* this.#run(left, withColumns);
      if (this.#loosened.count === 0) return status;
      this.#loosened.restore(core);
      if (status !== 'optimal') return status;
      this.#point.weighTerms(core);
      if (isWithinTolerances(this.#point.violations)) return status;
    }
    return 'numerical-trouble';
  }

  /** Lets the methods take turns. */
  *#run(limits: SolveLimits, withColumns: boolean): Steps<LpStatus> {
    const core = this.#core;
    const runaway = core.iterations + runawayBase + runawayFactor * core.total;
    const lastIteration = core.iterations + (limits.iterationLimit ?? Infinity);
    const deadline = limits.timeLimit === undefined ? Infinity : performance.now() + 1000 * limits.timeLimit;
    const runLimits = new RunLimits(Math.min(runaway, lastIteration), deadline, limits.shouldStop);
    if (limits.objectiveCutoff !== undefined) runLimits.cutoff = limits.objectiveCutoff - this.#program.offset;
    let troubles = 0;
    let preferPrimal = false;
    for (let round = 0; round < maxRounds; round++) {
      if (!core.isFactored) core.refactor();
      if (!core.valuesFit) core.computeBasicValues();
      if (!core.dualsFit) core.computeDuals();
      yield;
      const isPrimalFeasible = core.primalInfeasibility() === 0;
      if (isPrimalFeasible && core.dualInfeasibility(true) === 0) {
        const status = this.#checkOptimal();
        if (status !== null) return status;
        continue;
      }
      const mayPerturb = this.#mayPerturb && round < perturbedRounds && troubles < 3;
      const isBarelyDualInfeasible = core.dualInfeasibility(false) === 0;
      // A first solve that only needs flips is for the dual method; later ones are close to their optimum where they
      // are.
      const isFlipStart = core.iterations === 0 && isBarelyDualInfeasible;
      const usePrimal: boolean = (isPrimalFeasible && !isFlipStart) || preferPrimal;
      let outcome: RunOutcome;
      if (usePrimal) outcome = yield* this.#primal.run(runLimits, mayPerturb);
      else {
        outcome = 'optimal';
        if (!isBarelyDualInfeasible && round === 0) outcome = yield* this.#dual.runPhaseOne(runLimits, mayPerturb);
        if (outcome === 'optimal') outcome = yield* this.#dual.run(runLimits, mayPerturb && !core.costChanged);
      }
      // What the run left in work: the basic values are those of perturbed bounds, the reduced costs of shifted costs.
      const wasPerturbed = core.boundsChanged;
      switch (outcome) {
        case 'optimal':
          preferPrimal = false;
          break;
        case 'infeasible':
          if (this.#loosened.loosenFor(core, core.rowVector.array, withColumns)) {
            // The number of times is bounded there.
            round--;
            break;
          }
          this.#farkasRay = unscaledFarkasRay(this.#program, core.rowVector.array);
          return 'infeasible';
        case 'unbounded':
          if (!wasPerturbed) {
            this.#unboundedRay = this.#unscaledDirection(this.#primal.ray);
            return 'unbounded';
          }
          break;
        case 'cutoff':
          this.#point.take(core);
          if (this.#point.dualBound >= limits.objectiveCutoff!) return 'cutoff';
          runLimits.cutoff = Infinity;
          break;
        case 'time-limit':
        case 'iteration-limit':
          if (outcome === 'iteration-limit' && core.iterations < lastIteration) return this.#surrender();
          this.#takePoint();
          return outcome;
        case 'trouble':
          troubles++;
          if (troubles > maxTroubles) {
            if (this.#surrender() === 'optimal') return 'optimal';
            if (!this.#isScaled) return 'numerical-trouble';
            this.#removeScaling();
            troubles = 0;
            break;
          }
          preferPrimal = !usePrimal;
          core.primalTolerance = Math.min(loosestFeasibility, 10 * core.primalTolerance);
          core.dualTolerance = Math.min(loosestFeasibility, 10 * core.dualTolerance);
          if (troubles === 3) core.setSlackBasis();
          break;
      }
      core.restoreCost();
      core.restoreBounds();
      core.valuesFit = false;
    }
    return this.#surrender();
  }

  /**
   * No method gets on: the point where they stand may still be good enough, since both aim higher than what is asked.
   */
  #surrender(): LpStatus {
    this.#takePoint();
    return this.#isAccepted() ? 'optimal' : 'numerical-trouble';
  }

  /** Whether the point that was taken is within tolerances, if need be refined and measured in every detail. */
  #isAccepted(): boolean {
    const point = this.#point;
    const isGood = () =>
      isWithinTolerances(point.violations) && Math.max(point.excess.primal, point.excess.dual) <= acceptedViolation;
    if (isGood()) return true;
    point.takeRefined(this.#core);
    if (isGood()) return true;
    point.weighTerms(this.#core);
    return isGood() && point.violations.primal <= workingTolerance;
  }

  #takePoint(): void {
    const core = this.#core;
    core.restoreCost();
    core.restoreBounds();
    if (!core.isFactored) core.refactor();
    if (!core.valuesFit) core.computeBasicValues();
    this.#point.take(core);
  }

  /** Neither method has work left: is the point good in the caller's units? If not, makes ready for another round. */
  #checkOptimal(): LpStatus | null {
    const core = this.#core;
    const point = this.#point;
    point.take(core);
    const { violations, excess } = point;
    const isWanted = Math.max(excess.primal, excess.dual) <= wantedViolation;
    if (isWanted && isWithinTolerances(violations)) return 'optimal';
    if (core.factorization.updates > 0) {
      core.refactor();
      core.valuesFit = false;
      core.dualsFit = false;
      return null;
    }
    // Tighten until the method sees the violation that the caller would see.
    while (
      (excess.primal > wantedViolation && core.primalTolerance > tightestFeasibility) ||
      (excess.dual > wantedViolation && core.dualTolerance > tightestFeasibility)
    ) {
      if (excess.primal > wantedViolation) core.primalTolerance /= 10;
      if (excess.dual > wantedViolation) core.dualTolerance /= 10;
      if (core.primalInfeasibility() > 0 || core.dualInfeasibility(true) > 0) return null;
    }
    if (this.#isAccepted()) return 'optimal';
    if (!this.#isScaled) return 'numerical-trouble';
    this.#removeScaling();
    return null;
  }

  /** Goes on in the caller's units, where no violation can hide behind a factor. */
  #removeScaling(): void {
    const core = this.#core;
    this.#isScaled = false;
    removeScaling(core);
    core.primalTolerance = primalFeasibility;
    core.dualTolerance = dualFeasibility;
  }

  #statusOf(variable: number): number {
    const core = this.#core;
    if (core.position[variable] >= 0) return BasisStatus.basic;
    const move = core.move[variable];
    return move === Move.down ? BasisStatus.atUpper : move === Move.free ? BasisStatus.free : BasisStatus.atLower;
  }

  #unscaledDirection(direction: Float64Array): Float64Array {
    const ray = new Float64Array(this.numColumns);
    for (let j = 0; j < ray.length; j++) ray[j] = direction[j] * this.#program.columnScale[j];
    return ray;
  }

  #remove(rows: readonly number[], columns: readonly number[]): void {
    if (rows.length === 0 && columns.length === 0) return;
    const { numRows, numColumns } = this;
    for (const row of rows) this.#checkIndex('row', row, numRows);
    for (const column of columns) this.#checkIndex('column', column, numColumns);
    const newRow = numbersWithout(numRows, rows);
    const newColumn = numbersWithout(numColumns, columns);
    this.#forgetResult();
    this.#program.renumber(newRow, newColumn);
    renumbered(this.#core, newRow, newColumn);
  }

  #checkIndex(what: string, index: number, size: number): void {
    if (!(Number.isInteger(index) && index >= 0 && index < size))
      throw new RangeError(`${what} ${index}, expected an integer from 0 to ${size - 1}`);
  }

  #checkVector(what: string, place: number, vector: SparseRow, size: number): void {
    checkBounds(`new ${what}`, place, vector.lower, vector.upper);
    if (vector.indices.length !== vector.values.length)
      throw new RangeError(`new ${what} ${place}, ${vector.indices.length} indices and ${vector.values.length} values`);
    for (let t = 0; t < vector.indices.length; t++) {
      this.#checkIndex(`new ${what} ${place}, index`, vector.indices[t], size);
      if (!Number.isFinite(vector.values[t]))
        throw new RangeError(`new ${what} ${place}, value ${vector.values[t]}, expected a finite number`);
    }
  }
}

function checkBounds(what: string, index: number, lower: number, upper: number): void {
  if (Number.isNaN(lower) || Number.isNaN(upper) || lower === Infinity || upper === -Infinity)
    throw new RangeError(`bounds of ${what} ${index} are [${lower}, ${upper}]`);
}

/** New numbers of what stays, -1 for what goes. */
function numbersWithout(size: number, removed: readonly number[]): Int32Array {
  const numbers = new Int32Array(size);
  for (const index of removed) numbers[index] = -1;
  let next = 0;
  for (let i = 0; i < size; i++) if (numbers[i] === 0) numbers[i] = next++;
  return numbers;
}
