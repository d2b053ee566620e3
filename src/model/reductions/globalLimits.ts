/**
 * What the rows over all deployments exclude one deployment at a time: available GPUs, storage capacity (4.6) and
 * budget (4.2). A deployment d that is rented adds its own rental and weights to what every plan spends at least on
 * everything else (`leastSpend`); if that sum breaks a limit, d is in no plan. With query type i on d the same sum,
 * less the least query data of i, leaves (budget - sum) / dataCost_i for its fraction.
 */
import { type LeastSpend, leastSpend } from './leastSpend.ts';
import { amount, type WorkingProblem } from './workingProblem.ts';

export function applyGlobalLimits(working: WorkingProblem, name: string): void {
  const { base } = working;
  for (const d of working.alive()) {
    if (base.deployments.maxReplicas[d] >= 1) continue;
    const { available } = base.instance.tiers[base.deployments.tier[d]];
    const gpus = base.deployments.gpus[d] * base.deployments.minReplicas[d];
    const isScarce = available !== undefined && gpus > available;
    const limits = isScarce ? `${available} available` : 'more than its replicas and the fleet limits allow';
    working.removeDeployment(name, d, `${working.describe(d)} needs ${gpus} GPUs, of ${limits}`);
  }
  const least = leastSpend(working);
  if (least.isHopeless) return;
  if (base.storageCapacity < Infinity) applyStorage(working, name, least);
  if (base.budget < Infinity) applyBudget(working, name, least);
}

/** Weights (GB) that every plan stores beside d; with `placed`, query type i is the one on d. */
function otherWeights(working: WorkingProblem, least: LeastSpend, d: number, placed: number): number {
  const { base } = working;
  const { deployments, placement, numQueryTypes } = base;
  let sum = 0;
  if (placement.storesPerPlacement) {
    for (let i = 0; i < numQueryTypes; i++) if (i !== placed) sum += least.leastWeights[i];
    return sum;
  }
  for (const pair of least.confinedRental.keys()) {
    if (pair !== deployments.pair[d]) sum += base.weightSize[pair];
  }
  return sum;
}

function applyStorage(working: WorkingProblem, name: string, least: LeastSpend): void {
  const { base } = working;
  const { deployments, placement, storageCapacity } = base;
  for (const d of working.alive()) {
    const own = base.weightSize[deployments.pair[d]];
    if (!placement.storesPerPlacement) {
      const stored = own + otherWeights(working, least, d, -1);
      if (!working.exceeds(stored, storageCapacity)) continue;
      const reason = `${working.describe(d)}: weights of at least ${amount(stored)} GB would be stored, of ${amount(storageCapacity)} GB`;
      working.removeDeployment(name, d, reason);
      continue;
    }
    for (const i of working.servableAt(d)) {
      const stored = own + otherWeights(working, least, d, i);
      if (!working.exceeds(stored, storageCapacity)) continue;
      const reason = `${working.nameOf(i)} on ${working.describe(d)}: at least ${amount(stored)} GB would be stored, of ${amount(storageCapacity)} GB`;
      working.removeTriple(name, i, d, reason);
    }
  }
}

function applyBudget(working: WorkingProblem, name: string, least: LeastSpend): void {
  const { base } = working;
  const { deployments, placement, budget, rentalBudgetFactor, numQueryTypes, instance } = base;
  const pricePerGigabyte = instance.rentalPeriod * (instance.storagePrice ?? 0);
  let allData = 0;
  for (let i = 0; i < numQueryTypes; i++) allData += least.leastData[i];
  let allConfined = 0;
  for (const rental of least.confinedRental.values()) allConfined += rental;
  for (const d of working.alive()) {
    const others = allConfined - (least.confinedRental.get(deployments.pair[d]) ?? 0);
    const rental = rentalBudgetFactor * (deployments.rental[d] * deployments.minReplicas[d] + others);
    const ownWeights = !placement.storesPerPlacement ? base.weightSize[deployments.pair[d]] : 0;
    const stored = pricePerGigabyte * (ownWeights + otherWeights(working, least, d, -1));
    const spent = rental + stored + allData;
    if (working.exceeds(spent, budget)) {
      const reason = `${working.describe(d)}: a plan with it spends at least $${amount(spent)}, of $${amount(budget)}`;
      working.removeDeployment(name, d, reason);
      continue;
    }
    for (const i of working.servableAt(d)) {
      if (base.dataCost[i] <= 0 && !placement.storesPerPlacement) continue;
      const weights = pricePerGigabyte * (base.weightSize[deployments.pair[d]] + otherWeights(working, least, d, i));
      const before = rental + weights + allData - least.leastData[i];
      const reason = () =>
        `${working.nameOf(i)} on ${working.describe(d)}: a plan with it breaks the budget of $${amount(budget)}`;
      if (working.exceeds(before + least.leastData[i], budget)) working.removeTriple(name, i, d, reason());
      else if (base.dataCost[i] > 0) {
        const room = Math.max(budget - before, least.leastData[i]);
        working.tighten(name, i, d, room / base.dataCost[i], reason);
      }
    }
  }
}
