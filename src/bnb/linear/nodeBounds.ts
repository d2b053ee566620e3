/**
 * Column bounds of a linear relaxation: the global ones, and those of the present node, got from the global ones by the
 * warm start's findings, the decisions and propagation. Of the propagated bounds only those of integer columns reach
 * the LP: bounds of continuous columns are implied by its rows and would only add degeneracy.
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { SearchParameters } from '../parameters.ts';
import type { LinearDecision, LinearWarmStart } from './linearDecision.ts';
import { BoundPropagator } from './propagation.ts';
import { fixByReducedCost, type ReducedCostRecord } from './reducedCostFixing.ts';

export class NodeBounds {
  readonly globalLower: Float64Array;
  readonly globalUpper: Float64Array;
  /** Bounds of the node of the last `enter`. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly integerColumns: Int32Array;
  /** Integer columns that propagation tightened at the last `enter`, beyond what was known of the node before. */
  inferences = 0;
  readonly #propagator: BoundPropagator;
  readonly #propagates: boolean;
  readonly #integrality: ArrayLike<number>;
  readonly #parameters: SearchParameters;

  constructor(program: MixedIntegerProgram, propagates: boolean, parameters: SearchParameters) {
    const { integrality } = parameters.tolerances;
    this.#parameters = parameters;
    this.globalLower = program.columnLower.slice();
    this.globalUpper = program.columnUpper.slice();
    const integers: number[] = [];
    for (let column = 0; column < program.numColumns; column++) {
      if (program.integrality[column] !== 1) continue;
      integers.push(column);
      this.globalLower[column] = Math.ceil(this.globalLower[column] - integrality);
      this.globalUpper[column] = Math.floor(this.globalUpper[column] + integrality);
    }
    this.integerColumns = Int32Array.from(integers);
    this.lower = this.globalLower.slice();
    this.upper = this.globalUpper.slice();
    this.#propagator = new BoundPropagator(program, program.integrality, parameters);
    this.#propagates = propagates;
    this.#integrality = program.integrality;
  }

  /** Tightens the global bounds by propagation of all rows; false if the program is infeasible. */
  tightenGlobally(): boolean {
    const propagator = this.#propagator;
    propagator.start(this.globalLower, this.globalUpper);
    for (const column of this.integerColumns) if (this.globalLower[column] > this.globalUpper[column]) return false;
    if (!this.#propagates) return true;
    propagator.queueAllRows();
    return propagator.propagate() && this.#takeAsGlobal();
  }

  /** Tightens the global bounds by the root's reduced costs and an incumbent; false if nothing better is left. */
  fixGlobally(record: ReducedCostRecord, cutoff: number): boolean {
    const propagator = this.#propagator;
    propagator.start(this.globalLower, this.globalUpper);
    let isOpen = true;
    const count = fixByReducedCost(
      record,
      this.integerColumns,
      cutoff,
      this.#parameters.tolerances,
      (column, lower, upper) => {
        isOpen = propagator.tighten(column, lower, upper) && isOpen;
      },
    );
    if (count === 0) return true;
    if (!isOpen || (this.#propagates && !propagator.propagate())) return false;
    return this.#takeAsGlobal();
  }

  /** Sets the node's bounds; false if no point is left. */
  enter(decisions: readonly LinearDecision[], warmStart: LinearWarmStart | null): boolean {
    const propagator = this.#propagator;
    this.inferences = 0;
    propagator.start(this.globalLower, this.globalUpper);
    this.lower.set(this.globalLower);
    this.upper.set(this.globalUpper);
    if (warmStart !== null) {
      for (let at = 0; at < warmStart.columns.length; at++) {
        if (!propagator.tighten(warmStart.columns[at], warmStart.lower[at], warmStart.upper[at])) return false;
      }
    }
    for (const { bounds } of decisions) {
      for (const { column, lower, upper } of bounds) {
        if (!propagator.tighten(column, lower, upper)) return false;
        this.lower[column] = Math.max(this.lower[column], lower);
        this.upper[column] = Math.min(this.upper[column], upper);
      }
    }
    const given = { lower: propagator.lower.slice(), upper: propagator.upper.slice() };
    if (this.#propagates && !propagator.propagate()) return false;
    for (const column of this.integerColumns) {
      this.lower[column] = propagator.lower[column];
      this.upper[column] = propagator.upper[column];
      if (this.lower[column] > given.lower[column] || this.upper[column] < given.upper[column]) this.inferences++;
    }
    return true;
  }

  /** Fixes by reduced cost within the node; returns the number of columns touched. The LP's answer stays valid. */
  fixInNode(record: ReducedCostRecord, cutoff: number): number {
    return fixByReducedCost(
      record,
      this.integerColumns,
      cutoff,
      this.#parameters.tolerances,
      (column, lower, upper) => {
        this.lower[column] = Math.max(this.lower[column], lower);
        this.upper[column] = Math.min(this.upper[column], upper);
      },
    );
  }

  /** Columns that the global bounds leave free. */
  get freeColumns(): number {
    let count = 0;
    for (let column = 0; column < this.globalLower.length; column++)
      if (this.globalLower[column] < this.globalUpper[column]) count++;
    return count;
  }

  /** The node's integer bounds that are tighter than the global ones. */
  differences(): Omit<LinearWarmStart, 'basis'> {
    const { lower, upper, globalLower, globalUpper } = this;
    const columns = this.integerColumns.filter(
      (column) => lower[column] > globalLower[column] || upper[column] < globalUpper[column],
    );
    return {
      columns,
      lower: Float64Array.from(columns, (column) => lower[column]),
      upper: Float64Array.from(columns, (column) => upper[column]),
    };
  }

  /** Integer bounds, and continuous columns that propagation has fixed to a bound of theirs. */
  #takeAsGlobal(): boolean {
    const { lower, upper } = this.#propagator;
    const { fixedWidth } = this.#parameters.nodes;
    for (const column of this.integerColumns) {
      this.globalLower[column] = lower[column];
      this.globalUpper[column] = upper[column];
      if (lower[column] > upper[column]) return false;
    }
    for (let column = 0; column < this.#integrality.length; column++) {
      if (this.#integrality[column] === 1 || upper[column] - lower[column] > fixedWidth) continue;
      if (upper[column] <= this.globalLower[column] + fixedWidth) this.globalUpper[column] = this.globalLower[column];
      else if (lower[column] >= this.globalUpper[column] - fixedWidth)
        this.globalLower[column] = this.globalUpper[column];
    }
    return true;
  }
}
