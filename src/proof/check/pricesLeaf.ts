/**
 * The bound of a leaf of prices (docs/proofs.md, "Prices"): for any multipliers of the right signs no plan of the
 * region costs less than
 *
 *   what no pattern pays + sum over pairs of the least that a pattern there costs at these prices
 *   (and 0 where that is more and the pair may stay empty).
 *
 * The file says what that least is for each pair (0 where it does not say); `PatternBound` shows it.
 */
import { PatternBound, type PatternItem, type PatternProblem, shareBits } from './patternProblem.ts';
import { type PricesLeaf, ProofError } from './proofFormat.ts';
import { exactly, roundedDown, smaller } from './rational.ts';
import type { Region } from './region.ts';
import type { RoundedFacts } from './roundedFacts.ts';

const bits = BigInt(shareBits);
const unit = 1n << bits;
const product = (money: bigint, share: bigint) => (money * share) >> bits;
const productUp = (money: bigint, share: bigint) => -((-money * share) >> bits);

/** A triple of query types of which at most one pattern holds two or more. */
export type Subset = readonly [number, number, number];

/**
 * In units of the resolution; null: the region holds no plan. Throws ProofError where the leaf does not fit the
 * instance or a pattern costs less than it says.
 */
export function boundOfPrices(
  facts: RoundedFacts,
  region: Region,
  leaf: PricesLeaf,
  subsets: readonly Subset[],
  path: string,
): bigint | null {
  const prices = new LeafPrices(facts, region, leaf, subsets, path);
  let bound = prices.paidAnyway();
  for (let pair = 0; pair < facts.pairs.length; pair++) {
    const mayBeEmpty = region.mayBeEmpty[pair];
    const problems = prices.problemsOf(pair);
    if (problems.length === 0 && !mayBeEmpty) return null;
    if (problems.length === 0) continue;
    const claimed = prices.leastOf(pair);
    const floor = mayBeEmpty ? smaller(claimed, 0n) : claimed;
    if (!problems.every((problem) => PatternBound.neverBelow(problem, floor, path)))
      throw new ProofError(path, `pair ${pair} has a pattern that costs less than the leaf says`);
    bound += floor;
  }
  return bound;
}

/** A leaf's prices against the instance. */
export class LeafPrices {
  readonly #facts: RoundedFacts;
  readonly #region: Region;
  readonly #leaf: PricesLeaf;
  readonly #path: string;
  /** Whether costs count. */
  readonly #counts: bigint;
  readonly #place: readonly bigint[];
  readonly #budget: bigint;
  readonly #storage: bigint;
  /** (k): $ that a GPU costs: rental with the budget's price, prices of GPUs. */
  readonly #gpu: readonly bigint[];
  readonly #scenario: readonly bigint[];
  readonly #pooled: readonly bigint[];
  readonly #countPrices: readonly bigint[];
  readonly #subsets: PatternProblem['subsets'];
  /** $ that each unit of TP degree earns through the pooled delay limits. */
  readonly #degreeEarns: bigint;
  readonly #stretch: bigint;
  #anyway = 0n;

  constructor(facts: RoundedFacts, region: Region, leaf: PricesLeaf, subsets: readonly Subset[], path: string) {
    this.#facts = facts;
    this.#region = region;
    this.#leaf = leaf;
    this.#path = path;
    const { queryTypes, rental, perGpu } = facts;
    const { tiers, options, rentalInBudget, currentGpus } = facts.facts;
    const counts = leaf.cost === 0 ? 0n : 1n;
    this.#counts = counts;
    this.#place = this.#list(leaf.place, queryTypes.length, 'prices of query types', true).map((price) =>
      this.#money(price),
    );
    this.#budget = this.#shareOf(leaf.budget ?? 0);
    this.#storage = this.#money(leaf.storage ?? 0);
    this.#scenario = this.#list(leaf.scenario, queryTypes.length, 'shares of deviations').map((xi) =>
      this.#shareOf(xi),
    );
    this.#countPrices = this.#list(leaf.counts, region.counts.length, 'prices of counts').map((price) =>
      this.#money(price),
    );
    this.#pooled = this.#table(leaf.pooled, queryTypes.length, 'query type');
    this.#subsets = this.#table(leaf.subsets, subsets.length, 'subset row')
      .map((price, t) => ({ members: subsets[t], price }))
      .filter(({ price }) => price > 0n);

    // Cost of dropping everything and of giving all current GPUs up.
    for (const { dropCost } of queryTypes) this.#anyway += counts * dropCost;
    this.#anyway += counts * facts.removed * currentGpus;
    this.#place.forEach((price, i) => {
      this.#anyway += region.mayStayOut[i] && price > 0n ? 0n : price;
    });
    this.#pay(this.#budget, facts.budget, 'budget', (limit) => productUp(limit, this.#budget));
    this.#pay(this.#storage, facts.storage, 'storage', (limit) => productUp(this.#storage, limit));
    for (const { price } of this.#subsets) this.#anyway -= price;
    region.counts.forEach(({ isMost, limit }, t) => {
      this.#anyway += this.#countPrices[t] * (isMost ? -limit : limit);
    });

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

    const { gamma } = facts;
    const spread = this.#scenario.reduce((sum, xi) => sum + xi, 0n);
    if (spread > 0n && gamma === null) this.#fail('no deviations are shared here');
    if (gamma !== null && (spread > gamma || this.#scenario.some((xi) => xi > unit)))
      this.#fail('the shares of deviations are beyond their budget');

    let degreeEarns = 0n;
    this.#pooled.forEach((price, i) => {
      if (price === 0n) return;
      const limit = options.delayRule === 'pooled' ? queryTypes[i].stretchedLimit : null;
      if (limit === null) this.#fail(`query type ${i} has no pooled delay limit`);
      else degreeEarns += productUp(price, limit);
    });
    this.#degreeEarns = degreeEarns;
    this.#stretch = this.#largestStretch();
  }

  /** What no pattern pays: right-hand sides times multipliers, and what is due whatever is rented. */
  paidAnyway(): bigint {
    for (const pair of Object.keys(this.#leaf.least ?? {})) this.#position(pair, this.#facts.pairs.length, 'pair');
    return this.#anyway;
  }

  leastOf(pair: number): bigint {
    return this.#money(this.#leaf.least?.[pair] ?? 0);
  }

  /** One problem for each configuration that the region leaves to the pair. */
  problemsOf(pair: number): PatternProblem[] {
    const { tier, current, storing, weights, configurations } = this.#facts.pairs[pair];
    const { queryTypes, added, removed } = this.#facts;
    const { options } = this.#facts.facts;
    const stored = product(storing, this.#counts * unit + this.#budget) + product(this.#storage, weights);
    const perPlacement = options.weightStorage === 'per-placement';
    let rented = perPlacement ? 0n : stored;
    this.#region.counts.forEach(({ pairs, isMost }, t) => {
      if (pairs.has(pair)) rented += isMost ? this.#countPrices[t] : -this.#countPrices[t];
    });
    return configurations.flatMap(({ advice, tpDegree, gpus, placements }, c) => {
      const bounds = this.#region.configurations[pair][c];
      if (bounds === null) return [];
      const { least, most } = bounds;
      const items: PatternItem[] = [];
      placements.forEach((placement, i) => {
        if (placement === null || !this.#region.mayPlace[i][pair]) return;
        const { least: low, dropCost, dataCost } = queryTypes[i];
        const high = this.#facts.mostWithin(i, placement, this.#stretch);
        if (high < low) return;
        const xi = smaller(this.#scenario[i], placement.share);
        const rate =
          this.#counts * (placement.serving - dropCost + product(placement.deviation, xi)) +
          product(dataCost, this.#budget) +
          product(this.#pooled[i], placement.stretchedDelay);
        const fixed = (perPlacement ? stored : 0n) - this.#place[i];
        items.push({ queryType: i, fixed, rate, low, high, cache: placement.cache, load: placement.load });
      });
      return [
        {
          base: rented - this.#degreeEarns * tpDegree,
          slope: this.#gpu[tier] * gpus,
          added: this.#counts * added,
          removed: this.#counts * removed,
          gpus,
          current,
          least,
          most,
          items,
          subsets: this.#subsets,
          advice,
        },
      ];
    });
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
    if (!/^(0|[1-9]\d*)$/.test(key) || at >= length) this.#fail(`names a ${of} that there is not: ${key}`);
    return at;
  }

  #fail(message: string): never {
    throw new ProofError(this.#path, message);
  }
}
