/**
 * What a cover costs where the budget row looks at fractions: each of its sets is served at some mean of its corners
 * (../pricing/spendFrontier.ts), and which is cheapest for all of them together within the budget is a fractional
 * knapsack: from the corners of largest spend on, money is saved where a $ of the budget costs least, as the corners of
 * a set cost more for each $ the further they go.
 */
import { type Pattern, patternBudgetUse, patternCost } from '../pricing/pattern.ts';
import { gpusOf } from '../pricing/patternTable.ts';
import type { PatternPool } from './patternPool.ts';

/** From one corner of a set to the next. */
interface Step {
  readonly place: number;
  readonly to: Pattern;
  readonly saved: number;
  /** $ of cost for each $ saved. */
  readonly price: number;
}

/** `columns`: the first of each set. Null where the sets exceed the budget at all corners that the pool has. */
export function patternsWithin(pool: PatternPool, columns: readonly number[]): Pattern[] | null {
  const { table } = pool;
  const chosen = columns.map((c) => pool.pattern(c));
  let excess = beyondCommitments(pool, chosen) - table.budget;
  for (const pattern of chosen) excess += patternBudgetUse(table, pattern);
  if (!(excess > 0)) return chosen;
  const steps = columns.flatMap((c, place) => stepsOf(pool, c, place));
  steps.sort((one, other) => one.price - other.price);
  for (const { place, to, saved } of steps) {
    const share = Math.min(1, excess / saved);
    const from = chosen[place];
    chosen[place] = share === 1 ? to : between(from, to, share);
    excess -= share * saved;
    if (share < 1) return chosen;
  }
  // Where a plan spends the whole budget, sums in another order may say a little more.
  return excess <= table.parameters.covers.roundingShare * table.problem.budget ? chosen : null;
}

function stepsOf(pool: PatternPool, column: number, place: number): Step[] {
  const { table, set } = pool;
  const steps: Step[] = [];
  let from = pool.pattern(column);
  for (let c = column + 1; c < pool.size && set[c] === set[column]; c++) {
    const to = pool.pattern(c);
    const saved = patternBudgetUse(table, from) - patternBudgetUse(table, to);
    steps.push({ place, to, saved, price: (patternCost(table, to) - patternCost(table, from)) / saved });
    from = to;
  }
  return steps;
}

function between(from: Pattern, to: Pattern, share: number): Pattern {
  return { ...from, fractions: from.fractions.map((x, t) => x + share * (to.fractions[t] - x)) };
}

/** What the budget counts of GPUs beyond commitments, which no pattern pays. */
function beyondCommitments({ table }: PatternPool, patterns: readonly Pattern[]): number {
  const { committed, instance, deployments, rentalBudgetFactor } = table.problem;
  let use = 0;
  committed.forEach((most, k) => {
    if (most <= 0) return;
    const gpus = patterns.reduce(
      (sum, { deployment, replicas }) =>
        sum + (deployments.tier[deployment] === k ? gpusOf(table, deployment, replicas) : 0),
      0,
    );
    use += rentalBudgetFactor * instance.rentalPeriod * instance.tiers[k].price * Math.max(0, gpus - most);
  });
  return use;
}
