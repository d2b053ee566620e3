/**
 * An instance under its options, as flat typed arrays: what every formulation, cut, heuristic and pricing routine
 * reads. The verifier does not read this file; it is the independent check.
 *
 * Index conventions: i query type, j model, k tier; `pair` = j * K + k is a (model, tier); `deployment` d is a (model,
 * tier, TP degree) whose weights fit and that may be rented, in the order of j, then k, then the tier's degrees; (i,
 * pair) arrays are at i * numPairs + pair, (i, d) arrays at i * numDeployments + d. All "per fraction" figures are for
 * serving the whole of a query type.
 */
import { effectiveUnmetCap, type Instance, type Pairing, type Tensor, tpDegreesOf } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';

/** Fractions closer than this to a limit count as meeting it: rounding of the sums that define the limit, not slack. */
export const fractionTolerance = 1e-9;
/** Relative rounding allowed when weights are compared with memory ("B/n = C can be chosen", specification 4.4). */
const memoryFitTolerance = 1e-12;

interface DeploymentTable {
  readonly count: number;
  readonly model: Int32Array;
  readonly tier: Int32Array;
  readonly pair: Int32Array;
  readonly tpDegree: Int32Array;
  /** $ over the rental period for one replica: dT * p_k * n. */
  readonly rental: Float64Array;
  /** GB per GPU left beside the weights, for one replica: C_k - B_j / n. */
  readonly memoryRoom: Float64Array;
  /** TFLOPs of one replica: P_k * n. */
  readonly compute: Float64Array;
}

export interface PlanningProblem {
  readonly instance: Instance;
  readonly options: PlanningOptions;
  readonly numQueryTypes: number;
  readonly numModels: number;
  readonly numTiers: number;
  readonly numPairs: number;
  readonly deployments: DeploymentTable;
  /** Deployments of each pair (an empty list: cannot be rented). */
  readonly deploymentsOfPair: readonly (readonly number[])[];

  /** (i): phi * lambda, $ for dropping the whole query type. */
  readonly unmetCost: Float64Array;
  /** (i): the largest droppable share, min(zeta, 1 - minimumServed). */
  readonly unmetCap: Float64Array;
  /** (i): alpha * r, TFLOPs per fraction. */
  readonly computeUse: Float64Array;
  /** (i): dT * p_s * theta * r * lambda, $ per fraction; part of C2. */
  readonly dataCost: Float64Array;
  /** (j): dT * p_s * B_j, $ for storing the weights once; part of C2. */
  readonly weightCost: Float64Array;
  /** (j): B_j, GB, against the storage capacity. */
  readonly weightSize: Float64Array;
  /** (i, pair): beta * r * lambda * T, GB per fraction summed over the GPUs of a replica; divide by n for one GPU. */
  readonly memoryUse: Float64Array;
  /** (i, pair): dbar * r, ms per fraction, undivided by n. */
  readonly nominalDelay: Float64Array;
  /** (i, pair): dhat * r; 0 under `uncertainty: none`. */
  readonly deviationDelay: Float64Array;
  /** (i, pair): ebar. */
  readonly nominalError: Float64Array;
  /** (i, pair): ehat; 0 under `uncertainty: none`. */
  readonly deviationError: Float64Array;
  /** (pair): largest xi of a delay entry, 1 - gamma (1 when budgeted). */
  readonly delayShare: Float64Array;
  /** (pair): largest xi of an error entry, 1 - eta. */
  readonly errorShare: Float64Array;
  readonly gammaDelay: number;
  readonly gammaError: number;
  /**
   * (i, pair): worst delay when the query type is served there alone: nominal + min(Gamma_d, share) * deviation.
   * Undivided by n.
   */
  readonly worstDelay: Float64Array;
  /** (i, pair): the same for the error. */
  readonly worstError: Float64Array;
  /**
   * (i, pair): rho * lambda * nominal delay if the cost holds it (`total` or no uncertainty), else 0. $ per fraction.
   */
  readonly nominalDelayCost: Float64Array;
  /** (i, pair): rho * lambda * deviation. $ per fraction at xi = 1. */
  readonly deviationDelayCost: Float64Array;
  /**
   * Whether, under single placement, the worst-case delay cost is a sum over query types: `per-query`, no uncertainty,
   * or a joint Gamma_d >= I. Then `servingCost` holds all of it; otherwise only the nominal part.
   */
  readonly delayCostIsSeparable: boolean;
  /**
   * (i, pair): $ per fraction that single placement pays: data storage, nominal delay and, if separable, its worst
   * deviation.
   */
  readonly servingCost: Float64Array;

  /**
   * (i, d): the largest fraction servable there by delay, error, memory and compute (all replicas, nothing else beside
   * it), or -1 where impossible (forbidden, or below 1 - unmetCap under single placement, or 0 under split). Under
   * `pooled` and `last-deployment` the delay limit is stretched by the largest total TP degree that any plan can have.
   */
  readonly maxFraction: Float64Array;
  /** (d): number of query types that can be placed there (`maxFraction` >= 0). */
  readonly servableCount: Int32Array;

  /** c of specification 4.2 (1 or I). */
  readonly rentalBudgetFactor: number;
  /** $ or Infinity. */
  readonly budget: number;
  /** GB or Infinity. */
  readonly storageCapacity: number;
  /** (k): GPUs or Infinity. */
  readonly available: Float64Array;
  /** (pair): GPUs in the current plan; all 0 without one. */
  readonly currentGpus: Float64Array;
  readonly switchingAdded: number;
  readonly switchingRemoved: number;
  /** The pair whose TP degree stretches every delay limit under `last-deployment`: the last model on the last tier. */
  readonly lastPair: number;
}

/**
 * Lays out an instance (already validated) under its options. Throws RangeError if decision-dependent data is missing.
 */
export function compileProblem(instance: Instance, options: PlanningOptions): PlanningProblem {
  const { queryTypes, models, tiers } = instance;
  const numQueryTypes = queryTypes.length;
  const numModels = models.length;
  const numTiers = tiers.length;
  const numPairs = numModels * numTiers;
  const hours = instance.rentalPeriod;
  const uncertain = options.uncertainty !== 'none';
  const dependent = options.uncertainty === 'decision-dependent';
  const single = options.placement === 'single';
  if (dependent && (instance.delay.relief === undefined || instance.error.relief === undefined)) {
    throw new RangeError('uncertainty "decision-dependent" needs delay.relief and error.relief');
  }

  const gammaDelay = uncertain ? instance.uncertaintyBudget.delay : 0;
  const gammaError = uncertain ? instance.uncertaintyBudget.error : 0;
  const delayShare = new Float64Array(numPairs).fill(1);
  const errorShare = new Float64Array(numPairs).fill(1);
  if (dependent) {
    for (let pair = 0; pair < numPairs; pair++) {
      const j = Math.floor(pair / numTiers);
      const k = pair % numTiers;
      delayShare[pair] = 1 - instance.delay.relief![j][k];
      errorShare[pair] = 1 - instance.error.relief![j][k];
    }
  }

  const permitted = permittedTriples(instance);
  const rentable = rentablePairs(instance, permitted);
  const deployments = layOutDeployments(instance, rentable);
  const deploymentsOfPair: number[][] = Array.from({ length: numPairs }, () => []);
  for (let d = 0; d < deployments.count; d++) deploymentsOfPair[deployments.pair[d]].push(d);

  const currentGpus = new Float64Array(numPairs);
  for (const deployment of instance.currentPlan?.deployments ?? []) {
    const j = models.findIndex((model) => model.name === deployment.model);
    const k = tiers.findIndex((tier) => tier.name === deployment.tier);
    currentGpus[j * numTiers + k] += deployment.gpus;
  }

  const perQuery = () => new Float64Array(numQueryTypes);
  const perQueryPair = () => new Float64Array(numQueryTypes * numPairs);
  const unmetCost = perQuery();
  const unmetCap = perQuery();
  const computeUse = perQuery();
  const dataCost = perQuery();
  const memoryUse = perQueryPair();
  const nominalDelay = perQueryPair();
  const deviationDelay = perQueryPair();
  const nominalError = perQueryPair();
  const deviationError = perQueryPair();
  const worstDelay = perQueryPair();
  const worstError = perQueryPair();
  const nominalDelayCost = perQueryPair();
  const deviationDelayCost = perQueryPair();
  const servingCost = perQueryPair();
  const residency = instance.residency;
  const chargesNominal = options.delayCost === 'total' || !uncertain;
  const delayCostIsSeparable = !uncertain || options.delayCostBudget === 'per-query' || gammaDelay >= numQueryTypes;

  queryTypes.forEach((query, i) => {
    const tokens = query.inputTokens + query.outputTokens;
    unmetCost[i] = query.unmetPenalty * query.arrivalRate;
    unmetCap[i] = effectiveUnmetCap(query);
    computeUse[i] = query.computePerToken * tokens;
    dataCost[i] = hours * instance.storagePrice * query.tokenSize * tokens * query.arrivalRate;
    const delayRate = query.delayPenalty * query.arrivalRate;
    for (let pair = 0; pair < numPairs; pair++) {
      const j = Math.floor(pair / numTiers);
      const k = pair % numTiers;
      const at = i * numPairs + pair;
      const hoursInMemory = typeof residency === 'number' ? residency : tensorAt(residency, i, j, k);
      memoryUse[at] = models[j].kvCachePerToken * tokens * query.arrivalRate * hoursInMemory;
      nominalDelay[at] = tensorAt(instance.delay.nominal, i, j, k) * tokens;
      nominalError[at] = tensorAt(instance.error.nominal, i, j, k);
      if (uncertain) {
        deviationDelay[at] = tensorAt(instance.delay.deviation, i, j, k) * tokens;
        deviationError[at] = tensorAt(instance.error.deviation, i, j, k);
      }
      const worstShare = Math.min(gammaDelay, delayShare[pair]);
      worstDelay[at] = nominalDelay[at] + worstShare * deviationDelay[at];
      worstError[at] = nominalError[at] + Math.min(gammaError, errorShare[pair]) * deviationError[at];
      nominalDelayCost[at] = chargesNominal ? delayRate * nominalDelay[at] : 0;
      deviationDelayCost[at] = delayRate * deviationDelay[at];
      servingCost[at] =
        dataCost[i] + nominalDelayCost[at] + (delayCostIsSeparable ? worstShare * deviationDelayCost[at] : 0);
    }
  });

  const lastPair = numPairs - 1;
  const stretch = largestDelayStretch(options, deployments, deploymentsOfPair, lastPair);
  const maxFraction = new Float64Array(numQueryTypes * deployments.count);
  const servableCount = new Int32Array(deployments.count);
  for (let i = 0; i < numQueryTypes; i++) {
    for (let d = 0; d < deployments.count; d++) {
      const pair = deployments.pair[d];
      const at = i * numPairs + pair;
      const n = deployments.tpDegree[d];
      let fraction = permitted[at] === 1 ? 1 : -1;
      if (fraction > 0) {
        const delayLimit = queryTypes[i].delayThreshold * (options.delayRule === 'per-deployment' ? n : stretch);
        fraction = Math.min(
          fraction,
          ratio(delayLimit, worstDelay[at]),
          ratio(queryTypes[i].errorThreshold, worstError[at]),
          ratio(deployments.memoryRoom[d] * n * options.maxReplicas, memoryUse[at]),
          ratio(deployments.compute[d] * options.maxReplicas, computeUse[i]),
        );
        const least = 1 - unmetCap[i];
        if (single ? fraction < least - fractionTolerance : fraction <= 0) fraction = -1;
      }
      maxFraction[i * deployments.count + d] = fraction;
      if (fraction >= 0) servableCount[d] += 1;
    }
  }

  return {
    instance,
    options,
    numQueryTypes,
    numModels,
    numTiers,
    numPairs,
    deployments,
    deploymentsOfPair,
    unmetCost,
    unmetCap,
    computeUse,
    dataCost,
    weightCost: Float64Array.from(models, (model) => hours * instance.storagePrice * model.weightSize),
    weightSize: Float64Array.from(models, (model) => model.weightSize),
    memoryUse,
    nominalDelay,
    deviationDelay,
    nominalError,
    deviationError,
    delayShare,
    errorShare,
    gammaDelay,
    gammaError,
    worstDelay,
    worstError,
    nominalDelayCost,
    deviationDelayCost,
    delayCostIsSeparable,
    servingCost,
    maxFraction,
    servableCount,
    rentalBudgetFactor: options.rentalInBudget === 'once' ? 1 : numQueryTypes,
    budget: instance.budget ?? Infinity,
    storageCapacity: instance.storageCapacity ?? Infinity,
    available: Float64Array.from(tiers, (tier) => tier.available ?? Infinity),
    currentGpus,
    switchingAdded: instance.switchingCost?.added ?? 0,
    switchingRemoved: instance.switchingCost?.removed ?? 0,
    lastPair,
  };
}

function tensorAt(tensor: Tensor, i: number, j: number, k: number): number {
  return tensor[i][j][k];
}

/** limit / use, and Infinity where nothing is used (0 / 0 included: an unused limit never binds). */
function ratio(limit: number, use: number): number {
  return use > 0 ? limit / use : Infinity;
}

function matches(pairing: Pairing, model: string, tier: string): boolean {
  return (pairing.model ?? model) === model && (pairing.tier ?? tier) === tier;
}

/**
 * (i, pair): 1 where the instance's `allowed` and `forbidden` lists let the triple be used. Written apart from the
 * verifier's `permissions.ts` on purpose: the two test each other.
 */
function permittedTriples({ queryTypes, models, tiers, allowed, forbidden }: Instance): Uint8Array {
  const numPairs = models.length * tiers.length;
  const permitted = new Uint8Array(queryTypes.length * numPairs);
  if (allowed === undefined && forbidden === undefined) return permitted.fill(1);
  queryTypes.forEach((query, i) => {
    const forQuery = (list: readonly Pairing[]) =>
      list.filter((entry) => (entry.queryType ?? query.name) === query.name);
    const allow = allowed && forQuery(allowed);
    const forbid = forQuery(forbidden ?? []);
    models.forEach((model, j) => {
      tiers.forEach((tier, k) => {
        const hit = (entry: Pairing) => matches(entry, model.name, tier.name);
        permitted[i * numPairs + j * tiers.length + k] = (allow?.some(hit) ?? true) && !forbid.some(hit) ? 1 : 0;
      });
    });
  });
  return permitted;
}

/** (pair): 1 where the pair may be rented, even with nothing placed there. */
function rentablePairs({ queryTypes, models, tiers, allowed, forbidden }: Instance, permitted: Uint8Array): Uint8Array {
  const numPairs = models.length * tiers.length;
  const rentable = new Uint8Array(numPairs);
  if (allowed === undefined && forbidden === undefined) return rentable.fill(1);
  models.forEach((model, j) => {
    tiers.forEach((tier, k) => {
      const pair = j * tiers.length + k;
      const closed = forbidden?.some((entry) => entry.queryType === undefined && matches(entry, model.name, tier.name));
      const used = queryTypes.some((_, i) => permitted[i * numPairs + pair] === 1);
      rentable[pair] = !closed && (allowed === undefined || used) ? 1 : 0;
    });
  });
  return rentable;
}

function layOutDeployments({ models, tiers, rentalPeriod }: Instance, rentable: Uint8Array): DeploymentTable {
  const degrees = tiers.map(tpDegreesOf);
  const most = models.length * degrees.reduce((sum, list) => sum + list.length, 0);
  const table = {
    model: new Int32Array(most),
    tier: new Int32Array(most),
    pair: new Int32Array(most),
    tpDegree: new Int32Array(most),
    rental: new Float64Array(most),
    memoryRoom: new Float64Array(most),
    compute: new Float64Array(most),
  };
  let count = 0;
  for (let j = 0; j < models.length; j++) {
    const { weightSize } = models[j];
    for (let k = 0; k < tiers.length; k++) {
      const pair = j * tiers.length + k;
      if (rentable[pair] === 0) continue;
      const { memory, price, compute } = tiers[k];
      for (const n of degrees[k]) {
        if (weightSize / n > memory * (1 + memoryFitTolerance)) continue;
        table.model[count] = j;
        table.tier[count] = k;
        table.pair[count] = pair;
        table.tpDegree[count] = n;
        table.rental[count] = rentalPeriod * price * n;
        table.memoryRoom[count] = Math.max(0, memory - weightSize / n);
        table.compute[count] = compute * n;
        count++;
      }
    }
  }
  return {
    count,
    model: table.model.slice(0, count),
    tier: table.tier.slice(0, count),
    pair: table.pair.slice(0, count),
    tpDegree: table.tpDegree.slice(0, count),
    rental: table.rental.slice(0, count),
    memoryRoom: table.memoryRoom.slice(0, count),
    compute: table.compute.slice(0, count),
  };
}

/**
 * The largest factor on Delta under the rules that stretch it by TP degrees: of the last pair, or summed over all
 * pairs.
 */
function largestDelayStretch(
  options: PlanningOptions,
  deployments: DeploymentTable,
  deploymentsOfPair: readonly (readonly number[])[],
  lastPair: number,
): number {
  const largestDegree = (pair: number) =>
    deploymentsOfPair[pair].reduce((most, d) => Math.max(most, deployments.tpDegree[d]), 0);
  if (options.delayRule === 'last-deployment') return largestDegree(lastPair);
  return deploymentsOfPair.reduce((sum, _, pair) => sum + largestDegree(pair), 0);
}
