/**
 * The LP that lives through a search: the solver with the column bounds and the basis that it has now, so that only
 * differences are sent, and the solves of a node in slices between which the work may pause.
 */
import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { DualPricing } from '../../lp/simplex/dualPricing.ts';
import { type Basis, BasisStatus, type LinearSolver, type LpStatus } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { SearchParameters } from '../parameters.ts';
import type { LinearWarmStart } from './linearDecision.ts';

/** How an LP solve ended, `limit` meaning that the search must stop. */
export type LpEnd = Exclude<LpStatus, 'iteration-limit' | 'time-limit'> | 'limit';

export class NodeLp {
  readonly solver: LinearSolver;
  readonly #parameters: SearchParameters['nodes'];
  /** Bounds that the solver has now. */
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  /** The warm start that the solver's basis is; null if it is another. */
  #present: LinearWarmStart | null = null;

  constructor(program: MixedIntegerProgram, parameters: SearchParameters['nodes'], pricing?: DualPricing) {
    this.#parameters = parameters;
    this.solver = createLinearSolver(program, pricing);
    this.#lower = program.columnLower.slice();
    this.#upper = program.columnUpper.slice();
  }

  sendBounds(lower: Float64Array, upper: Float64Array): void {
    for (let column = 0; column < lower.length; column++) this.sendColumn(column, lower[column], upper[column]);
  }

  sendColumn(column: number, lower: number, upper: number): void {
    if (lower === this.#lower[column] && upper === this.#upper[column]) return;
    this.solver.setColumnBounds(column, lower, upper);
    this.#lower[column] = lower;
    this.#upper[column] = upper;
  }

  /** Takes the basis of a warm start unless the solver has it already. */
  load(warmStart: LinearWarmStart): void {
    if (warmStart !== this.#present) this.solver.loadBasis(warmStart.basis);
  }

  loadSlackBasis(): void {
    this.solver.loadBasis(this.#slackBasis());
  }

  /** Says which warm start the present basis is. */
  keep(warmStart: LinearWarmStart | null): void {
    this.#present = warmStart;
  }

  *solve(objectiveCutoff: number, shouldStop: () => boolean): Steps<LpEnd> {
    const { solver } = this;
    const { firstSlice, mostIterationsPerLine } = this.#parameters;
    const mostIterations = firstSlice + mostIterationsPerLine * (solver.numRows + solver.numColumns);
    for (let iterationLimit = firstSlice, used = 0; ; iterationLimit *= 2) {
      const status = yield* solver.solveInSteps({ iterationLimit, objectiveCutoff, shouldStop });
      if (status !== 'iteration-limit' && status !== 'time-limit') return status;
      used += iterationLimit;
      if (shouldStop()) return 'limit';
      if (used > mostIterations) return 'numerical-trouble';
      yield;
    }
  }

  #slackBasis(): Basis {
    const { solver } = this;
    const { numRows, numColumns } = solver;
    const columns = new Uint8Array(numColumns);
    for (let column = 0; column < numColumns; column++) {
      if (solver.columnLower(column) > -Infinity) columns[column] = BasisStatus.atLower;
      else columns[column] = solver.columnUpper(column) < Infinity ? BasisStatus.atUpper : BasisStatus.free;
    }
    return { columns, rows: new Uint8Array(numRows).fill(BasisStatus.basic) };
  }
}
