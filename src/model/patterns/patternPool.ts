/**
 * All patterns that a plan cheaper than the pool's cutoff can hold, by enumeration at a Lagrangian bound L: a plan with pattern p costs at
 * least its *floor*, L - min(0, least reduced cost of its pair) + its own reduced cost. Below the node where the pool was made, pricing is a
 * pass over it: exact, whatever cuts the master has.
 */
import type { PlanningProblem } from '../planningProblem.ts';
import type { BoundCertificate } from './columnGeneration.ts';
import { priceDuals } from './dualPrices.ts';
import type { Pattern } from './pattern.ts';
import type { NodeRestrictions } from './patternDecision.ts';
import { PatternEnumerator } from './patternEnumeration.ts';
import type { PatternPricer, PatternPrices } from './patternPricer.ts';
import type { PatternTable } from './patternTable.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

/** Pools beyond this are not worth passing over at each round. */
const mostColumns = 400_000;
/** The cutoff may be exceeded by this share of it: costs of one plan by two ways of adding up. */
const cutoffSlack = 1e-9;

/** The pool as plain data: column c is option[c] with the entries start[c] .. start[c + 1] - 1 at their fractions. */
export interface SavedPool {
  readonly cutoff: number;
  readonly option: Int32Array;
  readonly start: Int32Array;
  readonly entry: Int32Array;
  readonly fraction: Float64Array;
  /** Least cost of a plan with the column. */
  readonly floor: Float64Array;
}

/**
 * Whether sets of query types are all that patterns differ by: no row that could bind below `cutoff` looks at fractions. C1 + C2 is part
 * of the cost, so that a large budget does not bind (spec.md 3, 4.2).
 */
export function setsSuffice(
  { options, budget, rentalBudgetFactor, delayCostIsSeparable }: PlanningProblem,
  cutoff: number,
): boolean {
  return (
    options.delayRule === 'per-deployment' && delayCostIsSeparable && budget >= Math.max(1, rentalBudgetFactor) * cutoff
  );
}

export class PatternPool {
  readonly table: PatternTable;
  readonly cutoff: number;
  readonly size: number;
  readonly floor: Float64Array;
  readonly #option: Int32Array;
  readonly #start: Int32Array;
  readonly #entry: Int32Array;
  readonly #fraction: Float64Array;
  /** (column): sum of rate * fraction. */
  readonly #serving: Float64Array;
  /** (column): reduced costs of the last pass, at the columns that it looked at. */
  readonly reducedCost: Float64Array;

  constructor(table: PatternTable, saved: SavedPool) {
    this.table = table;
    this.cutoff = saved.cutoff;
    this.size = saved.option.length;
    this.floor = saved.floor;
    this.#option = saved.option;
    this.#start = saved.start;
    this.#entry = saved.entry;
    this.#fraction = saved.fraction;
    this.reducedCost = new Float64Array(this.size);
    this.#serving = new Float64Array(this.size);
    for (let c = 0; c < this.size; c++) {
      let serving = 0;
      for (let t = saved.start[c]; t < saved.start[c + 1]; t++)
        serving += table.rate[saved.entry[t]] * saved.fraction[t];
      this.#serving[c] = serving;
    }
  }

  /**
   * Enumerates what may be part of a plan cheaper than `cutoff` under `restrictions`; null if that takes more than `nodeLimit` sets looked
   * at or more columns than a pool may have, or where the certificate prices fractions.
   */
  static enumerate(
    master: RestrictedMaster,
    pricer: PatternPricer,
    restrictions: NodeRestrictions,
    certificate: BoundCertificate,
    cutoff: number,
    nodeLimit: number,
  ): PatternPool | null {
    const { table } = restrictions;
    const { prices } = priceDuals(master, restrictions, certificate.duals, 2);
    // A price on fractions (a budget that does not bind may have a small one) would make others cheapest than those of a plan.
    if (prices.extraRate !== null) return null;
    const enumerator = new PatternEnumerator(table);
    const limit = cutoff + cutoffSlack * Math.abs(cutoff);
    const option: number[] = [];
    const start: number[] = [0];
    const entry: number[] = [];
    const fraction: number[] = [];
    const floor: number[] = [];
    for (let o = 0; o < table.numOptions; o++) {
      if (restrictions.closed[o] === 1) continue;
      const pair = table.pair[o];
      const least = certificate.pairLeast[pair];
      const without = certificate.bound - (restrictions.required[pair] === 1 ? least : Math.min(0, least));
      if (without + certificate.reducedCost[o] >= limit) continue;
      const complete = enumerator.enumerate(
        o,
        prices,
        restrictions.blocked,
        pricer.muA[o],
        pricer.muB[o],
        limit - without,
        nodeLimit - enumerator.nodes,
        (_, count, entries, fractions, reducedCost) => {
          const at = entry.length;
          for (let t = 0; t < count; t++) {
            // Entries of an option rise with the query type.
            let place = entry.length;
            entry.push(0);
            fraction.push(0);
            while (place > at && entry[place - 1] > entries[t]) {
              entry[place] = entry[place - 1];
              fraction[place] = fraction[place - 1];
              place--;
            }
            entry[place] = entries[t];
            fraction[place] = fractions[t];
          }
          option.push(o);
          start.push(entry.length);
          floor.push(without + reducedCost);
        },
      );
      if (!complete || option.length > mostColumns) return null;
    }
    return new PatternPool(table, {
      cutoff: limit,
      option: Int32Array.from(option),
      start: Int32Array.from(start),
      entry: Int32Array.from(entry),
      fraction: Float64Array.from(fraction),
      floor: Float64Array.from(floor),
    });
  }

  save(): SavedPool {
    const { cutoff, floor } = this;
    return { cutoff, floor, option: this.#option, start: this.#start, entry: this.#entry, fraction: this.#fraction };
  }

  /** Takes what the root knows once it has its cuts: `list` is left, each column at its `floor`. */
  raiseFloors(list: Int32Array, floor: Float64Array): void {
    const former = this.floor.slice();
    this.floor.fill(Infinity);
    for (const c of list) this.floor[c] = Math.max(former[c], floor[c]);
  }

  pattern(column: number): Pattern {
    const from = this.#start[column];
    const to = this.#start[column + 1];
    return {
      option: this.#option[column],
      queryTypes: Int32Array.from(this.#entry.subarray(from, to), (e) => this.table.queryType[e]),
      fractions: this.#fraction.slice(from, to),
    };
  }

  /** Of the columns in `list` (null: all) those that `restrictions` allow and that plans cheaper than `cutoff` may hold. */
  allowed(list: Int32Array | null, { closed, blocked }: NodeRestrictions, cutoff: number): Int32Array {
    const kept = new Int32Array(list === null ? this.size : list.length);
    let size = 0;
    for (let at = 0; at < kept.length; at++) {
      const c = list === null ? at : list[at];
      if (this.floor[c] >= cutoff || closed[this.#option[c]] === 1) continue;
      let open = true;
      for (let t = this.#start[c]; t < this.#start[c + 1] && open; t++) open = blocked[this.#entry[t]] === 0;
      if (open) kept[size++] = c;
    }
    return kept.slice(0, size);
  }

  /**
   * Computes the reduced costs of the columns in `list` into `reducedCost`, and the least of each pair. Charges of subset rows are added
   * where the cost without them is below `room`; elsewhere what is left out only makes it smaller.
   */
  price(list: Int32Array, prices: PatternPrices, room: number, pairLeast: Float64Array): void {
    const { table, reducedCost } = this;
    const { cover, optionCost, placementCost, rateFactor, extraRate, subsets } = prices;
    const links = linksOf(subsets, table.problem.numQueryTypes);
    const members = new Int32Array(subsets.length);
    pairLeast.fill(Infinity);
    for (let at = 0; at < list.length; at++) {
      const c = list[at];
      const o = this.#option[c];
      const pair = table.pair[o];
      const from = this.#start[c];
      const to = this.#start[c + 1];
      let value = optionCost[o] + (to - from) * placementCost[pair] + rateFactor * this.#serving[c];
      for (let t = from; t < to; t++) {
        const e = this.#entry[t];
        value -= cover[table.queryType[e]];
        if (extraRate !== null) value += extraRate[table.at[e]] * this.#fraction[t];
      }
      if (value < room && subsets.length > 0) {
        for (let t = from; t < to; t++) {
          for (const s of links[table.queryType[this.#entry[t]]]) if (++members[s] === 2) value += subsets[s].penalty;
        }
        for (let t = from; t < to; t++) for (const s of links[table.queryType[this.#entry[t]]]) members[s] = 0;
      }
      reducedCost[c] = value;
      if (value < pairLeast[pair]) pairLeast[pair] = value;
    }
  }

  pairOf(column: number): number {
    return this.table.pair[this.#option[column]];
  }
}

/** (i): the subset rows that hold it. */
function linksOf(subsets: PatternPrices['subsets'], numQueryTypes: number): number[][] {
  const links: number[][] = Array.from({ length: numQueryTypes }, () => []);
  subsets.forEach(({ queryTypes }, s) => {
    for (const i of queryTypes) links[i].push(s);
  });
  return links;
}
