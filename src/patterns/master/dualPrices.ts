/**
 * From duals of the master's rows to the prices that pricing reads, and to the part of the Lagrangian bound that is not
 * a pattern:
 *
 *   L(y) = offset + sum of y * right-hand side + sum over pairs of min(0, least reduced cost there)  <=  optimum
 *
 * for every y of the right signs (a pair that must be rented adds its least reduced cost as it is). Duals are clipped
 * to the right sign first, so that rounding cannot make the bound invalid.
 */

import type { HolderPrice, PatternPrices } from '../pricing/patternPricer.ts';
import { gpusOf, rentalBudgetUse, rentalCost } from '../pricing/patternTable.ts';
import type { SubsetPenalty } from '../pricing/subsetCharges.ts';
import { leastPlaced, type NodeRestrictions } from './patternDecision.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

export interface PricedDuals {
  readonly prices: PatternPrices;
  /** L(y) without its sum over pairs. */
  readonly base: number;
}

/** Duals of a bound, and lower bounds on reduced costs at them. */
export interface BoundCertificate {
  readonly bound: number;
  readonly duals: Float64Array;
  /** (d): least reduced cost of its patterns. */
  readonly reducedCost: Float64Array;
  readonly pairLeast: Float64Array;
  /** (d): multipliers of memory and compute that its pricing ended with. */
  readonly muA: Float64Array;
  readonly muB: Float64Array;
}

/**
 * What a pair adds to the bound: its least reduced cost, but nothing where that is positive and the pair need not be
 * rented.
 */
export function leastOfPair({ required }: NodeRestrictions, pair: number, pairLeast: Float64Array): number {
  return required[pair] === 1 ? pairLeast[pair] : Math.min(0, pairLeast[pair]);
}

/** `base` with what all pairs add to the bound, each of those that are alike the same. */
export function withPairs(base: number, restrictions: NodeRestrictions, pairLeast: Float64Array): number {
  const { copies } = restrictions.table.alike.pairs;
  let total = base;
  for (let pair = 0; pair < pairLeast.length; pair++) {
    if (copies[pair] === 0) continue;
    const least = leastOfPair(restrictions, pair, pairLeast);
    total += least > 0 ? least : least * copies[pair];
  }
  return total;
}

/** The dual of a count's row, of the sign that its bounds allow. */
export function priceOfCount({ least, most }: { readonly least: number; readonly most: number }, dual: number): number {
  const notAbove = least <= 0 ? Math.min(0, dual) : dual;
  return most === Infinity ? Math.max(0, notAbove) : notAbove;
}

/** `phase` is that of the duals: 2 for a certificate's, even where the master has gone on to phase 1. */
export function priceDuals(
  master: RestrictedMaster,
  restrictions: NodeRestrictions,
  duals: Float64Array,
  phase: 1 | 2 = master.phase,
): PricedDuals {
  const { table } = master;
  const { problem } = table;
  const { numQueryTypes, numPairs, deployments } = problem;
  const { count } = deployments;
  const factor = phase === 1 ? 0 : 1;
  // Rows made since the duals were computed had no part in them.
  const dualOf = (row: number) => duals[row] ?? 0;
  const atMostZero = (row: number) => (row < 0 ? 0 : Math.min(0, dualOf(row)));
  let base = factor * table.objectiveOffset;

  const cover = duals.slice(0, numQueryTypes);
  const { queryTypes, pairs } = table.alike;
  queryTypes.members.forEach((alike, i) => {
    if (alike.length === 0) return;
    const least = leastPlaced(restrictions, i);
    const price = least === 0 ? Math.min(0, cover[i]) : cover[i];
    base += price > 0 ? price * least : price * alike.length;
    for (const member of alike) cover[member] = price;
  });

  const budgetPrice = atMostZero(master.budgetRow);
  const storagePrice = atMostZero(master.storageRow);
  if (budgetPrice < 0) base += budgetPrice * table.budget;
  if (storagePrice < 0) base += storagePrice * problem.storageCapacity;
  const { tierPrice, bound: ofGpus } = master.gpuRows.price(atMostZero, budgetPrice, factor);
  base += ofGpus;
  const pairPrice = Float64Array.from(master.pairRow, (row, pair) => {
    if (row < 0) return 0;
    const price = restrictions.required[pair] === 1 ? dualOf(row) : Math.min(0, dualOf(row));
    base += price > 0 ? price : price * pairs.copies[pair];
    return price;
  });

  let degreePrice = 0;
  let extraRate: Float64Array | null = null;
  const rates = () => {
    extraRate ??= new Float64Array(numQueryTypes * count);
    return extraRate;
  };
  if (budgetPrice < 0 && problem.dataCost.some((cost) => cost !== 0)) {
    const extra = rates();
    for (let i = 0; i < numQueryTypes; i++) {
      extra.fill(-budgetPrice * problem.dataCost[i], i * count, (i + 1) * count);
    }
  }
  master.pooledRow.forEach((row, i) => {
    const price = atMostZero(row);
    if (price === 0) return;
    const extra = rates();
    for (let d = 0; d < count; d++) {
      extra[i * count + d] -= price * problem.worstDelay[i * numPairs + deployments.pair[d]];
    }
    degreePrice += price * problem.delayLimit[i];
  });
  if (master.delayCost !== null) {
    master.delayCost.chargeRates(duals, rates());
    base += phase === 1 ? 0 : master.delayCost.boundContribution(duals);
  }

  const countPrices: { readonly isMember: Uint8Array; readonly price: number; readonly inGpus: boolean }[] = [];
  const holders: HolderPrice[] = [];
  for (const [key, { row, counted, isMember }] of master.countRows) {
    const bounds = restrictions.counts.get(key);
    if (bounds === undefined) continue;
    const price = priceOfCount(bounds, dualOf(row));
    base += price * (price > 0 ? bounds.least : price < 0 ? bounds.most : 0);
    const { holding, replicas, inGpus = false } = counted;
    if (holding === undefined && replicas === undefined) countPrices.push({ isMember, price, inGpus });
    else if (price !== 0) holders.push({ isMember, holding: holding ?? [], replicas: replicas ?? 0, price });
  }
  const covers: { readonly steps: Float64Array; readonly price: number }[] = [];
  for (const {
    row,
    cover: { most },
    steps,
  } of master.gpuCoverRows) {
    const price = atMostZero(row);
    if (price === 0) continue;
    base += price * most;
    covers.push({ steps, price });
  }
  const rental = (d: number, replicas: number): number => {
    const pair = table.pair[d];
    let cost =
      factor * rentalCost(table, d, replicas) -
      budgetPrice * rentalBudgetUse(table, d, replicas) -
      storagePrice * table.rentedStorage[pair] -
      tierPrice[deployments.tier[d]] * gpusOf(table, d, replicas) -
      pairPrice[pair] +
      degreePrice * deployments.tpDegree[d];
    for (const { isMember, price, inGpus } of countPrices) {
      if (isMember[d] === 1) cost -= inGpus ? price * gpusOf(table, d, replicas) : price;
    }
    for (const { steps, price } of covers) if (replicas >= steps[d]) cost -= price;
    return cost;
  };
  const subsets: SubsetPenalty[] = [];
  for (const { row, triple } of master.subsetRows) {
    const price = atMostZero(row);
    if (price === 0) continue;
    base += price;
    subsets.push({ queryTypes: triple, penalty: -price });
  }
  const placementCost = Float64Array.from(
    table.placementCost,
    (cost, pair) => cost * (factor - budgetPrice) - storagePrice * table.placementStorage[pair],
  );
  const rentalSteps = covers.map(({ steps }) => steps);
  const prices = { cover, rental, rentalSteps, placementCost, rateFactor: factor, extraRate, subsets, holders };
  return { prices, base };
}
