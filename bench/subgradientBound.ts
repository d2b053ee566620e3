/**
 * The pattern LP's bound by a subgradient method (Held, Wolfe and Crowder 1974, with the deflection of Camerini, Fratta
 * and Maffioli 1975): the same Lagrangian function as column generation's (src/patterns/master/dualPrices.ts), climbed
 * without a master to solve. A rival to compare with (patternBounds.ts). Rows of limits on GPUs, of pooled delays and
 * of a joint delay cost keep multipliers of 0: the bound holds all the same.
 */
import type { Steps } from '../src/lp/steps.ts';
import { priceDuals, withPairs } from '../src/patterns/master/dualPrices.ts';
import { leastPlaced, type NodeRestrictions } from '../src/patterns/master/patternDecision.ts';
import { cheapestAlone, coverTerms } from '../src/patterns/master/patternTerms.ts';
import type { RestrictedMaster } from '../src/patterns/master/restrictedMaster.ts';
import { type Pattern, patternBudgetUse, patternStorage } from '../src/patterns/pricing/pattern.ts';
import type { PatternPricer } from '../src/patterns/pricing/patternPricer.ts';

export interface SubgradientLimits {
  /** Cost of a plan: steps are sized by the distance to it. */
  readonly cost: number;
  /** Evaluations of the function, each of which prices all deployments once. */
  readonly rounds: number;
  readonly onRound?: (round: number, bound: number) => void;
}

/** Share of the distance to the plan's cost that a step aims at, and rounds without gain after which it is halved. */
const firstStep = 1;
const patience = 8;
/** Part of the last direction that goes into the next one. */
const deflection = 0.7;

/** The best bound met. Yields after every round. */
export function* subgradientBound(
  master: RestrictedMaster,
  pricer: PatternPricer,
  restrictions: NodeRestrictions,
  { cost, rounds, onRound }: SubgradientLimits,
): Steps<number> {
  const { table } = master;
  const duals = new Float64Array(master.solver.numRows);
  duals.set(cheapestAlone(table));
  const direction = new Float64Array(duals.length);
  const { budgetRow, storageRow } = master;
  const { numQueryTypes, storageCapacity } = table.problem;
  /** Rows in $ and GB, as shares of their right-hand sides: comparable to rows that count placements. */
  const scale = new Float64Array(duals.length).fill(1);
  if (budgetRow >= 0) scale[budgetRow] = Math.max(1, table.budget);
  if (storageRow >= 0) scale[storageRow] = Math.max(1, storageCapacity);
  /** Rows of at most something, whose multipliers are at most 0. */
  const signed = [
    ...Array.from({ length: numQueryTypes }, (_, i) => i).filter((i) => leastPlaced(restrictions, i) === 0),
    ...[budgetRow, storageRow].filter((row) => row >= 0),
  ];
  let bound = -Infinity;
  let step = firstStep;
  let sinceGain = 0;
  for (let round = 1; round <= rounds; round++) {
    for (const row of signed) duals[row] = Math.min(0, duals[row]);
    const { value, slope } = evaluate(master, pricer, restrictions, duals);
    sinceGain = value > bound ? 0 : sinceGain + 1;
    bound = Math.max(bound, value);
    onRound?.(round, bound);
    if (sinceGain >= patience) {
      step /= 2;
      sinceGain = 0;
    }
    for (let row = 0; row < duals.length; row++) {
      direction[row] = slope[row] / scale[row] + deflection * direction[row];
    }
    // Where a sign lets a multiplier not go, the way there is no part of the step's length.
    for (const row of signed) if (duals[row] >= 0 && direction[row] > 0) direction[row] = 0;
    const norm = direction.reduce((sum, entry) => sum + entry * entry, 0);
    const distance = cost - value;
    if (norm === 0 || distance <= 0) break;
    for (let row = 0; row < duals.length; row++)
      duals[row] += ((step * distance) / norm) * (direction[row] / scale[row]);
    yield;
  }
  return bound;
}

/** The Lagrangian function and a subgradient: right-hand sides less what the best patterns take of the rows. */
function evaluate(
  master: RestrictedMaster,
  pricer: PatternPricer,
  restrictions: NodeRestrictions,
  duals: Float64Array,
): { readonly value: number; readonly slope: Float64Array } {
  const { table, budgetRow, storageRow } = master;
  const { prices, base } = priceDuals(master, restrictions, duals, 2);
  const pairLeast = new Float64Array(table.problem.numPairs).fill(Infinity);
  const best = new Map<number, { readonly pattern: Pattern; readonly reducedCost: number }>();
  for (let d = 0; d < table.numDeployments; d++) {
    if (restrictions.closed[d] === 1) continue;
    const pair = table.pair[d];
    let least = pricer.quickBound(d, prices, restrictions);
    if (least < 0) {
      least = pricer.search(d, prices, restrictions, 0);
      const pattern = pricer.found.at(-1);
      const reducedCost = pricer.foundValues.at(-1) ?? 0;
      if (pattern !== undefined && reducedCost < (best.get(pair)?.reducedCost ?? 0))
        best.set(pair, { pattern, reducedCost });
    }
    pairLeast[pair] = Math.min(pairLeast[pair], least);
  }
  const slope = new Float64Array(duals.length);
  const { queryTypes, pairs } = table.alike;
  queryTypes.members.forEach((alike, i) => {
    if (alike.length > 0) slope[i] = duals[i] > 0 ? leastPlaced(restrictions, i) : alike.length;
  });
  if (budgetRow >= 0) slope[budgetRow] = table.budget;
  if (storageRow >= 0) slope[storageRow] = table.problem.storageCapacity;
  for (const [pair, { pattern }] of best) {
    const copies = pairs.copies[pair];
    const { indices, values } = coverTerms(table, pattern.queryTypes);
    indices.forEach((row, t) => {
      slope[row] -= copies * values[t];
    });
    if (budgetRow >= 0) slope[budgetRow] -= copies * patternBudgetUse(table, pattern);
    if (storageRow >= 0) slope[storageRow] -= copies * patternStorage(table, pattern);
  }
  return { value: withPairs(base, restrictions, pairLeast), slope };
}
