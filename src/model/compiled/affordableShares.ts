/**
 * What no best plan can afford. A plan that costs U is known, and every part of a cost is >= 0: whoever drops the share
 * u of query type i pays phi lambda u, so that u <= U / (phi lambda) in every plan as cheap; a fraction x that pays c
 * for delay and storage has x <= U / c; and what costs more than U to rent is not rented. Shares below the tolerance of
 * feasibility are none, and then their price goes as well: no coefficient beyond U / tolerance reaches a relaxation.
 */
import { fractionTolerance, type PlanningProblem } from './planningProblem.ts';

/** In the unit of money of a search, in which plans cost up to some ten thousands (searchInstance.ts). */
const extremePrice = 1e7;
/** Still far beyond all other prices. */
const loweredPrice = 1e9;
/** Prices up to this many times the known cost are left alone: their shares are no burden to the arithmetic. */
const ordinaryRatio = 1e3;
/** A share below the tolerance of feasibility (specification 9.1) cannot be told from none. */
const leastShare = 1e-8;
/** The known cost is itself a rounded sum. */
const costSlack = 1 + 1e-6;

/** Whether some price is beyond what the search should see, so that a known plan's cost is worth having first. */
export function hasExtremePrices({ unmetCost, servingCost, deployments }: PlanningProblem): boolean {
  const isExtreme = (price: number) => price > extremePrice;
  return unmetCost.some(isExtreme) || servingCost.some(isExtreme) || deployments.rental.some(isExtreme);
}

/** The problem with extreme prices lowered: what construction can tell apart without losing the other digits. */
export function withPricesLowered(problem: PlanningProblem): PlanningProblem {
  const lowered = (prices: Float64Array) => prices.map((price) => Math.min(price, loweredPrice));
  return {
    ...problem,
    unmetCost: lowered(problem.unmetCost),
    servingCost: lowered(problem.servingCost),
    nominalDelayCost: lowered(problem.nominalDelayCost),
    deviationDelayCost: lowered(problem.deviationDelayCost),
  };
}

/** Every share that costs more than `knownCost` by itself taken out, and its price with it. Same indices. */
export function withAffordableShares(problem: PlanningProblem, knownCost: number): PlanningProblem {
  if (!(knownCost > 0 && knownCost < Infinity)) return problem;
  const most = knownCost * costSlack;
  const { numQueryTypes, deployments, deploymentsOfPair } = problem;
  const unmetCost = problem.unmetCost.slice();
  const unmetCap = problem.unmetCap.slice();
  const maxFraction = problem.maxFraction.slice();
  const servingCost = problem.servingCost.slice();
  const nominalDelayCost = problem.nominalDelayCost.slice();
  const deviationDelayCost = problem.deviationDelayCost.slice();
  for (let i = 0; i < numQueryTypes; i++) {
    if (unmetCost[i] > ordinaryRatio * most) {
      unmetCap[i] = Math.min(unmetCap[i], most / unmetCost[i]);
      if (unmetCap[i] < leastShare) unmetCap[i] = unmetCost[i] = 0;
    }
    for (let d = 0; d < deployments.count; d++) {
      const at = i * deployments.count + d;
      if (servingCost[at] <= ordinaryRatio * most) continue;
      const share = most / servingCost[at] < leastShare ? 0 : most / servingCost[at];
      maxFraction[at] = Math.min(maxFraction[at], share);
      if (share === 0) servingCost[at] = nominalDelayCost[at] = deviationDelayCost[at] = 0;
    }
  }
  const isAffordable = (d: number) => deployments.rental[d] <= most;
  const isSingle = problem.placement.isSingle;
  const servableCount = new Int32Array(deployments.count);
  for (let d = 0; d < deployments.count; d++) {
    for (let i = 0; i < numQueryTypes; i++) {
      const entry = i * deployments.count + d;
      const fraction = maxFraction[entry];
      const isTooSmall = isSingle ? fraction < 1 - unmetCap[i] - fractionTolerance : fraction <= 0;
      if (isTooSmall || !isAffordable(d)) maxFraction[entry] = -1;
      if (maxFraction[entry] >= 0) servableCount[d] += 1;
    }
  }
  return {
    ...problem,
    unmetCost,
    unmetCap,
    maxFraction,
    servingCost,
    nominalDelayCost,
    deviationDelayCost,
    deploymentsOfPair: deploymentsOfPair.map((list) => list.filter(isAffordable)),
    servableCount,
  };
}
