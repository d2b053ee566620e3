/**
 * The artificial columns of a master: they cover what the patterns at hand cannot. The first I cover query types, at
 * what serving one alone costs, the others rows that branching bounds from below, at the cost of the dearest pattern;
 * what that leaves covered is raised by surcharges. In the first phase only they cost, 1 each.
 */
import type { LinearSolver } from '../../lp/simplexTypes.ts';
import { type PatternTable, rentalCost } from '../pricing/patternTable.ts';
import { cheapestAlone } from './patternTerms.ts';

type Phase = 1 | 2;

export class ArtificialColumns {
  readonly #table: PatternTable;
  /** (t): of the master. */
  readonly #columns: number[] = [];
  /** (i): what serving the query type alone costs at the cheapest place; dearer than its dual in most optima. */
  readonly #aloneCost: Float64Array;
  readonly #largestCost: number;
  /** (t): what the t-th costs beyond its first estimate. */
  readonly #surcharges: number[] = [];

  constructor(table: PatternTable) {
    this.#table = table;
    this.#aloneCost = cheapestAlone(table);
    this.#largestCost =
      table.problem.unmetCost.reduce((most, cost) => Math.max(most, cost), 1) +
      table.mostReplicas.reduce((most, replicas, d) => Math.max(most, rentalCost(table, d, replicas)), 1);
  }

  /** Takes a column of the master that is about to be added; returns its cost. */
  take(column: number, phase: Phase): number {
    this.#columns.push(column);
    return this.#costOf(this.#columns.length - 1, phase);
  }

  ofQueryType(queryType: number): number {
    return this.#columns[queryType];
  }

  /** Covered at a point of the master. */
  valueAt(point: Float64Array): number {
    return this.#columns.reduce((sum, column) => sum + Math.max(0, point[column] ?? 0), 0);
  }

  /** Makes those dearer that the point uses; false once more would lose digits in the duals. */
  raise(point: Float64Array): boolean {
    const { firstSurcharge, surchargeGrowth, surchargeLimit } = this.#table.parameters.master;
    let isRaised = false;
    this.#columns.forEach((column, t) => {
      if (!(point[column] > 0)) return;
      const surcharge = this.#surcharges[t] ?? 0;
      if (surcharge >= surchargeLimit * this.#largestCost) return;
      this.#surcharges[t] = Math.max(firstSurcharge * this.#largestCost, surchargeGrowth * surcharge);
      isRaised = true;
    });
    return isRaised;
  }

  setCosts(solver: LinearSolver, phase: Phase): void {
    this.#columns.forEach((column, t) => {
      solver.setCost(column, this.#costOf(t, phase));
    });
  }

  saveSurcharges(): number[] {
    return this.#columns.map((_, t) => this.#surcharges[t] ?? 0);
  }

  restoreSurcharges(saved: readonly number[]): void {
    this.#surcharges.push(...saved);
  }

  #costOf(t: number, phase: Phase): number {
    if (phase === 1) return 1;
    return (t < this.#aloneCost.length ? this.#aloneCost[t] : this.#largestCost) + (this.#surcharges[t] ?? 0);
  }
}
