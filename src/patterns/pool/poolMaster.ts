/**
 * The restricted master of one node of a pool: made anew from what the parent hands down (its binding cuts, its
 * useful columns and which of them were basic), so that a node depends on nothing else and the program stays as small
 * as the node needs it.
 */
import { BasisStatus } from '../../lp/simplexTypes.ts';
import { mustBePlaced } from '../../model/compiled/planningProblem.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { GpuCover, SubsetTriple } from '../master/patternTerms.ts';
import { RestrictedMaster } from '../master/restrictedMaster.ts';
import type { PatternPool } from './patternPool.ts';

/** What a node hands to its children. Columns are those of the pool. */
export interface PooledNode {
  /** Those that plans below the node may hold. */
  readonly columns: Int32Array;
  /** Those that its master had, the first `numBasic` of them basic. */
  readonly seeds: Int32Array;
  readonly numBasic: number;
  /** Query types that are nowhere at the node's point, as they may be. */
  readonly dropped: Int32Array;
  /** Rows that bind. */
  readonly pairs: Int32Array;
  readonly counts: readonly string[];
  readonly cuts: readonly SubsetTriple[];
  readonly gpuCovers: readonly GpuCover[];
}

export class PoolMaster {
  readonly master: RestrictedMaster;
  readonly pool: PatternPool;
  /** (pattern of the master): column of the pool. */
  readonly #columns: number[] = [];
  readonly #known: Uint8Array;
  /** Columns that passes over the pool have looked at, each as often as it was. */
  columnsPriced = 0;

  /** `list`: the columns that the node may use. */
  constructor(pool: PatternPool, restrictions: NodeRestrictions, list: Int32Array, parent: PooledNode | null) {
    this.pool = pool;
    this.#known = new Uint8Array(pool.size);
    this.master = new RestrictedMaster(pool.table);
    this.master.restrict(restrictions);
    const { numQueryTypes } = pool.table.problem;
    const { seedsPerQueryType, allPerQueryType } = pool.table.parameters.pool;
    if (parent !== null) this.put(parent.seeds);
    if (list.length <= allPerQueryType * numQueryTypes) this.put(list);
    else if (parent === null) this.put(lowest(list, pool.floor, seedsPerQueryType * numQueryTypes));
    if (parent === null) return;
    this.master.addSubsetRows(parent.cuts);
    this.master.addGpuCovers(parent.gpuCovers);
    this.#loadBasis(parent);
  }

  /** Adds columns of the pool; returns how many were new. */
  put(columns: ArrayLike<number>): number {
    const fresh: number[] = [];
    for (let at = 0; at < columns.length; at++) {
      const c = columns[at];
      if (this.#known[c] === 1) continue;
      this.#known[c] = 1;
      fresh.push(c);
    }
    this.#columns.push(...fresh);
    return this.master.add(fresh.map((c) => this.pool.pattern(c)));
  }

  /** What the children begin with: `columns` are left, each at its `floor`. */
  handDown(columns: Int32Array, floor: Float64Array): PooledNode {
    const { master, pool } = this;
    const { solver } = master;
    const basis = solver.saveBasis();
    const isLeft = new Uint8Array(pool.size);
    for (const c of columns) isLeft[c] = 1;
    const basic: number[] = [];
    const others: number[] = [];
    this.#columns.forEach((c, p) => {
      if (basis.columns[master.columnOf(p)] === BasisStatus.basic) basic.push(c);
      else if (isLeft[c] === 1) others.push(c);
    });
    const binds = (row: number) => row >= 0 && basis.rows[row] !== BasisStatus.basic;
    const { problem, parameters } = pool.table;
    const most = Math.max(0, parameters.pool.seedsPerQueryType * problem.numQueryTypes - basic.length);
    return {
      columns,
      seeds: Int32Array.from([...basic, ...lowest(Int32Array.from(others), floor, most)]),
      numBasic: basic.length,
      dropped: Int32Array.from({ length: problem.numQueryTypes }, (_, i) => i).filter(
        (i) => basis.rows[i] === BasisStatus.basic && !mustBePlaced(problem, i),
      ),
      pairs: Int32Array.from(master.pairRow.keys()).filter((pair) => binds(master.pairRow[pair])),
      counts: [...master.countRows].filter(([, { row }]) => binds(row)).map(([key]) => key),
      cuts: master.subsetRows.filter(({ row }) => binds(row)).map(({ triple }) => triple),
      gpuCovers: master.gpuCoverRows.filter(({ row }) => binds(row)).map(({ cover }) => cover),
    };
  }

  /** Starts from the parent's basis; slacks of new rows complete it. */
  #loadBasis({ numBasic, dropped, pairs, counts }: PooledNode): void {
    const { master } = this;
    const { solver } = master;
    const columns = new Uint8Array(solver.numColumns).fill(BasisStatus.atLower);
    const rows = new Uint8Array(solver.numRows).fill(BasisStatus.basic);
    for (let p = 0; p < numBasic; p++) columns[master.columnOf(p)] = BasisStatus.basic;
    rows.fill(BasisStatus.atUpper, 0, this.pool.table.problem.numQueryTypes);
    for (const i of dropped) rows[i] = BasisStatus.basic;
    this.pool.table.alike.queryTypes.copies.forEach((count, i) => {
      if (count === 0) rows[i] = BasisStatus.basic;
    });
    for (const pair of pairs) if (master.pairRow[pair] >= 0) rows[master.pairRow[pair]] = BasisStatus.atUpper;
    for (const key of counts) {
      const count = master.countRows.get(key);
      if (count !== undefined) rows[count.row] = BasisStatus.atUpper;
    }
    for (const { row } of [...master.subsetRows, ...master.gpuCoverRows]) rows[row] = BasisStatus.atUpper;
    solver.loadBasis({ columns, rows });
  }
}

/** The `most` columns of least `key`, ties by number. */
export function lowest(columns: Int32Array, key: Float64Array, most: number): Int32Array {
  return columns
    .slice()
    .sort((one, other) => key[one] - key[other] || one - other)
    .slice(0, most);
}
