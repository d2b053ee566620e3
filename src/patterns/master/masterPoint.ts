/** The master's fractional point by what branching and rounding look at: rented options and placements. */
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

export interface MasterPoint {
  /** (option): weight of its patterns. */
  readonly option: Float64Array;
  /** (pair): weight of its patterns. */
  readonly pair: Float64Array;
  /** (i, pair): weight of the patterns that place i there. */
  readonly placement: Float64Array;
  /** (i, pair): fraction served there, weighted. */
  readonly served: Float64Array;
  /** Patterns in use and their weights. */
  readonly patterns: readonly { readonly pattern: number; readonly weight: number }[];
  readonly isIntegral: boolean;
}

export function readPoint(master: RestrictedMaster): MasterPoint {
  const { table } = master;
  const { numQueryTypes, numPairs } = table.problem;
  const { weightTolerance, integralityTolerance } = table.parameters.master;
  const option = new Float64Array(table.numOptions);
  const pair = new Float64Array(numPairs);
  const placement = new Float64Array(numQueryTypes * numPairs);
  const served = new Float64Array(numQueryTypes * numPairs);
  const patterns: { pattern: number; weight: number }[] = [];
  master.patterns.forEach(({ option: o, queryTypes, fractions }, pattern) => {
    const weight = master.value(pattern);
    if (weight <= weightTolerance) return;
    patterns.push({ pattern, weight });
    option[o] += weight;
    pair[table.pair[o]] += weight;
    for (let t = 0; t < queryTypes.length; t++) {
      const at = queryTypes[t] * numPairs + table.pair[o];
      placement[at] += weight;
      served[at] += weight * fractions[t];
    }
  });
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) <= integralityTolerance;
  const isIntegral = option.every(isWhole) && placement.every(isWhole);
  return { option, pair, placement, served, patterns, isIntegral };
}

/** The plan that an integral point stands for. */
export function planOf(master: RestrictedMaster, { option, placement, served }: MasterPoint): IndexedPlan {
  const { table } = master;
  const { numQueryTypes, numPairs } = table.problem;
  const deployments: { deployment: number; replicas: number }[] = [];
  const routing: { queryType: number; deployment: number; fraction: number }[] = [];
  option.forEach((weight, o) => {
    if (weight < 0.5) return;
    const deployment = table.deployment[o];
    deployments.push({ deployment, replicas: table.replicas[o] });
    for (let i = 0; i < numQueryTypes; i++) {
      const at = i * numPairs + table.pair[o];
      if (placement[at] < 0.5) continue;
      routing.push({ queryType: i, deployment, fraction: Math.min(1, served[at] / placement[at]) });
    }
  });
  return { deployments, routing };
}
