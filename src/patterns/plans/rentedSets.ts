/**
 * Sets of deployments that may be rented together and nothing else: where the budget binds few fill it, where what is
 * alike is merged (a set then holds a deployment as often as there are pairs like its own) few have the numbers that
 * are proven, and the linear program, which rents them in parts, says little of which. With L the bound, r_d a lower
 * bound on the reduced costs of d, r_p the least of its pair, pi the price of the budget row and B the budget, every
 * plan that rents just S costs at least
 *
 *   L + sum over S of (r_d - min(0, r_p)) + |pi| max(0, B - most that plans with S count in the budget row),
 *
 * as the row's price was paid for the whole budget; and the same for rows that count what is rented (setCounts.ts).
 */
import type { BoundCertificate } from '../master/dualPrices.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import { rentalBudgetUse } from '../pricing/patternTable.ts';
import { StopQuestion } from '../stopQuestion.ts';
import { SetCounts } from './setCounts.ts';

export interface RentedSet {
  readonly deployments: readonly number[];
  /** What its plans leave of the budget at least, $. */
  readonly spare: number;
  /** On every plan that rents these and nothing else. */
  bound: number;
}

export interface RentedSets {
  /** In no order. */
  readonly sets: readonly RentedSet[];
  /** On every plan that rents another set; -Infinity where that is not known. */
  readonly beyond: number;
}

/** A plan may exceed the budget by rounding and by the verifier's tolerance, as a share of it. */
const budgetTolerance = 1e-7;

/**
 * The sets of least bound, of those that plans cheaper than `cutoff` can rent; only where none must be rented and one
 * table serves all (`setsCanBeRented`). Told to stop, those found until then.
 */
export function rentedSets(
  master: Pick<RestrictedMaster, 'table' | 'budgetRow' | 'countRows'>,
  restrictions: NodeRestrictions,
  { bound, duals, reducedCost, pairLeast }: BoundCertificate,
  cutoff: number,
  shouldStop: () => boolean,
): RentedSets {
  const { table, budgetRow } = master;
  const { problem, pair, budget } = table;
  const { copies } = table.alike.pairs;
  const { closed } = restrictions;
  const { mostSets, mostLooked, stopPeriod } = table.parameters.rentedSets;
  const stop = new StopQuestion(shouldStop, stopPeriod);
  const hasCommitments = problem.committed.some((gpus) => gpus > 0);
  const price = Math.max(0, -(duals[budgetRow] ?? 0));
  const counts = new SetCounts(master, restrictions, duals);
  const dearestPlacement = table.placementCost.reduce((most, cost) => Math.max(most, cost), 0);
  const beside = problem.dataCost.reduce((sum, cost) => sum + cost, problem.numQueryTypes * dearestPlacement);
  const open = Array.from(closed.keys())
    .filter((d) => closed[d] === 0 && reducedCost[d] < Infinity)
    .map((d) => ({
      d,
      cost: Math.max(0, reducedCost[d] - Math.min(0, pairLeast[pair[d]])),
      least: rentalBudgetUse(table, d, table.leastReplicas[d]),
      most: rentalBudgetUse(table, d, table.mostReplicas[d]),
    }))
    .sort((one, other) => one.cost - other.cost || one.d - other.d);
  let sets: RentedSet[] = [];
  let limit = cutoff;
  let looked = 0;
  const shorten = () => {
    sets.sort((one, other) => one.bound - other.bound);
    if (sets.length <= mostSets) return;
    limit = Math.min(limit, sets[mostSets].bound);
    sets = sets.slice(0, mostSets);
  };
  const visit = (from: number, deployments: readonly number[], cost: number, least: number, most: number): void => {
    // GPUs beyond commitments count too, which are not known here.
    const spare = hasCommitments || budgetRow < 0 ? 0 : Math.max(0, budget - most - beside);
    const ownBound = bound + cost + price * spare + counts.ofSet(deployments);
    if (ownBound < limit) {
      sets.push({ deployments, spare, bound: ownBound });
      if (sets.length >= 2 * mostSets) shorten();
    }
    for (let at = from; at < open.length && looked < mostLooked && !stop.at(looked); at++) {
      const next = open[at];
      if (bound + cost + next.cost >= limit) return;
      looked++;
      if (least + next.least > budget + budgetTolerance * problem.budget) continue;
      const alike = copies[pair[next.d]];
      if (deployments.filter((d) => pair[d] === pair[next.d]).length >= alike) continue;
      const more = [...deployments, next.d];
      if (bound + cost + next.cost + counts.ofPart(more) >= limit) continue;
      visit(alike > 1 ? at : at + 1, more, cost + next.cost, least + next.least, most + next.most);
    }
  };
  visit(0, [], 0, 0, 0);
  shorten();
  return { sets, beyond: looked < mostLooked && !stop.isStopped ? limit : -Infinity };
}
