/**
 * The instance as the search sees it: limits with the allowance of specification 9.1, money in a unit that makes costs
 * neither tiny nor huge, errors and short delays in units of their limits. All are changes of numbers only, so that
 * plans of the one are plans of the other by name; the verifier always reads the instance as it was given.
 */

import { utilizationOf } from '../configurations.ts';
import type { Instance, Tensor, UncertainTensor } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import { hasExtremePrices, withAffordableShares } from './affordableShares.ts';
import { compileProblem } from './compileProblem.ts';
import { fractionTolerance, type PlanningProblem } from './planningProblem.ts';
import { unitScale } from './unitScale.ts';

/**
 * Share of a limit that a plan may exceed it by in the search. A little less than the 1e-8 that the verifier allows:
 * the arithmetic of the relaxations lies between. With the limits themselves a plan at its limit would be possible or
 * not as rounding falls.
 */
const limitAllowance = 8e-9;

/**
 * Sizes of costs, in the caller's unit of money, that the search takes as they are. Relative tolerances hold at both
 * ends alike.
 */
const leastOrdinary = 2 ** 3;
const mostOrdinary = 2 ** 15;
/** What other sizes are brought to. */
const ordinarySize = 2 ** 9;

export interface SearchProblem {
  readonly problem: PlanningProblem;
  /** A power of two: cost in the problem's unit of money = `moneyScale` * cost in the instance's. */
  readonly moneyScale: number;
  /** In the problem's unit of money: of a plan that what cannot be afforded was measured by; Infinity if by none. */
  readonly knownCost: number;
}

/**
 * Compiles an instance for a search in a given unit of money. Where a plan of `knownCost` (in that unit) is known and
 * prices are extreme, what no plan as cheap can afford goes.
 */
export function compileInUnit(
  instance: Instance,
  options: PlanningOptions,
  moneyScale: number,
  knownCost = Infinity,
): SearchProblem {
  const allowed = inUnitsOfLimits(withAllowance(instance));
  const problem = compileProblem(moneyScale === 1 ? allowed : withMoneyTimes(allowed, moneyScale), options);
  if (knownCost === Infinity || !hasExtremePrices(problem)) return { problem, moneyScale, knownCost: Infinity };
  return { problem: withAffordableShares(problem, knownCost), moneyScale, knownCost };
}

/**
 * Compiles an instance for a search. `costOfPlan` finds the cost of some plan of a compiled problem, Infinity if it
 * finds none; it is asked only where prices are extreme.
 */
export function compileForSearch(
  instance: Instance,
  options: PlanningOptions,
  costOfPlan: (problem: PlanningProblem) => number,
): SearchProblem {
  const inUnit = (moneyScale: number) => compileInUnit(instance, options, moneyScale);
  const given = inUnit(1);
  const scale = scaleFor(costOfSingles(given.problem));
  const searched = scale === 1 ? given : inUnit(scale);
  if (!hasExtremePrices(searched.problem)) return searched;
  // What cannot be afforded beside a plan goes; a plan that cannot but pay such prices sets the unit.
  const knownCost = costOfPlan(searched.problem);
  const further = knownCost < Infinity ? scaleFor(knownCost) : 1;
  if (further !== 1) return inUnit(scale * further);
  return { ...searched, problem: withAffordableShares(searched.problem, knownCost), knownCost };
}

/** A copy with some of its numbers, where it has them, times `factor`. */
function withTimes<Data extends object>(data: Data, names: readonly (keyof Data)[], factor: number): Data {
  const copy = { ...data };
  for (const name of names) {
    const value = copy[name];
    if (typeof value === 'number') copy[name] = (value * factor) as Data[typeof name];
  }
  return copy;
}

/** Every limit of the instance moved outwards by `limitAllowance` of itself; whole numbers need none. */
function withAllowance(instance: Instance): Instance {
  const more = 1 + limitAllowance;
  const limits = ['delayThreshold', 'ttftThreshold', 'tpotThreshold', 'errorThreshold'] as const;
  return {
    ...withTimes(instance, ['budget', 'storageCapacity'], more),
    queryTypes: instance.queryTypes.map((query) => withTimes(query, limits, more)),
    tiers: instance.tiers.map((tier) => {
      const { memory, memoryReserve = 0 } = tier;
      return {
        ...withTimes(tier, ['compute'], more),
        memory: memoryReserve + (memory - memoryReserve) * more,
        ...(instance.profiles === undefined ? {} : { utilization: utilizationOf(instance, tier) * more }),
      };
    }),
    ...(instance.fleetLimits === undefined
      ? {}
      : { fleetLimits: instance.fleetLimits.map((limit) => withTimes(limit, ['most'], more)) }),
  };
}

/** Each query type's errors, and delays where their limit is below one, times a power of two. */
function inUnitsOfLimits(instance: Instance): Instance {
  const { queryTypes, delay, error } = instance;
  const delayScale = queryTypes.map(({ delayThreshold }) =>
    delay === undefined ? 1 : unitScale(delayThreshold ?? Infinity),
  );
  const errorScale = queryTypes.map(({ errorThreshold }) =>
    error === undefined ? 1 : unitScale(errorThreshold ?? Infinity),
  );
  if ([...delayScale, ...errorScale].every((scale) => scale === 1)) return instance;
  const times = (tensor: Tensor, scale: readonly number[]) =>
    tensor.map((plane, i) => (scale[i] === 1 ? plane : plane.map((row) => row.map((value) => value * scale[i]))));
  const scaled = (data: UncertainTensor, scale: readonly number[]) => ({
    ...data,
    nominal: times(data.nominal, scale),
    deviation: times(data.deviation, scale),
  });
  return {
    ...instance,
    queryTypes: queryTypes.map((query, i) => ({
      ...query,
      ...(query.errorThreshold === undefined ? {} : { errorThreshold: query.errorThreshold * errorScale[i] }),
      ...(delayScale[i] === 1
        ? {}
        : {
            delayThreshold: query.delayThreshold! * delayScale[i],
            delayPenalty: (query.delayPenalty ?? 0) / delayScale[i],
          }),
    })),
    ...(delay === undefined ? {} : { delay: scaled(delay, delayScale) }),
    ...(error === undefined ? {} : { error: scaled(error, errorScale) }),
  } as Instance;
}

/** Every amount of money times `factor`. */
function withMoneyTimes(instance: Instance, factor: number): Instance {
  const { switchingCost } = instance;
  return {
    ...withTimes(instance, ['storagePrice', 'budget'], factor),
    queryTypes: instance.queryTypes.map((query) => withTimes(query, ['delayPenalty', 'unmetPenalty'], factor)),
    tiers: instance.tiers.map((tier) => withTimes(tier, ['price'], factor)),
    ...(switchingCost === undefined ? {} : { switchingCost: withTimes(switchingCost, ['added', 'removed'], factor) }),
  };
}

/** A power of two that brings a cost to an ordinary size. */
export function scaleFor(cost: number): number {
  if (cost === 0 || (cost >= leastOrdinary && cost <= mostOrdinary)) return 1;
  const exponent = Math.round(Math.log2(ordinarySize / cost));
  return 2 ** Math.max(-1000, Math.min(1000, exponent));
}

/** What the query types cost one by one, each in its cheapest way. */
function costOfSingles(problem: PlanningProblem): number {
  const { numQueryTypes, deployments, maxFraction, servingCost, loadUse, cacheUse, unmetCost, unmetCap } = problem;
  const { count, gpus, memoryRoom, loadCapacity } = deployments;
  let size = 0;
  for (let i = 0; i < numQueryTypes; i++) {
    let least = unmetCap[i] >= 1 ? unmetCost[i] : Infinity;
    for (let d = 0; d < count; d++) {
      const at = i * count + d;
      if (maxFraction[at] <= 0) continue;
      const served = Math.min(1, maxFraction[at]);
      const byLoad = (loadUse[at] * served) / loadCapacity[d];
      const byMemory = cacheUse[at] > 0 ? (cacheUse[at] * served) / (memoryRoom[d] * gpus[d]) : 0;
      const replicas = Math.max(1, Math.ceil(Math.max(byLoad, byMemory) - fractionTolerance));
      const cost = deployments.rental[d] * replicas + servingCost[at] * served;
      least = Math.min(least, cost + unmetCost[i] * (1 - served));
    }
    if (least < Infinity) size += least;
  }
  return size;
}
