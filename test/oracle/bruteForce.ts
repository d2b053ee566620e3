/**
 * The optimum of a tiny instance by enumeration of every rental and placement, with worst cases by enumeration of the
 * scenarios: for each combination a linear program in the served fractions with one row for each extreme scenario.
 * Reads the instance alone.
 */
import { MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import type { Pairing, PublishedInstance, UncertainTensor } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { solveWithHighs } from './highs.ts';

/** What is rented of one (model, tier). */
interface Rental {
  readonly j: number;
  readonly k: number;
  readonly n: number;
  readonly replicas: number;
}

/** A query type placed on a rented pair. */
interface Placement {
  readonly i: number;
  readonly rental: Rental;
}

/** Infinity if no plan is feasible. For at most about three pairs and three query types. */
export async function bruteForceOptimum(instance: PublishedInstance, options: PlanningOptions): Promise<number> {
  let best = Infinity;
  for (const rentals of rentalCombinations(instance, options)) {
    const fixed = fixedCost(instance, rentals);
    if (fixed >= best) continue;
    for (const placements of placementCombinations(instance, options, rentals)) {
      best = Math.min(best, await bestFractions(instance, options, rentals, placements, best));
    }
  }
  return best;
}

function matches(entry: Pairing, query: string | null, model: string, tier: string): boolean {
  if (entry.queryType !== undefined && entry.queryType !== query) return false;
  return (entry.model === undefined || entry.model === model) && (entry.tier === undefined || entry.tier === tier);
}

function mayServe(
  { queryTypes, models, tiers, allowed, forbidden }: PublishedInstance,
  i: number,
  j: number,
  k: number,
): boolean {
  const hit = (entry: Pairing) => matches(entry, queryTypes[i].name, models[j].name, tiers[k].name);
  if (allowed !== undefined && !allowed.some(hit)) return false;
  return forbidden === undefined || !forbidden.some(hit);
}

function mayRent(instance: PublishedInstance, j: number, k: number): boolean {
  const { models, tiers, forbidden, allowed, queryTypes } = instance;
  if (forbidden?.some((entry) => matches(entry, null, models[j].name, tiers[k].name))) return false;
  return allowed === undefined || queryTypes.some((_, i) => mayServe(instance, i, j, k));
}

function* rentalCombinations(instance: PublishedInstance, options: PlanningOptions): Generator<Rental[]> {
  const choices: (Rental | null)[][] = [];
  instance.models.forEach((model, j) => {
    instance.tiers.forEach((tier, k) => {
      const list: (Rental | null)[] = [null];
      for (const n of mayRent(instance, j, k) ? (tier.tpDegrees ?? [1, 2, 4, 8]) : []) {
        if (model.weightSize / n > tier.memory + 1e-9) continue;
        for (let replicas = 1; replicas <= (options.maxReplicas as number); replicas++)
          list.push({ j, k, n, replicas });
      }
      choices.push(list);
    });
  });
  for (const combination of product(choices)) {
    const rentals = combination.filter((rental) => rental !== null);
    const available = instance.tiers.every((tier, k) => {
      const used = rentals.reduce((sum, rental) => sum + (rental.k === k ? rental.n * rental.replicas : 0), 0);
      return tier.available === undefined || used <= tier.available;
    });
    if (available) yield rentals;
  }
}

function* placementCombinations(
  instance: PublishedInstance,
  options: PlanningOptions,
  rentals: Rental[],
): Generator<Placement[]> {
  const candidates = instance.queryTypes.map((_, i) =>
    rentals.filter(({ j, k }) => mayServe(instance, i, j, k)).map((rental) => ({ i, rental })),
  );
  if (options.placement === 'single') yield* product(candidates);
  else if (options.weightStorage === 'per-deployment') yield candidates.flat();
  else {
    const eachOrNot = candidates.flat().map((placement) => [[], [placement]]);
    for (const chosen of product<Placement[]>(eachOrNot)) yield chosen.flat();
  }
}

function* product<T>(choices: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...rest] = choices;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const tail of product(rest)) for (const head of first) yield [head, ...tail];
}

/** Rental and switching: what no fraction changes. */
function fixedCost(instance: PublishedInstance, rentals: readonly Rental[]): number {
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
      const after = rental ? rental.n * rental.replicas : 0;
      cost += after > before ? switchingCost.added * (after - before) : switchingCost.removed * (before - after);
    });
  });
  return cost;
}

function rentalCost({ rentalPeriod, tiers }: PublishedInstance, rentals: readonly Rental[]): number {
  return rentals.reduce((sum, { k, n, replicas }) => sum + rentalPeriod * tiers[k].price * n * replicas, 0);
}

async function bestFractions(
  instance: PublishedInstance,
  options: PlanningOptions,
  rentals: readonly Rental[],
  placements: readonly Placement[],
  incumbent: number,
): Promise<number> {
  const { queryTypes, models, tiers, rentalPeriod, storagePrice, residency, uncertaintyBudget } = instance;
  const tokens = queryTypes.map((query) => query.inputTokens + query.outputTokens);
  const perPlacement = options.weightStorage === 'per-placement';
  const stored = (perPlacement ? placements.map(({ rental }) => rental) : rentals).reduce(
    (sum, { j }) => sum + models[j].weightSize,
    0,
  );
  if (stored > (instance.storageCapacity ?? Infinity) + 1e-9) return Infinity;
  const fixed = fixedCost(instance, rentals) + rentalPeriod * storagePrice * stored;
  if (fixed >= incumbent) return Infinity;

  const builder = new MixedIntegerProgramBuilder();
  builder.addToOffset(fixed + queryTypes.reduce((sum, query) => sum + query.unmetPenalty * query.arrivalRate, 0));
  const dataCost = (i: number) =>
    rentalPeriod * storagePrice * queryTypes[i].tokenSize * tokens[i] * queryTypes[i].arrivalRate;
  const x = placements.map(({ i }) =>
    builder.addColumn({ upper: 1, cost: dataCost(i) - queryTypes[i].unmetPenalty * queryTypes[i].arrivalRate }),
  );
  const addRow = (lower: number, upper: number, values: (placement: Placement) => number) => {
    builder.addRow({ lower, upper, indices: x, values: placements.map(values) });
  };

  queryTypes.forEach((query, i) => {
    const cap = Math.min(query.unmetCap ?? 1, 1 - (query.minimumServed ?? 0));
    addRow(1 - cap, 1, (placement) => (placement.i === i ? 1 : 0));
  });
  for (const rental of rentals) {
    const { j, k, n, replicas } = rental;
    const here = (placement: Placement, value: number) => (placement.rental === rental ? value : 0);
    addRow(-Infinity, (tiers[k].memory - models[j].weightSize / n) * replicas, (placement) => {
      const hours = typeof residency === 'number' ? residency : residency[placement.i][j][k];
      const cache = models[j].kvCachePerToken * tokens[placement.i] * queryTypes[placement.i].arrivalRate * hours;
      return here(placement, cache / n);
    });
    addRow(-Infinity, tiers[k].compute * n * replicas, (placement) =>
      here(placement, queryTypes[placement.i].computePerToken * tokens[placement.i]),
    );
  }
  const rentalTimes = options.rentalInBudget === 'once' ? 1 : queryTypes.length;
  if (instance.budget !== undefined) {
    const spent = rentalTimes * rentalCost(instance, rentals) + rentalPeriod * storagePrice * stored;
    addRow(-Infinity, instance.budget - spent, ({ i }) => dataCost(i));
  }

  const last = rentals.find(({ j, k }) => j === models.length - 1 && k === tiers.length - 1);
  const stretch = {
    'per-deployment': 1,
    pooled: rentals.reduce((sum, { n }) => sum + n, 0),
    'last-deployment': last?.n ?? 0,
  }[options.delayRule];
  const xi = (uncertain: UncertainTensor, gamma: number, entries: readonly Placement[]) =>
    options.uncertainty === 'none'
      ? [new Map<Placement, number>()]
      : extremeScenarios(entries, gamma, ({ rental: { j, k } }) =>
          options.uncertainty === 'decision-dependent' ? 1 - uncertain.relief![j][k] : 1,
        );
  const { delay, error } = instance;
  queryTypes.forEach((query, i) => {
    const mine = placements.filter((placement) => placement.i === i);
    for (const scenario of xi(delay, uncertaintyBudget.delay, mine)) {
      addRow(-Infinity, query.delayThreshold * stretch, (placement) => {
        if (placement.i !== i) return 0;
        const { j, k, n } = placement.rental;
        const perToken = delay.nominal[i][j][k] + (scenario.get(placement) ?? 0) * delay.deviation[i][j][k];
        return (perToken * tokens[i]) / (options.delayRule === 'per-deployment' ? n : 1);
      });
    }
    for (const scenario of xi(error, uncertaintyBudget.error, mine)) {
      addRow(-Infinity, query.errorThreshold, (placement) => {
        if (placement.i !== i) return 0;
        const { j, k } = placement.rental;
        return error.nominal[i][j][k] + (scenario.get(placement) ?? 0) * error.deviation[i][j][k];
      });
    }
  });

  const groups =
    options.delayCostBudget === 'joint'
      ? [[...placements]]
      : queryTypes.map((_, i) => placements.filter((placement) => placement.i === i));
  for (const group of groups) {
    const worst = builder.addColumn({ cost: 1 });
    for (const scenario of xi(delay, uncertaintyBudget.delay, group)) {
      const values = group.map((placement) => {
        const { i } = placement;
        const { j, k } = placement.rental;
        const nominal = options.delayCost === 'total' || options.uncertainty === 'none' ? delay.nominal[i][j][k] : 0;
        const perToken = nominal + (scenario.get(placement) ?? 0) * delay.deviation[i][j][k];
        return -queryTypes[i].delayPenalty * queryTypes[i].arrivalRate * tokens[i] * perToken;
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
  for (const order of permutations(entries)) {
    const scenario = new Map<T, number>();
    let left = gamma;
    for (const entry of order) {
      const fill = Math.min(share(entry), left);
      scenario.set(entry, fill);
      left -= fill;
    }
    distinct.set(entries.map((entry) => scenario.get(entry)).join(), scenario);
  }
  return [...distinct.values()];
}

function* permutations<T>(list: readonly T[]): Generator<T[]> {
  if (list.length === 0) yield [];
  for (let t = 0; t < list.length; t++) {
    for (const rest of permutations([...list.slice(0, t), ...list.slice(t + 1)])) yield [list[t], ...rest];
  }
}
