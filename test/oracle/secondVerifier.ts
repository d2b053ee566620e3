/**
 * A second verifier: cost and every limit of a plan, from the specification alone and sharing no code with the first.
 */
import type { Instance, Pairing, Plan } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { byPrecision, isLatencyTold, type Place, places, type Service, serviceAt, worstGain } from './service.ts';

export interface SecondVerification {
  readonly total: number;
  /** What is broken, in words. */
  readonly faults: readonly string[];
}

interface Rented extends Place {
  readonly m: number;
}

/** Rows hold within this times the size of their terms. */
const tolerance = 1.01e-8;

export function verifyAgain(instance: Instance, options: PlanningOptions, plan: Plan): SecondVerification {
  const { queryTypes, models, tiers, rentalPeriod: hours, storagePrice = 0, switchingCost, error } = instance;
  const faults: string[] = [];
  const atMost = (what: string, left: number, limit: number) => {
    if (!(left <= limit + tolerance * Math.max(Math.abs(left), Math.abs(limit))))
      faults.push(`${what}: ${left} > ${limit}`);
  };
  const need = (what: string, holds: boolean) => {
    if (!holds) faults.push(what);
  };
  const model = (name: string) => models.findIndex((each) => each.name === name);
  const tier = (name: string) => tiers.findIndex((each) => each.name === name);
  const rented: Rented[] = plan.deployments.map((d) => ({
    j: model(d.model),
    k: tier(d.tier),
    n: d.tpDegree,
    p: d.pipelineDegree ?? 1,
    m: d.replicas,
  }));
  const gpusOf = ({ n, p, m }: Rented) => n * p * m;
  rented.forEach((each, d) => {
    const { j, k, n, p, m } = each;
    need(
      `configuration ${d}`,
      places(instance, j, k).some((place) => place.n === n && place.p === p),
    );
    need(`one of a pair ${d}`, rented.findIndex((other) => other.j === j && other.k === k) === d);
    const most = models[j].maxReplicas ?? options.maxReplicas;
    need(`replicas ${d}`, Number.isInteger(m) && m >= (models[j].minReplicas ?? 1) && (most === 'none' || m <= most));
    need(`gpus ${d}`, plan.deployments[d].gpus === gpusOf(each));
    need(`rentable ${d}`, mayBeRented(instance, models[j].name, tiers[k].name));
  });

  const gpusOfTier = tiers.map((_, k) => rented.reduce((sum, each) => sum + (each.k === k ? gpusOf(each) : 0), 0));
  for (const [k, { available = Infinity }] of tiers.entries()) atMost(`available ${k}`, gpusOfTier[k], available);
  for (const { name, perGpu, most } of instance.fleetLimits ?? []) {
    const used = tiers.reduce((sum, each, k) => sum + (perGpu[each.name] ?? 0) * gpusOfTier[k], 0);
    atMost(`fleet limit ${name}`, used, most);
  }
  const rental = tiers.reduce(
    (sum, each, k) => sum + hours * each.price * Math.max(each.committed ?? 0, gpusOfTier[k]),
    0,
  );

  const routes = plan.routing.map(({ queryType, fraction, ...where }) => {
    const i = queryTypes.findIndex(({ name }) => name === queryType);
    const place = rented.find(({ j, k }) => j === model(where.model) && k === tier(where.tier));
    need(`${queryType} is placed on what is rented`, place !== undefined);
    need(`${queryType} may be there`, mayBeUsed(instance, queryType, where.model, where.tier));
    const service: Service | null = place === undefined ? null : serviceAt(instance, options, i, place);
    need(`${queryType} can be served there`, service !== null);
    need(`${queryType} has a fraction in [0, 1]`, fraction >= -1e-8 && fraction <= 1 + 1e-8);
    return { i, fraction, place, service };
  });
  const sound = routes.flatMap(({ place, service, ...rest }) =>
    place === undefined || service === null ? [] : [{ ...rest, place, service }],
  );
  rented.forEach((each, d) => {
    const here = sound.filter(({ place }) => place === each);
    const weights = byPrecision(models[each.j].weightSize, tiers[each.k].precision);
    const perGpu = weights / (each.n * each.p);
    const cache =
      here.reduce((sum, { service, fraction }) => sum + service.cache * fraction, 0) / (each.n * each.p * each.m);
    atMost(`memory ${d}`, perGpu + cache, tiers[each.k].memory - (tiers[each.k].memoryReserve ?? 0));
    const load = here.reduce((sum, { service, fraction }) => sum + service.load * fraction, 0);
    if (here.length > 0) atMost(`load ${d}`, load, here[0].service.capacity * each.m);
  });

  const stored = (options.weightStorage === 'per-placement' ? sound.map(({ place }) => place) : rented).reduce(
    (sum, { j, k }) => sum + byPrecision(models[j].weightSize, tiers[k].precision),
    0,
  );
  const data = sound.reduce((sum, { i, fraction }) => {
    const { tokenSize = 0, inputTokens, outputTokens, arrivalRate } = queryTypes[i];
    return sum + tokenSize * (inputTokens + outputTokens) * arrivalRate * fraction;
  }, 0);
  const storage = hours * storagePrice * (stored + data);
  atMost('storage', stored, instance.storageCapacity ?? Infinity);
  const times = options.rentalInBudget === 'once' ? 1 : queryTypes.length;
  atMost('budget', times * rental + storage, instance.budget ?? Infinity);

  const uncertain = options.uncertainty !== 'none';
  const gammaDelay = uncertain ? (instance.uncertaintyBudget?.delay ?? 0) : 0;
  const gammaError = uncertain ? (instance.uncertaintyBudget?.error ?? 0) : 0;
  const last = rented.find(({ j, k }) => j === models.length - 1 && k === tiers.length - 1);
  const stretch = {
    'per-deployment': 1,
    pooled: rented.reduce((sum, { n }) => sum + n, 0),
    'last-deployment': last?.n ?? 0,
  }[options.delayRule];
  let unmetCost = 0;
  queryTypes.forEach((query, i) => {
    const mine = sound.filter((route) => route.i === i);
    const served = mine.reduce((sum, { fraction }) => sum + fraction, 0);
    const dropped = plan.unmet.reduce((sum, each) => sum + (each.queryType === query.name ? each.fraction : 0), 0);
    need(`${query.name} adds up`, Math.abs(served + dropped - 1) <= 1.01e-8);
    const cap = query.unmetCap ?? (query.unmetPenalty === undefined ? 0 : 1);
    const most = Math.min(cap, 1 - (query.minimumServed ?? 0));
    need(`${query.name} drops no more than it may`, dropped <= most + 1.01e-8);
    unmetCost += (query.unmetPenalty ?? 0) * query.arrivalRate * dropped;
    if (options.placement === 'single') {
      const mayStayOut = options.dropped === 'unplaced' && most >= 1;
      need(`${query.name} has one place`, mine.length === 1 || (mayStayOut && mine.length === 0));
    }
    if (query.delayThreshold !== undefined && !isLatencyTold(instance)) {
      const divisor = ({ place }: (typeof mine)[number]) => (options.delayRule === 'per-deployment' ? place.n : 1);
      const nominal = mine.reduce((sum, route) => sum + (route.service.delay / divisor(route)) * route.fraction, 0);
      const swings = mine.map((route) => ({
        size: (route.service.swing / divisor(route)) * route.fraction,
        share: route.service.share,
      }));
      atMost(`delay ${query.name}`, nominal + worstGain(swings, gammaDelay), query.delayThreshold * stretch);
    }
    if (query.errorThreshold !== undefined && error !== undefined) {
      const at = (tensor: typeof error.nominal, { j, k }: Place) => tensor[i][j][k];
      const nominal = mine.reduce((sum, { place, fraction }) => sum + at(error.nominal, place) * fraction, 0);
      const swings = mine.map(({ place, fraction }) => ({
        size: at(error.deviation, place) * fraction,
        share: options.uncertainty === 'decision-dependent' ? 1 - error.relief![place.j][place.k] : 1,
      }));
      atMost(`error ${query.name}`, nominal + worstGain(swings, gammaError), query.errorThreshold);
    }
  });

  const charged = sound.map(({ i, fraction, service }) => {
    const rate = (queryTypes[i].delayPenalty ?? 0) * queryTypes[i].arrivalRate * fraction;
    return { i, nominal: rate * service.delay, size: rate * service.swing, share: service.share };
  });
  let delayCost =
    options.delayCost === 'total' || !uncertain ? charged.reduce((sum, { nominal }) => sum + nominal, 0) : 0;
  if (options.delayCostBudget === 'joint') delayCost += worstGain(charged, gammaDelay);
  else {
    for (const i of queryTypes.keys())
      delayCost += worstGain(
        charged.filter((each) => each.i === i),
        gammaDelay,
      );
  }
  const penaltyHours = options.penalties === 'per-period' ? hours : 1;
  let total = rental + storage + penaltyHours * (delayCost + unmetCost);
  if (switchingCost !== undefined) {
    const before = new Map<string, number>();
    for (const { model: name, tier: on, gpus } of instance.currentPlan?.deployments ?? []) {
      before.set(`${name}\n${on}`, (before.get(`${name}\n${on}`) ?? 0) + gpus);
    }
    for (const each of rented) {
      const key = `${models[each.j].name}\n${tiers[each.k].name}`;
      const change = gpusOf(each) - (before.get(key) ?? 0);
      total += change > 0 ? switchingCost.added * change : -switchingCost.removed * change;
      before.delete(key);
    }
    for (const gpus of before.values()) total += switchingCost.removed * gpus;
  }
  return { total, faults };
}

function hits(entry: Pairing, query: string | null, model: string, tier: string): boolean {
  if (entry.queryType !== undefined && entry.queryType !== query) return false;
  return (entry.model ?? model) === model && (entry.tier ?? tier) === tier;
}

export function mayBeUsed({ allowed, forbidden = [] }: Instance, query: string, model: string, tier: string): boolean {
  if (forbidden.some((entry) => hits(entry, query, model, tier))) return false;
  return allowed === undefined || allowed.some((entry) => hits(entry, query, model, tier));
}

export function mayBeRented(instance: Instance, model: string, tier: string): boolean {
  if (instance.forbidden?.some((entry) => hits(entry, null, model, tier))) return false;
  return (
    instance.allowed === undefined || instance.queryTypes.some(({ name }) => mayBeUsed(instance, name, model, tier))
  );
}
