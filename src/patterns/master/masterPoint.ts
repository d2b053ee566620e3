/**
 * The master's fractional point by what branching and rounding look at: rented deployments, their replicas and
 * placements.
 */
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { Pattern } from '../pricing/pattern.ts';
import { planOfPatterns } from '../pricing/planPatterns.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

export interface MasterPoint {
  /** (d): weight of its patterns, and the replicas of these, weighted. */
  readonly deployment: Float64Array;
  readonly replicas: Float64Array;
  /** (pair): weight of its patterns. */
  readonly pair: Float64Array;
  /** (i, pair): weight of the patterns that place i there. */
  readonly placement: Float64Array;
  /** (i, pair): fraction served there, weighted. */
  readonly served: Float64Array;
  /** Patterns in use and their weights. */
  readonly patterns: readonly { readonly pattern: number; readonly weight: number }[];
  readonly isIntegral: boolean;
  /** Whether the budget row has a price. */
  readonly budgetBinds: boolean;
}

export function readPoint(master: RestrictedMaster): MasterPoint {
  const { table } = master;
  const { numQueryTypes, numPairs } = table.problem;
  const { weightTolerance, integralityTolerance } = table.parameters.master;
  const deployment = new Float64Array(table.numDeployments);
  const replicas = new Float64Array(table.numDeployments);
  const pair = new Float64Array(numPairs);
  const placement = new Float64Array(numQueryTypes * numPairs);
  const served = new Float64Array(numQueryTypes * numPairs);
  const patterns: { pattern: number; weight: number }[] = [];
  master.patterns.forEach(({ deployment: d, replicas: m, queryTypes, fractions }, pattern) => {
    const weight = master.value(pattern);
    if (weight <= weightTolerance) return;
    patterns.push({ pattern, weight });
    deployment[d] += weight;
    replicas[d] += weight * m;
    pair[table.pair[d]] += weight;
    for (let t = 0; t < queryTypes.length; t++) {
      const at = queryTypes[t] * numPairs + table.pair[d];
      placement[at] += weight;
      served[at] += weight * fractions[t];
    }
  });
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) <= integralityTolerance;
  // Of patterns that hold what is alike an average is none.
  const isIntegral = table.isMerged
    ? patterns.every(({ weight }) => isWhole(weight))
    : deployment.every(isWhole) && replicas.every(isWhole) && placement.every(isWhole);
  const budgetBinds = master.budgetPrice < -table.parameters.master.leastBudgetPrice;
  return { deployment, replicas, pair, placement, served, patterns, isIntegral, budgetBinds };
}

/**
 * The plan that an integral point stands for. Patterns of one deployment that share its weight are averaged: where sets
 * agree and replicas come out whole, fractions and replicas of an average fit, and cost no more, as rental is convex.
 */
export function planOf(master: RestrictedMaster, point: MasterPoint): IndexedPlan {
  const { table } = master;
  if (table.isMerged) {
    const used = point.patterns.flatMap(({ pattern, weight }) =>
      Array<Pattern>(Math.round(weight)).fill(master.patterns[pattern]),
    );
    return planOfPatterns(table, used);
  }
  const { numQueryTypes, numPairs } = table.problem;
  const deployments: { deployment: number; replicas: number }[] = [];
  const routing: { queryType: number; deployment: number; fraction: number }[] = [];
  point.deployment.forEach((weight, deployment) => {
    if (weight < 0.5) return;
    deployments.push({ deployment, replicas: Math.round(point.replicas[deployment]) });
    for (let i = 0; i < numQueryTypes; i++) {
      const at = i * numPairs + table.pair[deployment];
      if (point.placement[at] < 0.5) continue;
      routing.push({ queryType: i, deployment, fraction: Math.min(1, point.served[at] / point.placement[at]) });
    }
  });
  return { deployments, routing };
}
