/** The prices of a leaf, in short numbers, from the duals of the pattern master (single placement). */
import type { NodeRestrictions } from '../../patterns/master/patternDecision.ts';
import type { RestrictedMaster } from '../../patterns/master/restrictedMaster.ts';
import type { PricesLeaf } from '../check/proofFormat.ts';
import { compare, exactly, plus, zero } from '../check/rational.ts';
import type { Region } from '../check/region.ts';
import type { RoundedFacts } from '../check/roundedFacts.ts';
import { byPosition, roundTo, shareDigits } from './shortNumbers.ts';

export interface PricedNode {
  readonly master: RestrictedMaster;
  readonly restrictions: NodeRestrictions;
  readonly region: Region;
}

export class MasterPrices {
  readonly #facts: RoundedFacts;
  /** Search money = scale * money. */
  readonly #scale: number;
  /** $: numbers of money are multiples of it. */
  readonly #step: number;

  constructor(facts: RoundedFacts, scale: number, step: number) {
    this.#facts = facts;
    this.#scale = scale;
    this.#step = step;
  }

  /** Of the master's rows. */
  pricesOf({ master, region, restrictions }: PricedNode, duals: Float64Array, phase: 1 | 2): PricesLeaf {
    const step = this.#step;
    const { facts } = this.#facts;
    const toSearch = this.#scale;
    // Without costs any unit will do: one in which prices are of the size of costs.
    const size = phase === 1 ? step * 1e9 * toSearch : 1;
    const money = (row: number, sign: 1 | -1 | 0): number => {
      const dual = row < 0 ? 0 : (duals[row] ?? 0);
      if (sign !== 0 && dual * sign <= 0) return 0;
      const price = roundTo((dual * size) / toSearch, step);
      return Math.abs(price) === 0 ? 0 : price;
    };
    const priceOf = (row: number) => -money(row, -1);
    const place = facts.queryTypes.map((_, i) => {
      const price = money(i, 0);
      return price > 0 && region.mayStayOut[i] ? 0 : price;
    });
    const leaf: Mutable<PricesLeaf> = { kind: 'prices', ...(phase === 1 ? { cost: 0 as const } : {}), place };
    const budgetDual = master.budgetRow < 0 ? 0 : Math.min(0, duals[master.budgetRow]);
    // Per $ of the instance; in the first phase the value is in the leaf's unit.
    const perDollar = phase === 1 ? size : 1;
    const budget = Math.round(-budgetDual * perDollar * shareDigits) / shareDigits;
    if (budget > 0) leaf.budget = budget;
    const storage = priceOf(master.storageRow);
    if (storage > 0) leaf.storage = storage;
    const rows = master.gpuRows.rows();
    put(leaf, 'gpus', rows.available.map(priceOf));
    put(leaf, 'fleetLimits', rows.fleetLimits.map(priceOf));
    const weight =
      (phase === 1 ? 0 : 1) + budget * (facts.options.rentalInBudget === 'once' ? 1 : facts.queryTypes.length);
    const committed: Record<string, number> = {};
    rows.committed.forEach((row, k) => {
      if (row < 0) return;
      const perGpu = Math.min(priceOf(row), weight * rental(facts.instance, k));
      committed[k] = weight > 0 ? roundTo(perGpu / weight, step) : 0;
    });
    if (Object.keys(committed).length > 0) leaf.committed = committed;
    if (master.delayCost !== null && phase === 2) {
      const scenario = this.#scenario(master.delayCost.scenario(duals));
      if (scenario.some((xi) => xi > 0)) leaf.scenario = scenario;
    }
    const delay = [...master.pooledRow].map((row) => (row < 0 ? 0 : this.#perMillisecond(row, duals, size)));
    if (delay.some((price) => price > 0)) leaf.delay = byPosition(delay, (price) => ({ price }));
    const counts = this.#counts(region, restrictions, master, money);
    if (counts.some((price) => price > 0)) leaf.counts = counts;
    return leaf;
  }

  /** In ten significant digits: the unit is not money alone. */
  #perMillisecond(row: number, duals: Float64Array, size: number): number {
    return Number((Math.max(0, -(duals[row] ?? 0)) * (size / this.#scale)).toPrecision(10));
  }

  /** Within [0, 1] and Gamma. */
  #scenario(given: readonly number[]): number[] {
    const gamma = this.#facts.facts.instance.uncertaintyBudget?.delay ?? 0;
    const short = given.map((xi) => Math.floor(Math.min(1, xi) * shareDigits + 0.5) / shareDigits);
    const total = () => short.reduce((sum, xi) => plus(sum, exactly(xi)), zero);
    // Short decimals may add up to more than their doubles should.
    while (compare(total(), exactly(gamma)) > 0) {
      const largest = short.indexOf(Math.max(...short));
      short[largest] = Math.round(Math.max(0, short[largest] - excess(short, gamma)) * shareDigits) / shareDigits;
    }
    return short;
  }

  /** Prices of the counts above: each row of the master is the tightest count of its pairs either way. */
  #counts(
    region: Region,
    { counts }: NodeRestrictions,
    master: RestrictedMaster,
    money: (row: number, sign: 0) => number,
  ): number[] {
    const prices = region.counts.map(() => 0);
    for (const [key, { row }] of master.countRows) {
      const bounds = counts.get(key);
      if (bounds === undefined) continue;
      const price = money(row, 0);
      if (price === 0) continue;
      const limit = price < 0 ? bounds.most : bounds.least;
      const at = region.counts.findIndex(
        (count) => count.isMost === price < 0 && Number(count.limit) === limit && [...count.pairs].join() === key,
      );
      if (at >= 0) prices[at] = Math.abs(price);
    }
    return prices;
  }
}

/** What shares are beyond gamma, at least one digit of them. */
function excess(shares: readonly number[], gamma: number): number {
  return Math.max(1 / shareDigits, shares.reduce((sum, xi) => sum + xi, 0) - gamma);
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function put(leaf: Mutable<PricesLeaf>, name: 'gpus' | 'fleetLimits', prices: readonly number[]): void {
  if (prices.some((price) => price > 0)) leaf[name] = byPosition(prices, (price) => price);
}

function rental({ rentalPeriod, tiers }: RoundedFacts['facts']['instance'], k: number): number {
  return rentalPeriod * tiers[k].price;
}
