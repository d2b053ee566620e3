/**
 * All patterns that a plan cheaper than the pool's cutoff can hold, by enumeration at a Lagrangian bound L: a plan with
 * pattern p costs at least its *floor*, L - min(0, least reduced cost of its pair) + its own reduced cost. Below the
 * node where the pool was made, pricing is a pass over it: exact, whatever cuts the master has.
 */
import { mustBePlaced, type PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { GrowingFloats, GrowingInts } from '../growingArrays.ts';
import type { BoundCertificate } from '../master/dualPrices.ts';
import { leastOfPair, priceDuals } from '../master/dualPrices.ts';
import { countedDeployments, type NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import { type Pattern, patternBudgetUse } from '../pricing/pattern.ts';
import { PatternEnumerator } from '../pricing/patternEnumeration.ts';
import { type HolderPrice, PatternPricer, type PatternPrices } from '../pricing/patternPricer.ts';
import { gpusOf, type PatternTable, rentalCost } from '../pricing/patternTable.ts';
import { SpendFrontier } from '../pricing/spendFrontier.ts';
import { neverStop } from '../stopQuestion.ts';
import { bitsOfSets, bitsOfStretches, countToTwo, wordsFor } from './queryTypeBits.ts';

/**
 * The pool as plain data: column c is deployment[c] with replicas[c] and the entries start[c] .. start[c + 1] - 1 at
 * their fractions.
 */
export interface SavedPool {
  readonly cutoff: number;
  /** Columns that differ by fractions alone are one *set* and follow each other, the largest spend first. */
  readonly set: Int32Array;
  readonly deployment: Int32Array;
  readonly replicas: Int32Array;
  readonly start: Int32Array;
  readonly entry: Int32Array;
  readonly fraction: Float64Array;
  /** Least cost of a plan with the set of the column. */
  readonly floor: Float64Array;
}

/**
 * Whether sets of query types and replicas are all that patterns differ by: no row that could bind below `cutoff` looks
 * at fractions. The budget row does where data are stored at a price. C1 + C2 is then what delay and dropping leave of
 * a cost below the cutoff, so that a large budget does not bind (specification 3, 4.2).
 */
export function setsSuffice(problem: PlanningProblem, cutoff: number): boolean {
  const { delayRule, budget, rentalBudgetFactor, delayCost, dataCost } = problem;
  if (!delayRule.divides || !delayCost.isSeparable) return false;
  const isLarge = (rentalAndStorage: number) => budget >= Math.max(1, rentalBudgetFactor) * rentalAndStorage;
  if (isLarge(cutoff)) return true;
  // Without a plan yet nothing limits what a pool would hold.
  if (cutoff === Infinity) return false;
  return dataCost.every((cost) => cost === 0) || isLarge(cutoff - leastDelayAndUnmet(problem));
}

/**
 * Whether what plans below `cutoff` hold may be listed: of the rows that look at fractions there is the budget's at
 * most, for which a set has columns at several fractions.
 */
export function maybePooled(problem: PlanningProblem, cutoff: number): boolean {
  const { delayRule, delayCost } = problem;
  return delayRule.divides && delayCost.isSeparable && (cutoff < Infinity || setsSuffice(problem, cutoff));
}

/** What delay and dropping cost at least (C3 + C4), each query type where that is least. */
function leastDelayAndUnmet(problem: PlanningProblem): number {
  const { numQueryTypes, deployments, maxFraction, unmetCap, unmetCost, servingCost, dataCost } = problem;
  let total = 0;
  for (let i = 0; i < numQueryTypes; i++) {
    let least = mustBePlaced(problem, i) ? Infinity : unmetCost[i];
    for (let d = 0; d < deployments.count; d++) {
      const most = maxFraction[i * deployments.count + d];
      if (most < 0) continue;
      const rate = servingCost[i * deployments.count + d] - dataCost[i] - unmetCost[i];
      const fraction = rate < 0 ? most : Math.min(most, Math.max(0, 1 - unmetCap[i]));
      least = Math.min(least, unmetCost[i] + rate * fraction);
    }
    if (least < Infinity) total += least;
  }
  return total;
}

/** What the making of a pool may take before it is given up. */
export interface EnumerationLimits {
  /** Sets looked at. */
  readonly effort: number;
  readonly columns: number;
  /**
   * Whether a set has its cheapest column alone, at the certificate's prices, though a row looks at fractions: plans
   * are to be had of such a pool, but no bound. Default false.
   */
  readonly cheapestOnly?: boolean;
  /** Default: never. */
  readonly shouldStop?: () => boolean;
}

export class PatternPool {
  readonly table: PatternTable;
  readonly cutoff: number;
  readonly size: number;
  readonly sets: number;
  readonly floor: Float64Array;
  /** (column): its set (`SavedPool`). */
  readonly set: Int32Array;
  readonly #deployment: Int32Array;
  readonly #replicas: Int32Array;
  /** Deployments with their replicas, each once; (column): its place among them. */
  readonly #rented: { readonly deployment: number; readonly replicas: number }[] = [];
  readonly #rentedAs: Int32Array;
  readonly #start: Int32Array;
  readonly #entry: Int32Array;
  readonly #fraction: Float64Array;
  /** (entry of a column): its query type. */
  readonly #queryType: Int32Array;
  /** (column): the pair of its deployment. */
  readonly #pair: Int32Array;
  /** (column): sum of rate * fraction. */
  readonly #serving: Float64Array;
  /** (column, word): its query types as bits. */
  readonly bits: Int32Array;
  readonly numWords: number;
  /** (column): reduced costs of the last pass, at the columns that it looked at. */
  readonly reducedCost: Float64Array;

  /** `sets`: looked at when it was enumerated. */
  constructor(table: PatternTable, saved: SavedPool, sets = 0) {
    this.sets = sets;
    this.table = table;
    this.cutoff = saved.cutoff;
    this.size = saved.deployment.length;
    this.floor = saved.floor;
    this.set = saved.set;
    this.#deployment = saved.deployment;
    this.#replicas = saved.replicas;
    this.#rentedAs = this.#listRented();
    this.#start = saved.start;
    this.#entry = saved.entry;
    this.#fraction = saved.fraction;
    this.reducedCost = new Float64Array(this.size);
    this.#queryType = saved.entry.map((e) => table.queryType[e]);
    this.#pair = saved.deployment.map((d) => table.pair[d]);
    this.#serving = new Float64Array(this.size);
    this.numWords = wordsFor(table.problem.numQueryTypes);
    for (let c = 0; c < this.size; c++) {
      for (let t = saved.start[c]; t < saved.start[c + 1]; t++) {
        this.#serving[c] += table.rate[saved.entry[t]] * saved.fraction[t];
      }
    }
    this.bits = bitsOfStretches(saved.start, this.#queryType, this.numWords);
  }

  /**
   * Enumerates what may be part of a plan cheaper than `cutoff` under `restrictions`; null if that takes more than the
   * limits allow, where it is stopped, or where what is merged has a price on its fractions.
   */
  static enumerate(
    master: RestrictedMaster,
    restrictions: NodeRestrictions,
    certificate: BoundCertificate,
    cutoff: number,
    { effort, columns, cheapestOnly = false, shouldStop = neverStop }: EnumerationLimits,
  ): PatternPool | null {
    const { table } = restrictions;
    const { prices } = priceDuals(master, restrictions, certificate.duals, 2);
    // A price on fractions (a budget that does not bind may have a small one) makes others cheapest than those of a
    // plan.
    const setsAreAll = cheapestOnly || (prices.extraRate === null && setsSuffice(table.problem, cutoff));
    const frontier = setsAreAll ? null : new SpendFrontier(table);
    if (frontier !== null && table.isMerged) return null;
    const budgetPrice = Math.max(0, -(certificate.duals[master.budgetRow] ?? 0));
    const enumerator = new PatternEnumerator(table);
    const limit = cutoff + table.parameters.pool.cutoffSlack * Math.abs(cutoff);
    const set = new GrowingInts();
    const deployment = new GrowingInts();
    const replicas = new GrowingInts();
    const start = new GrowingInts();
    const entry = new GrowingInts();
    const fraction = new GrowingFloats();
    const floor = new GrowingFloats();
    start.push(0);
    let sets = 0;
    const pricer = new PatternPricer(table);
    pricer.muA.set(certificate.muA);
    pricer.muB.set(certificate.muB);
    for (let d = 0; d < table.numDeployments; d++) {
      if (restrictions.closed[d] === 1) continue;
      if (shouldStop()) return null;
      const pair = table.pair[d];
      const without = certificate.bound - leastOfPair(restrictions, pair, certificate.pairLeast);
      if (without + certificate.reducedCost[d] >= limit) continue;
      const quickBound = pricer.quickBound(d, prices, restrictions);
      for (let m = restrictions.leastReplicas[d]; m <= restrictions.mostReplicas[d]; m++) {
        if (without + pricer.boundAt(d, prices, restrictions, quickBound, m) >= limit) continue;
        const isLeast = m === restrictions.leastReplicas[d];
        const canSave = !isLeast && rentalCost(table, d, m - 1) <= rentalCost(table, d, m);
        const complete = enumerator.enumerate(
          d,
          m,
          prices,
          restrictions.blocked,
          certificate.muA[d],
          certificate.muB[d],
          limit - without,
          effort - enumerator.nodes,
          (count, entries, fractions, reducedCost) => {
            // A deployment that serves nothing and saves nothing: the plan without it is no dearer.
            if (count === 0 && rentalCost(table, d, m) >= 0) return true;
            const room = limit - without - reducedCost;
            const corners = frontier?.corners(m, count, entries, budgetPrice, room) ?? [fractions];
            // One replica fewer would hold the same, and cost no more.
            if (canSave && corners.every((corner) => fits(table, m - 1, count, entries, corner))) return true;
            for (const corner of corners) {
              const at = entry.size;
              for (let t = 0; t < count; t++) {
                entry.push(entries[t]);
                fraction.push(corner[t]);
                // Entries of a deployment rise with the query type.
                for (let place = entry.size - 1; place > at && entry.values[place - 1] > entries[t]; place--) {
                  entry.swap(place - 1, place);
                  fraction.swap(place - 1, place);
                }
              }
              set.push(sets);
              deployment.push(d);
              replicas.push(m);
              start.push(entry.size);
              floor.push(without + reducedCost);
            }
            sets++;
            return deployment.size <= columns;
          },
          shouldStop,
        );
        if (!complete) return null;
      }
    }
    const made = {
      cutoff: limit,
      set: set.taken(),
      deployment: deployment.taken(),
      replicas: replicas.taken(),
      start: start.taken(),
      entry: entry.taken(),
      fraction: fraction.taken(),
      floor: floor.taken(),
    };
    return new PatternPool(table, made, enumerator.nodes);
  }

  save(): SavedPool {
    const { cutoff, floor, set } = this;
    return {
      cutoff,
      floor,
      set,
      deployment: this.#deployment,
      replicas: this.#replicas,
      start: this.#start,
      entry: this.#entry,
      fraction: this.#fraction,
    };
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
      deployment: this.#deployment[column],
      replicas: this.#replicas[column],
      queryTypes: this.#queryType.slice(from, to),
      fractions: this.#fraction.slice(from, to),
    };
  }

  /**
   * Of the columns in `list` (null: all) those that `restrictions` allow and that plans cheaper than `cutoff` may hold.
   */
  allowed(list: Int32Array | null, restrictions: NodeRestrictions, cutoff: number): Int32Array {
    const { closed, blocked, leastReplicas, mostReplicas, counts } = restrictions;
    const forbidden = [...counts.values()].flatMap(({ most, holding, replicas = 0, ...counted }) =>
      most === 0 && holding !== undefined
        ? [{ isMember: countedDeployments(this.table, counted), holding, replicas, price: 0 }]
        : [],
    );
    const kept = new Int32Array(list === null ? this.size : list.length);
    let size = 0;
    for (let at = 0; at < kept.length; at++) {
      const c = list === null ? at : list[at];
      const d = this.#deployment[c];
      if (this.floor[c] >= cutoff || closed[d] === 1) continue;
      if (this.#replicas[c] < leastReplicas[d] || this.#replicas[c] > mostReplicas[d]) continue;
      if (forbidden.some((holder) => this.#isHolder(c, holder))) continue;
      let open = true;
      for (let t = this.#start[c]; t < this.#start[c + 1] && open; t++) open = blocked[this.#entry[t]] === 0;
      if (open) kept[size++] = c;
    }
    return kept.slice(0, size);
  }

  /**
   * Computes the reduced costs of the columns in `list` into `reducedCost`, and the least of each pair. Charges of
   * subset rows are added where the cost without them is below `room`; elsewhere what is left out only makes it
   * smaller.
   */
  price(list: Int32Array, prices: PatternPrices, room: number, pairLeast: Float64Array): void {
    const { table, reducedCost } = this;
    const { cover, rental, placementCost, rateFactor, extraRate, subsets, holders = [] } = prices;
    const queryType = this.#queryType;
    const start = this.#start;
    const charges = {
      bits: bitsOfSets(
        subsets.map(({ queryTypes }) => queryTypes),
        this.numWords,
      ),
      penalty: Float64Array.from(subsets, ({ penalty }) => penalty),
    };
    pairLeast.fill(Infinity);
    const rented = this.#rented.map(({ deployment, replicas }) => rental(deployment, replicas));
    for (let at = 0; at < list.length; at++) {
      const c = list[at];
      const pair = this.#pair[c];
      const from = start[c];
      const to = start[c + 1];
      let value = rented[this.#rentedAs[c]] + (to - from) * placementCost[pair] + rateFactor * this.#serving[c];
      for (let t = from; t < to; t++) value -= cover[queryType[t]];
      if (extraRate !== null) {
        for (let t = from; t < to; t++) value += extraRate[table.at[this.#entry[t]]] * this.#fraction[t];
      }
      for (const holder of holders) if (this.#isHolder(c, holder)) value -= holder.price;
      if (value < room && subsets.length > 0) value = this.#charged(c, value, room, charges);
      reducedCost[c] = value;
      if (value < pairLeast[pair]) pairLeast[pair] = value;
    }
  }

  #isHolder(column: number, { isMember, holding, replicas }: HolderPrice): boolean {
    if (isMember[this.#deployment[column]] === 0 || this.#replicas[column] < replicas) return false;
    return holding.every((i) => this.queryTypesOf(column).includes(i));
  }

  #listRented(): Int32Array {
    const places = new Map<number, number>();
    return this.#deployment.map((deployment, c) => {
      const replicas = this.#replicas[c];
      const key = replicas * this.table.numDeployments + deployment;
      const place = places.get(key) ?? this.#rented.push({ deployment, replicas }) - 1;
      places.set(key, place);
      return place;
    });
  }

  queryTypesOf(column: number): Int32Array {
    return this.#queryType.subarray(this.#start[column], this.#start[column + 1]);
  }

  /** What the set of the column counts in the budget row at least: at its last fractions. */
  leastSpend(column: number): number {
    let last = column;
    while (last + 1 < this.size && this.set[last + 1] === this.set[column]) last++;
    return patternBudgetUse(this.table, this.pattern(last));
  }

  tierOf(column: number): number {
    return this.table.problem.deployments.tier[this.#deployment[column]];
  }

  gpusOf(column: number): number {
    return gpusOf(this.table, this.#deployment[column], this.#replicas[column]);
  }

  pairOf(column: number): number {
    return this.#pair[column];
  }

  /** `value` with the penalties of the subset rows of which the column holds two members or more, as far as `room`. */
  #charged(column: number, value: number, room: number, { bits, penalty }: SubsetBits): number {
    const numWords = this.numWords;
    const own = this.bits;
    let charged = value;
    for (let s = 0; s < penalty.length && charged < room; s++) {
      let held = 0;
      for (let word = 0; word < numWords; word++) {
        const common = own[column * numWords + word] & bits[s * numWords + word];
        held += countToTwo(common);
      }
      if (held >= 2) charged += penalty[s];
    }
    return charged;
  }
}

/** Whether so many replicas hold these fractions. */
function fits(
  { memory, compute }: PatternTable,
  replicas: number,
  count: number,
  entries: Int32Array,
  fractions: Float64Array,
): boolean {
  let usedMemory = 0;
  let usedCompute = 0;
  for (let t = 0; t < count; t++) {
    usedMemory += memory[entries[t]] * fractions[t];
    usedCompute += compute[entries[t]] * fractions[t];
  }
  return Math.max(usedMemory, usedCompute) <= replicas;
}

/** Subset rows by their members as bits, (row, word) like the pool's, and what each charges. */
interface SubsetBits {
  readonly bits: Int32Array;
  readonly penalty: Float64Array;
}
