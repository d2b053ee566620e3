/**
 * The cuts that stand in a linear program: separated by the separators, picked by the pool, added as rows after the
 * program's own, and removed at the root when they are slack. The row matrix mirrors the rows of the solver.
 */
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import { BasisStatus, type LinearSolver } from '../../lp/simplexTypes.ts';
import type { CutSeparator } from '../cuts/separator.ts';
import type { SearchParameters } from '../parameters.ts';
import { checkCut } from './cutCheck.ts';
import { CutPool, type PooledCut } from './cutPool.ts';
import { blockPricesOf, type ModelSeparator } from './modelSeparator.ts';
import { RowMatrix } from './rowMatrix.ts';

interface StandingRow {
  /** Null for lazy rows: they are part of the problem and stay. */
  readonly cut: PooledCut | null;
  slackRounds: number;
}

/** Rows beyond the program's own, as plain data; lazy rows have no source. */
export type StandingRows = readonly { readonly row: SparseRow; readonly source: string | null }[];

/** Where cuts come from (see `LinearRelaxationOptions`). */
export interface CutSources {
  readonly separators?: readonly CutSeparator[];
  readonly modelCuts?: readonly ModelSeparator[];
  readonly blockOf?: Int32Array;
}

export class LpCuts {
  readonly rows: RowMatrix;
  readonly #program: MixedIntegerProgram;
  readonly #solver: LinearSolver;
  readonly #separators: readonly CutSeparator[];
  readonly #modelSeparators: readonly ModelSeparator[];
  readonly #blockOf: Int32Array;
  readonly #pool: CutPool;
  readonly #parameters: SearchParameters;
  #standing: StandingRow[] = [];
  /** Solutions that every cut is held against. */
  #held: Float64Array[] = [];

  constructor(program: MixedIntegerProgram, solver: LinearSolver, sources: CutSources, parameters: SearchParameters) {
    const { separators = [], modelCuts = [], blockOf } = sources;
    this.#program = program;
    this.#solver = solver;
    this.#separators = separators;
    this.#modelSeparators = modelCuts;
    this.#blockOf = blockOf ?? new Int32Array(program.numColumns).fill(-1);
    this.#pool = new CutPool(program.numColumns, parameters);
    this.#parameters = parameters;
    this.rows = RowMatrix.fromProgram(program);
  }

  /** Rows beyond those of the program. */
  get count(): number {
    return this.#standing.length;
  }

  /** From now on no cut may remove this solution. */
  hold(point: Float64Array): void {
    const isKnown = this.#held.some((other) => other.every((value, column) => value === point[column]));
    if (!isKnown) this.#held.push(point);
  }

  /** Separates the solver's present point and adds what the pool picks; returns the number of rows added. */
  separate(lower: Float64Array, upper: Float64Array, round: number): number {
    const solver = this.#solver;
    const { numColumns, numRows } = this.#program;
    const point = solver.primal.slice(0, numColumns);
    const context = {
      program: this.#program,
      rows: this.rows,
      numProgramRows: numRows,
      lower,
      upper,
      reducedCosts: solver.reducedCosts,
      duals: solver.duals,
      rowActivity: solver.rowActivity,
      multipliersOf: (columns: ArrayLike<number>, values: ArrayLike<number>) => solver.multipliersOf(columns, values),
      round,
      parameters: this.#parameters,
    };
    for (const separator of this.#separators) {
      for (const cut of separator.separate(point, context)) this.#take(cut, separator.name, lower, upper);
    }
    return this.#separateModelCuts(this.#modelSeparators, point, lower, upper);
  }

  /** The same with only those separators that work below the root. */
  separateBelowRoot(lower: Float64Array, upper: Float64Array): number {
    const point = this.#solver.primal.slice(0, this.#program.numColumns);
    return this.#separateModelCuts(
      this.#modelSeparators.filter(({ belowRoot = false }) => belowRoot),
      point,
      lower,
      upper,
    );
  }

  #take(cut: SparseRow, source: string, lower: Float64Array, upper: Float64Array): void {
    checkCut(cut, source, this.#held, lower, upper);
    this.#pool.add(cut, source);
  }

  #separateModelCuts(
    separators: readonly ModelSeparator[],
    point: Float64Array,
    lower: Float64Array,
    upper: Float64Array,
  ): number {
    const { duals, reducedCosts } = this.#solver;
    const context = { blockPrices: blockPricesOf(this.rows, duals, reducedCosts, this.#blockOf), upper };
    for (const separator of separators) {
      for (const cut of separator.separate(point, context)) this.#take(cut, separator.name, lower, upper);
    }
    return this.#addFromPool(point);
  }

  #addFromPool(point: Float64Array): number {
    const { numColumns } = this.#program;
    const { leastCutsPerRound, cutsPerColumn } = this.#parameters.cutRounds;
    const picked = this.#pool.select(point, leastCutsPerRound + Math.floor(cutsPerColumn * numColumns));
    this.#add(
      picked,
      picked.map((cut) => ({ cut, slackRounds: 0 })),
    );
    return picked.length;
  }

  addLazy(rows: readonly SparseRow[]): void {
    this.#add(
      rows,
      rows.map(() => ({ cut: null, slackRounds: 0 })),
    );
  }

  /**
   * Removes cuts that have been slack for some rounds (`all`: that are slack now); returns how many. Bases saved before
   * do not fit afterwards, so this is for the root only.
   */
  removeSlack(all: boolean): number {
    const { rows } = this.#solver.saveBasis();
    const first = this.#program.numRows;
    const { mostSlackRounds } = this.#parameters.cutRounds;
    const leaving: number[] = [];
    this.#standing.forEach((entry, at) => {
      if (rows[first + at] !== BasisStatus.basic) {
        entry.slackRounds = 0;
        return;
      }
      entry.slackRounds++;
      if (entry.cut !== null && (all || entry.slackRounds > mostSlackRounds)) leaving.push(first + at);
    });
    this.#remove(leaving);
    return leaving.length;
  }

  /** Removes every cut; lazy rows stay. */
  removeAll(): void {
    const first = this.#program.numRows;
    this.#remove(this.#standing.flatMap((entry, at) => (entry.cut === null ? [] : [first + at])));
  }

  /** Rows beyond the program's own, as plain data. */
  save(): StandingRows {
    const first = this.#program.numRows;
    return this.#standing.map(({ cut }, at) => ({ row: this.rows.row(first + at), source: cut?.source ?? null }));
  }

  restore(saved: StandingRows): void {
    const rows = saved.map(({ row }) => row);
    this.#add(
      rows,
      saved.map(({ row, source }) => ({
        cut:
          source === null
            ? null
            : { ...row, source, indices: Int32Array.from(row.indices), values: Float64Array.from(row.values) },
        slackRounds: 0,
      })),
    );
  }

  #add(rows: readonly SparseRow[], standing: readonly StandingRow[]): void {
    if (rows.length === 0) return;
    this.#solver.addRows(rows);
    for (const row of rows) this.rows.append(row);
    this.#standing.push(...standing);
  }

  #remove(leaving: readonly number[]): void {
    if (leaving.length === 0) return;
    this.#solver.removeRows(leaving);
    this.rows.remove(leaving);
    const first = this.#program.numRows;
    const gone = new Set(leaving);
    this.#standing = this.#standing.filter((entry, at) => {
      if (!gone.has(first + at)) return true;
      if (entry.cut !== null) this.#pool.release(entry.cut);
      return false;
    });
  }
}
