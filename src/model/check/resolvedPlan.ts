/**
 * A plan with its names resolved to positions in the instance: what the verifier and its cost share. Only what the plan
 * rents and routes is here, so work is proportional to the plan, not to I * J * K.
 */
import type { ByPrecision, Instance, Plan, Tensor, Tier, UncertainTensor } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';

interface RentedPair {
  readonly model: number;
  readonly tier: number;
  /** TP degree of the first deployment listed for this pair; a second one violates the "one configuration" rule. */
  readonly tpDegree: number;
  readonly pipelineDegree: number;
  readonly replicas: number;
  /** y: sum of n * p * m over all deployments listed for this pair. */
  readonly gpus: number;
  /** Number of deployments listed for this pair. */
  readonly listed: number;
}

export interface ResolvedRoute {
  readonly queryType: number;
  readonly model: number;
  readonly tier: number;
  readonly fraction: number;
  /** The rented pair that serves, or null if the plan does not rent it. */
  readonly pair: RentedPair | null;
}

export interface ResolvedPlan {
  readonly instance: Instance;
  readonly plan: Plan;
  readonly pairs: readonly RentedPair[];
  readonly routes: readonly ResolvedRoute[];
  /** (i): routes of the query type. */
  readonly routesOf: readonly (readonly ResolvedRoute[])[];
  /** (i): u, the share that the plan says is dropped. */
  readonly unmet: Float64Array;
}

/** Throws RangeError if the plan names what the instance does not have (`validatePlan` says so more kindly). */
export function resolvePlan(instance: Instance, plan: Plan): ResolvedPlan {
  const queryTypeAt = positions('query type', instance.queryTypes);
  const modelAt = positions('model', instance.models);
  const tierAt = positions('tier', instance.tiers);
  const numTiers = instance.tiers.length;
  const pairAt = new Map<number, RentedPair>();
  for (const deployment of plan.deployments) {
    const model = modelAt(deployment.model);
    const tier = tierAt(deployment.tier);
    const key = model * numTiers + tier;
    const gpus = deployment.tpDegree * (deployment.pipelineDegree ?? 1) * deployment.replicas;
    const before = pairAt.get(key);
    const { tpDegree, pipelineDegree = 1, replicas } = before ?? deployment;
    pairAt.set(key, {
      model,
      tier,
      tpDegree,
      pipelineDegree,
      replicas,
      gpus: gpus + (before?.gpus ?? 0),
      listed: 1 + (before?.listed ?? 0),
    });
  }
  const routesOf: ResolvedRoute[][] = instance.queryTypes.map(() => []);
  const routes = plan.routing.map((route) => {
    const queryType = queryTypeAt(route.queryType);
    const model = modelAt(route.model);
    const tier = tierAt(route.tier);
    const pair = pairAt.get(model * numTiers + tier) ?? null;
    const resolved = { queryType, model, tier, fraction: route.fraction, pair };
    routesOf[queryType].push(resolved);
    return resolved;
  });
  const unmet = new Float64Array(instance.queryTypes.length);
  for (const { queryType, fraction } of plan.unmet) unmet[queryTypeAt(queryType)] += fraction;
  return { instance, plan, pairs: [...pairAt.values()], routes, routesOf, unmet };
}

function positions(kind: string, things: readonly { readonly name: string }[]): (name: string) => number {
  const at = new Map(things.map((thing, position) => [thing.name, position]));
  return (name) => {
    const position = at.get(name);
    if (position === undefined)
      throw new RangeError(`the plan names a ${kind} that the instance does not have: ${name}`);
    return position;
  };
}

/** r_i = h_i + f_i. */
export function tokensOf(instance: Instance, queryType: number): number {
  const query = instance.queryTypes[queryType];
  return query.inputTokens + query.outputTokens;
}

/** Weights or cache of a model on a tier; null where the tier's precision has none. */
export function amountOn(amount: ByPrecision, { precision }: Tier): number | null {
  if (typeof amount === 'number') return amount;
  return precision === undefined ? null : (amount[precision] ?? null);
}

/** B_jk of a (model, tier), GB; 0 where there is none. */
export function weightsOf({ models, tiers }: Instance, { model, tier }: { model: number; tier: number }): number {
  return amountOn(models[model].weightSize, tiers[tier]) ?? 0;
}

/** An entry of a tensor; 0 where the tensor is absent. */
export function at(tensor: Tensor | undefined, { queryType, model, tier }: ResolvedRoute): number {
  return tensor === undefined ? 0 : tensor[queryType][model][tier];
}

/**
 * Largest xi of a used entry: 1, or 1 - relief under decision-dependent uncertainty. Throws RangeError without relief
 * data.
 */
export function largestShare(
  tensor: UncertainTensor | undefined,
  route: ResolvedRoute,
  { uncertainty }: PlanningOptions,
): number {
  if (uncertainty !== 'decision-dependent' || tensor === undefined) return 1;
  const { relief } = tensor;
  if (relief === undefined) throw new RangeError('uncertainty "decision-dependent" needs relief data');
  return 1 - relief[route.model][route.tier];
}
