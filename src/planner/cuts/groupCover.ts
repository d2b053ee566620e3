/**
 * Cover cuts on the budget and the storage capacity that know groups: at most one column of a group is 1 (the TP
 * degrees of a pair, the places of a query type). Choose in some groups g a threshold t_g; if sum t_g exceeds the
 * capacity, then
 *
 *   sum_{g in C} sum_{columns of g with weight >= t_g} x <= |C| - 1,
 *
 * extended by the columns of other groups with weight >= max t_g. Valid: |C| of these columns at 1 lie in different
 * groups, those outside C weigh at least as much as any threshold they stand for, so together they exceed the capacity.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { leastServed } from '../../model/formulations/planColumns.ts';
import { type ModelCut, overloadTolerance, RowBuilder } from './modelCut.ts';

interface GroupedKnapsack {
  readonly capacity: number;
  readonly groups: readonly (readonly { readonly column: number; readonly weight: number }[])[];
}

export function groupCoverCuts(formulation: StrengthenedFormulation): ModelCut {
  const knapsacks = [...storageKnapsacks(formulation), ...budgetKnapsacks(formulation)];
  return {
    name: 'group cover',
    *separate(point) {
      for (const knapsack of knapsacks) {
        const cut = coverOf(knapsack, point);
        if (cut !== null) yield cut;
      }
    },
  };
}

/** Columns w by pair, heaviest weights first. */
function byPair(
  { problem, columns }: StrengthenedFormulation,
  weightOf: (d: number) => number,
): GroupedKnapsack['groups'] {
  return problem.deploymentsOfPair
    .map((list) => list.filter((d) => columns.w[d] >= 0 && weightOf(d) > 0))
    .filter((list) => list.length > 0)
    .map((list) => heaviestFirst(list.map((d) => ({ column: columns.w[d], weight: weightOf(d) }))));
}

function heaviestFirst(items: { readonly column: number; readonly weight: number }[]) {
  return items.sort((a, b) => b.weight - a.weight || a.column - b.column);
}

/** S <= C_s: weights by pair, or by query type where each placement stores them and there is one placement. */
function storageKnapsacks(formulation: StrengthenedFormulation): GroupedKnapsack[] {
  const { problem, columns } = formulation;
  const { storageCapacity, weightSize, deployments, placement, numQueryTypes } = problem;
  if (storageCapacity === Infinity) return [];
  const sizeOf = (d: number) => weightSize[deployments.pair[d]];
  if (!placement.storesPerPlacement) {
    return [{ capacity: storageCapacity, groups: byPair(formulation, sizeOf) }];
  }
  if (!placement.isSingle) return [];
  const groups = Array.from({ length: numQueryTypes }, (_, i) => {
    const items: { column: number; weight: number }[] = [];
    for (let d = 0; d < deployments.count; d++) {
      const column = columns.z[i * deployments.count + d];
      if (column >= 0 && sizeOf(d) > 0) items.push({ column, weight: sizeOf(d) });
    }
    return heaviestFirst(items);
  });
  return [{ capacity: storageCapacity, groups: groups.filter((items) => items.length > 0) }];
}

/**
 * c C1 + C2 <= delta: rental of the least replicas (and weights stored once) by pair, what data costs at least taken
 * off the budget.
 */
function budgetKnapsacks(formulation: StrengthenedFormulation): GroupedKnapsack[] {
  const { problem } = formulation;
  const { budget, rentalBudgetFactor, deployments, weightCost, placement, numQueryTypes, dataCost } = problem;
  if (budget === Infinity) return [];
  const storesOnce = !placement.storesPerPlacement;
  let leastData = 0;
  for (let i = 0; i < numQueryTypes; i++) leastData += leastServed(problem, i) * dataCost[i];
  const weightOf = (d: number) =>
    rentalBudgetFactor * deployments.rental[d] * deployments.minReplicas[d] +
    (storesOnce ? weightCost[deployments.pair[d]] : 0);
  return [{ capacity: budget - leastData, groups: byPair(formulation, weightOf) }];
}

function coverOf({ capacity, groups }: GroupedKnapsack, point: Float64Array): SparseRow | null {
  const limit = capacity + overloadTolerance * Math.max(1, Math.abs(capacity));
  const chosen = groups.map((items) => bestThreshold(items, point)).filter((choice) => choice.value > 1e-9);
  chosen.sort((a, b) => (1 - a.value) / a.weight - (1 - b.value) / b.weight || a.group[0].column - b.group[0].column);
  let cover: typeof chosen = [];
  let weight = 0;
  for (const choice of chosen) {
    if (weight > limit) break;
    cover.push(choice);
    weight += choice.weight;
  }
  if (weight <= limit) return null;
  for (const choice of [...cover].sort((a, b) => a.value - b.value)) {
    if (weight - choice.weight <= limit) continue;
    weight -= choice.weight;
    cover = cover.filter((other) => other !== choice);
  }
  const most = cover.reduce((largest, choice) => Math.max(largest, choice.weight), 0);
  const thresholds = new Map(cover.map((choice) => [choice.group, choice.weight]));
  const row = new RowBuilder();
  for (const group of groups) {
    const threshold = thresholds.get(group) ?? most;
    for (const item of group) if (item.weight >= threshold) row.add(item.column, 1);
  }
  return row.atMost(cover.length - 1, point);
}

/** The threshold of a group whose columns miss 1 by least per weight. */
function bestThreshold(group: GroupedKnapsack['groups'][number], point: Float64Array) {
  let value = 0;
  let best = { group, weight: group[0].weight, value: 0 };
  let bestScore = Infinity;
  group.forEach(({ column, weight }, t) => {
    value += point[column];
    if (t + 1 < group.length && group[t + 1].weight === weight) return;
    const score = (1 - Math.min(1, value)) / weight;
    if (score >= bestScore) return;
    bestScore = score;
    best = { group, weight, value: Math.min(1, value) };
  });
  return best;
}
