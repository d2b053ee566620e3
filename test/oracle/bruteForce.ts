/**
 * The optimum of a tiny instance by enumeration of every rental and placement, with worst cases by enumeration of the
 * scenarios: for each combination a linear program in the served fractions with one row for each extreme scenario.
 * Reads the instance alone.
 */
import { MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import type { Instance, UncertainTensor } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { solveWithHighs } from './highs.ts';
import { mayBeRented, mayBeUsed } from './secondVerifier.ts';
import { byPrecision, isLatencyTold, type Place, places, serviceAt } from './service.ts';

/** What is rented of one (model, tier). */
interface Rental extends Place {
  readonly replicas: number;
}

/** A query type placed on a rented pair. */
interface Placement {
  readonly i: number;
  readonly rental: Rental;
}

/** Infinity if no plan is feasible. For at most about three pairs and three query types. */
export async function bruteForceOptimum(instance: Instance, options: PlanningOptions): Promise<number> {
  let best = Infinity;
  const combinations = Array.from(rentalCombinations(instance, options), (rentals) => ({
    rentals,
    fixed: fixedCost(instance, rentals),
  }));
  // The cheapest first: what is found early leaves little to look at.
  for (const { rentals, fixed } of combinations.sort((a, b) => a.fixed - b.fixed)) {
    if (fixed >= best) break;
    for (const placements of placementCombinations(instance, options, rentals)) {
      best = Math.min(best, await bestFractions(instance, options, rentals, placements, best));
    }
  }
  return best;
}

/** What a plan rents, by names, and what the best plan that rents exactly that costs. */
export interface RentalOptimum {
  readonly rented: readonly { model: string; tier: string; tpDegree: number; pipelineDegree: number }[];
  readonly cost: number;
}

/** One entry for each rental that some plan has; sizes as for `bruteForceOptimum`. */
export async function bruteForceByRental(instance: Instance, options: PlanningOptions): Promise<RentalOptimum[]> {
  const found: RentalOptimum[] = [];
  for (const rentals of rentalCombinations(instance, options)) {
    let cost = Infinity;
    for (const placements of placementCombinations(instance, options, rentals)) {
      cost = Math.min(cost, await bestFractions(instance, options, rentals, placements, cost));
    }
    if (cost === Infinity) continue;
    const rented = rentals.map(({ j, k, n, p }) => ({
      model: instance.models[j].name,
      tier: instance.tiers[k].name,
      tpDegree: n,
      pipelineDegree: p,
    }));
    found.push({ rented, cost });
  }
  return found;
}

const mayServe = (instance: Instance, i: number, j: number, k: number) =>
  mayBeUsed(instance, instance.queryTypes[i].name, instance.models[j].name, instance.tiers[k].name);

/**
 * Up to what replicas are tried: as many as hold everything at once, or as the current plan has. Beyond both, one more
 * serves nothing and keeps no GPU.
 */
function enoughReplicas(instance: Instance, options: PlanningOptions, place: Place): number {
  const { models, tiers, currentPlan } = instance;
  const { j, k, n, p } = place;
  const services = instance.queryTypes.map((_, i) => serviceAt(instance, options, i, place));
  const weights = byPrecision(models[j].weightSize, tiers[k].precision);
  const room = (tiers[k].memory - (tiers[k].memoryReserve ?? 0)) * n * p - weights;
  const capacity = services.find((service) => service !== null)?.capacity ?? 1;
  const load = services.reduce((sum, service) => sum + (service?.load ?? 0), 0);
  const cache = services.reduce((sum, service) => sum + (service?.cache ?? 0), 0);
  const now = (currentPlan?.deployments ?? []).filter((d) => d.model === models[j].name && d.tier === tiers[k].name);
  const kept = now.reduce((sum, { gpus }) => sum + gpus, 0) / (n * p);
  return Math.ceil(Math.max(models[j].minReplicas ?? 1, load / capacity, room > 0 ? cache / room : 1, kept) - 1e-9);
}

function* rentalCombinations(instance: Instance, options: PlanningOptions): Generator<Rental[]> {
  const choices: (Rental | null)[][] = [];
  instance.models.forEach((model, j) => {
    instance.tiers.forEach((tier, k) => {
      const list: (Rental | null)[] = [null];
      for (const place of mayBeRented(instance, model.name, tier.name) ? places(instance, j, k) : []) {
        const allowed = model.maxReplicas ?? options.maxReplicas;
        const enough = enoughReplicas(instance, options, place);
        const most = allowed === 'none' ? enough : Math.min(allowed, enough);
        for (let replicas = model.minReplicas ?? 1; replicas <= most; replicas++) list.push({ ...place, replicas });
      }
      choices.push(list);
    });
  });
  for (const combination of product(choices)) {
    const rentals = combination.filter((rental) => rental !== null);
    const gpus = instance.tiers.map((_, k) => gpusOfTier(rentals, k));
    const isThere = instance.tiers.every(({ available = Infinity }, k) => gpus[k] <= available);
    const keepsLimits = (instance.fleetLimits ?? []).every(({ perGpu, most }) => {
      return instance.tiers.reduce((sum, { name }, k) => sum + (perGpu[name] ?? 0) * gpus[k], 0) <= most + 1e-9;
    });
    if (isThere && keepsLimits) yield rentals;
  }
}

const gpusOf = ({ n, p, replicas }: Rental) => n * p * replicas;

function gpusOfTier(rentals: readonly Rental[], k: number): number {
  return rentals.reduce((sum, rental) => sum + (rental.k === k ? gpusOf(rental) : 0), 0);
}

/** (i): where it may be placed. */
function candidatesOf(instance: Instance, options: PlanningOptions, rentals: readonly Rental[]): Placement[][] {
  return instance.queryTypes.map((_, i) =>
    rentals
      .filter((rental) => mayServe(instance, i, rental.j, rental.k) && serviceAt(instance, options, i, rental) !== null)
      .map((rental) => ({ i, rental })),
  );
}

function* placementCombinations(
  instance: Instance,
  options: PlanningOptions,
  rentals: Rental[],
): Generator<Placement[]> {
  const candidates = candidatesOf(instance, options, rentals);
  if (options.placement === 'single') {
    const mayStayOut = (i: number) => options.dropped === 'unplaced' && largestCap(instance.queryTypes[i]) >= 1;
    const choices = candidates.map((list, i) => [
      ...list.map((placement) => [placement]),
      ...(mayStayOut(i) ? [[]] : []),
    ]);
    for (const chosen of product<Placement[]>(choices)) yield chosen.flat();
  } else yield candidates.flat();
}

function* product<T>(choices: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...rest] = choices;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const tail of product(rest)) for (const head of first) yield [head, ...tail];
}

/** min(zeta, 1 - minimumServed). */
function largestCap({ unmetPenalty, unmetCap, minimumServed = 0 }: Instance['queryTypes'][number]): number {
  return Math.min(unmetCap ?? (unmetPenalty === undefined ? 0 : 1), 1 - minimumServed);
}

/** Rental and switching: what no fraction changes. */
function fixedCost(instance: Instance, rentals: readonly Rental[]): number {
  let cost = rentalCost(instance, rentals);
  const { currentPlan, switchingCost, models, tiers } = instance;
  if (switchingCost === undefined) return cost;
  models.forEach((model, j) => {
    tiers.forEach((tier, k) => {
      let before = 0;
      for (const d of currentPlan?.deployments ?? []) {
        if (d.model === model.name && d.tier === tier.name) before += d.gpus;
      }
      const rental = rentals.find((each) => each.j === j && each.k === k);
      const after = rental ? gpusOf(rental) : 0;
      cost += after > before ? switchingCost.added * (after - before) : switchingCost.removed * (before - after);
    });
  });
  for (const { model, tier, gpus } of currentPlan?.deployments ?? []) {
    const isGone = !models.some(({ name }) => name === model) || !tiers.some(({ name }) => name === tier);
    if (isGone) cost += switchingCost.removed * gpus;
  }
  return cost;
}

function rentalCost({ rentalPeriod, tiers }: Instance, rentals: readonly Rental[]): number {
  return tiers.reduce(
    (sum, { price, committed = 0 }, k) => sum + rentalPeriod * price * Math.max(committed, gpusOfTier(rentals, k)),
    0,
  );
}

/**
 * Infinity also where nothing is cheaper than the incumbent. Under split placement each placement may be left out:
 * where it stores a copy of the weights, a whole column z >= x says whether it is there.
 */
async function bestFractions(
  instance: Instance,
  options: PlanningOptions,
  rentals: readonly Rental[],
  placements: readonly Placement[],
  incumbent: number,
): Promise<number> {
  const { queryTypes, models, tiers, rentalPeriod, storagePrice = 0 } = instance;
  const budgets = instance.uncertaintyBudget ?? { delay: 0, error: 0 };
  const weightsOf = (j: number, k: number) => byPrecision(models[j].weightSize, tiers[k].precision);
  const penaltyHours = options.penalties === 'per-period' ? rentalPeriod : 1;
  const service = new Map(
    placements.map((placement) => [placement, serviceAt(instance, options, placement.i, placement.rental)!]),
  );
  const tokens = queryTypes.map((query) => query.inputTokens + query.outputTokens);
  const perPlacement = options.weightStorage === 'per-placement';
  const isOptional = perPlacement && options.placement === 'split';
  const copies = perPlacement ? placements.map(({ rental }) => rental) : rentals;
  const stored = isOptional ? 0 : copies.reduce((sum, { j, k }) => sum + weightsOf(j, k), 0);
  const capacity = instance.storageCapacity ?? Infinity;
  if (stored > capacity + 1e-9) return Infinity;
  const fixed = fixedCost(instance, rentals) + rentalPeriod * storagePrice * stored;
  if (fixed >= incumbent) return Infinity;

  const builder = new MixedIntegerProgramBuilder();
  const dropCost = (i: number) => (queryTypes[i].unmetPenalty ?? 0) * queryTypes[i].arrivalRate * penaltyHours;
  builder.addToOffset(queryTypes.reduce((sum, _, i) => sum + dropCost(i), fixed));
  const dataCost = (i: number) =>
    rentalPeriod * storagePrice * (queryTypes[i].tokenSize ?? 0) * tokens[i] * queryTypes[i].arrivalRate;
  // What is served in one place alone is served there to its least share.
  const leastShares = placements.map(({ i }) =>
    placements.filter((other) => other.i === i).length === 1 ? 1 - largestCap(queryTypes[i]) : 0,
  );
  const x = placements.map(({ i }) => builder.addColumn({ upper: 1, cost: dataCost(i) - dropCost(i) }));
  const optional = isOptional ? placements : [];
  const storing = ({ rental: { j, k } }: Placement) => rentalPeriod * storagePrice * weightsOf(j, k);
  const z = optional.map((placement) => builder.addColumn({ upper: 1, integer: true, cost: storing(placement) }));
  for (const [t, column] of z.entries()) builder.addRow({ lower: 0, indices: [column, x[t]], values: [1, -1] });
  const weights = optional.map(({ rental: { j, k } }) => weightsOf(j, k));
  if (capacity < Infinity) builder.addRow({ upper: capacity, indices: z, values: weights });
  /** Whether a row misses its limit at the least shares already: most of what is enumerated fails there. */
  let fails = false;
  const addRow = (
    lower: number,
    upper: number,
    of: (placement: Placement) => number,
    ofZ: (placement: Placement) => number = () => 0,
  ) => {
    const values = placements.map(of);
    const used = values.reduce((sum, value, t) => sum + value * (value < 0 ? 1 : leastShares[t]), 0);
    if (used > upper + 1e-6 * Math.max(1, Math.abs(upper))) fails = true;
    builder.addRow({ lower, upper, indices: [...x, ...z], values: [...values, ...optional.map(ofZ)] });
  };

  queryTypes.forEach((query, i) => {
    const cap = largestCap(query);
    if (cap < 1 - 1e-6 && !placements.some((placement) => placement.i === i)) fails = true;
    addRow(1 - cap, 1, (placement) => (placement.i === i ? 1 : 0));
  });
  for (const rental of rentals) {
    const { j, k, n, p, replicas } = rental;
    const here = (placement: Placement, value: number) => (placement.rental === rental ? value : 0);
    const usable = tiers[k].memory - (tiers[k].memoryReserve ?? 0);
    addRow(-Infinity, (usable - weightsOf(j, k) / (n * p)) * replicas, (placement) =>
      here(placement, service.get(placement)!.cache / (n * p)),
    );
    const [served] = placements.filter((placement) => placement.rental === rental);
    if (served === undefined) continue;
    addRow(-Infinity, service.get(served)!.capacity * replicas, (placement) =>
      here(placement, service.get(placement)!.load),
    );
  }
  const rentalTimes = options.rentalInBudget === 'once' ? 1 : queryTypes.length;
  if (instance.budget !== undefined) {
    const spent = rentalTimes * rentalCost(instance, rentals) + rentalPeriod * storagePrice * stored;
    addRow(-Infinity, instance.budget - spent, ({ i }) => dataCost(i), storing);
  }

  const last = rentals.find(({ j, k }) => j === models.length - 1 && k === tiers.length - 1);
  const stretch = {
    'per-deployment': 1,
    pooled: rentals.reduce((sum, { n }) => sum + n, 0),
    'last-deployment': last?.n ?? 0,
  }[options.delayRule];
  const xi = (gamma: number, entries: readonly Placement[], share: (placement: Placement) => number) =>
    options.uncertainty === 'none' ? [new Map<Placement, number>()] : extremeScenarios(entries, gamma, share);
  const shareOf = (uncertain: UncertainTensor, { rental: { j, k } }: Placement) =>
    options.uncertainty === 'decision-dependent' ? 1 - uncertain.relief![j][k] : 1;
  const delayShare = (placement: Placement) => service.get(placement)!.share;
  const { error } = instance;
  queryTypes.forEach((query, i) => {
    const mine = placements.filter((placement) => placement.i === i);
    const { delayThreshold, errorThreshold } = query;
    const hasDelayRow = delayThreshold !== undefined && !isLatencyTold(instance);
    for (const scenario of hasDelayRow ? xi(budgets.delay, mine, delayShare) : []) {
      addRow(-Infinity, delayThreshold! * stretch, (placement) => {
        if (placement.i !== i) return 0;
        const { delay, swing } = service.get(placement)!;
        const divisor = options.delayRule === 'per-deployment' ? placement.rental.n : 1;
        return (delay + (scenario.get(placement) ?? 0) * swing) / divisor;
      });
    }
    if (errorThreshold === undefined || error === undefined) return;
    for (const scenario of xi(budgets.error, mine, (placement) => shareOf(error, placement))) {
      addRow(-Infinity, errorThreshold, (placement) => {
        if (placement.i !== i) return 0;
        const { j, k } = placement.rental;
        return error.nominal[i][j][k] + (scenario.get(placement) ?? 0) * error.deviation[i][j][k];
      });
    }
  });

  if (fails) return Infinity;
  const groups =
    options.delayCostBudget === 'joint'
      ? [[...placements]]
      : queryTypes.map((_, i) => placements.filter((placement) => placement.i === i));
  for (const group of groups) {
    const worst = builder.addColumn({ cost: 1 });
    for (const scenario of xi(budgets.delay, group, delayShare)) {
      const values = group.map((placement) => {
        const { delayPenalty = 0, arrivalRate } = queryTypes[placement.i];
        const { delay, swing } = service.get(placement)!;
        const nominal = options.delayCost === 'total' || options.uncertainty === 'none' ? delay : 0;
        return -delayPenalty * arrivalRate * penaltyHours * (nominal + (scenario.get(placement) ?? 0) * swing);
      });
      builder.addRow({
        lower: 0,
        indices: [worst, ...group.map((placement) => x[placements.indexOf(placement)])],
        values: [1, ...values],
      });
    }
  }
  return (await solveWithHighs(builder.build())).objective;
}

/**
 * Every scenario that some order of filling gives: each extreme point of 0 <= xi <= share, sum xi <= Gamma that can be
 * a worst case.
 */
function extremeScenarios<T>(entries: readonly T[], gamma: number, share: (entry: T) => number): Map<T, number>[] {
  const distinct = new Map<string, Map<T, number>>();
  const fill = (scenario: ReadonlyMap<T, number>, open: readonly T[], left: number): void => {
    // What is left reaches nobody, or everybody: the order of the others is no matter.
    const isEnough = left >= open.reduce((sum, entry) => sum + share(entry), 0);
    if (left <= 0 || isEnough) {
      const full = new Map([...scenario, ...open.map((entry) => [entry, isEnough ? share(entry) : 0] as const)]);
      distinct.set(entries.map((entry) => full.get(entry)).join(), full);
      return;
    }
    for (const entry of open) {
      const filled = Math.min(share(entry), left);
      fill(
        new Map([...scenario, [entry, filled]]),
        open.filter((other) => other !== entry),
        left - filled,
      );
    }
  };
  fill(new Map(), entries, gamma);
  return [...distinct.values()];
}
