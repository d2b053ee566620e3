/**
 * Sets of deployments that may be rented together and nothing else: where the budget binds few fill it, where what is
 * alike is merged (a set then holds a deployment as often as there are pairs like its own) few have the numbers that
 * are proven, and the linear program, which rents them in parts, says little of which. Those whose bounds
 * (setBounds.ts) lie below a limit are listed depth first; a part of a set ends where any bound, with the least that
 * other deployments can still add, is at the limit.
 */
import { StopQuestion } from '../stopQuestion.ts';
import type { SetBounds } from './setBounds.ts';
import type { SetCounts } from './setCounts.ts';

export interface RentedSet {
  readonly deployments: readonly number[];
  /** On every plan that rents these and nothing else. */
  bound: number;
}

export interface RentedSets {
  /** The one of least bound first. */
  readonly sets: RentedSet[];
  /** On every plan that rents another set; -Infinity where that is not known. */
  readonly beyond: number;
  /** Parts of sets looked at. */
  readonly looked: number;
}

export interface ListLimits {
  /** Sets below this. */
  readonly limit: number;
  /** As many are kept, those of least bound. */
  readonly mostSets: number;
  readonly mostLooked: number;
  /** What else is known of the set. */
  readonly boundOf: (deployments: readonly number[]) => number;
  readonly shouldStop: () => boolean;
  /** Parts of sets looked at between two questions; each list counts its own. */
  readonly stopPeriod: number;
}

/** `counts` are those of the first bound. Told to stop, those found until then. */
export function rentedSets(bounds: SetBounds, counts: SetCounts, limits: ListLimits): RentedSets {
  const { layers, cells, cellsOf, leastSpend, mostSpend, bounds: known } = bounds;
  const { mostSets, mostLooked, boundOf } = limits;
  const stop = new StopQuestion(limits.shouldStop, limits.stopPeriod);
  const width = cells + 1;
  /** The bound that last ruled something out comes first. */
  const order = Array.from(known.keys());
  /** (depth): each bound's sum so far. */
  const sums = [Float64Array.from(known, ({ base }) => base)];
  const deployments: number[] = [];
  let sets: RentedSet[] = [];
  let { limit } = limits;
  let looked = 0;
  const shorten = () => {
    sets.sort((one, other) => one.bound - other.bound);
    if (sets.length <= mostSets) return;
    limit = Math.min(limit, sets[mostSets].bound);
    sets = sets.slice(0, mostSets);
  };
  /** The place in `order` of a bound that rules out what `sum` holds with anything of the layers from `layer` on. */
  const ruledOutBy = (sum: Float64Array, layer: number, left: number): number => {
    const at = layer * width + left;
    for (let o = 0; o < order.length; o++) {
      const t = order[o];
      if (sum[t] + known[t].rest[at] >= limit) return o;
    }
    return -1;
  };
  const take = (sum: Float64Array, spent: number) => {
    const spare = bounds.spare(spent);
    let own = -Infinity;
    for (let t = 0; t < sum.length; t++) {
      const value = sum[t] + (spare > 0 ? known[t].budgetPrice * spare : 0);
      own = Math.max(own, t === 0 ? value + counts.ofSet(deployments) : value);
    }
    if (!(own < limit)) return;
    own = Math.max(own, boundOf(deployments));
    if (!(own < limit)) return;
    sets.push({ deployments: deployments.slice(), bound: own });
    if (sets.length >= 2 * mostSets) shorten();
  };
  /** `place`: of the deployment taken last in its layer, the one before `from`. */
  const visit = (from: number, place: number, left: number, money: number, spent: number): void => {
    const depth = deployments.length;
    const sum = sums[depth];
    take(sum, spent);
    sums[depth + 1] ??= new Float64Array(known.length);
    const next = sums[depth + 1];
    for (let layer = from; layer < layers.length; layer++) {
      const { deployments: choices, isRepeated } = layers[layer];
      if (isRepeated && (layer > from || place < 0)) continue;
      if (ruledOutBy(sum, layer, left) >= 0) return;
      for (let c = isRepeated ? place : 0; c < choices.length; c++) {
        const d = choices[c];
        if (looked >= mostLooked || stop.at(looked)) return;
        looked++;
        const remaining = left - cellsOf[d];
        if (remaining < 0 || leastSpend[d] > money) continue;
        for (let t = 0; t < next.length; t++) next[t] = sum[t] + known[t].reducedCost[d];
        const o = ruledOutBy(next, layer + 1, remaining);
        if (o >= 0) {
          const t = order[o];
          known[t].uses++;
          if (o > 0) {
            order[o] = order[o - 1];
            order[o - 1] = t;
          }
          continue;
        }
        deployments.push(d);
        if (next[0] + counts.ofPart(deployments) + known[0].rest[(layer + 1) * width + remaining] < limit) {
          visit(layer + 1, c, remaining, money - leastSpend[d], spent + mostSpend[d]);
        }
        deployments.pop();
      }
    }
  };
  visit(0, -1, cells, bounds.money, 0);
  shorten();
  return { sets, beyond: looked < mostLooked && !stop.isStopped ? limit : -Infinity, looked };
}
