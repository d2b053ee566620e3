/**
 * Lower bounds on plans by what they rent. Any duals give one: with r_d a lower bound on the reduced costs of d that no
 * row of a pair has a part in, pi the price of the budget row and B the budget, plans that rent just S cost at least
 *
 *   base + sum over S of r_d + pi max(0, B - most that plans of S count in the budget row),
 *
 * as the row's price was paid for the whole budget. Bounds of different duals are kept side by side: those of the root
 * hold for sets in the mean, those of a set's own program for the set and what is like it (Benders' cuts). What else
 * may be rented is told by *layers*, one for each pair (as many as there are pairs alike), dearest first, and for each
 * bound by the least that the layers from any one on can add with the money that is left, in cells.
 */
import type { PatternTable } from '../pricing/patternTable.ts';
import { rentalBudgetUse } from '../pricing/patternTable.ts';

export interface SetBound {
  readonly base: number;
  /** (d). */
  readonly reducedCost: Float64Array;
  /** pi >= 0. */
  readonly budgetPrice: number;
}

interface KnownBound extends SetBound {
  /** (layer * (cells + 1) + cells left): what this layer and those after it add at least, <= 0. */
  readonly rest: Float64Array;
  /** How often it ruled something out. */
  uses: number;
}

/** Deployments of one pair, of which a layer holds at most one. */
export interface RentalLayer {
  readonly deployments: readonly number[];
  /** Whether it is for another pair like that of the layer before. */
  readonly isRepeated: boolean;
}

/** A plan may exceed the budget by rounding and by the verifier's tolerance, as a share of it. */
const budgetTolerance = 1e-7;
/** Relative: least spends are cut down to whole cells beyond rounding. */
const cellTolerance = 1e-9;

export class SetBounds {
  readonly layers: readonly RentalLayer[];
  /** What may be spent, $; Infinity where no budget is in force. */
  readonly money: number;
  readonly cells: number;
  /** (d): the least that it counts in the budget row, in cells and in $, and the most, in $. */
  readonly cellsOf: Int32Array;
  readonly leastSpend: Float64Array;
  readonly mostSpend: Float64Array;
  readonly bounds: KnownBound[] = [];
  readonly #table: PatternTable;
  /** What a plan may spend beside rentals, of what the budget row counts; Infinity where it is not known. */
  readonly #beside: number;

  /** For plans that rent `open` deployments alone. */
  constructor(table: PatternTable, open: readonly number[], hasBudget: boolean) {
    const { problem, pair } = table;
    const { copies } = table.alike.pairs;
    this.#table = table;
    this.money = hasBudget ? table.budget + budgetTolerance * problem.budget : Infinity;
    this.cells = this.money < Infinity && this.money > 0 ? table.parameters.rentedSets.moneyCells : 0;
    this.leastSpend = Float64Array.from(pair, (_, d) => rentalBudgetUse(table, d, table.leastReplicas[d]));
    this.mostSpend = Float64Array.from(pair, (_, d) => rentalBudgetUse(table, d, table.mostReplicas[d]));
    const perCell = this.cells > 0 ? ((1 - cellTolerance) * this.cells) / this.money : 0;
    this.cellsOf = Int32Array.from(this.leastSpend, (spend) => Math.min(this.cells + 1, Math.floor(spend * perCell)));
    const dearestPlacement = table.placementCost.reduce((most, cost) => Math.max(most, cost), 0);
    // GPUs beyond commitments count too, which are not known here.
    const isKnown = hasBudget && !problem.committed.some((gpus) => gpus > 0);
    this.#beside = isKnown
      ? problem.dataCost.reduce((sum, cost) => sum + cost, problem.numQueryTypes * dearestPlacement)
      : Infinity;
    const byPair = new Map<number, number[]>();
    for (const d of open) {
      const others = byPair.get(pair[d]);
      if (others === undefined) byPair.set(pair[d], [d]);
      else others.push(d);
    }
    const dearest = (deployments: readonly number[]) => Math.max(...deployments.map((d) => this.leastSpend[d]));
    this.layers = [...byPair.values()]
      .sort((one, other) => dearest(other) - dearest(one) || one[0] - other[0])
      .flatMap((deployments) =>
        Array.from({ length: copies[pair[deployments[0]]] }, (_, at) => ({ deployments, isRepeated: at > 0 })),
      );
  }

  /** Where there are too many the one that was of least use goes, but not the first. */
  add(bound: SetBound): void {
    const { mostBounds } = this.#table.parameters.rentedSets;
    if (this.bounds.length >= mostBounds) {
      let idle = 1;
      for (let t = 2; t < this.bounds.length; t++) if (this.bounds[t].uses < this.bounds[idle].uses) idle = t;
      this.bounds.splice(idle, 1);
    }
    this.bounds.push({ ...bound, rest: this.#restOf(bound), uses: 0 });
  }

  #restOf({ reducedCost }: SetBound): Float64Array {
    const { layers, cells, cellsOf } = this;
    const width = cells + 1;
    const rest = new Float64Array((layers.length + 1) * width);
    for (let layer = layers.length - 1; layer >= 0; layer--) {
      const here = layer * width;
      rest.copyWithin(here, here + width, here + 2 * width);
      for (const d of layers[layer].deployments) {
        const cost = reducedCost[d];
        const use = cellsOf[d];
        for (let left = use; left <= cells; left++) {
          const value = cost + rest[here + width + left - use];
          if (value < rest[here + left]) rest[here + left] = value;
        }
      }
    }
    return rest;
  }

  /** What plans of a set that spends at most so much on rentals leave of the budget at least, $. */
  spare(mostSpend: number): number {
    return Math.max(0, this.#table.budget - mostSpend - this.#beside);
  }

  /** On plans that rent these and nothing else, by the last bound. */
  byLast(deployments: readonly number[]): number {
    const spare = this.spare(deployments.reduce((sum, d) => sum + this.mostSpend[d], 0));
    const { base, reducedCost, budgetPrice } = this.bounds[this.bounds.length - 1];
    return deployments.reduce((sum, d) => sum + reducedCost[d], base + (spare > 0 ? budgetPrice * spare : 0));
  }
}
