/**
 * What the deployments of a plan share: the budget (c C1 + C2 <= delta), the storage capacity, the GPUs of each tier,
 * the fleet limits and, under the pooled delay rule, the total of TP degrees that the assumed stretch of the delay
 * limits needs. The local search lets these be exceeded at a price and raises the price until they hold. Committed GPUs
 * are shared too: those that stand idle cost their rental.
 */
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { defaultHeuristicParameters, type HeuristicParameters } from './parameters.ts';

/** How a pair (model, tier) is used: its deployment, and what it costs and takes from the shared limits. */
export interface PairUse {
  /** -1: not rented. */
  deployment: number;
  replicas: number;
  /** $: rental, storage, switching against not renting, serving and dropping. Without prices of shared limits. */
  cost: number;
  /** $ of C1. */
  rental: number;
  /** $ of C2: weights and data. */
  storage: number;
  /** GB against the storage capacity. */
  storedWeights: number;
  gpus: number;
  tpDegree: number;
}

export function emptyUse(): PairUse {
  return { deployment: -1, replicas: 0, cost: 0, rental: 0, storage: 0, storedWeights: 0, gpus: 0, tpDegree: 0 };
}

export function copyUse(from: PairUse, to: PairUse): void {
  to.deployment = from.deployment;
  to.replicas = from.replicas;
  to.cost = from.cost;
  to.rental = from.rental;
  to.storage = from.storage;
  to.storedWeights = from.storedWeights;
  to.gpus = from.gpus;
  to.tpDegree = from.tpDegree;
}

export class SharedLimits {
  readonly #problem: PlanningProblem;
  readonly #tolerance: number;
  readonly #tightShare: number;
  readonly #tierHasLimit: Uint8Array;
  /** Whether anything is shared at all; if not, every penalty is 0. */
  readonly couples: boolean;
  budgetUse = 0;
  storedWeights = 0;
  totalDegree = 0;
  readonly gpus: Float64Array;
  /** Least total of TP degrees (pooled rule); 0 otherwise. */
  requiredDegree = 0;
  /** $ per $ over budget; the prices of the other limits follow from it. */
  price = 1;
  readonly #gigabytePrice: number;
  readonly #gpuPrice: number;
  readonly #hasCommitments: boolean;
  /** (k): $ of a GPU over the rental period. */
  readonly #rentalOfGpu: Float64Array;
  /** Units of each fleet limit that one of the GPUs that count most for it takes. */
  readonly #fleetUnit: Float64Array;
  /**
   * What of each fleet limit is in use; summed up anew where it is asked for after a change, so that nothing drifts.
   */
  readonly #fleetUse: Float64Array;
  #isFleetUseKnown = false;

  constructor(
    problem: PlanningProblem,
    { tolerance, tightShare }: HeuristicParameters['limits'] = defaultHeuristicParameters.limits,
  ) {
    this.#problem = problem;
    this.#tolerance = tolerance;
    this.#tightShare = tightShare;
    this.gpus = new Float64Array(problem.numTiers);
    this.#tierHasLimit = Uint8Array.from(problem.available, (limit) => (limit < Infinity ? 1 : 0));
    this.couples =
      problem.budget < Infinity ||
      problem.storageCapacity < Infinity ||
      this.#tierHasLimit.includes(1) ||
      problem.fleetLimits.length > 0 ||
      problem.committed.some((gpus) => gpus > 0) ||
      problem.delayRule.isPooled;
    const { instance } = problem;
    this.#hasCommitments = problem.committed.some((gpus) => gpus > 0);
    this.#rentalOfGpu = Float64Array.from(instance.tiers, ({ price }) => instance.rentalPeriod * price);
    this.#fleetUnit = Float64Array.from(problem.fleetLimits, ({ perGpu }) => Math.max(1e-9, ...perGpu));
    this.#fleetUse = new Float64Array(problem.fleetLimits.length);
    const { rental, count } = problem.deployments;
    let typicalRental = 0;
    for (let d = 0; d < count; d++) typicalRental += rental[d] / count;
    const { numModels, numTiers, weightSize } = problem;
    let typicalSize = 0;
    for (let j = 0; j < numModels; j++)
      typicalSize += Math.max(...weightSize.subarray(j * numTiers, (j + 1) * numTiers));
    typicalSize /= Math.max(1, numModels);
    this.#gpuPrice = Math.max(typicalRental, 1e-9);
    this.#gigabytePrice = typicalRental / Math.max(typicalSize, 1e-9);
  }

  clear(): void {
    this.budgetUse = 0;
    this.storedWeights = 0;
    this.totalDegree = 0;
    this.gpus.fill(0);
    this.#isFleetUseKnown = false;
  }

  /** Takes the GPUs in use, by tier, from before. */
  restoreGpus(gpus: Float64Array): void {
    this.gpus.set(gpus);
    this.#isFleetUseKnown = false;
  }

  /** Adds (sign 1) or takes away (sign -1) the use of a pair. */
  charge(use: PairUse, tier: number, sign: number): void {
    this.budgetUse += sign * (this.#problem.rentalBudgetFactor * use.rental + use.storage);
    this.storedWeights += sign * use.storedWeights;
    this.totalDegree += sign * use.tpDegree;
    this.gpus[tier] += sign * use.gpus;
    this.#isFleetUseKnown = false;
  }

  /**
   * The priced excess with `use` added on `tier`, available GPUs of other tiers left out, and what idle committed GPUs
   * cost.
   */
  penaltyWith(use: PairUse, tier: number): number {
    if (!this.couples) return 0;
    const { budget, storageCapacity, available, rentalBudgetFactor } = this.#problem;
    const idle = this.idleCost(tier, use.gpus);
    const money = this.#beyond(this.budgetUse + rentalBudgetFactor * (use.rental + idle) + use.storage, budget);
    const space = this.#beyond(this.storedWeights + use.storedWeights, storageCapacity);
    const cards = this.#tierHasLimit[tier] ? this.#beyond(this.gpus[tier] + use.gpus, available[tier]) : 0;
    const degrees = Math.max(0, this.requiredDegree - this.totalDegree - use.tpDegree);
    const fleet = this.#fleetExcess(tier, use.gpus);
    return idle + this.price * (money + this.#gigabytePrice * space + this.#gpuPrice * (cards + degrees + fleet));
  }

  /** The priced excess of all limits, and what idle committed GPUs cost. */
  penalty(): number {
    return this.couples ? this.idleCost() + this.price * this.excess() : 0;
  }

  /** $ over the rental period for committed GPUs that are not in use, with so many more of `tier` in use. */
  idleCost(tier = -1, more = 0): number {
    if (!this.#hasCommitments) return 0;
    let total = 0;
    this.#problem.committed.forEach((committed, k) => {
      const used = this.gpus[k] + (k === tier ? more : 0);
      if (committed > used) total += this.#rentalOfGpu[k] * (committed - used);
    });
    return total;
  }

  /** (t): what of each fleet limit is in use. */
  #usedOfFleet(): Float64Array {
    if (this.#isFleetUseKnown) return this.#fleetUse;
    const { fleetLimits } = this.#problem;
    for (let t = 0; t < fleetLimits.length; t++) {
      const { perGpu } = fleetLimits[t];
      let use = 0;
      for (let k = 0; k < perGpu.length; k++) use += perGpu[k] * this.gpus[k];
      this.#fleetUse[t] = use;
    }
    this.#isFleetUseKnown = true;
    return this.#fleetUse;
  }

  /** GPUs by which fleet limits are exceeded, with so many more of `tier`. */
  #fleetExcess(tier = -1, more = 0): number {
    const { fleetLimits } = this.#problem;
    const used = this.#usedOfFleet();
    let total = 0;
    for (let t = 0; t < used.length; t++) {
      const { perGpu, most } = fleetLimits[t];
      const use = tier < 0 ? used[t] : used[t] + perGpu[tier] * more;
      total += this.#beyond(use, most) / this.#fleetUnit[t];
    }
    return total;
  }

  /** The excess of all limits at price 1. */
  excess(): number {
    if (!this.couples) return 0;
    const { budget, storageCapacity, available, rentalBudgetFactor } = this.#problem;
    let cards = this.#fleetExcess();
    for (let k = 0; k < this.gpus.length; k++) {
      if (this.#tierHasLimit[k]) cards += this.#beyond(this.gpus[k], available[k]);
    }
    const money = this.#beyond(this.budgetUse + rentalBudgetFactor * this.idleCost(), budget);
    const space = this.#beyond(this.storedWeights, storageCapacity);
    const degrees = Math.max(0, this.requiredDegree - this.totalDegree);
    return money + this.#gigabytePrice * space + this.#gpuPrice * (cards + degrees);
  }

  /** Whether the present plan uses so much of some limit that a move may well run into it. */
  isTight(): boolean {
    if (!this.couples) return false;
    const { budget, storageCapacity, available } = this.#problem;
    if (this.budgetUse > this.#tightShare * budget || this.storedWeights > this.#tightShare * storageCapacity)
      return true;
    if (this.requiredDegree > 0 && this.totalDegree < 2 * this.requiredDegree) return true;
    for (let k = 0; k < this.gpus.length; k++) {
      if (this.#tierHasLimit[k] && this.gpus[k] > this.#tightShare * available[k]) return true;
    }
    if (this.#hasCommitments) return true;
    const used = this.#usedOfFleet();
    return this.#problem.fleetLimits.some(({ most }, t) => used[t] > this.#tightShare * most);
  }

  #beyond(use: number, limit: number): number {
    return use > limit + this.#tolerance * Math.max(1, Math.abs(limit)) ? use - limit : 0;
  }
}
