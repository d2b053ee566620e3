/**
 * The prices of a leaf against the instance: what no pattern pays, and the problem of the cheapest pattern of each
 * configuration (docs/proofs.md, "Prices").
 */
import { type PatternItem, type PatternProblem, shareBits } from './patternProblem.ts';
import { type PricesLeaf, ProofError, type RowPrice } from './proofFormat.ts';
import { exactly, roundedDown, smaller } from './rational.ts';
import type { Region } from './region.ts';
import { mostWithin, type RoundedFacts, type RoundedPlacement } from './roundedFacts.ts';

const bits = BigInt(shareBits);
const unit = 1n << bits;
const product = (money: bigint, share: bigint) => (money * share) >> bits;
const productUp = (money: bigint, share: bigint) => -((-money * share) >> bits);

/** The price of a row with a worst case, and what a placement on a pair pays. */
interface WorstRow {
  readonly price: bigint;
  readonly of: (part: RoundedPlacement['delay'], pair: number) => bigint;
}

/** `configuration`: its position among those of the pair. */
export type ConfigurationProblem = PatternProblem & { readonly configuration: number };

export class LeafPrices {
  readonly #facts: RoundedFacts;
  readonly #region: Region;
  readonly #path: string;
  /** Whether costs count. */
  readonly #counts: bigint;
  readonly #place: readonly bigint[];
  readonly #serve: readonly bigint[];
  readonly #budget: bigint;
  readonly #storage: bigint;
  /** (k): $ that a GPU costs: rental with the budget's price, prices of GPUs. */
  readonly #gpu: readonly bigint[];
  /** (i): xi at a pair. */
  readonly #scenario: readonly ((pair: number) => bigint)[];
  readonly #delay: readonly WorstRow[];
  readonly #error: readonly WorstRow[];
  readonly #countPrices: readonly bigint[];
  readonly #somePrices: readonly bigint[];
  readonly #least: readonly bigint[];
  /** $ that each unit of TP degree earns where it stretches delay limits. */
  readonly #degreeEarns: bigint;
  readonly #stretch: bigint;
  #anyway = 0n;

  constructor(facts: RoundedFacts, region: Region, leaf: PricesLeaf, path: string) {
    this.#facts = facts;
    this.#region = region;
    this.#path = path;
    const { queryTypes, rental, perGpu } = facts;
    const { tiers, rentalInBudget, currentGpus, isSplit } = facts.facts;
    const counts = leaf.cost === 0 ? 0n : 1n;
    this.#counts = counts;
    this.#place = this.#list(leaf.place, queryTypes.length, 'prices of query types', true).map((price) =>
      this.#money(price),
    );
    if (isSplit && leaf.place !== undefined) this.#fail('a query type may be placed more than once');
    this.#serve = this.#list(leaf.serve, queryTypes.length, 'prices of fractions', true).map((price) =>
      this.#money(price),
    );
    this.#budget = this.#shareOf(leaf.budget ?? 0);
    this.#storage = this.#money(leaf.storage ?? 0);
    this.#scenario = this.#scenarioOf(leaf.scenario);
    this.#delay = this.#rows(leaf.delay, 'delay', facts.gammaDelay);
    this.#error = this.#rows(leaf.error, 'error', facts.gammaError);
    this.#countPrices = this.#list(leaf.counts, region.counts.length, 'prices of counts').map((price) =>
      this.#money(price),
    );
    this.#somePrices = this.#list(leaf.some, region.some.length, 'prices of what is rented').map((price) =>
      this.#money(price),
    );
    this.#least = this.#table(leaf.least, facts.pairs.length, 'pair');
    // Cost of dropping everything and of giving all current GPUs up.
    for (const { dropCost } of queryTypes) this.#anyway += counts * dropCost;
    this.#anyway += counts * facts.removed * currentGpus;
    this.#place.forEach((price, i) => {
      this.#anyway += region.mayStayOut[i] && price > 0n ? 0n : price;
    });
    // What is served is between the least and 1.
    this.#serve.forEach((price, i) => {
      this.#anyway += price > 0n ? product(price, queryTypes[i].least) : price;
    });
    this.#error.forEach(({ price }, i) => {
      this.#pay(price, queryTypes[i].errorLimit, `errors of query type ${i}`, (limit) => productUp(price, limit));
    });
    this.#pay(this.#budget, facts.budget, 'budget', (limit) => productUp(limit, this.#budget));
    this.#pay(this.#storage, facts.storage, 'storage', (limit) => productUp(this.#storage, limit));
    region.counts.forEach(({ isMost, limit }, t) => {
      this.#anyway += this.#countPrices[t] * (isMost ? -limit : limit);
    });
    for (const price of this.#somePrices) this.#anyway += price;

    // Rental of a tier is P max(committed, used) >= kappa used + (P - kappa) committed for 0 <= kappa <= P.
    const rentalWeight = counts * unit + this.#budget * roundedDown(rentalInBudget);
    const perUsed = this.#table(leaf.committed, tiers.length, 'tier');
    const gpuPrice = this.#table(leaf.gpus, tiers.length, 'tier');
    const limitPrice = this.#table(leaf.fleetLimits, perGpu.length, 'fleet limit');
    this.#gpu = tiers.map(({ committed, available }, k) => {
      const isSaid = leaf.committed?.[k] !== undefined;
      if (isSaid && committed === 0n) this.#fail(`tier ${k} has no commitments`);
      const kappa = isSaid ? smaller(perUsed[k], rental[k]) : rental[k];
      this.#anyway += product(rental[k] - kappa, rentalWeight) * committed;
      this.#pay(gpuPrice[k], available, `GPUs of tier ${k}`, (limit) => gpuPrice[k] * limit);
      let price = product(kappa, rentalWeight) + gpuPrice[k];
      limitPrice.forEach((each, l) => {
        price += product(each, perGpu[l][k]);
      });
      return price;
    });
    limitPrice.forEach((price, l) => {
      this.#anyway -= productUp(price, facts.mostOfLimit[l]);
    });

    let degreeEarns = 0n;
    this.#delay.forEach(({ price }, i) => {
      const earned = (limit: bigint) => productUp(price, limit);
      const stretches = facts.facts.options.delayRule !== 'per-deployment';
      if (stretches && price > 0n) degreeEarns += earned(queryTypes[i].delayLimit ?? 0n);
      this.#pay(price, queryTypes[i].delayLimit, `delays of query type ${i}`, stretches ? () => 0n : earned);
    });
    this.#degreeEarns = degreeEarns;
    this.#stretch = this.#largestStretch();
  }

  /** What no pattern pays: right-hand sides times multipliers, and what is due whatever is rented. */
  paidAnyway(): bigint {
    return this.#anyway;
  }

  leastOf(pair: number): bigint {
    return this.#least[pair];
  }

  /** One problem for each configuration that the region leaves to the pair. */
  problemsOf(pair: number): ConfigurationProblem[] {
    const { tier, current, storing, weights, configurations } = this.#facts.pairs[pair];
    const { queryTypes, added, removed } = this.#facts;
    const { options, pairs, isSplit } = this.#facts.facts;
    const isRequired = (i: number) => this.#region.mustPlace[i][pair];
    const earns = options.delayRule === 'last-deployment' && pair !== pairs.length - 1 ? 0n : this.#degreeEarns;
    const stored = product(storing, this.#counts * unit + this.#budget) + product(this.#storage, weights);
    const perPlacement = options.weightStorage === 'per-placement';
    let rented = perPlacement ? 0n : stored;
    this.#region.counts.forEach(({ pairs: counted, isMost }, t) => {
      if (counted.has(pair)) rented += isMost ? this.#countPrices[t] : -this.#countPrices[t];
    });
    return configurations.flatMap(({ advice, tpDegree, gpus, placements }, c) => {
      const bounds = this.#region.configurations[pair][c];
      if (bounds === null) return [];
      const { least, most } = bounds;
      const items: PatternItem[] = [];
      placements.forEach((placement, i) => {
        if (placement === null || !this.#region.mayPlace[i][pair]) return;
        const { least: fewest, dropCost, dataCost, delayLimit } = queryTypes[i];
        const low = isSplit ? 0n : fewest;
        const high = mostWithin(placement, delayLimit, this.#stretch);
        if (high < low) return;
        const xi = smaller(this.#scenario[i](pair), placement.share);
        const rate =
          this.#counts * (placement.serving - dropCost + product(placement.deviation, xi)) +
          product(dataCost, this.#budget) +
          this.#delay[i].of(placement.delay, pair) +
          this.#error[i].of(placement.error, pair) -
          this.#serve[i];
        const fixed = (perPlacement ? stored : 0n) - this.#place[i];
        const { cache, load } = placement;
        items.push({ queryType: i, isRequired: isRequired(i), fixed, rate, low, high, cache, load });
      });
      if (queryTypes.some((_, i) => isRequired(i) && !items.some(({ queryType }) => queryType === i))) return [];
      return [
        {
          configuration: c,
          base: rented - earns * tpDegree - this.#earnedBy(pair, c),
          slope: this.#gpu[tier] * gpus,
          added: this.#counts * added,
          removed: this.#counts * removed,
          gpus,
          current,
          least,
          most,
          items,
          advice,
        },
      ];
    });
  }

  /** For being one of those of which one is rented. */
  #earnedBy(pair: number, configuration: number): bigint {
    let sum = 0n;
    this.#region.some.forEach((named, t) => {
      if (named.get(pair)?.has(configuration) === true) sum += this.#somePrices[t];
    });
    return sum;
  }

  /** The most that TP degrees of rented pairs can add up to where they stretch delay limits; else 1. */
  #largestStretch(): bigint {
    const { pairs, facts } = this.#facts;
    const { delayRule } = facts.options;
    if (delayRule === 'per-deployment') return 1n;
    let sum = 0n;
    pairs.forEach(({ configurations }, pair) => {
      if (delayRule === 'last-deployment' && pair !== pairs.length - 1) return;
      let most = 0n;
      configurations.forEach(({ tpDegree }, c) => {
        if (this.#region.configurations[pair][c] !== null && tpDegree > most) most = tpDegree;
      });
      sum += most;
    });
    return sum;
  }

  /** xi of the delay cost, within its Gamma. */
  #scenarioOf(given: PricesLeaf['scenario']): readonly ((pair: number) => bigint)[] {
    const { gamma, queryTypes } = this.#facts;
    const { isSplit, options } = this.#facts.facts;
    if (given === undefined) return queryTypes.map(() => () => 0n);
    if (gamma === null) this.#fail('no deviations are shared here');
    if (given.length !== queryTypes.length) this.#fail(`shares of deviations: ${given.length} instead of as many`);
    const shares = given.map((each) => {
      if ((typeof each === 'number') === isSplit) this.#fail('shares of deviations are by pair under split placement');
      if (typeof each !== 'number') return this.#xi(each);
      const xi = this.#shareOf(each);
      return { sum: xi, at: () => xi };
    });
    const sums = shares.map(({ sum }) => sum);
    const together = options.delayCostBudget === 'joint' ? [sums.reduce((sum, each) => sum + each, 0n)] : sums;
    if (together.some((sum) => sum > (gamma ?? 0n))) this.#fail('the shares of deviations are beyond their budget');
    return shares.map(({ at }) => at);
  }

  #xi(given: Readonly<Record<string, number>>) {
    const xi = new Map(
      Object.entries(given).map(([key, share]) => [
        this.#position(key, this.#facts.pairs.length, 'pair'),
        this.#shareOf(share),
      ]),
    );
    return { sum: [...xi.values()].reduce((sum, each) => sum + each, 0n), at: (pair: number) => xi.get(pair) ?? 0n };
  }

  /** (i): prices of rows with a worst case, each at its own xi. */
  #rows(given: PricesLeaf['delay'], of: string, gamma: bigint): WorstRow[] {
    const rows = this.#facts.queryTypes.map((): WorstRow => ({ price: 0n, of: () => 0n }));
    for (const [key, row] of Object.entries(given ?? {})) {
      rows[this.#position(key, rows.length, 'query type')] = this.#row(row, of, gamma);
    }
    return rows;
  }

  #row({ price: amount, xi: given }: RowPrice, of: string, gamma: bigint): WorstRow {
    const price = this.#money(amount);
    const { isSplit } = this.#facts.facts;
    if (!isSplit && given !== undefined) this.#fail(`${of}: under single placement each is at its worst alone`);
    const xi = this.#xi(given ?? {});
    if (xi.sum > gamma) this.#fail(`${of}: the shares are beyond Gamma`);
    return {
      price,
      of: ({ nominal, deviation, share }, pair) => {
        const at = smaller(isSplit ? xi.at(pair) : gamma, share);
        return product(price, nominal + product(deviation, at));
      },
    };
  }

  #pay(price: bigint, limit: bigint | null, what: string, amount: (limit: bigint) => bigint): void {
    if (price === 0n) return;
    if (limit === null) this.#fail(`there is no limit of ${what}`);
    else this.#anyway -= amount(limit);
  }

  #money(value: number): bigint {
    return roundedDown(exactly(value), this.#facts.resolution);
  }

  /** In 2^-64. */
  #shareOf(value: number): bigint {
    return roundedDown(exactly(value), shareBits);
  }

  #list(given: readonly number[] | undefined, length: number, what: string, anySign = false): readonly number[] {
    const list = given ?? Array.from({ length }, () => 0);
    if (list.length !== length) this.#fail(`${what}: ${list.length} instead of ${length}`);
    if (!anySign && list.some((value) => value < 0)) this.#fail(`${what}: below 0`);
    return list;
  }

  #table(given: Readonly<Record<string, number>> | undefined, length: number, of: string): bigint[] {
    const table = Array.from({ length }, () => 0n);
    for (const [key, price] of Object.entries(given ?? {})) table[this.#position(key, length, of)] = this.#money(price);
    return table;
  }

  #position(key: string, length: number, of: string): number {
    const at = Number(key);
    if (at >= length) this.#fail(`names a ${of} that there is not: ${key}`);
    return at;
  }

  #fail(message: string): never {
    throw new ProofError(this.#path, message);
  }
}
