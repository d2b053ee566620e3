/**
 * The best fractions of a plan whose patterns are chosen: each at no price of the budget where that fits, else a mean
 * of two prices' fractions that spends what there is, which is the optimum of the linear program with that one row.
 */
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { PatternParameters } from '../parameters.ts';
import { rentalBudgetUse, rentalCost } from '../pricing/patternTable.ts';
import type { SetFractions } from './setFractions.ts';
import { countOf } from './setPatterns.ts';
import type { Choice } from './subsetTable.ts';

/** How long prices are tried, and what a bound has to gain: a share of its summands, cost and priced spend. */
type PriceLimits = Pick<PatternParameters['subsets'], 'mostPrices' | 'priceTolerance'>;

/** To the optimum but for the rounding of sums: the rest may be a small part of what a price makes of the budget. */
const untilOptimal: PriceLimits = { mostPrices: Infinity, priceTolerance: 8 * Number.EPSILON };

/** A price at which all fractions are the least that they may be, where data are stored at all. */
export const leastFractionsPrice = 1e200;

/** Costs as in the table: without its offset. */
export interface PricedPlan {
  readonly cost: number;
  readonly spend: number;
}

export interface PlannedFractions {
  readonly cost: number;
  /** Whether no other fractions of these patterns cost less, whatever the budget. */
  readonly isCheapest: boolean;
  readonly plan: IndexedPlan;
}

export function pricedPlan(choice: Choice, fractions: SetFractions, price: number): PricedPlan {
  let cost = 0;
  let spend = 0;
  for (const { pair, at } of choice) {
    const { table } = pair;
    const d = pair.deployment[at];
    const replicas = pair.replicas[at];
    fractions.solve(table, d, replicas, pair.set[at], price);
    cost += rentalCost(table, d, replicas) + fractions.cost;
    spend +=
      rentalBudgetUse(table, d, replicas) + countOf(pair.set[at]) * table.placementCost[pair.pair] + fractions.data;
  }
  return { cost, spend };
}

/**
 * Prices of the budget on the way to the best one, by cutting planes of the dual function, which is concave: `solve`
 * gives what is cheapest at a price. Begins and goes on with points that spend too much, and no more than there is.
 */
export function* pricesTo<Point extends PricedPlan>(
  budget: number,
  tooDear: Point,
  affordable: Point,
  { mostPrices, priceTolerance }: PriceLimits,
  solve: (price: number) => Point,
): Generator<{ readonly above: Point; readonly below: Point }, void, void> {
  let above = tooDear;
  let below = affordable;
  for (let round = 0; round < mostPrices; round++) {
    const price = (below.cost - above.cost) / (above.spend - below.spend);
    if (!(price > 0)) return;
    const found = solve(price);
    const expected = above.cost + price * above.spend;
    const size = Math.abs(above.cost) + price * above.spend;
    if (found.cost + price * found.spend >= expected - priceTolerance * size) return;
    if (found.spend > budget) above = found;
    else below = found;
    yield { above, below };
  }
}

/** Null where not even the least fractions keep to the budget. */
export function bestFractions(choice: Choice, fractions: SetFractions, budget: number): PlannedFractions | null {
  const at = (price: number) => ({ price, ...pricedPlan(choice, fractions, price) });
  let above = at(0);
  if (above.spend <= budget) return planWith(choice, fractions, above, above, 1);
  let below = at(leastFractionsPrice);
  if (below.spend > budget) return null;
  for (const points of pricesTo(budget, above, below, untilOptimal, at)) ({ above, below } = points);
  return planWith(choice, fractions, above, below, (budget - below.spend) / (above.spend - below.spend));
}

type AtPrice = PricedPlan & { readonly price: number };

function planWith(
  choice: Choice,
  fractions: SetFractions,
  above: AtPrice,
  below: AtPrice,
  share: number,
): PlannedFractions {
  const routing: { queryType: number; deployment: number; fraction: number }[] = [];
  for (const { pair, at } of choice) {
    const { table } = pair;
    const deployment = pair.deployment[at];
    const first = table.start[deployment];
    const begin = routing.length;
    for (const { price, weight } of [
      { price: above.price, weight: share },
      { price: below.price, weight: 1 - share },
    ]) {
      if (weight === 0) continue;
      fractions.solve(table, deployment, pair.replicas[at], pair.set[at], price);
      let route = begin;
      for (let e = first; e < table.start[deployment + 1]; e++) {
        const queryType = table.queryType[e];
        if (((pair.set[at] >> queryType) & 1) === 0) continue;
        if (route === routing.length) routing.push({ queryType, deployment, fraction: 0 });
        routing[route++].fraction += weight * fractions.fraction[e - first];
      }
    }
  }
  const deployments = choice.map(({ pair, at }) => ({
    deployment: pair.deployment[at],
    replicas: pair.replicas[at],
  }));
  return {
    cost: share * above.cost + (1 - share) * below.cost,
    isCheapest: share === 1 && above.price === 0,
    plan: { deployments, routing },
  };
}
