/**
 * A pattern: one option (deployment and replicas), the query types placed on it and the fraction of each that it
 * serves.
 */
import type { PatternTable } from './patternTable.ts';

export interface Pattern {
  readonly option: number;
  /** Query types, ascending. */
  readonly queryTypes: Int32Array;
  readonly fractions: Float64Array;
}

/** Part of the objective beside `objectiveOffset`; without a joint delay cost's deviations, which the master counts. */
export function patternCost(table: PatternTable, { option, queryTypes, fractions }: Pattern): number {
  const { problem } = table;
  const { count } = problem.deployments;
  const d = table.deployment[option];
  let cost = table.optionCost[option] + table.placementCost[table.pair[option]] * queryTypes.length;
  for (let t = 0; t < queryTypes.length; t++) {
    const i = queryTypes[t];
    cost += (problem.servingCost[i * count + d] - problem.unmetCost[i]) * fractions[t];
  }
  return cost;
}

/** c * C1 + C2 of the pattern (specification 4.2). */
export function patternBudgetUse(table: PatternTable, { option, queryTypes, fractions }: Pattern): number {
  let use = table.optionBudgetUse[option] + table.placementCost[table.pair[option]] * queryTypes.length;
  for (let t = 0; t < queryTypes.length; t++) use += table.problem.dataCost[queryTypes[t]] * fractions[t];
  return use;
}

/** Stored weights in GB. */
export function patternStorage(table: PatternTable, { option, queryTypes }: Pattern): number {
  const pair = table.pair[option];
  return table.rentedStorage[pair] + table.placementStorage[pair] * queryTypes.length;
}

/** Names equal patterns equally; fractions to twelve digits. */
export function patternKey({ option, queryTypes, fractions }: Pattern): string {
  let key = `${option}`;
  for (let t = 0; t < queryTypes.length; t++) key += `,${queryTypes[t]}:${fractions[t].toFixed(12)}`;
  return key;
}
