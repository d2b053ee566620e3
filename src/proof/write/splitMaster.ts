/**
 * The relaxation of split placement that its proofs are written from: column generation over patterns (a configuration,
 * replicas, what is served there and how much of it), one of each pair at most. Rows couple them: what is served of
 * each query type, limits, counts of the splits above, and rows with a worst case at the scenarios found so far.
 * Numbers are the checker's, in doubles.
 */
import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { Basis, LinearSolver, LpStatus } from '../../lp/simplexTypes.ts';
import type { Region } from '../check/region.ts';
import { isAllowed, type SplitPattern, type SplitPoint } from './splitPatterns.ts';
import { type Coupling, type SplitRows, worstKinds } from './splitRows.ts';

/** A scenario row is added where the worst case exceeds what the rows so far say by this, relatively. */
const scenarioTolerance = 1e-7;
/** Weights below this are rounding. */
const leastWeight = 1e-9;

export class SplitMaster {
  readonly rows: SplitRows;
  readonly solver: LinearSolver;
  phase: 1 | 2 = 2;
  /** Of slacks alone. */
  readonly #firstBasis: Basis;
  readonly #patterns: SplitPattern[] = [];
  readonly #known = new Set<string>();
  /** (pattern): its column. */
  readonly #columns: number[] = [];
  readonly #artificial: number[] = [];
  /** Costs of columns that are neither patterns nor artificial. */
  readonly #otherCosts: (readonly [column: number, cost: number])[] = [];
  readonly #thetas: number[] = [];
  readonly #countRows = new Map<string, number>();

  constructor(rows: SplitRows) {
    this.rows = rows;
    const builder = new MixedIntegerProgramBuilder();
    for (const { lower, upper } of rows.list) builder.addRow({ lower, upper });
    this.solver = createLinearSolver(builder.build());
    this.#firstBasis = this.solver.saveBasis();
    rows.list.forEach(({ lower }, row) => {
      if (lower > 0 || rows.pairOf(row) >= 0) this.#addArtificial(row);
    });
    rows.extras.forEach(({ cost, entries }) => {
      this.#otherCosts.push([this.#addColumn(cost, entries), cost]);
    });
    for (let at = 0; at < rows.numCostScenarios; at++) {
      this.#thetas.push(this.#addColumn(1, []));
      this.#otherCosts.push([this.#thetas[at], 1]);
    }
  }

  /** In the first phase: what no patterns cover. */
  get objective(): number {
    return this.solver.objective + (this.phase === 1 ? 0 : this.rows.offset);
  }

  #addColumn(cost: number, entries: readonly (readonly [row: number, value: number])[], upper = Infinity): number {
    const column = this.solver.numColumns;
    const indices = entries.map(([row]) => row);
    this.solver.addColumns([{ cost, lower: 0, upper, indices, values: entries.map(([, value]) => value) }]);
    return column;
  }

  #addArtificial(row: number): void {
    this.#artificial.push(this.#addColumn(0, [[row, 1]], 0));
  }

  /** Those that are new; returns how many. */
  add(patterns: readonly SplitPattern[]): number {
    let added = 0;
    for (const pattern of patterns) {
      const { pair, configuration, replicas, items } = pattern;
      const name = JSON.stringify([pair, configuration, replicas, items.map(Object.values)]);
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      const entries = this.rows.list.flatMap((row, at) => {
        const value = coefficient(row, pattern);
        return value === 0 ? [] : [[at, value] as const];
      });
      this.#patterns.push(pattern);
      this.#columns.push(this.#addColumn(this.phase === 1 ? 0 : coefficient(this.rows.cost, pattern), entries));
      added++;
    }
    return added;
  }

  /** Leaves what the region leaves. */
  restrict(region: Region): void {
    this.#patterns.forEach((pattern, at) => {
      this.solver.setColumnBounds(this.#columns[at], 0, isAllowed(region, pattern) ? Infinity : 0);
    });
    region.mayBeEmpty.forEach((may, pair) => {
      this.solver.setRowBounds(this.rows.pairRow(pair), may ? 0 : 1, 1);
    });
    const bounds = new Map<string, { least: number; most: number }>();
    for (const { pairs, isMost, limit } of region.counts) {
      const key = [...pairs].join();
      const { least, most } = bounds.get(key) ?? { least: -Infinity, most: Infinity };
      const value = Number(limit);
      bounds.set(key, isMost ? { least, most: Math.min(most, value) } : { least: Math.max(least, value), most });
      if (this.#countRows.has(key)) continue;
      this.#countRows.set(key, this.#addRow(this.rows.addCount(pairs)));
      this.#addArtificial(this.#countRows.get(key)!);
    }
    for (const [key, row] of this.#countRows) {
      const { least, most } = bounds.get(key) ?? { least: -Infinity, most: Infinity };
      this.rows.bound(row, least, most);
      this.solver.setRowBounds(row, least, most);
    }
  }

  #addRow({ row, lower, upper }: { readonly row: Coupling; readonly lower: number; readonly upper: number }): number {
    const at = this.solver.numRows;
    const entries = this.#patterns.flatMap((pattern, t) => {
      const value = coefficient(row, pattern);
      return value === 0 ? [] : [[this.#columns[t], value] as const];
    });
    if (row.theta !== undefined) entries.push([this.#thetas[row.theta], -1]);
    this.solver.addRows([
      { lower, upper, indices: entries.map(([column]) => column), values: entries.map(([, value]) => value) },
    ]);
    return at;
  }

  /** In the first phase only artificial columns cost; in the second there are none. */
  setPhase(phase: 1 | 2): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.#patterns.forEach((pattern, at) => {
      this.solver.setCost(this.#columns[at], phase === 1 ? 0 : coefficient(this.rows.cost, pattern));
    });
    for (const [column, cost] of this.#otherCosts) this.solver.setCost(column, phase === 1 ? 0 : cost);
    for (const column of this.#artificial) {
      this.solver.setCost(column, phase === 1 ? 1 : 0);
      this.solver.setColumnBounds(column, 0, phase === 1 ? Infinity : 0);
    }
  }

  point(): SplitPoint {
    const { primal } = this.solver;
    return this.#patterns.flatMap((pattern, at) => {
      const weight = primal[this.#columns[at]];
      return weight > leastWeight ? [{ pattern, weight }] : [];
    });
  }

  /** Once more from the slacks where the basis at hand leads nowhere. */
  solve(): LpStatus {
    const status = this.solver.solve();
    if (status !== 'numerical-trouble') return status;
    this.solver.loadBasis(this.#firstBasis);
    return this.solver.solve();
  }

  /** Adds rows of the scenarios that the point violates; returns how many. */
  addScenarios(point: SplitPoint): number {
    const { primal } = this.solver;
    const { objective } = this;
    const violated = worstKinds.flatMap((kind) =>
      this.rows.scenariosOf(kind, point).flatMap((scenario) => {
        const { key, worst, limit } = scenario;
        const said = kind === 'cost' ? primal[this.#thetas[key]] : limit;
        // Below it amounts are nothing.
        const size = kind === 'cost' ? Math.abs(objective) : 0;
        return worst > said + scenarioTolerance * Math.max(Math.abs(worst), size) ? [{ kind, scenario }] : [];
      }),
    );
    for (const { kind, scenario } of violated) this.#addRow(this.rows.addScenario(kind, scenario));
    return violated.length;
  }
}

function coefficient({ pattern: ofPattern, placed, fraction }: Coupling, pattern: SplitPattern): number {
  const { pair, configuration, replicas, items } = pattern;
  let sum = ofPattern(pair, configuration, replicas);
  for (const { queryType, fraction: x } of items)
    sum += placed(queryType, pair) + fraction(queryType, pair, configuration) * x;
  return sum;
}
