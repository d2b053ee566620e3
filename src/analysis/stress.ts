/**
 * Monte-Carlo stress of a plan: delays and errors are drawn, the plan is kept, and the share of draws in which a limit
 * is broken is estimated with a Wilson score interval (E. B. Wilson, JASA 22 (1927) 209-212).
 */

import alea from 'seedrandom/lib/alea.js';
import { checkedOptions } from '../input/optionRules.ts';
import { chargesNominalDelay } from '../model/compiled/delayCostRule.ts';
import { delayRuleOf, stretchesLimits } from '../model/compiled/delayRule.ts';
import { fieldRule } from '../model/fieldRule.ts';
import type { Instance, Plan, PlannedDeployment, QueryType, Tensor } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import { choice, wholeNumber } from '../model/schemaFields.ts';
import { latencyOf, profilesTellLatency, type QueryLatency } from '../model/serviceTimes.ts';
import { validatePlan } from '../model/validatePlan.ts';
import { optionTable } from '../planner/optionTable.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import { defaultDraws } from './robustnessDefaults.ts';

/**
 * How xi of d = dbar + dhat * xi is drawn, independently for each (query type, model, tier).
 * `uniform`: U(0, 1). `triangular`: mode 0 on [0, 1], mostly near nominal. `two-point`: 1 with probability 0.1, else 0
 * (rare worst cases). `symmetric`: U(-1, 1), the setting of Bertsimas and Sim's bounds. `heavy-tail`: exponential with
 * mean 1/3, so that 5 % of the draws lie beyond the deviation that the plan is guarded against.
 */
export type DrawDistribution = 'uniform' | 'triangular' | 'two-point' | 'symmetric' | 'heavy-tail';

export const drawDistributions = [
  'uniform',
  'triangular',
  'two-point',
  'symmetric',
  'heavy-tail',
] as const satisfies readonly DrawDistribution[];

const quantiles: Readonly<Record<DrawDistribution, (u: number) => number>> = {
  uniform: (u) => u,
  triangular: (u) => 1 - Math.sqrt(1 - u),
  'two-point': (u) => (u < 0.9 ? 0 : 1),
  symmetric: (u) => 2 * u - 1,
  'heavy-tail': (u) => -Math.log(1 - u) / 3,
};

/** An estimated probability with its 95 % interval. */
export interface EstimatedRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

export interface StressReport {
  readonly distribution: DrawDistribution;
  readonly draws: number;
  readonly seed: number;
  /** Any delay or error limit broken. */
  readonly anyViolation: EstimatedRate;
  readonly delayViolation: EstimatedRate;
  readonly errorViolation: EstimatedRate;
  /** For each query type, in the instance's order. */
  readonly byQueryType: readonly {
    readonly name: string;
    readonly delay: EstimatedRate;
    readonly error: EstimatedRate;
  }[];
  /** $ of delay penalty realised: mean and quantiles over the draws, by the plan's `delayCost` option. */
  readonly delayCost: { readonly mean: number; readonly p95: number; readonly max: number };
}

export interface StressOptions {
  readonly distribution?: DrawDistribution;
  /** Default 2000. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** What the options of a stress may be. */
export const stressFields = {
  distribution: { field: choice(drawDistributions, 'How deviations are drawn') },
  draws: { field: wholeNumber(1, 'draws') },
} as const;

const stressRules = {
  distribution: fieldRule(stressFields.distribution.field),
  draws: fieldRule(stressFields.draws.field),
  seed: fieldRule(optionTable.seed.field),
};

/** Rounding allowed before a limit counts as broken; plans sit on their limits exactly. */
const limitTolerance = 1e-6;
const z95 = 1.959963984540054;

/** The Wilson score interval of `hits` among `trials` at 95 %. */
export function wilsonInterval(hits: number, trials: number): EstimatedRate {
  const rate = hits / trials;
  const z2 = z95 * z95;
  const centre = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (z95 / (1 + z2 / trials)) * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  // Exact at the ends, where rounding would leave a last bit.
  return { rate, low: hits === 0 ? 0 : centre - half, high: hits === trials ? 1 : centre + half };
}

interface Exposure {
  readonly query: number;
  /** The stream of this (query type, model, tier): plans that use the same entry meet the same draws of it. */
  readonly random: () => number;
  readonly nominalDelay: number;
  readonly deviationDelay: number;
  readonly nominalError: number;
  readonly deviationError: number;
  readonly nominalCost: number;
  readonly deviationCost: number;
}

/**
 * Draws `draws` scenarios and checks the plan's delay and error limits in each, against the limits of `instance` as
 * `options` say (as in `optimize`: a preset, changes to it, or the `options` of a result). Which draws an entry gets
 * depends on seed, distribution and its names only. Throws InputError on bad data or options.
 */
export function stressPlan(
  instance: Instance,
  options: SolveOptions,
  plan: Plan,
  stress: StressOptions = {},
): StressReport {
  const { issues } = checkedOptions(stress, stressRules, 'stress');
  const { instance: valid, planning } = resolveSolve(instance, options, {}, issues);
  return stressed(valid, planning, validatePlan(plan, valid), stress);
}

function stressed(
  instance: Instance,
  options: PlanningOptions,
  plan: Plan,
  { distribution = 'uniform', draws = defaultDraws, seed = 1 }: StressOptions,
): StressReport {
  const quantile = quantiles[distribution];
  const exposures = exposuresOf(instance, options, plan, `stress:${distribution}:${seed}`);
  const tellsLatency = profilesTellLatency(instance);
  const limits = tellsLatency ? instance.queryTypes.map(() => 1) : delayLimits(instance, options, plan);
  const count = instance.queryTypes.length;
  const delayHits = new Int32Array(count);
  const errorHits = new Int32Array(count);
  const delay = new Float64Array(count);
  const error = new Float64Array(count);
  const costs = new Float64Array(draws);
  let anyHits = 0;
  let anyDelay = 0;
  let anyError = 0;
  for (let draw = 0; draw < draws; draw++) {
    delay.fill(0);
    error.fill(0);
    for (const exposure of exposures) {
      const delayDraw = quantile(exposure.random());
      const errorDraw = quantile(exposure.random());
      const drawn = exposure.nominalDelay + exposure.deviationDelay * delayDraw;
      delay[exposure.query] = tellsLatency ? Math.max(delay[exposure.query], drawn) : delay[exposure.query] + drawn;
      error[exposure.query] += exposure.nominalError + exposure.deviationError * errorDraw;
      costs[draw] += exposure.nominalCost + exposure.deviationCost * delayDraw;
    }
    let delayBroken = false;
    let errorBroken = false;
    for (let i = 0; i < count; i++) {
      if (delay[i] > limits[i] * (1 + limitTolerance)) {
        delayHits[i] += 1;
        delayBroken = true;
      }
      if (error[i] > (instance.queryTypes[i].errorThreshold ?? Infinity) * (1 + limitTolerance)) {
        errorHits[i] += 1;
        errorBroken = true;
      }
    }
    anyDelay += Number(delayBroken);
    anyError += Number(errorBroken);
    anyHits += Number(delayBroken || errorBroken);
  }
  costs.sort();
  return {
    distribution,
    draws,
    seed,
    anyViolation: wilsonInterval(anyHits, draws),
    delayViolation: wilsonInterval(anyDelay, draws),
    errorViolation: wilsonInterval(anyError, draws),
    byQueryType: instance.queryTypes.map((query, i) => ({
      name: query.name,
      delay: wilsonInterval(delayHits[i], draws),
      error: wilsonInterval(errorHits[i], draws),
    })),
    delayCost: {
      mean: costs.reduce((sum, cost) => sum + cost, 0) / draws,
      p95: costs[Math.min(draws - 1, Math.ceil(0.95 * draws) - 1)],
      max: costs[draws - 1],
    },
  };
}

/**
 * What each route adds to its query type's delay (divided by n under the per-deployment rule), error and delay cost.
 * Where profiles tell latency the delay is the part of the tightest of its limits that a query takes, and the slowest
 * route counts.
 */
function exposuresOf(instance: Instance, options: PlanningOptions, plan: Plan, seedText: string): Exposure[] {
  const { divides } = delayRuleOf(options, instance.models.length * instance.tiers.length);
  return plan.routing
    .filter((route) => route.fraction > 0)
    .map((route) => {
      const i = indexOf(instance.queryTypes, route.queryType);
      const j = indexOf(instance.models, route.model);
      const k = indexOf(instance.tiers, route.tier);
      const query = instance.queryTypes[i];
      const tokens = (query.inputTokens + query.outputTokens) * route.fraction;
      const deployment = plan.deployments.find((d) => d.model === route.model && d.tier === route.tier);
      const divisor = divides ? (deployment?.tpDegree ?? 1) : 1;
      const at = (tensor: Tensor | undefined) => tensor?.[i][j][k] ?? 0;
      const latency = routeLatency(instance, query, deployment);
      const nominal = latency === null ? at(instance.delay?.nominal) * tokens : (latency.total ?? 0) * route.fraction;
      const deviation = latency === null ? at(instance.delay?.deviation) * tokens : latency.deviation * nominal;
      const used = latency === null ? null : usedOfLimits(query, latency);
      const penaltyHours = options.penalties === 'per-period' ? instance.rentalPeriod : 1;
      const costRate = (query.delayPenalty ?? 0) * query.arrivalRate * penaltyHours;
      return {
        query: i,
        random: alea(JSON.stringify([seedText, route.queryType, route.model, route.tier])).double,
        nominalDelay: used ?? nominal / divisor,
        deviationDelay: used === null ? deviation / divisor : used * (latency?.deviation ?? 0),
        nominalError: at(instance.error?.nominal) * route.fraction,
        deviationError: at(instance.error?.deviation) * route.fraction,
        nominalCost: chargesNominalDelay(options) ? costRate * nominal : 0,
        deviationCost: costRate * deviation,
      };
    });
}

function indexOf(list: readonly { readonly name: string }[], name: string): number {
  return list.findIndex((entry) => entry.name === name);
}

/** Null where the profiles tell no latency. */
function routeLatency(
  instance: Instance,
  query: QueryType,
  deployment: PlannedDeployment | undefined,
): QueryLatency | null {
  const profile = instance.profiles?.find(
    (each) =>
      each.model === deployment?.model &&
      each.tier === deployment.tier &&
      each.tpDegree === deployment.tpDegree &&
      (each.pipelineDegree ?? 1) === (deployment.pipelineDegree ?? 1),
  );
  return profile === undefined || !profilesTellLatency(instance) ? null : latencyOf(profile, query);
}

/** The largest part of a limit that a query takes; 0 without limits. */
function usedOfLimits(query: QueryType, { total, ttft, tpot }: QueryLatency): number {
  const part = (value: number | null, limit = Infinity) => (value === null || value === 0 ? 0 : value / limit);
  return Math.max(part(total, query.delayThreshold), part(ttft, query.ttftThreshold), part(tpot, query.tpotThreshold));
}

/** Delta_i, stretched as the delay rule says (specification 5). */
function delayLimits(instance: Instance, options: PlanningOptions, plan: Plan): Float64Array {
  const { models, tiers } = instance;
  const rule = delayRuleOf(options, models.length * tiers.length);
  const pairOf = ({ model, tier }: PlannedDeployment) => indexOf(models, model) * tiers.length + indexOf(tiers, tier);
  const stretch = rule.divides
    ? 1
    : plan.deployments.filter((d) => stretchesLimits(rule, pairOf(d))).reduce((sum, d) => sum + d.tpDegree, 0);
  return Float64Array.from(instance.queryTypes, ({ delayThreshold }) =>
    delayThreshold === undefined ? Infinity : delayThreshold * stretch,
  );
}
