/**
 * Under `pooled` the delay limit is Delta_i * sum_jkn n w_jkn. No plan rents more TP degrees than budget and available
 * GPUs allow: buying the cheapest first, fractions of the last one included, bounds the sum (a relaxed knapsack). Under
 * `last-deployment` the factor is at most the largest degree left of the last pair. Then x_ijk <= Delta_i * factor
 * / worst delay, as when the problem was compiled, but with less.
 */
import type { WorkingProblem } from './workingProblem.ts';

/** A whole number of GPUs that rounding put just below it still counts. */
const wholeTolerance = 1e-6;

export function tightenStretchedDelays(working: WorkingProblem, name: string): void {
  const { base } = working;
  const { deployments, worstDelay, numPairs, delayRule, delayLimit } = base;
  if (delayRule.divides) return;
  const stretch = delayRule.isPooled ? largestPool(working) : largestDegree(working, delayRule.stretchingPair);
  for (const d of working.alive()) {
    for (const i of working.servableAt(d)) {
      const worst = worstDelay[i * numPairs + deployments.pair[d]];
      if (worst <= 0 || delayLimit[i] === Infinity) continue;
      const limit = (delayLimit[i] * stretch) / worst;
      const reason = () =>
        `${working.nameOf(i)} on ${working.describe(d)} is too slow even with ${stretch} GPUs counting for its delay limit`;
      working.tighten(name, i, d, limit, reason);
    }
  }
}

function largestDegree(working: WorkingProblem, pair: number): number {
  return working.aliveOfPair(pair).reduce((most, d) => Math.max(most, working.base.deployments.tpDegree[d]), 0);
}

/** The largest sum of n w that budget and available GPUs let any plan rent. */
function largestPool(working: WorkingProblem): number {
  const { numModels, numTiers, available, budget, rentalBudgetFactor, instance } = working.base;
  const offers: { gpus: number; price: number }[] = [];
  for (let k = 0; k < numTiers; k++) {
    let gpus = 0;
    for (let j = 0; j < numModels; j++) gpus += largestDegree(working, j * numTiers + k);
    const price = rentalBudgetFactor * instance.rentalPeriod * instance.tiers[k].price;
    offers.push({ gpus: Math.min(gpus, available[k]), price });
  }
  offers.sort((a, b) => a.price - b.price);
  let left = budget;
  let pool = 0;
  for (const { gpus, price } of offers) {
    const bought = price > 0 ? Math.min(gpus, left / price) : gpus;
    pool += bought;
    left -= price > 0 ? bought * price : 0;
  }
  return Math.floor(pool + wholeTolerance);
}
