/**
 * A deployment d gives way to d' of another (model, tier) under single placement. In a plan with d, move its query
 * types to the pair of d': if that pair is not rented, rent d'; if it is rented at a smaller TP degree, go up to d'; if
 * at a larger one, keep it. The plan stays feasible and gets no dearer if
 * - everything that can be on d or on that pair fits together into one replica of d' (larger degrees have more room);
 * - each query type of d has there, at every degree from n' on, at least the same largest fraction, and each query type
 *   of smaller degrees at d' too; delay and serving costs are no higher, entry by entry where the joint worst case
 *   mixes them;
 * - rental of d' <= rental of d, weights of its model no larger, GPUs available (its tier is not capped, or is the tier
 *   of d, and n' <= n).
 * Switching costs and the `pooled` rule tie pairs together otherwise: then nothing is done. Under `last-deployment` the
 * last pair itself stays. Without the first condition this would be wrong: two pairs rented together have twice the
 * room of one.
 */
import type { WorkingProblem } from './workingProblem.ts';

export function removeDominatedPairs(working: WorkingProblem, name: string): void {
  const { options, switchingAdded, switchingRemoved, lastPair, deployments } = working.base;
  if (options.placement !== 'single' || options.delayRule === 'pooled') return;
  if (switchingAdded > 0 || switchingRemoved > 0) return;
  // What does not even hold its own query types holds no others; on large instances this leaves few to compare.
  const roomy = working.alive().filter((d) => holdsEverything(working, d, d));
  for (const d of working.alive()) {
    if (options.delayRule === 'last-deployment' && deployments.pair[d] === lastPair) continue;
    const better = roomy.find((other) => working.isAlive(other) && dominates(working, other, d));
    if (better === undefined) continue;
    const reason = `${working.describe(better)} can take all that ${working.describe(d)} can, and is no dearer`;
    working.removeDeployment(name, d, reason);
  }
}

function dominates(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments, weightSize, available } = working.base;
  const pair = deployments.pair[better];
  if (pair === deployments.pair[d]) return false;
  if (deployments.rental[better] > deployments.rental[d]) return false;
  if (weightSize[deployments.model[better]] > weightSize[deployments.model[d]]) return false;
  if (available[deployments.tier[better]] < Infinity) {
    const sameTier = deployments.tier[better] === deployments.tier[d];
    if (!sameTier || deployments.tpDegree[better] > deployments.tpDegree[d]) return false;
  }
  return (
    servesAtLeastAsMuch(working, better, d) && servesNoDearer(working, pair, d) && holdsEverything(working, better, d)
  );
}

function servesAtLeastAsMuch(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments } = working.base;
  const atLeast = (from: number, to: number) =>
    working.servableAt(from).every((i) => working.fraction(i, to) >= working.fraction(i, from));
  const degree = deployments.tpDegree[better];
  return working
    .aliveOfPair(deployments.pair[better])
    .every((other) => (deployments.tpDegree[other] < degree ? atLeast(other, better) : atLeast(d, other)));
}

function servesNoDearer(working: WorkingProblem, pair: number, d: number): boolean {
  const { base } = working;
  const { numPairs, options, delayCostIsSeparable, delayShare, gammaDelay } = base;
  const from = base.deployments.pair[d];
  return working.servableAt(d).every((i) => {
    const here = i * numPairs + from;
    const there = i * numPairs + pair;
    if (options.delayRule === 'last-deployment' && base.worstDelay[there] > base.worstDelay[here]) return false;
    if (delayCostIsSeparable) return base.servingCost[there] <= base.servingCost[here];
    return (
      base.nominalDelayCost[there] <= base.nominalDelayCost[here] &&
      base.deviationDelayCost[there] <= base.deviationDelayCost[here] &&
      (gammaDelay === 0 || delayShare[pair] <= delayShare[from])
    );
  });
}

/** Whether one replica of `better` holds the largest fractions of all that can be on d or on its own pair. */
function holdsEverything(working: WorkingProblem, better: number, d: number): boolean {
  const { deployments, memoryUse, computeUse, numPairs, numQueryTypes } = working.base;
  const pair = deployments.pair[better];
  const sources = [d, ...working.aliveOfPair(pair)];
  let memory = 0;
  let compute = 0;
  for (let i = 0; i < numQueryTypes; i++) {
    const most = sources.reduce((largest, source) => Math.max(largest, working.fraction(i, source)), 0);
    memory += most * memoryUse[i * numPairs + pair];
    compute += most * computeUse[i];
  }
  return (
    memory <= deployments.memoryRoom[better] * deployments.tpDegree[better] && compute <= deployments.compute[better]
  );
}
