/**
 * The instance as the search sees it: limits with the allowance of specification 9.1, money in a unit that makes costs
 * neither tiny nor huge. Both are changes of numbers only, so that plans of the one are plans of the other by name; the
 * verifier always reads the instance as it was given.
 */
import type { Instance } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import { compileProblem, type PlanningProblem } from './planningProblem.ts';

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
}

/** Compiles an instance for a search. */
export function compileForSearch(instance: Instance, options: PlanningOptions): SearchProblem {
  const allowed = withAllowance(instance);
  const problem = compileProblem(allowed, options);
  const moneyScale = moneyScaleOf(problem);
  if (moneyScale === 1) return { problem, moneyScale };
  return { problem: compileProblem(withMoneyTimes(allowed, moneyScale), options), moneyScale };
}

/** Every limit of the instance moved outwards by `limitAllowance` of itself; whole numbers need none. */
function withAllowance(instance: Instance): Instance {
  const more = 1 + limitAllowance;
  const raised = <Name extends string>(name: Name, value: number | undefined) =>
    (value === undefined ? {} : { [name]: value * more }) as { readonly [Key in Name]?: number };
  return {
    ...instance,
    queryTypes: instance.queryTypes.map((query) => ({
      ...query,
      delayThreshold: query.delayThreshold * more,
      errorThreshold: query.errorThreshold * more,
    })),
    tiers: instance.tiers.map((tier) => ({ ...tier, memory: tier.memory * more, compute: tier.compute * more })),
    ...raised('budget', instance.budget),
    ...raised('storageCapacity', instance.storageCapacity),
  };
}

/** Every amount of money times `factor`. */
function withMoneyTimes(instance: Instance, factor: number): Instance {
  const { switchingCost, budget } = instance;
  return {
    ...instance,
    queryTypes: instance.queryTypes.map((query) => ({
      ...query,
      delayPenalty: query.delayPenalty * factor,
      unmetPenalty: query.unmetPenalty * factor,
    })),
    tiers: instance.tiers.map((tier) => ({ ...tier, price: tier.price * factor })),
    storagePrice: instance.storagePrice * factor,
    ...(budget === undefined ? {} : { budget: budget * factor }),
    ...(switchingCost === undefined
      ? {}
      : { switchingCost: { added: switchingCost.added * factor, removed: switchingCost.removed * factor } }),
  };
}

/** A power of two that brings what the query types cost one by one, each in its cheapest way, to an ordinary size. */
function moneyScaleOf(problem: PlanningProblem): number {
  const { numQueryTypes, deployments, maxFraction, servingCost, numPairs, unmetCost, unmetCap } = problem;
  let size = 0;
  for (let i = 0; i < numQueryTypes; i++) {
    let least = unmetCap[i] >= 1 ? unmetCost[i] : Infinity;
    for (let d = 0; d < deployments.count; d++) {
      const fraction = maxFraction[i * deployments.count + d];
      if (fraction <= 0) continue;
      const served = Math.min(1, fraction);
      const cost = deployments.rental[d] + servingCost[i * numPairs + deployments.pair[d]] * served;
      least = Math.min(least, cost + unmetCost[i] * (1 - served));
    }
    if (least < Infinity) size += least;
  }
  if (size === 0 || (size >= leastOrdinary && size <= mostOrdinary)) return 1;
  const exponent = Math.round(Math.log2(ordinarySize / size));
  return 2 ** Math.max(-1000, Math.min(1000, exponent));
}
