/**
 * What pricing reads: every deployment with the range of its replicas and the query types that it could serve, laid out
 * flat. Entry e belongs to one (deployment, query type); the entries of deployment d are `start[d] .. start[d + 1] -
 * 1`, in the order of the query types. Resource use is relative to the capacity of one replica, so that m replicas have
 * m.
 *
 * The cost of a pattern (deployment d, m replicas, set S, fractions x) is rentalCost(d, m) + sum over S of
 * (placementCost + rate * x), and the objective is `objectiveOffset` (everything dropped, everything that is rented now
 * removed, commitments paid) plus the costs of the patterns that are chosen, and GPUs beyond commitments.
 */
import { feasibilityTolerance } from '../../model/check/constraintCheck.ts';
import { fractionTolerance, type PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { defaultPatternParameters, type PatternParameters } from '../parameters.ts';
import { type Alikeness, alikenessOf, allDifferent } from './alikeness.ts';

export interface PatternTable {
  readonly problem: PlanningProblem;
  /** Of everything that works on the table. */
  readonly parameters: PatternParameters;
  readonly numDeployments: number;
  /** (d): the pair of the deployment. */
  readonly pair: Int32Array;
  /** Also those that the reductions leave out: without entries they may still stretch delay limits. */
  readonly deploymentsOfPair: readonly (readonly number[])[];
  /** (d): replicas at least and at most, where it is rented; none where the one exceeds the other. */
  readonly leastReplicas: Int32Array;
  readonly mostReplicas: Int32Array;
  /**
   * (d): replicas up to which `rentalCost` is one line and from which on it is another: those in the current plan,
   * perhaps in parts. Infinity where it is one line throughout.
   */
  readonly kink: Float64Array;
  /** (i): least fraction where placed, 1 - unmetCap. */
  readonly leastFraction: Float64Array;

  readonly start: Int32Array;
  readonly queryType: Int32Array;
  /** Index into (i, d) arrays. */
  readonly at: Int32Array;
  readonly low: Float64Array;
  /** With the most replicas. */
  readonly high: Float64Array;
  readonly memory: Float64Array;
  readonly compute: Float64Array;
  readonly rate: Float64Array;
  /** (pair): $ for each placement there; 0 when weights are stored per deployment. */
  readonly placementCost: Float64Array;
  /** (pair): GB against the storage capacity for each placement, and for each rented deployment. */
  readonly placementStorage: Float64Array;
  readonly rentedStorage: Float64Array;
  readonly objectiveOffset: number;
  /** What commitments leave of the budget, $ or Infinity; negative where they alone exceed it: no plan is feasible. */
  readonly budget: number;
  /** Largest number of entries of one deployment. */
  readonly widest: number;
  /** What stands for what; pairs that another stands for have no deployments here. */
  readonly alike: Alikeness;
  /** Whether anything stands for more than itself. */
  readonly isMerged: boolean;
}

/** Lays out the deployments; under `last-deployment` at the largest stretch of the delay limits (`stretchedTable`). */
export function buildPatternTable(
  problem: PlanningProblem,
  parameters: PatternParameters = defaultPatternParameters,
): PatternTable {
  const { deployments, numQueryTypes, numPairs, placement } = problem;
  const numDeployments = deployments.count;
  const perPlacement = placement.storesPerPlacement;
  const leastFraction = Float64Array.from(problem.unmetCap, (cap) => Math.max(0, 1 - cap));
  const start = new Int32Array(numDeployments + 1);
  const capacity = numDeployments * numQueryTypes;
  const queryType = new Int32Array(capacity);
  const at = new Int32Array(capacity);
  const low = new Float64Array(capacity);
  const high = new Float64Array(capacity);
  const memory = new Float64Array(capacity);
  const compute = new Float64Array(capacity);
  const rate = new Float64Array(capacity);
  const deploymentsOfPair: number[][] = Array.from({ length: numPairs }, () => []);
  let size = 0;
  let widest = 0;
  for (let d = 0; d < numDeployments; d++) {
    const pair = deployments.pair[d];
    deploymentsOfPair[pair].push(d);
    const replicas = deployments.maxReplicas[d];
    const oneMemory = deployments.memoryRoom[d] * deployments.gpus[d];
    const oneLoad = deployments.loadCapacity[d];
    const memoryRoom = oneMemory * replicas;
    const loadRoom = oneLoad * replicas;
    for (let i = 0; i < numQueryTypes && replicas > 0; i++) {
      const cell = i * numDeployments + d;
      let most = problem.maxFraction[cell];
      if (most < 0) continue;
      const cacheUse = problem.cacheUse[cell];
      const loadUse = problem.loadUse[cell];
      if (cacheUse * most > memoryRoom) most = memoryRoom / cacheUse;
      if (loadUse * most > loadRoom) most = loadRoom / loadUse;
      if (most < leastFraction[i] - fractionTolerance) continue;
      queryType[size] = i;
      at[size] = cell;
      high[size] = most;
      low[size] = Math.min(leastFraction[i], most);
      memory[size] = oneMemory > 0 ? cacheUse / oneMemory : 0;
      compute[size] = oneLoad > 0 ? loadUse / oneLoad : 0;
      rate[size] = problem.servingCost[cell] - problem.unmetCost[i];
      size++;
    }
    start[d + 1] = size;
    widest = Math.max(widest, size - start[d]);
  }
  const { pair } = deployments;
  const { committed, instance } = problem;
  const paid = committed.reduce((sum, gpus, k) => sum + instance.rentalPeriod * instance.tiers[k].price * gpus, 0);
  const left = problem.budget - problem.rentalBudgetFactor * paid;
  const isExceeded = left < -feasibilityTolerance * problem.budget;
  const switches = problem.switchingAdded > 0 || problem.switchingRemoved > 0;
  return {
    problem,
    parameters,
    numDeployments,
    pair,
    deploymentsOfPair,
    leastReplicas: deployments.minReplicas,
    mostReplicas: Int32Array.from(deployments.maxReplicas),
    kink: Float64Array.from(deployments.gpus, (each, d) => {
      const gpus = problem.currentGpus[pair[d]];
      return switches && gpus > 0 ? gpus / each : Infinity;
    }),
    leastFraction,
    start,
    queryType: queryType.slice(0, size),
    at: at.slice(0, size),
    low: low.slice(0, size),
    high: high.slice(0, size),
    memory: memory.slice(0, size),
    compute: compute.slice(0, size),
    rate: rate.slice(0, size),
    placementCost: Float64Array.from({ length: numPairs }, (_, at) => (perPlacement ? problem.weightCost[at] : 0)),
    placementStorage: Float64Array.from({ length: numPairs }, (_, at) => (perPlacement ? problem.weightSize[at] : 0)),
    rentedStorage: Float64Array.from({ length: numPairs }, (_, at) => (perPlacement ? 0 : problem.weightSize[at])),
    objectiveOffset:
      problem.unmetCost.reduce((sum, cost) => sum + cost, 0) +
      problem.switchingRemoved * problem.currentGpus.reduce((sum, gpus) => sum + gpus, problem.retiredGpus) +
      paid,
    budget: isExceeded ? left : Math.max(0, left),
    widest,
    alike: allDifferent(problem),
    isMerged: false,
  };
}

/**
 * The table at a factor on every delay limit under `last-deployment` (the TP degree of the last pair): some entries
 * serve less, others nothing. The same table where all stays as it is, as under the other rules.
 */
export function stretchedTable(table: PatternTable, delayStretch: number): PatternTable {
  const { problem, numDeployments, start, queryType, pair, high, leastFraction } = table;
  const { delayLimit, worstDelay, numPairs } = problem;
  if (problem.delayRule.stretchingPair < 0 || delayStretch === Infinity) return table;
  const highest = high.slice();
  let isSame = true;
  for (let d = 0; d < numDeployments; d++) {
    for (let e = start[d]; e < start[d + 1]; e++) {
      const i = queryType[e];
      // Infinite limits times 0 bind nothing.
      const limit = delayLimit[i] < Infinity ? delayLimit[i] * delayStretch : Infinity;
      const worst = worstDelay[i * numPairs + pair[d]];
      if (worst * high[e] <= limit) continue;
      highest[e] = limit / worst;
      isSame = false;
    }
  }
  if (isSame) return table;
  const kept = new Int32Array(high.length);
  const starts = new Int32Array(numDeployments + 1);
  let size = 0;
  let widest = 0;
  for (let d = 0; d < numDeployments; d++) {
    for (let e = start[d]; e < start[d + 1]; e++) {
      if (highest[e] >= leastFraction[queryType[e]] - fractionTolerance) kept[size++] = e;
    }
    starts[d + 1] = size;
    widest = Math.max(widest, size - starts[d]);
  }
  const { at, low, memory, compute, rate } = table;
  const some = {
    queryType: new Int32Array(size),
    at: new Int32Array(size),
    low: new Float64Array(size),
    high: new Float64Array(size),
    memory: new Float64Array(size),
    compute: new Float64Array(size),
    rate: new Float64Array(size),
  };
  for (let t = 0; t < size; t++) {
    const e = kept[t];
    some.queryType[t] = queryType[e];
    some.at[t] = at[e];
    some.low[t] = Math.min(low[e], highest[e]);
    some.high[t] = highest[e];
    some.memory[t] = memory[e];
    some.compute[t] = compute[e];
    some.rate[t] = rate[e];
  }
  return { ...table, ...some, start: starts, widest };
}

/**
 * The table in which one query type, and one pair, stands for all that are alike; null where all differ. Only for
 * masters of which no row looks at fractions (`setsSuffice`).
 */
export function mergedPatternTable(
  problem: PlanningProblem,
  parameters: PatternParameters = defaultPatternParameters,
): PatternTable | null {
  const table = buildPatternTable(problem, parameters);
  const alike = alikenessOf(table);
  const isMerged = [alike.pairs, alike.queryTypes].some(({ copies }) => copies.some((count) => count > 1));
  if (!isMerged) return null;
  const { pairs } = alike;
  const isLead = (d: number) => pairs.lead[table.pair[d]] === table.pair[d];
  return {
    ...table,
    alike,
    isMerged,
    deploymentsOfPair: table.deploymentsOfPair.map((deployments, pair) => (pairs.copies[pair] > 0 ? deployments : [])),
    leastReplicas: table.leastReplicas.map((least, d) => (isLead(d) ? least : 1)),
    mostReplicas: table.mostReplicas.map((most, d) => (isLead(d) ? most : 0)),
  };
}

/** The largest fraction that an entry can serve with so many replicas. */
export function fractionWith({ high, memory, compute }: PatternTable, entry: number, replicas: number): number {
  let most = high[entry];
  if (memory[entry] * most > replicas) most = replicas / memory[entry];
  if (compute[entry] * most > replicas) most = replicas / compute[entry];
  return most;
}

/** Replicas as GPUs. */
export function gpusOf({ problem }: PatternTable, deployment: number, replicas: number): number {
  return problem.deployments.gpus[deployment] * replicas;
}

/** $ of C2 for weights that are stored once for a deployment. */
function storedOnce({ problem }: PatternTable, deployment: number): number {
  const { placement, weightCost, deployments } = problem;
  return placement.storesPerPlacement ? 0 : weightCost[deployments.pair[deployment]];
}

/** 0 on a tier with commitments: what is rented beyond them is charged by the master. */
function rentalOfReplica({ problem }: PatternTable, deployment: number): number {
  const { committed, deployments } = problem;
  return committed[deployments.tier[deployment]] > 0 ? 0 : deployments.rental[deployment];
}

/** What renting costs before anything is placed: rental, weights stored once, and switching against renting nothing. */
export function rentalCost(table: PatternTable, deployment: number, replicas: number): number {
  const { problem } = table;
  const now = problem.currentGpus[table.pair[deployment]];
  const gpus = gpusOf(table, deployment, replicas);
  const switching =
    problem.switchingAdded * Math.max(0, gpus - now) + problem.switchingRemoved * (Math.max(0, now - gpus) - now);
  return rentalOfReplica(table, deployment) * replicas + storedOnce(table, deployment) + switching;
}

/** What that counts in the budget row: c times the share of C1 and, once per deployment, of C2. */
export function rentalBudgetUse(table: PatternTable, deployment: number, replicas: number): number {
  const { rentalBudgetFactor } = table.problem;
  return rentalBudgetFactor * rentalOfReplica(table, deployment) * replicas + storedOnce(table, deployment);
}
