/**
 * A pattern: one deployment with its replicas, the query types placed on it and the fraction of each that it serves.
 */
import { type PatternTable, rentalBudgetUse, rentalCost } from './patternTable.ts';

export interface Pattern {
  readonly deployment: number;
  readonly replicas: number;
  /** Query types, ascending. */
  readonly queryTypes: Int32Array;
  readonly fractions: Float64Array;
}

/** Part of the objective beside `objectiveOffset`; without a joint delay cost's deviations, which the master counts. */
export function patternCost(table: PatternTable, { deployment, replicas, queryTypes, fractions }: Pattern): number {
  const { problem } = table;
  const pair = table.pair[deployment];
  let cost = rentalCost(table, deployment, replicas) + table.placementCost[pair] * queryTypes.length;
  for (let t = 0; t < queryTypes.length; t++) {
    const i = queryTypes[t];
    cost += (problem.servingCost[i * problem.deployments.count + deployment] - problem.unmetCost[i]) * fractions[t];
  }
  return cost;
}

/** c * C1 + C2 of the pattern (specification 4.2). */
export function patternBudgetUse(
  table: PatternTable,
  { deployment, replicas, queryTypes, fractions }: Pattern,
): number {
  let use =
    rentalBudgetUse(table, deployment, replicas) + table.placementCost[table.pair[deployment]] * queryTypes.length;
  for (let t = 0; t < queryTypes.length; t++) use += table.problem.dataCost[queryTypes[t]] * fractions[t];
  return use;
}

/** Stored weights in GB. */
export function patternStorage(table: PatternTable, { deployment, queryTypes }: Pattern): number {
  const pair = table.pair[deployment];
  return table.rentedStorage[pair] + table.placementStorage[pair] * queryTypes.length;
}

/** Names equal patterns equally; fractions to twelve digits. */
export function patternKey({ deployment, replicas, queryTypes, fractions }: Pattern): string {
  let key = `${deployment}*${replicas}`;
  for (let t = 0; t < queryTypes.length; t++) key += `,${queryTypes[t]}:${fractions[t].toFixed(12)}`;
  return key;
}

/** The same pattern with the first members of each class of query types, at their average fractions. */
export function firstMembers({ alike }: PatternTable, pattern: Pattern): Pattern {
  const { lead, members } = alike.queryTypes;
  const held = new Map<number, { count: number; served: number }>();
  pattern.queryTypes.forEach((i, t) => {
    const sum = held.get(lead[i]) ?? { count: 0, served: 0 };
    held.set(lead[i], { count: sum.count + 1, served: sum.served + pattern.fractions[t] });
  });
  const named = [...held].flatMap(([first, { count, served }]) =>
    members[first].slice(0, count).map((queryType) => ({ queryType, fraction: served / count })),
  );
  named.sort((one, other) => one.queryType - other.queryType);
  return {
    ...pattern,
    queryTypes: Int32Array.from(named, ({ queryType }) => queryType),
    fractions: Float64Array.from(named, ({ fraction }) => fraction),
  };
}
