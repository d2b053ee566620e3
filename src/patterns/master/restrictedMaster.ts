/**
 * The restricted master program: minimise the cost of the chosen patterns so that
 *
 *   each query type is covered once (at most once where it need not be placed), each (model, tier) holds at most one
 *   pattern, and the rows that couple deployments hold: budget (specification 4.2), storage (4.6), GPUs (gpuRows.ts),
 *   the joint delay cost (5), pooled delay limits (5), counts from branching, subset rows, covers of GPU limits.
 *
 * Artificial columns cover what the patterns at hand cannot; in the first phase only they cost. Rows are made when
 * first needed. Sign of duals: reduced cost = cost - sum of dual * coefficient.
 */
import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import type { SparseColumn, SparseRow } from '../../lp/linearProgram.ts';
import { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { Basis, LinearSolver, LpStatus, SolveLimits } from '../../lp/simplexTypes.ts';
import { mustBePlaced } from '../../model/compiled/planningProblem.ts';
import { type Pattern, patternBudgetUse, patternCost, patternKey, patternStorage } from '../pricing/pattern.ts';
import type { PatternTable } from '../pricing/patternTable.ts';
import { ArtificialColumns } from './artificialColumns.ts';
import { DelayCostRows } from './delayCostRows.ts';
import { GpuRows } from './gpuRows.ts';
import { type CountedPatterns, countedDeployments, leastPlaced, type NodeRestrictions } from './patternDecision.ts';
import {
  countOf,
  coverTerms,
  type GpuCover,
  holdsTwo,
  isAllowed,
  pooledCoefficient,
  type SubsetTriple,
  stepsOfCover,
} from './patternTerms.ts';

/** One addition of rows or columns to the master. */
export type MasterStep =
  | { readonly kind: 'patterns'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'pairs'; readonly pairs: readonly number[] }
  | { readonly kind: 'count'; readonly key: string; readonly counted: CountedPatterns }
  | { readonly kind: 'pooled'; readonly queryType: number }
  | { readonly kind: 'subsets'; readonly triples: readonly SubsetTriple[] }
  | { readonly kind: 'gpuCovers'; readonly covers: readonly GpuCover[] };

/**
 * The master as the steps that made its rows and columns: done again on a new master they give the same rows and
 * columns in the same places, so that its basis and duals still fit.
 */
export interface SavedMaster {
  readonly steps: readonly MasterStep[];
  /** (t): surcharge of the t-th artificial column. */
  readonly surcharges: readonly number[];
  readonly basis: Basis;
}

interface CountRow {
  readonly row: number;
  readonly artificial: number;
  readonly counted: CountedPatterns;
  /** (d): 1 where patterns may be counted. */
  readonly isMember: Uint8Array;
}

export class RestrictedMaster {
  readonly table: PatternTable;
  /** Patterns in the order of their columns, the first of which is `firstPattern`. */
  readonly patterns: Pattern[] = [];
  readonly costs: number[] = [];
  readonly delayCost: DelayCostRows | null;
  readonly solver: LinearSolver;
  phase: 1 | 2 = 2;
  /** Dual of the budget row in the last solve, <= 0 up to rounding. */
  budgetPrice = 0;

  readonly pairRow: Int32Array;
  readonly budgetRow: number;
  readonly storageRow: number;
  readonly gpuRows: GpuRows;
  /** (i): row of the pooled delay limit or -1. */
  readonly pooledRow: Int32Array;
  readonly countRows = new Map<string, CountRow>();
  readonly subsetRows: { readonly row: number; readonly triple: SubsetTriple }[] = [];
  /** With (d): replicas from which on the cover counts the deployment. */
  readonly gpuCoverRows: { readonly row: number; readonly cover: GpuCover; readonly steps: Float64Array }[] = [];

  /** Kinds of column, in order: patterns hold their index, others -1 (artificial) or -2 (delay cost, commitments). */
  readonly #columnOf: number[] = [];
  readonly #patternAt: number[] = [];
  readonly #keys = new Map<string, number>();
  readonly #artificials: ArtificialColumns;
  readonly #pairArtificial: Int32Array;
  /** Column values of the last solve. */
  #point = new Float64Array(0);
  /** Reduced costs of the columns in the last solve. */
  #reducedCosts = new Float64Array(0);
  #restrictions: NodeRestrictions | null = null;
  #subsetsOfQueryType: number[][];
  /** How rows and columns came to be, in order. */
  readonly #steps: MasterStep[] = [];

  constructor(table: PatternTable) {
    this.table = table;
    const { problem } = table;
    this.#artificials = new ArtificialColumns(table);
    const builder = new MixedIntegerProgramBuilder();
    builder.addToOffset(table.objectiveOffset);
    for (let i = 0; i < problem.numQueryTypes; i++) {
      const column = builder.addColumn({ cost: this.#artificials.take(builder.numColumns, this.phase) });
      this.#patternAt.push(-1);
      // A row of one that another stands for stays empty.
      const count = table.alike.queryTypes.copies[i];
      builder.addRow({ lower: count, upper: count, indices: [column], values: [1] });
    }
    this.gpuRows = new GpuRows(table, builder);
    this.budgetRow =
      table.budget < Infinity ? builder.addRow({ upper: table.budget, ...this.gpuRows.budgetTerms() }) : -1;
    this.storageRow = problem.storageCapacity < Infinity ? builder.addRow({ upper: problem.storageCapacity }) : -1;
    this.gpuRows.addRows(builder);
    this.delayCost = problem.delayCost.isSeparable ? null : new DelayCostRows(table, builder);
    while (this.#patternAt.length < builder.numColumns) this.#patternAt.push(-2);
    this.pairRow = new Int32Array(problem.numPairs).fill(-1);
    this.#pairArtificial = new Int32Array(problem.numPairs).fill(-1);
    this.pooledRow = new Int32Array(problem.numQueryTypes).fill(-1);
    this.#subsetsOfQueryType = Array.from({ length: problem.numQueryTypes }, () => []);
    this.solver = createLinearSolver(builder.build('patterns'));
  }

  /** Cuts among the rows. */
  get numCuts(): number {
    return this.subsetRows.length + this.gpuCoverRows.length;
  }

  /** Makes those artificial columns dearer that the last solve used; false once more would lose digits in the duals. */
  raiseSurcharges(): boolean {
    const isRaised = this.#artificials.raise(this.#point);
    // Costs set anew, even the same ones, take the last solve's results away.
    if (isRaised) this.#artificials.setCosts(this.solver, this.phase);
    return isRaised;
  }

  /**
   * Adds those patterns that are new; those that are known but shut out by the node stay so. Returns how many were
   * added.
   */
  add(patterns: readonly Pattern[]): number {
    const fresh: Pattern[] = [];
    for (const pattern of patterns) {
      const key = patternKey(pattern);
      if (this.#keys.has(key)) continue;
      this.#keys.set(key, this.patterns.length + fresh.length);
      fresh.push(pattern);
    }
    if (fresh.length === 0) return 0;
    this.#addPairRows(fresh);
    const columns = fresh.map((pattern) => this.#columnFor(pattern));
    for (const pattern of fresh) {
      this.#columnOf.push(this.#patternAt.length);
      this.#patternAt.push(this.patterns.length);
      this.patterns.push(pattern);
      this.costs.push(patternCost(this.table, pattern));
    }
    this.solver.addColumns(columns);
    this.#steps.push({ kind: 'patterns', patterns: fresh });
    return fresh.length;
  }

  save(): SavedMaster {
    return {
      steps: this.#steps.slice(),
      surcharges: this.#artificials.saveSurcharges(),
      basis: this.solver.saveBasis(),
    };
  }

  /** Takes what `save` gave, on a new master of the same table. */
  restore({ steps, surcharges, basis }: SavedMaster): void {
    for (const step of steps) {
      if (step.kind === 'patterns') this.add(step.patterns);
      else if (step.kind === 'pairs') this.#makePairRows(step.pairs);
      else if (step.kind === 'count') this.#addCountRow(step.key, step.counted);
      else if (step.kind === 'pooled') this.addPooledRow(step.queryType);
      else if (step.kind === 'subsets') this.addSubsetRows(step.triples);
      else this.addGpuCovers(step.covers);
    }
    this.#artificials.restoreSurcharges(surcharges);
    this.#artificials.setCosts(this.solver, this.phase);
    this.solver.loadBasis(basis);
  }

  /** A new master with the same rows, those of the patterns that `keep` marks, and what of the basis is left. */
  reduced(keep: Uint8Array): RestrictedMaster {
    const { steps, surcharges, basis } = this.save();
    const isLeft = new Uint8Array(this.solver.numColumns).fill(1);
    keep.forEach((mark, p) => {
      isLeft[this.#columnOf[p]] = mark;
    });
    let p = 0;
    const left = steps.map((step) =>
      step.kind === 'patterns' ? { ...step, patterns: step.patterns.filter(() => keep[p++] === 1) } : step,
    );
    const columns = basis.columns.filter((_, column) => isLeft[column] === 1);
    const master = new RestrictedMaster(this.table);
    master.restore({ steps: left, surcharges, basis: { rows: basis.rows, columns } });
    return master;
  }

  /** Lets in the patterns that the node allows, shuts out the others, and sets the rows that the decisions bound. */
  restrict(restrictions: NodeRestrictions): void {
    this.#restrictions = restrictions;
    const { copies, members } = this.table.alike.queryTypes;
    members.forEach((alike, i) => {
      if (alike.length === 0 || mustBePlaced(this.table.problem, i)) return;
      const least = leastPlaced(restrictions, i);
      this.solver.setRowBounds(i, least, copies[i]);
      this.solver.setColumnBounds(this.#artificials.ofQueryType(i), 0, least > 0 ? Infinity : 0);
    });
    for (const [key, bounds] of restrictions.counts) if (!this.countRows.has(key)) this.#addCountRow(key, bounds);
    for (const [key, { row, artificial }] of this.countRows) {
      const bounds = restrictions.counts.get(key);
      this.solver.setRowBounds(row, bounds?.least ? bounds.least : -Infinity, bounds?.most ?? Infinity);
      this.solver.setColumnBounds(artificial, 0, bounds?.least ? Infinity : 0);
    }
    const missing: number[] = [];
    restrictions.required.forEach((isRequired, pair) => {
      if (isRequired === 1 && this.pairRow[pair] < 0) missing.push(pair);
    });
    this.#makePairRows(missing);
    this.pairRow.forEach((row, pair) => {
      if (row < 0) return;
      const isRequired = restrictions.required[pair] === 1;
      this.solver.setRowBounds(row, isRequired ? 1 : -Infinity, this.table.alike.pairs.copies[pair]);
      this.solver.setColumnBounds(this.#pairArtificial[pair], 0, isRequired ? Infinity : 0);
    });
    this.patterns.forEach((pattern, p) => {
      const column = this.#columnOf[p];
      const upper = isAllowed(restrictions, pattern) ? Infinity : 0;
      if (this.solver.columnUpper(column) !== upper) this.solver.setColumnBounds(column, 0, upper);
    });
  }

  /** Phase 1 counts what the artificial columns cover; phase 2 the cost. */
  setPhase(phase: 1 | 2): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.patterns.forEach((_, p) => {
      this.solver.setCost(this.#columnOf[p], phase === 1 ? 0 : this.costs[p]);
    });
    this.#artificials.setCosts(this.solver, phase);
    this.delayCost?.setCosts(this.solver, phase === 2);
    this.gpuRows.setCosts(this.solver, phase === 2);
  }

  solve(limits?: SolveLimits): LpStatus {
    const status = this.solver.solve(limits);
    if (status === 'infeasible' || status === 'unbounded') return status;
    this.#point = this.solver.primal.slice(0, this.solver.numColumns);
    this.#reducedCosts = this.solver.reducedCosts.slice(0, this.solver.numColumns);
    this.budgetPrice = this.budgetRow < 0 ? 0 : this.solver.duals[this.budgetRow];
    return status;
  }

  /** Value of the pattern's column in the last solve; 0 if it came later. */
  value(pattern: number): number {
    return this.#point[this.#columnOf[pattern]] ?? 0;
  }

  /** Whether there is a last solve. */
  get isSolved(): boolean {
    return this.#point.length > 0;
  }

  /** Reduced cost of the pattern's column in the last solve; -Infinity if it came later. */
  reducedCost(pattern: number): number {
    return this.#reducedCosts[this.#columnOf[pattern]] ?? -Infinity;
  }

  columnOf(pattern: number): number {
    return this.#columnOf[pattern];
  }

  /** The pattern is chosen so many times at least. */
  hold(pattern: number, least: number): void {
    const column = this.#columnOf[pattern];
    this.solver.setColumnBounds(column, least, Math.max(least, this.solver.columnUpper(column)));
  }

  /** What the artificial columns cover after a solve. */
  artificialValue(): number {
    return this.#artificials.valueAt(this.#point);
  }

  /** Makes the pooled delay limit of a query type a row. */
  addPooledRow(queryType: number): void {
    this.#steps.push({ kind: 'pooled', queryType });
    const indices: number[] = [];
    const values: number[] = [];
    this.patterns.forEach((pattern, p) => {
      const value = pooledCoefficient(this.table, pattern, queryType);
      if (value === 0) return;
      indices.push(this.#columnOf[p]);
      values.push(value);
    });
    this.pooledRow[queryType] = this.#addRow({ lower: -Infinity, upper: 0, indices, values });
  }

  /** At most one pattern holds two or more of the three query types. */
  addSubsetRows(triples: readonly SubsetTriple[]): void {
    if (triples.length > 0) this.#steps.push({ kind: 'subsets', triples });
    for (const triple of triples) {
      const indices: number[] = [];
      this.patterns.forEach((pattern, p) => {
        if (holdsTwo(pattern, triple)) indices.push(this.#columnOf[p]);
      });
      const row = this.#addRow({ lower: -Infinity, upper: 1, indices, values: indices.map(() => 1) });
      for (const i of triple) this.#subsetsOfQueryType[i].push(this.subsetRows.length);
      this.subsetRows.push({ row, triple });
    }
  }

  /** At most so many patterns use as much of a GPU limit (gpuCovers.ts). */
  addGpuCovers(covers: readonly GpuCover[]): void {
    if (covers.length > 0) this.#steps.push({ kind: 'gpuCovers', covers });
    for (const cover of covers) {
      const steps = stepsOfCover(this.table, cover);
      const indices: number[] = [];
      this.patterns.forEach(({ deployment, replicas }, p) => {
        if (replicas >= steps[deployment]) indices.push(this.#columnOf[p]);
      });
      const row = this.#addRow({ lower: -Infinity, upper: cover.most, indices, values: indices.map(() => 1) });
      this.gpuCoverRows.push({ row, cover, steps });
    }
  }

  #addRow(row: SparseRow): number {
    this.solver.addRows([row]);
    return this.solver.numRows - 1;
  }

  #addPairRows(patterns: readonly Pattern[]): void {
    const missing: number[] = [];
    for (const { deployment } of patterns) {
      const pair = this.table.pair[deployment];
      if (this.pairRow[pair] < 0 && !missing.includes(pair)) missing.push(pair);
    }
    this.#makePairRows(missing);
  }

  #makePairRows(pairs: readonly number[]): void {
    if (pairs.length === 0) return;
    this.#steps.push({ kind: 'pairs', pairs });
    const first = this.solver.numRows;
    const { copies } = this.table.alike.pairs;
    this.solver.addRows(pairs.map((pair) => ({ lower: -Infinity, upper: copies[pair], indices: [], values: [] })));
    const columns = pairs.map((pair, t) => {
      this.pairRow[pair] = first + t;
      const required = this.#restrictions?.required[pair] === 1;
      this.#pairArtificial[pair] = this.#patternAt.length;
      return this.#artificialColumn(first + t, required ? Infinity : 0);
    });
    this.solver.addColumns(columns);
  }

  #artificialColumn(row: number, upper: number): SparseColumn {
    const cost = this.#artificials.take(this.#patternAt.length, this.phase);
    this.#patternAt.push(-1);
    return { cost, lower: 0, upper, indices: [row], values: [1] };
  }

  #addCountRow(key: string, { pairs, on, holding, replicas, inGpus }: CountedPatterns): void {
    const counted = {
      pairs,
      ...(on && { on }),
      ...(holding && { holding }),
      ...(replicas && { replicas }),
      ...(inGpus && { inGpus }),
    };
    this.#steps.push({ kind: 'count', key, counted });
    const isMember = countedDeployments(this.table, counted);
    const indices: number[] = [];
    const values: number[] = [];
    this.patterns.forEach((pattern, p) => {
      const value = countOf(this.table, pattern, counted, isMember);
      if (value === 0) return;
      indices.push(this.#columnOf[p]);
      values.push(value);
    });
    const row = this.#addRow({ lower: -Infinity, upper: Infinity, indices, values });
    this.countRows.set(key, { row, artificial: this.#patternAt.length, counted, isMember });
    this.solver.addColumns([this.#artificialColumn(row, 0)]);
  }

  #columnFor(pattern: Pattern): SparseColumn {
    const { table } = this;
    const { deployment, replicas, queryTypes } = pattern;
    const { indices, values } = coverTerms(table, queryTypes);
    const put = (row: number, value: number) => {
      if (row < 0 || value === 0) return;
      indices.push(row);
      values.push(value);
    };
    put(this.pairRow[table.pair[deployment]], 1);
    put(this.budgetRow, patternBudgetUse(table, pattern));
    put(this.storageRow, patternStorage(table, pattern));
    this.gpuRows.forPattern(deployment, replicas, put);
    this.delayCost?.forPattern(pattern, put);
    this.pooledRow.forEach((row, i) => {
      if (row >= 0) put(row, pooledCoefficient(table, pattern, i));
    });
    for (const { row, counted, isMember } of this.countRows.values()) {
      put(row, countOf(table, pattern, counted, isMember));
    }
    for (const { row, steps } of this.gpuCoverRows) if (replicas >= steps[deployment]) put(row, 1);
    if (this.subsetRows.length > 0) {
      const seen = new Map<number, number>();
      for (const i of queryTypes) {
        for (const s of this.#subsetsOfQueryType[i]) seen.set(s, (seen.get(s) ?? 0) + 1);
      }
      for (const [s, count] of seen) if (count >= 2) put(this.subsetRows[s].row, 1);
    }
    const allowed = this.#restrictions === null || isAllowed(this.#restrictions, pattern);
    return {
      cost: this.phase === 1 ? 0 : patternCost(table, pattern),
      lower: 0,
      upper: allowed ? Infinity : 0,
      indices,
      values,
    };
  }
}
