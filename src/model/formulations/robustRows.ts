/**
 * The delay rows, the error rows and the worst-case delay cost of the strengthened formulation (specification 4.8, 4.9,
 * 5), under each robust strategy.
 *
 * Projection under single placement: one (model, tier) of a query type is used, so its worst case is min(Gamma,
 * 1 - gamma_jk) dhat x. The joint delay cost keeps tau and, for each query type and each value of 1 - gamma_jk among
 * its candidates, one sigma: within such a group one entry at most is non-zero, so tau + sigma >= (sum of the group) is
 * exact. Under split placement the worst case is linear where Gamma reaches all entries; elsewhere it needs duals, or
 * scenario rows.
 */

import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { Steps } from '../../lp/steps.ts';
import { stretchesLimits } from '../compiled/delayRule.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import type { StrengthenedColumns } from './formulation.ts';
import { isCandidate, servableFraction } from './planColumns.ts';
import {
  adversarialProtection,
  budgetReachesAll,
  directProtection,
  dualProtection,
  type Protection,
  type UncertainEntry,
  type UncertainSum,
} from './robustCounterpart.ts';

export type RobustStrategy = 'projected' | 'dual' | 'adversarial';

/** How worst cases are written. */
export interface RobustForm {
  /** Directly where that is exact. */
  readonly projects: boolean;
  /** Elsewhere by scenario rows where Gamma is at most this, by duals where it is larger. */
  readonly scenariosUpTo: number;
  /** Plans of more pairs do not count (`StrengthenedOptions.mostPairs`); Infinity: all count. */
  readonly mostPairs: number;
}

export const robustForms: Readonly<Record<RobustStrategy, RobustForm>> = {
  projected: { projects: true, scenariosUpTo: -1, mostPairs: Infinity },
  dual: { projects: false, scenariosUpTo: -1, mostPairs: Infinity },
  adversarial: { projects: false, scenariosUpTo: Infinity, mostPairs: Infinity },
};

/**
 * Delay rows: sum (nominal / n) v + worst case of (deviation / n) v <= Delta_i, or under `pooled` and `last-deployment`
 * undivided and <= sum min(Delta_i n, D) w, where D is the largest delay that any serving of the query type has: a
 * degree that allows D allows all. A row that no point with sum v <= 1 can violate is left out of the projected form.
 */
export function* delayProtection(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  columns: StrengthenedColumns,
  form: RobustForm,
): Steps<Protection[]> {
  const { deployments, placement, numQueryTypes, numPairs, delayRule } = problem;
  const { divides } = delayRule;
  const protections: Protection[] = [];
  for (let i = 0; i < numQueryTypes; i++) {
    yield;
    const limit = problem.delayLimit[i];
    if (limit === Infinity) continue;
    const used = usedDeployments(problem, columns, i);
    const divisor = (d: number) => (divides ? deployments.tpDegree[d] : 1);
    if (form.projects && divides) {
      const single = placement.isSingle;
      const worst = (d: number) => problem.worstDelay[i * numPairs + deployments.pair[d]] / divisor(d);
      if (single || used.every((d) => worst(d) <= limit)) continue;
    }
    const sum: UncertainSum = {
      name: `delay_${i}`,
      gamma: problem.gammaDelay,
      entries: entriesByPair(problem, columns, i, problem.delayShare, (d) => {
        return problem.deviationDelay[i * numPairs + deployments.pair[d]] / divisor(d);
      }),
    };
    const protection = protect(builder, problem, sum, form);
    const indices = [...protection.worstCase.columns];
    const values = [...protection.worstCase.coefficients];
    for (const d of used) {
      indices.push(columns.v[i * deployments.count + d]);
      values.push(problem.nominalDelay[i * numPairs + deployments.pair[d]] / divisor(d));
    }
    const largest = largestDelay(problem, i, used);
    for (let d = 0; d < deployments.count && !divides; d++) {
      if (columns.w[d] < 0 || !stretchesLimits(delayRule, deployments.pair[d])) continue;
      indices.push(columns.w[d]);
      values.push(-Math.min(limit * deployments.tpDegree[d], largest));
    }
    builder.addRow({ upper: divides ? limit : 0, indices, values, name: `delay_${i}` });
    protections.push(protection);
  }
  return protections;
}

/**
 * The largest worst-case delay, undivided, that query type i can have: at one deployment, since it is convex and
 * fractions add up to 1 at most; under single placement not above what the largest fraction gives.
 */
function largestDelay(problem: PlanningProblem, i: number, used: readonly number[]): number {
  const single = problem.placement.isSingle;
  let largest = 0;
  for (const d of used) {
    const delay = problem.worstDelay[i * problem.numPairs + problem.deployments.pair[d]];
    largest = Math.max(largest, delay * (single ? servableFraction(problem, i, d) : 1));
  }
  return largest;
}

/** Error rows: sum nominal v + worst case of deviation v <= eps_i; left out of the projected form like delay rows. */
export function* errorProtection(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  columns: StrengthenedColumns,
  form: RobustForm,
): Steps<Protection[]> {
  const { deployments, numQueryTypes, numPairs } = problem;
  const protections: Protection[] = [];
  for (let i = 0; i < numQueryTypes; i++) {
    yield;
    const limit = problem.errorLimit[i];
    if (limit === Infinity) continue;
    const used = usedDeployments(problem, columns, i);
    if (form.projects) {
      const single = problem.placement.isSingle;
      if (single || used.every((d) => problem.worstError[i * numPairs + deployments.pair[d]] <= limit)) continue;
    }
    const sum: UncertainSum = {
      name: `error_${i}`,
      gamma: problem.gammaError,
      entries: entriesByPair(problem, columns, i, problem.errorShare, (d) => {
        return problem.deviationError[i * numPairs + deployments.pair[d]];
      }),
    };
    const protection = protect(builder, problem, sum, form);
    const indices = [...protection.worstCase.columns];
    const values = [...protection.worstCase.coefficients];
    for (const d of used) {
      indices.push(columns.v[i * deployments.count + d]);
      values.push(problem.nominalError[i * numPairs + deployments.pair[d]]);
    }
    builder.addRow({ upper: limit, indices, values, name: `error_${i}` });
    protections.push(protection);
  }
  return protections;
}

/**
 * The part of the worst-case delay cost that is linear: $ per fraction of query type i at a deployment. 0 where duals
 * carry it.
 */
export function directDelayCost(problem: PlanningProblem, form: RobustForm): (i: number, d: number) => number {
  const { deployments, numQueryTypes, placement, gammaDelay, delayShare, deviationDelayCost, delayCost } = problem;
  const none = () => 0;
  if (!form.projects) return none;
  const cost = (i: number, d: number) =>
    Math.min(gammaDelay, delayShare[deployments.pair[d]]) * deviationDelayCost[i * deployments.count + d];
  if (placement.isSingle) return delayCost.isSeparable ? cost : none;
  const shares = Float64Array.from({ length: numQueryTypes }, (_, i) => totalShare(problem, i));
  if (!problem.delayCost.isJoint) return (i, d) => linearPart(gammaDelay, shares[i], form) * cost(i, d);
  return gammaDelay >= shares.reduce((sum, share) => sum + share, 0) ? cost : none;
}

/** The worst-case delay cost where it is not linear: one sum for each query type, or one `joint` sum over all. */
export function* costProtection(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  columns: StrengthenedColumns,
  form: RobustForm,
): Steps<Protection[]> {
  const { placement, numQueryTypes, gammaDelay, delayShare, deviationDelayCost, deployments } = problem;
  const single = placement.isSingle;
  if (form.projects && single && problem.delayCost.isSeparable) return [];
  const sums: UncertainSum[] = [];
  const joint: UncertainEntry[] = [];
  for (let i = 0; i < numQueryTypes; i++) {
    yield;
    const cost = (d: number) => deviationDelayCost[i * deployments.count + d];
    const entries = entriesByPair(problem, columns, i, delayShare, cost).map((entry) => ({
      ...entry,
      name: `${i}_${entry.name}`,
    }));
    if (!problem.delayCost.isJoint) sums.push({ name: `cost_${i}`, gamma: gammaDelay, entries });
    else for (const entry of form.projects && single ? groupByShare(i, entries) : entries) joint.push(entry);
  }
  if (problem.delayCost.isJoint) sums.push({ name: 'cost', gamma: gammaDelay, entries: joint });
  const protections: Protection[] = [];
  for (const sum of sums) {
    // Already in the cost of v: directDelayCost uses the same condition.
    if (form.projects && !single && isLinear(sum, form, problem.delayCost.isJoint)) continue;
    yield;
    protections.push(byForm(builder, sum, form, 1));
  }
  return protections;
}

function protect(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  sum: UncertainSum,
  form: RobustForm,
): Protection {
  if (form.projects && problem.placement.isSingle) return directProtection(sum);
  const part = form.projects ? linearPart(sum.gamma, totalOf(sum), form) : 0;
  return part > 0 ? directProtection(sum, part) : byForm(builder, sum, form);
}

/**
 * The part of all deviations at their shares that stands for the worst case of a query type with a Gamma and a sum of
 * shares under split placement: 1 where it is all of them, less where it bounds the plans that count, 0 where it needs
 * rows of its own.
 */
function linearPart(gamma: number, shares: number, { scenariosUpTo, mostPairs }: RobustForm): number {
  if (gamma >= shares) return 1;
  return gamma > scenariosUpTo && mostPairs < Infinity ? Math.min(1, gamma / mostPairs) : 0;
}

/** Whether `directDelayCost` has the sum. */
function isLinear(sum: UncertainSum, form: RobustForm, isJoint: boolean): boolean {
  return isJoint ? budgetReachesAll(sum) : linearPart(sum.gamma, totalOf(sum), form) > 0;
}

function totalOf({ entries }: UncertainSum): number {
  return entries.reduce((sum, { share }) => sum + share, 0);
}

function byForm(
  builder: MixedIntegerProgramBuilder,
  sum: UncertainSum,
  { scenariosUpTo }: RobustForm,
  cost = 0,
): Protection {
  return sum.gamma <= scenariosUpTo ? adversarialProtection(builder, sum, cost) : dualProtection(builder, sum, cost);
}

function usedDeployments({ deployments }: PlanningProblem, { v }: StrengthenedColumns, i: number): number[] {
  const used: number[] = [];
  for (let d = 0; d < deployments.count; d++) if (v[i * deployments.count + d] >= 0) used.push(d);
  return used;
}

/**
 * One entry for each pair of query type i where some deployment of the pair has a positive deviation, over all of them.
 */
function entriesByPair(
  problem: PlanningProblem,
  { v }: StrengthenedColumns,
  i: number,
  share: Float64Array,
  deviation: (d: number) => number,
): UncertainEntry[] {
  const { deployments, deploymentsOfPair, numPairs } = problem;
  const entries: UncertainEntry[] = [];
  for (let pair = 0; pair < numPairs; pair++) {
    const used = deploymentsOfPair[pair].filter((d) => v[i * deployments.count + d] >= 0);
    const deviations = used.map(deviation);
    if (!deviations.some((size) => size > 0)) continue;
    entries.push({
      name: `${Math.floor(pair / problem.numTiers)}_${pair % problem.numTiers}`,
      share: share[pair],
      columns: used.map((d) => v[i * deployments.count + d]),
      deviations,
    });
  }
  return entries;
}

/** Sum of the shares of the entries that `entriesByPair` gives for the delay cost of query type i. */
function totalShare(problem: PlanningProblem, i: number): number {
  const { deployments, deploymentsOfPair, deviationDelayCost, delayShare } = problem;
  let total = 0;
  deploymentsOfPair.forEach((list, pair) => {
    const counts = (d: number) => isCandidate(problem, i, d) && deviationDelayCost[i * deployments.count + d] > 0;
    if (list.some(counts)) total += delayShare[pair];
  });
  return total;
}

function groupByShare(i: number, entries: readonly UncertainEntry[]): UncertainEntry[] {
  const groups = new Map<number, UncertainEntry[]>();
  for (const entry of entries) groups.set(entry.share, [...(groups.get(entry.share) ?? []), entry]);
  return [...groups].map(([share, members], g) => ({
    name: `${i}_${g}`,
    share,
    columns: members.flatMap((entry) => entry.columns),
    deviations: members.flatMap((entry) => entry.deviations),
  }));
}
