/**
 * Fleets of any size from a seed, for tests and measurements: real GPUs in several regions, models of a ladder of
 * sizes, profiles from what arithmetic and bandwidth allow, with gaps, loads that need 1 to hundreds of replicas, and
 * limits that a plan known from drawing keeps.
 */
import alea from 'seedrandom/lib/alea.js';
import { type OptionRule, rule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { shareBelowOne } from '../model/schemaFields.ts';
import { bytesPerCacheEntry, bytesPerWeight } from './catalogue/models.ts';
import { drawFleetModels, drawFleetProfiles, drawFleetTiers, type FleetDraw, type ProfileDraw } from './fleetDraws.ts';
import { checkedGeneratorOptions, seedRule, sizeRule, switchField } from './generatorOptions.ts';
import type { Range } from './publishedCatalogue.ts';

export interface FleetOptions {
  /** Any integer. Default 1. */
  readonly seed?: number;
  /** I, J, K: integers >= 1. */
  readonly queryTypes: number;
  readonly models: number;
  readonly tiers: number;
  /**
   * Replicas that a query type needs where it is at home: drawn log-uniformly from [least, most], numbers > 0. Default
   * [0.2, 100].
   */
  readonly replicas?: Range;
  /** Share of the configurations that were never measured, in [0, 1). Default 0.3. */
  readonly gaps?: number;
  /** Whether GPUs are limited: by tier, by a power budget and by pools of two tiers. Default true. */
  readonly limits?: boolean;
}

const utilization = 0.8;
const rentalPeriod = 24;
/** How much more than its home needs a limit allows. */
const limitSlack: Range = [1.03, 1.4];
const thresholdSlack: Range = [1.05, 2.5];
const tokenRanges: { readonly input: Range; readonly output: Range } = { input: [100, 12_000], output: [10, 1500] };
/** Configurations that a query type looks at before it takes the cheapest as its home. */
const homesConsidered = 4;

const rules: { readonly [Name in keyof FleetOptions]-?: OptionRule } = {
  seed: seedRule,
  queryTypes: sizeRule,
  models: sizeRule,
  tiers: sizeRule,
  replicas: rule('two numbers, 0 < least <= most', (value) => {
    const [least, most] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
    return typeof least === 'number' && typeof most === 'number' && least > 0 && least <= most && most < Infinity;
  }),
  gaps: fieldRule(shareBelowOne('share')),
  limits: switchField,
};

/**
 * An instance named `fleet-IxJxK-seedS`. There is a plan by construction: every query type has a home, a deployment
 * that meets its limits, and what is limited leaves room for all homes together.
 * @throws InputError for options outside their range.
 */
export function generateFleet(options: FleetOptions): Instance {
  return drawFleet(options).instance;
}

/** The instance with its plan by construction, where every query type is served whole at home. */
export function drawFleet(given: FleetOptions): { readonly instance: Instance; readonly homePlan: Plan } {
  const options = checkedGeneratorOptions(given, rules);
  const { seed = 1, queryTypes: I, models: J, tiers: K, replicas = [0.2, 100], gaps = 0.3, limits = true } = options;
  const stream = (part: string) => uniformOf(`rolla fleet ${seed} ${part}`);
  const tiers = drawFleetTiers(stream('tiers'), K);
  const models = drawFleetModels(stream('models'), J);
  const profiles = drawFleetProfiles(stream('profiles'), models, tiers, gaps);
  // One configuration of each (model, tier) is the one that homes use.
  const uniform = stream('query types');
  const homes = groups(profiles, ({ j, k }) => j * K + k).map((list) => list[below(uniform, list.length)]);
  const difficulty = Array.from({ length: I }, () => uniform(0.7, 1.3));
  const errorOf = (i: number, { j, k }: { j: number; k: number }) =>
    rounded(difficulty[i] * models[j].error * tiers[k].errorFactor);
  const errorDeviation = 0.15;

  const drawn = Array.from({ length: I }, (_, i) => {
    const inputTokens = Math.round(logUniform(uniform, tokenRanges.input));
    const outputTokens = Math.round(logUniform(uniform, tokenRanges.output));
    const cachedShare = uniform(0, 1) < 0.5 ? rounded(uniform(0.1, 0.8)) : 0;
    const shape = { inputTokens, outputTokens, cachedShare };
    const candidates = Array.from({ length: homesConsidered }, () => homes[below(uniform, homes.length)]);
    const dollarsPerQuery = (home: ProfileDraw) => tiers[home.k].price * home.gpus * secondsOf(home, shape);
    const home = candidates.reduce((best, next) => (dollarsPerQuery(next) < dollarsPerQuery(best) ? next : best));
    const latency = latencyOf(home, shape);
    const worst = 1 + home.latency.deviation;
    const limited = below(uniform, 3);
    const slack = () => uniform(...thresholdSlack);
    const needed = logUniform(uniform, replicas);
    const queryType = {
      name: `q${i + 1}`,
      ...shape,
      arrivalRate: rounded((needed * utilization * 3600) / secondsOf(home, shape)),
      delayPenalty: rounded(uniform(0, 1) < 0.5 ? 0 : uniform(1e-8, 1e-7) * (tiers[home.k].price * home.gpus), 12),
      errorThreshold: rounded(errorOf(i, home) * (1 + errorDeviation) * slack()),
      // A third of them has limits on tokens, a third on the whole query, a third on both.
      ...(limited !== 1 && {
        ttftThreshold: Math.ceil(latency.ttft * worst * slack()),
        tpotThreshold: Math.ceil(home.latency.perOutputToken * worst * slack()),
      }),
      ...(limited !== 0 && { delayThreshold: Math.ceil(latency.total * worst * slack()) }),
      ...(uniform(0, 1) < 0.3 && {
        unmetPenalty: rounded(uniform(1, 5) * (dollarsPerQuery(home) / 3600)),
        unmetCap: rounded(uniform(0.01, 0.1)),
      }),
    };
    return { queryType, home };
  });

  const nominal = drawn.map((_, i) => models.map((_model, j) => tiers.map((_tier, k) => errorOf(i, { j, k }))));
  const deployments = deploymentsAtHome(drawn, models, tiers);
  const use = tiers.map((_, k) => deployments.reduce((sum, { home, gpus }) => sum + (home.k === k ? gpus : 0), 0));
  const rental = rentalPeriod * tiers.reduce((sum, { price }, k) => sum + price * use[k], 0);
  const room = stream('limits');
  const instance: Instance = {
    format: 'rolla-instance/1',
    name: `fleet-${I}x${J}x${K}-seed${seed}`,
    queryTypes: drawn.map(({ queryType }) => queryType),
    models: models.map(({ name, parameters, cacheEntries, minReplicas }) => ({
      name,
      weightSize: byPrecision((precision) => parameters * bytesPerWeight[precision]),
      kvCachePerToken: byPrecision((precision) => (cacheEntries * bytesPerCacheEntry[precision]) / 1e9),
      ...(minReplicas > 1 && { minReplicas }),
    })),
    tiers: tiers.map(({ name, memory, reserve, price, precision }, k) => ({
      name,
      memory,
      memoryReserve: reserve,
      price,
      precision,
      gpusPerNode: 8,
      ...(limits && room(0, 1) < 0.5 && { available: Math.ceil(use[k] * room(...limitSlack)) + below(room, 16) }),
    })),
    profiles: profiles.map(({ j, k, tpDegree, pipelineDegree, times, latency }) => ({
      model: models[j].name,
      tier: tiers[k].name,
      tpDegree,
      ...(pipelineDegree > 1 && { pipelineDegree }),
      ...times,
      latency,
    })),
    utilization,
    ...(limits && { fleetLimits: drawLimits(room, tiers, use) }),
    error: {
      nominal,
      deviation: nominal.map((rows) => rows.map((row) => row.map((e) => rounded(e * errorDeviation)))),
    },
    uncertaintyBudget: { delay: 1, error: 1 },
    rentalPeriod,
    budget: Math.ceil(1.5 * rental),
  };
  return { instance, homePlan: planAtHome(drawn, deployments, models, tiers) };
}

function planAtHome(
  drawn: readonly (Resident & { readonly queryType: { readonly name: string } })[],
  deployments: ReturnType<typeof deploymentsAtHome>,
  models: readonly FleetDraw['model'][],
  tiers: readonly FleetDraw['tier'][],
): Plan {
  const place = ({ j, k }: ProfileDraw) => ({ model: models[j].name, tier: tiers[k].name });
  return {
    format: 'rolla-plan/1',
    deployments: deployments.map(({ home, replicas, gpus }) => ({
      ...place(home),
      tpDegree: home.tpDegree,
      ...(home.pipelineDegree > 1 && { pipelineDegree: home.pipelineDegree }),
      replicas,
      gpus,
    })),
    routing: drawn.map(({ queryType, home }) => ({ queryType: queryType.name, ...place(home), fraction: 1 })),
    unmet: drawn.map(({ queryType }) => ({ queryType: queryType.name, fraction: 0 })),
  };
}

interface QueryShape {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedShare: number;
}

/** s, seconds of a replica for a query. */
function secondsOf({ times }: ProfileDraw, { inputTokens: h, outputTokens: f, cachedShare }: QueryShape): number {
  return (
    times.secondsPerInputToken * h * (1 - cachedShare) +
    times.secondsPerOutputToken * f +
    times.secondsPerContextToken * f * (h + f / 2)
  );
}

function latencyOf({ latency }: ProfileDraw, { inputTokens, outputTokens, cachedShare }: QueryShape) {
  const ttft = latency.firstToken + latency.perInputToken * inputTokens * (1 - cachedShare);
  return { ttft, total: ttft + latency.perOutputToken * Math.max(0, outputTokens - 1) };
}

interface Resident {
  readonly queryType: QueryShape & { readonly arrivalRate: number };
  readonly home: ProfileDraw;
}

/** Deployments when every query type is served whole at its home, with replicas for load, cache and availability. */
function deploymentsAtHome(
  drawn: readonly Resident[],
  models: readonly FleetDraw['model'][],
  tiers: readonly FleetDraw['tier'][],
) {
  return groups(drawn, ({ home }) => home).map((served) => {
    const [{ home }] = served;
    const { parameters, cacheEntries, minReplicas } = models[home.j];
    const { memory, reserve, precision } = tiers[home.k];
    const room = (memory - reserve) * home.gpus - parameters * bytesPerWeight[precision];
    let busy = 0;
    let cache = 0;
    for (const { queryType } of served) {
      busy += (queryType.arrivalRate * secondsOf(home, queryType)) / 3600;
      const tokens = queryType.inputTokens + queryType.outputTokens;
      const hours = latencyOf(home, queryType).total / 3.6e6;
      cache += ((cacheEntries * bytesPerCacheEntry[precision]) / 1e9) * tokens * queryType.arrivalRate * hours;
    }
    const replicas = Math.max(Math.ceil(busy / utilization), Math.ceil(cache / room), minReplicas);
    return { home, replicas, gpus: home.gpus * replicas };
  });
}

function groups<T>(list: readonly T[], keyOf: (entry: T) => unknown): T[][] {
  const byKey = new Map<unknown, T[]>();
  for (const entry of list) {
    const group = byKey.get(keyOf(entry));
    if (group === undefined) byKey.set(keyOf(entry), [entry]);
    else group.push(entry);
  }
  return [...byKey.values()];
}

/** A power budget over everything, and pools that neighbouring tiers share. */
function drawLimits(uniform: Uniform, tiers: readonly FleetDraw['tier'][], use: readonly number[]) {
  const limit = (name: string, unit: string, members: readonly number[], perGpu: (k: number) => number) => ({
    name,
    unit,
    perGpu: Object.fromEntries(members.map((k) => [tiers[k].name, perGpu(k)])),
    most: Math.ceil(members.reduce((sum, k) => sum + perGpu(k) * use[k], 0) * uniform(...limitSlack)),
  });
  const all = tiers.map((_, k) => k);
  const pools = all.filter((k) => k % 4 === 0 && k + 1 < tiers.length);
  return [
    limit('power', 'kW', all, (k) => tiers[k].kilowatts),
    ...pools.map((k) => limit(`pool ${tiers[k].name}`, 'GPUs', [k, k + 1], () => 1)),
  ];
}

type Uniform = (low: number, high: number) => number;

function uniformOf(seed: string): Uniform {
  const generator = alea(seed);
  return (low, high) => low + (high - low) * generator.double();
}

const below = (uniform: Uniform, n: number) => Math.min(n - 1, Math.floor(uniform(0, n)));
const logUniform = (uniform: Uniform, [low, high]: Range) => Math.exp(uniform(Math.log(low), Math.log(high)));
const rounded = (value: number, digits = 9) => Number(value.toFixed(digits));

function byPrecision(value: (precision: 'BF16' | 'FP8' | 'FP4') => number) {
  return { BF16: rounded(value('BF16')), FP8: rounded(value('FP8')), FP4: rounded(value('FP4')) };
}
