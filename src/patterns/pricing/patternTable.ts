/**
 * What pricing reads: every *option* (a deployment with a number of replicas) with the query types that it could serve,
 * laid out flat. Entry e belongs to one (option, query type); the entries of option o are
 * `start[o] .. start[o + 1] - 1`, in the order of the query types. Resource use is relative to the option's capacity,
 * so that both capacities are 1.
 *
 * The cost of a pattern (option o, set S, fractions x) is optionCost[o] + sum over S of (placementCost + rate * x), and
 * the objective is `objectiveOffset` (everything dropped, everything that is rented now removed) plus the costs of the
 * patterns that are chosen.
 */
import { fractionTolerance, type PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { defaultPatternParameters, type PatternParameters } from '../parameters.ts';

export interface PatternTable {
  readonly problem: PlanningProblem;
  /** Of everything that works on the table. */
  readonly parameters: PatternParameters;
  readonly numOptions: number;
  readonly deployment: Int32Array;
  readonly replicas: Int32Array;
  readonly pair: Int32Array;
  /** TP degree times replicas. */
  readonly gpus: Int32Array;
  readonly optionsOfPair: readonly (readonly number[])[];
  readonly optionCost: Float64Array;
  /** Share of C1 and, per deployment, of C2 that renting the option counts in the budget row. */
  readonly optionBudgetUse: Float64Array;
  /** (i): least fraction where placed, 1 - unmetCap. */
  readonly leastFraction: Float64Array;

  readonly start: Int32Array;
  readonly queryType: Int32Array;
  /** Index into (i, pair) arrays. */
  readonly at: Int32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly memory: Float64Array;
  readonly compute: Float64Array;
  readonly rate: Float64Array;
  /** (pair): $ for each placement there; 0 when weights are stored per deployment. */
  readonly placementCost: Float64Array;
  /** (pair): GB against the storage capacity for each placement, and for each rented option. */
  readonly placementStorage: Float64Array;
  readonly rentedStorage: Float64Array;
  readonly objectiveOffset: number;
  /** Largest number of entries of one option. */
  readonly widest: number;
}

/**
 * Lays out the options. `delayStretch` is the factor on every delay limit under `last-deployment` (the TP degree of the
 * last pair); the other rules ignore it.
 */
export function buildPatternTable(
  problem: PlanningProblem,
  delayStretch = Infinity,
  parameters: PatternParameters = defaultPatternParameters,
): PatternTable {
  const { deployments, numQueryTypes, numPairs, options, delayRule, delayLimit } = problem;
  const { count } = deployments;
  const perPlacement = options.weightStorage === 'per-placement';
  const stretched = delayRule.stretchingPair >= 0 && delayStretch < Infinity;
  const rows: { d: number; m: number }[] = [];
  for (let d = 0; d < deployments.count; d++) {
    for (let m = deployments.minReplicas[d]; m <= deployments.maxReplicas[d]; m++) rows.push({ d, m });
  }
  const numOptions = rows.length;
  const leastFraction = Float64Array.from(problem.unmetCap, (cap) => Math.max(0, 1 - cap));
  const start = new Int32Array(numOptions + 1);
  const capacity = numOptions * numQueryTypes;
  const queryType = new Int32Array(capacity);
  const at = new Int32Array(capacity);
  const low = new Float64Array(capacity);
  const high = new Float64Array(capacity);
  const memory = new Float64Array(capacity);
  const compute = new Float64Array(capacity);
  const rate = new Float64Array(capacity);
  const optionsOfPair: number[][] = Array.from({ length: numPairs }, () => []);
  let size = 0;
  let widest = 0;
  rows.forEach(({ d, m }, o) => {
    const pair = deployments.pair[d];
    optionsOfPair[pair].push(o);
    const memoryRoom = deployments.memoryRoom[d] * deployments.gpus[d] * m;
    const loadRoom = deployments.loadCapacity[d] * m;
    for (let i = 0; i < numQueryTypes; i++) {
      const cell = i * count + d;
      let most = problem.maxFraction[cell];
      if (most < 0) continue;
      const cacheUse = problem.cacheUse[cell];
      const loadUse = problem.loadUse[cell];
      if (cacheUse * most > memoryRoom) most = memoryRoom / cacheUse;
      if (loadUse * most > loadRoom) most = loadRoom / loadUse;
      if (stretched && delayLimit[i] < Infinity) {
        const limit = delayLimit[i] * delayStretch;
        const worst = problem.worstDelay[i * numPairs + pair];
        if (worst * most > limit) most = limit / worst;
      }
      if (most < leastFraction[i] - fractionTolerance) continue;
      queryType[size] = i;
      at[size] = cell;
      high[size] = most;
      low[size] = Math.min(leastFraction[i], most);
      memory[size] = memoryRoom > 0 ? cacheUse / memoryRoom : 0;
      compute[size] = loadRoom > 0 ? loadUse / loadRoom : 0;
      rate[size] = problem.servingCost[cell] - problem.unmetCost[i];
      size++;
    }
    start[o + 1] = size;
    widest = Math.max(widest, size - start[o]);
  });
  const optionPair = Int32Array.from(rows, ({ d }) => deployments.pair[d]);
  const gpus = Int32Array.from(rows, ({ d, m }) => deployments.gpus[d] * m);
  const switching = (pair: number, count: number) =>
    problem.switchingAdded * Math.max(0, count - problem.currentGpus[pair]) +
    problem.switchingRemoved * (Math.max(0, problem.currentGpus[pair] - count) - problem.currentGpus[pair]);
  const storedOnce = (d: number) => (perPlacement ? 0 : problem.weightCost[deployments.pair[d]]);
  return {
    problem,
    parameters,
    numOptions,
    deployment: Int32Array.from(rows, ({ d }) => d),
    replicas: Int32Array.from(rows, ({ m }) => m),
    pair: optionPair,
    gpus,
    optionsOfPair,
    optionCost: Float64Array.from(
      rows,
      ({ d, m }, o) => deployments.rental[d] * m + storedOnce(d) + switching(optionPair[o], gpus[o]),
    ),
    optionBudgetUse: Float64Array.from(
      rows,
      ({ d, m }) => problem.rentalBudgetFactor * deployments.rental[d] * m + storedOnce(d),
    ),
    leastFraction,
    start,
    queryType: queryType.slice(0, size),
    at: at.slice(0, size),
    low: low.slice(0, size),
    high: high.slice(0, size),
    memory: memory.slice(0, size),
    compute: compute.slice(0, size),
    rate: rate.slice(0, size),
    placementCost: Float64Array.from({ length: numPairs }, (_, pair) => (perPlacement ? problem.weightCost[pair] : 0)),
    placementStorage: Float64Array.from({ length: numPairs }, (_, pair) =>
      perPlacement ? problem.weightSize[pair] : 0,
    ),
    rentedStorage: Float64Array.from({ length: numPairs }, (_, pair) => (perPlacement ? 0 : problem.weightSize[pair])),
    objectiveOffset:
      problem.unmetCost.reduce((sum, cost) => sum + cost, 0) +
      problem.switchingRemoved * problem.currentGpus.reduce((sum, gpus) => sum + gpus, problem.retiredGpus),
    widest,
  };
}
