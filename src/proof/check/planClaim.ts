/**
 * The first claim: the plan keeps every row of specification 4 and 5 within its allowance and costs so much, exactly.
 * The share of a query type that is dropped is by definition 1 minus its fraction; whatever the plan says of it, and of
 * GPUs, is not read.
 */
import type { Configuration, Facts, Pair, Placement, Uncertain } from './facts.ts';
import type { ClaimedPlan } from './proofFormat.ts';
import { ProofError } from './proofFormat.ts';
import {
  compare,
  greatest,
  larger,
  least as lesser,
  minus,
  one,
  over,
  plus,
  type Rational,
  smaller,
  times,
  whole,
  zero,
} from './rational.ts';

export interface PlanCheck {
  readonly cost: Rational;
  /** By how much of its limit a row is exceeded at most: 0 if all hold without their allowance. */
  readonly largestViolation: Rational;
}

interface Rented {
  readonly at: number;
  readonly pair: Pair;
  readonly configuration: Configuration;
  readonly replicas: bigint;
  cache: Rational;
  load: Rational;
  placed: bigint;
}

/** 1 - 1e-8: facts hold limits that are divided by it already. */
const withoutAllowance: Rational = { n: 99_999_999n, d: 100_000_000n };

/** Throws ProofError if a row does not hold. */
export function checkPlanClaim(facts: Facts, plan: ClaimedPlan): PlanCheck {
  let largestViolation = zero;
  const atMost = (left: Rational, limit: Rational | null, what: string, withoutIt?: Rational) => {
    if (limit === null) return;
    if (compare(left, limit) > 0) throw new ProofError('plan', `${what}: more than the limit allows`);
    const published = withoutIt ?? times(limit, withoutAllowance);
    if (compare(left, published) <= 0) return;
    const excess = published.n === 0n ? minus(left, published) : over(minus(left, published), published);
    largestViolation = greatest(largestViolation, excess);
  };
  const rented = rentedOf(facts, plan);
  const routes = routesOf(facts, plan, rented);
  const { tiers, fleetLimits, options } = facts;

  const gpusOf = tiers.map((_, k) =>
    rented.reduce((sum, { pair, configuration, replicas }) => {
      return pair.tier === k ? sum + configuration.gpus * replicas : sum;
    }, 0n),
  );
  let rental = zero;
  tiers.forEach(({ rental: perGpu, committed, available }, k) => {
    const { name } = facts.instance.tiers[k];
    if (available !== null) atMost(whole(gpusOf[k]), whole(available), `GPUs of ${name}`, whole(available));
    rental = plus(rental, times(perGpu, whole(larger(gpusOf[k], committed))));
  });
  fleetLimits.forEach(({ perGpu, most }, l) => {
    const used = perGpu.reduce((sum, each, k) => plus(sum, times(each, whole(gpusOf[k]))), zero);
    atMost(used, most, `fleet limit ${facts.instance.fleetLimits![l].name}`);
  });

  let stored = zero;
  for (const { pair, placed } of rented) {
    const copies = options.weightStorage === 'per-placement' ? placed : 1n;
    stored = plus(stored, times(pair.weights, whole(copies)));
  }
  atMost(stored, facts.storage, 'stored weights');
  for (const { pair, configuration, replicas, cache, load } of rented) {
    const { model, tier } = pair;
    const name = `${facts.instance.models[model].name} on ${facts.instance.tiers[tier].name}`;
    const held = times(pair.weights, whole(replicas));
    atMost(plus(held, cache), plus(held, times(configuration.memoryRoom, whole(replicas))), `memory of ${name}`);
    const { loadRoom } = configuration;
    if (loadRoom !== null) atMost(load, times(loadRoom, whole(replicas)), `load of ${name}`);
  }

  let cost = plus(rental, times(facts.storedGigabyte, stored));
  let data = zero;
  const swings: Swing[][] = [];
  const stretch = options.delayRule === 'per-deployment' ? one : whole(stretchOf(facts, rented));
  facts.queryTypes.forEach((queryType, i) => {
    const { dropCost, dataCost, delayLimit, errorLimit, least, leastPublished, mayStayOut } = queryType;
    const { name } = facts.instance.queryTypes[i];
    const own = routes.filter((route) => route.queryType === i);
    if (own.length === 0 && !mayStayOut) throw new ProofError('plan', `${name} is placed nowhere`);
    const served = sumOf(own, ({ fraction }) => fraction);
    if (compare(served, one) > 0) throw new ProofError('plan', `${name}: fractions of more than 1`);
    atMost(minus(one, served), minus(one, least), `unmet share of ${name}`, minus(one, leastPublished));
    const worst = (part: (placement: Placement) => Uncertain, gamma: Rational) =>
      plus(
        sumOf(own, ({ placement, fraction }) => times(part(placement).nominal, fraction)),
        worstSwing(
          own.map(({ placement, fraction }) => swingOf(part(placement), fraction)),
          gamma,
        ),
      );
    const delayMost = delayLimit && times(delayLimit, stretch);
    if (delayMost !== null)
      atMost(
        worst(({ delay }) => delay, facts.gammaDelay),
        delayMost,
        `delay of ${name}`,
      );
    if (errorLimit !== null)
      atMost(
        worst(({ error }) => error, facts.gammaError),
        errorLimit,
        `error of ${name}`,
      );
    cost = plus(cost, times(dropCost, minus(one, served)));
    cost = plus(
      cost,
      sumOf(own, ({ placement, fraction }) => times(placement.serving, fraction)),
    );
    data = plus(data, times(dataCost, served));
    swings.push(own.map(({ placement, fraction }) => swingOf(placement, fraction)));
  });
  atMost(
    plus(times(facts.rentalInBudget, rental), plus(times(facts.storedGigabyte, stored), data)),
    facts.budget,
    'budget',
  );
  const { gamma } = facts;
  const together = options.delayCostBudget === 'joint' ? [swings.flat()] : swings;
  if (gamma !== null)
    cost = plus(
      cost,
      sumOf(together, (each) => worstSwing(each, gamma)),
    );
  cost = plus(cost, switching(facts, rented));
  return { cost, largestViolation };
}

function rentedOf(facts: Facts, { deployments }: ClaimedPlan): Rented[] {
  const { models, tiers } = facts.instance;
  const seen = new Set<number>();
  return deployments.map(({ model, tier, tpDegree, pipelineDegree = 1, replicas }) => {
    const at = position(models, model, 'model') * tiers.length + position(tiers, tier, 'tier');
    const what = `${model} on ${tier}`;
    if (seen.has(at)) throw new ProofError('plan', `${what}: more than one configuration`);
    seen.add(at);
    const pair = facts.pairs[at];
    const configuration = pair.configurations.find(
      (each) => each.tpDegree === tpDegree && each.pipelineDegree === pipelineDegree,
    );
    if (configuration === undefined) throw new ProofError('plan', `${what} TP ${tpDegree}: cannot be rented`);
    const { leastReplicas, mostReplicas } = configuration;
    const count = BigInt(replicas);
    if (count < 1n || count < leastReplicas || (mostReplicas !== null && count > mostReplicas))
      throw new ProofError('plan', `${what}: ${count} replicas are outside the limits`);
    return { at, pair, configuration, replicas: count, cache: zero, load: zero, placed: 0n };
  });
}

interface Route {
  readonly queryType: number;
  readonly placement: Placement;
  readonly fraction: Rational;
}

/** What is placed where; adds up what the rented pairs hold. */
function routesOf(facts: Facts, { routing }: ClaimedPlan, rented: readonly Rented[]): Route[] {
  const { models, tiers, queryTypes } = facts.instance;
  const seen = new Set<string>();
  return routing.map(({ queryType, model, tier, fraction }) => {
    const i = position(queryTypes, queryType, 'query type');
    const at = position(models, model, 'model') * tiers.length + position(tiers, tier, 'tier');
    const home = rented.find((each) => each.at === at);
    const placement = home?.configuration.placements[i] ?? null;
    const once = facts.isSplit ? `${i} ${at}` : `${i}`;
    if (seen.has(once)) throw new ProofError('plan', `${queryType} is placed twice`);
    seen.add(once);
    if (home === undefined || placement === null)
      throw new ProofError('plan', `${queryType} cannot be placed on ${model} on ${tier} as it is rented`);
    if (fraction.n < 0n || compare(fraction, one) > 0)
      throw new ProofError('plan', `${queryType}: a fraction outside [0, 1]`);
    home.cache = plus(home.cache, times(placement.cache, fraction));
    home.load = plus(home.load, times(placement.load, fraction));
    home.placed += 1n;
    return { queryType: i, placement, fraction };
  });
}

function sumOf<T>(list: readonly T[], amount: (each: T) => Rational): Rational {
  return list.reduce((sum, each) => plus(sum, amount(each)), zero);
}

function position(list: readonly { readonly name: string }[], name: string, kind: string): number {
  const at = list.findIndex((each) => each.name === name);
  if (at < 0) throw new ProofError('plan', `no ${kind} is called ${name}`);
  return at;
}

/** The sum of TP degrees that stretches the delay limits under `pooled` and `last-deployment`. */
function stretchOf({ pairs, options }: Facts, rented: readonly Rented[]): bigint {
  const isNamed = ({ at }: Rented) => options.delayRule === 'pooled' || at === pairs.length - 1;
  return rented.filter(isNamed).reduce((sum, { configuration }) => sum + BigInt(configuration.tpDegree), 0n);
}

interface Swing {
  readonly deviation: Rational;
  readonly share: Rational;
}

function swingOf({ deviation, share }: Swing, fraction: Rational): Swing {
  return { deviation: times(deviation, fraction), share };
}

/** max sum deviation xi over 0 <= xi <= share, sum xi <= gamma: the largest deviations first. */
function worstSwing(swings: Swing[], gamma: Rational): Rational {
  let left = gamma;
  return sumOf(
    swings.sort((a, b) => compare(b.deviation, a.deviation)),
    ({ deviation, share }) => {
      const xi = lesser(share, left);
      left = minus(left, xi);
      return times(deviation, xi);
    },
  );
}

/** added (y - y0)+ + removed (y0 - y)+ over all pairs, those that are gone too. */
function switching({ added, removed, currentGpus }: Facts, rented: readonly Rented[]): Rational {
  let more = 0n;
  let kept = 0n;
  for (const { pair, configuration, replicas } of rented) {
    const gpus = configuration.gpus * replicas;
    more += larger(gpus - pair.currentGpus, 0n);
    kept += smaller(gpus, pair.currentGpus);
  }
  return plus(times(added, whole(more)), times(removed, whole(currentGpus - kept)));
}
