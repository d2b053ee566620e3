/**
 * The rows that couple the patterns of split placement, each by what a pattern adds: for itself, for each query type
 * that it holds, for each fraction of it. Numbers are the checker's, in doubles; money is `scale` times that of the
 * instance.
 */

import type { Named, Region } from '../check/region.ts';
import type { RoundedFacts, RoundedPlacement } from '../check/roundedFacts.ts';

export interface Coupling {
  readonly pattern: (pair: number, configuration: number, replicas: number) => number;
  readonly placed: (queryType: number, pair: number) => number;
  readonly fraction: (queryType: number, pair: number, configuration: number) => number;
  /** Scenarios of the delay cost: position of the column that they hold up. */
  readonly theta?: number;
}

/** What a point rents in parts: configurations, with what is served there and the part of a placement that it takes. */
export type SplitPoint = readonly {
  readonly pair: number;
  readonly configuration: number;
  readonly rented: number;
  readonly replicas: number;
  /** Whether there is never more than one replica. */
  readonly isSingle: boolean;
  readonly served: readonly { readonly queryType: number; readonly fraction: number; readonly part: number }[];
}[];

export interface BoundedRow extends Coupling {
  readonly lower: number;
  readonly upper: number;
  readonly meaning: Meaning;
}

/** What a row is, for those who turn its dual into a price. */
type Meaning =
  | { readonly kind: 'serve' | 'gpus' | 'fleetLimit' | 'committed' | 'pair'; readonly at: number }
  | { readonly kind: 'budget' | 'storage' }
  | { readonly kind: 'count'; readonly pairs: ReadonlySet<number> }
  | { readonly kind: 'some'; readonly named: Named }
  | { readonly kind: WorstKind; readonly key: number; readonly xi: Float64Array };

/** Rows with a worst case: the delay cost, the limits of delay and of error. */
export const worstKinds = ['cost', 'delay', 'error'] as const;
export type WorstKind = (typeof worstKinds)[number];

export interface Scenario {
  /** The query type; 0 for a `joint` delay cost. */
  readonly key: number;
  readonly worst: number;
  readonly limit: number;
  /** (i, pair). */
  readonly xi: Float64Array;
}

const nothing = () => 0;

export class SplitRows {
  readonly list: BoundedRow[] = [];
  readonly cost: Coupling;
  readonly offset: number;
  /** GPUs beyond those that are committed, a column for each tier that has some. */
  readonly extras: readonly {
    readonly cost: number;
    readonly entries: readonly (readonly [row: number, value: number])[];
  }[];
  /** How many columns hold up the worst delay cost. */
  readonly numCostScenarios: number;
  readonly #facts: RoundedFacts;
  /** Rows of splits, by what they are about. */
  readonly #ofSplits = new Map<unknown, number>();
  readonly #share: (value: bigint) => number;
  readonly #money: (value: bigint) => number;
  readonly #firstPair: number;
  readonly #isJoint: boolean;
  readonly #parts = new Map<WorstKind, readonly (readonly (readonly Part[])[])[]>();
  readonly #deviations = new Map<string, readonly (readonly [at: number, Size])[]>();

  constructor(facts: RoundedFacts, scale: number) {
    this.#facts = facts;
    const { queryTypes, pairs, rental, perGpu, mostOfLimit } = facts;
    const { tiers, options, currentGpus, rentalInBudget } = facts.facts;
    const share = (value: bigint) => Number(value) * 2 ** -64;
    const money = (value: bigint) => Number(value) * 2 ** -facts.resolution * scale;
    this.#share = share;
    this.#money = money;
    this.#isJoint = options.delayCostBudget === 'joint';
    this.numCostScenarios = facts.gamma === null ? 0 : this.#isJoint ? 1 : queryTypes.length;
    const perPlacement = options.weightStorage === 'per-placement';
    const isCommitted = (tier: number) => tiers[tier].committed > 0n;
    const gpusOf = (pair: number, c: number, replicas: number) => Number(pairs[pair].configurations[c].gpus) * replicas;
    const rentalOf = (pair: number, c: number, replicas: number) => {
      const { tier } = pairs[pair];
      return isCommitted(tier) ? 0 : prices[tier] * gpusOf(pair, c, replicas);
    };
    const switching = (pair: number, gpus: number) => {
      const current = Number(pairs[pair].current);
      return money(facts.added) * Math.max(0, gpus - current) - money(facts.removed) * Math.min(gpus, current);
    };
    const serving = queryTypes.map(({ dropCost }, i) =>
      pairs.map(({ configurations }) =>
        configurations.map(({ placements }) => money((placements[i]?.serving ?? 0n) - dropCost)),
      ),
    );
    const dataCosts = queryTypes.map(({ dataCost }) => money(dataCost));
    const stored = pairs.map(({ storing }) => money(storing));
    const weights = pairs.map((pair) => share(pair.weights));
    const prices = rental.map(money);
    this.cost = {
      pattern: (pair, c, m) =>
        rentalOf(pair, c, m) + (perPlacement ? 0 : stored[pair]) + switching(pair, gpusOf(pair, c, m)),
      placed: (_, pair) => (perPlacement ? stored[pair] : 0),
      fraction: (i, pair, c) => serving[i][pair][c],
    };
    const paid = tiers.reduce((sum, { committed }, k) => sum + money(rental[k]) * Number(committed), 0);
    this.offset =
      queryTypes.reduce((sum, { dropCost }) => sum + money(dropCost), 0) +
      money(facts.removed) * Number(currentGpus) +
      paid;

    const add = (meaning: Meaning, lower: number, upper: number, row: Partial<Coupling>) =>
      this.#add({ meaning, lower, upper, pattern: nothing, placed: nothing, fraction: nothing, ...row });
    queryTypes.forEach(({ least }, i) => {
      add({ kind: 'serve', at: i }, share(least), 1, { fraction: (q) => (q === i ? 1 : 0) });
    });
    this.#firstPair = this.list.length;
    pairs.forEach((_, at) => {
      add({ kind: 'pair', at }, 0, 1, { pattern: (pair) => (pair === at ? 1 : 0) });
    });
    const perBudget = Number(rentalInBudget.n);
    const budgetRow =
      facts.budget === null
        ? -1
        : add({ kind: 'budget' }, -Infinity, money(facts.budget) - perBudget * paid, {
            pattern: (pair, c, m) => perBudget * rentalOf(pair, c, m) + (perPlacement ? 0 : stored[pair]),
            placed: (_, pair) => (perPlacement ? stored[pair] : 0),
            fraction: (i) => dataCosts[i],
          });
    if (facts.storage !== null)
      add({ kind: 'storage' }, -Infinity, share(facts.storage), {
        pattern: (pair) => (perPlacement ? 0 : weights[pair]),
        placed: (_, pair) => (perPlacement ? weights[pair] : 0),
      });
    tiers.forEach(({ available }, k) => {
      if (available !== null) add({ kind: 'gpus', at: k }, -Infinity, Number(available), { pattern: this.#gpusOf(k) });
    });
    mostOfLimit.forEach((most, l) => {
      add({ kind: 'fleetLimit', at: l }, -Infinity, share(most), {
        pattern: (pair, c, m) => share(perGpu[l][pairs[pair].tier]) * gpusOf(pair, c, m),
      });
    });
    this.extras = tiers.flatMap(({ committed }, k) => {
      if (!isCommitted(k)) return [];
      const row = add({ kind: 'committed', at: k }, -Infinity, Number(committed), { pattern: this.#gpusOf(k) });
      const price = money(rental[k]);
      return [
        {
          cost: price,
          entries: [[row, -1], ...(budgetRow < 0 ? [] : [[budgetRow, perBudget * price]])] as [number, number][],
        },
      ];
    });
  }

  #gpus(pair: number, configuration: number): number {
    return Number(this.#facts.pairs[pair].configurations[configuration].gpus);
  }

  #gpusOf(tier: number): Coupling['pattern'] {
    return (pair, c, replicas) => (this.#facts.pairs[pair].tier === tier ? this.#gpus(pair, c) * replicas : 0);
  }

  pairRow(pair: number): number {
    return this.#firstPair + pair;
  }

  #add(row: BoundedRow): number {
    return this.list.push(row) - 1;
  }

  /** Rows of the counts and of what is rented above a node, made where they are new; all others limit nothing. */
  limit({ counts, some }: Region): readonly number[] {
    for (const at of this.#ofSplits.values()) this.list[at] = { ...this.list[at], lower: -Infinity, upper: Infinity };
    for (const { pairs, isMost, limit } of counts) {
      const at = this.#ofSplit(nameOf(pairs), {
        meaning: { kind: 'count', pairs },
        pattern: (pair) => (pairs.has(pair) ? 1 : 0),
      });
      const { lower, upper } = this.list[at];
      const value = Number(limit);
      const bounds = isMost ? { upper: Math.min(upper, value) } : { lower: Math.max(lower, value) };
      this.list[at] = { ...this.list[at], ...bounds };
    }
    for (const named of some) {
      const at = this.#ofSplit(named, {
        meaning: { kind: 'some', named },
        pattern: (pair, c) => (named.get(pair)?.has(c) === true ? 1 : 0),
      });
      this.list[at] = { ...this.list[at], lower: 1 };
    }
    return [...this.#ofSplits.values()];
  }

  #ofSplit(key: unknown, row: Pick<BoundedRow, 'meaning' | 'pattern'>): number {
    const known = this.#ofSplits.get(key);
    if (known !== undefined) return known;
    const at = this.#add({ placed: nothing, fraction: nothing, lower: -Infinity, upper: Infinity, ...row });
    this.#ofSplits.set(key, at);
    return at;
  }

  /** (i)(pair)(configuration): what of a placement has a worst case, money in the unit here. */
  #partsOf(kind: WorstKind): readonly (readonly (readonly Part[])[])[] {
    const known = this.#parts.get(kind);
    if (known !== undefined) return known;
    const { queryTypes, pairs } = this.#facts;
    const partOf = ({ deviation, share, delay, error }: RoundedPlacement): Part => {
      if (kind === 'cost') return { nominal: 0, deviation: this.#money(deviation), share: this.#share(share) };
      const part = kind === 'delay' ? delay : error;
      return {
        nominal: this.#share(part.nominal),
        deviation: this.#share(part.deviation),
        share: this.#share(part.share),
      };
    };
    const parts = queryTypes.map((_, i) =>
      pairs.map(({ configurations }) =>
        configurations.map(({ placements }) => (placements[i] === null ? noPart : partOf(placements[i]))),
      ),
    );
    this.#parts.set(kind, parts);
    return parts;
  }

  #limit(kind: WorstKind, i: number): bigint | null {
    const { delayLimit, errorLimit } = this.#facts.queryTypes[i];
    return kind === 'delay' ? delayLimit : kind === 'error' ? errorLimit : this.#facts.gamma;
  }

  #gamma(kind: WorstKind): number {
    const { gamma, gammaDelay, gammaError } = this.#facts;
    return this.#share(kind === 'delay' ? gammaDelay : kind === 'error' ? gammaError : gamma!);
  }

  /** TP degrees of the pair that stretch a delay limit. */
  #stretch(pair: number, configuration: number): number {
    const { delayRule } = this.#facts.facts.options;
    const isNamed = delayRule === 'pooled' || pair === this.#facts.pairs.length - 1;
    return isNamed ? Number(this.#facts.pairs[pair].configurations[configuration].tpDegree) : 0;
  }

  #isStretched(kind: WorstKind): boolean {
    return kind === 'delay' && this.#facts.facts.options.delayRule !== 'per-deployment';
  }

  /** The worst cases of the point. Where Gamma is left over it goes to what is not there, the largest first. */
  scenariosOf(kind: WorstKind, point: SplitPoint): Scenario[] {
    const { queryTypes } = this.#facts;
    const all = queryTypes.flatMap((_, i) => (this.#limit(kind, i) === null ? [] : [i]));
    if (all.length === 0) return [];
    const isTogether = kind === 'cost' && this.#isJoint;
    return (isTogether ? [all] : all.map((i) => [i])).map((members) => {
      const { worst, xi } = this.#worst(kind, members, point);
      const [first] = members;
      let limit = kind === 'cost' ? 0 : this.#share(this.#limit(kind, first)!);
      if (this.#isStretched(kind)) {
        limit *= point.reduce(
          (sum, { pair, configuration, rented }) => sum + rented * this.#stretch(pair, configuration),
          0,
        );
      }
      return { key: isTogether ? 0 : first, worst, limit, xi };
    });
  }

  #worst(kind: WorstKind, members: readonly number[], point: SplitPoint) {
    const numPairs = this.#facts.pairs.length;
    const parts = this.#partsOf(kind);
    const sizes = new Map<number, Size>();
    let worst = 0;
    for (const { pair, configuration, served } of point) {
      for (const { queryType, fraction } of served) {
        if (!members.includes(queryType)) continue;
        const { nominal, deviation, share } = parts[queryType][pair][configuration];
        worst += fraction * nominal;
        const at = queryType * numPairs + pair;
        sizes.set(at, { size: (sizes.get(at)?.size ?? 0) + fraction * deviation, share });
      }
    }
    const xi = new Float64Array(this.#facts.queryTypes.length * numPairs);
    const left = fill(xi, largestFirst([...sizes]), this.#gamma(kind));
    for (const [at, { size }] of sizes) worst += xi[at] * size;
    if (left > 0) fill(xi, this.#possible(kind, members), left);
    return { worst, xi };
  }

  /** Deviations of all that is possible, the largest first. */
  #possible(kind: WorstKind, members: readonly number[]): readonly (readonly [at: number, Size])[] {
    const name = `${kind} ${members.join()}`;
    const known = this.#deviations.get(name);
    if (known !== undefined) return known;
    const { pairs } = this.#facts;
    const parts = this.#partsOf(kind);
    const all = members.flatMap((i) =>
      pairs.flatMap((_, pair) => {
        const size = Math.max(0, ...parts[i][pair].map(({ deviation }) => deviation));
        const share = Math.max(0, ...parts[i][pair].map((part) => part.share));
        return size > 0 ? [[i * pairs.length + pair, { size, share }] as const] : [];
      }),
    );
    this.#deviations.set(name, largestFirst(all));
    return all;
  }

  addScenario(kind: WorstKind, { key, xi }: Scenario): void {
    const isTogether = kind === 'cost' && this.#isJoint;
    const limit = kind === 'cost' ? 0 : this.#share(this.#limit(kind, key)!);
    const isStretched = this.#isStretched(kind);
    const numPairs = this.#facts.pairs.length;
    const parts = this.#partsOf(kind);
    this.#add({
      meaning: { kind, key, xi },
      lower: -Infinity,
      upper: isStretched ? 0 : limit,
      pattern: (pair, c) => (isStretched ? -limit * this.#stretch(pair, c) : 0),
      placed: nothing,
      fraction: (i, pair, c) => {
        if (!isTogether && i !== key) return 0;
        const { nominal, deviation } = parts[i][pair][c];
        return nominal + xi[i * numPairs + pair] * deviation;
      },
      ...(kind === 'cost' ? { theta: key } : {}),
    });
  }
}

/** Of a count of these pairs, the same for both children of a split. */
export function nameOf(pairs: ReadonlySet<number>): string {
  return [...pairs].join();
}

interface Part {
  readonly nominal: number;
  readonly deviation: number;
  readonly share: number;
}

const noPart: Part = { nominal: 0, deviation: 0, share: 0 };

interface Size {
  readonly size: number;
  readonly share: number;
}

/** In place. */
function largestFirst(sizes: (readonly [at: number, Size])[]): (readonly [at: number, Size])[] {
  return sizes.sort(([, a], [, b]) => b.size - a.size);
}

/** xi, where it is 0, at its largest in the order of the sizes; returns what is left of gamma. */
function fill(xi: Float64Array, sizes: readonly (readonly [at: number, Size])[], gamma: number): number {
  let left = gamma;
  for (const [at, { size, share }] of sizes) {
    if (size <= 0 || left <= 0) break;
    if (xi[at] > 0) continue;
    xi[at] = Math.min(share, left);
    left -= xi[at];
  }
  return left;
}
