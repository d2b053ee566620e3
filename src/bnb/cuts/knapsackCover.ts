/**
 * Lifted cover inequalities: where the literals C of a knapsack do not fit together, at most |C| - 1 of them are 1;
 * every other literal is lifted in turn with the largest coefficient that keeps the inequality valid, found exactly by
 * a dynamic program over the value of the inequality (Zemel 1989): `lightest[v]` is the least weight that gives it the
 * value v.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import { defaultSearchParameters, type SearchParameters } from '../parameters.ts';
import { type KnapsackRow, knapsacksOfRow } from './knapsackRows.ts';
import type { CutSeparator } from './separator.ts';

export const knapsackCoverCuts: CutSeparator = {
  kind: 'separator',
  sees: 'relaxation',
  name: 'cover',
  *separate(point, context) {
    for (let row = 0; row < context.numProgramRows; row++) {
      for (const knapsack of knapsacksOfRow(row, context)) {
        const cut = liftedCover(knapsack, point, context.parameters);
        if (cut !== null) yield cut;
      }
    }
  },
};

/** A violated lifted cover inequality, or null if the greedy cover gives none. */
export function liftedCover(
  knapsack: KnapsackRow,
  point: Float64Array,
  { tolerances, knapsacks }: SearchParameters = defaultSearchParameters,
): SparseRow | null {
  const { columns, isComplemented, weights, capacity } = knapsack;
  const slack = knapsacks.overweightTolerance * Math.max(1, Math.abs(capacity));
  const values = Float64Array.from(columns, (column, t) => (isComplemented[t] ? 1 - point[column] : point[column]));
  const cover = minimalCover(values, weights, capacity, slack);
  if (cover === null) return null;
  const coefficients = lift(cover, values, weights, capacity + slack);
  const bound = cover.length - 1;
  let violation = -bound;
  let square = 0;
  coefficients.forEach((coefficient, t) => {
    violation += coefficient * values[t];
    square += coefficient * coefficient;
  });
  if (violation / Math.sqrt(square) <= tolerances.efficacy) return null;
  const indices: number[] = [];
  const entries: number[] = [];
  let upper = bound;
  coefficients.forEach((coefficient, t) => {
    if (coefficient === 0) return;
    indices.push(columns[t]);
    entries.push(isComplemented[t] ? -coefficient : coefficient);
    if (isComplemented[t]) upper -= coefficient;
  });
  return { lower: -Infinity, upper, indices, values: entries };
}

/** Literals that overfill the knapsack, cheapest in 1 - value per weight first, none dispensable; null if all fit. */
function minimalCover(values: Float64Array, weights: Float64Array, capacity: number, slack: number): number[] | null {
  const order = Array.from(values, (_, t) => t).sort(
    (a, b) => (1 - values[a]) / weights[a] - (1 - values[b]) / weights[b] || b - a,
  );
  const cover: number[] = [];
  let weight = 0;
  for (const t of order) {
    if (weight > capacity + slack) break;
    if (weights[t] === 0) continue;
    cover.push(t);
    weight += weights[t];
  }
  if (weight <= capacity + slack) return null;
  // Those of least value leave first.
  for (const t of [...cover].sort((a, b) => values[a] - values[b] || a - b)) {
    if (weight - weights[t] <= capacity + slack) continue;
    weight -= weights[t];
    cover.splice(cover.indexOf(t), 1);
  }
  return cover;
}

/** Coefficients of all literals: 1 on the cover, the others lifted in decreasing order of value. */
function lift(cover: readonly number[], values: Float64Array, weights: Float64Array, capacity: number): Float64Array {
  const bound = cover.length - 1;
  const coefficients = new Float64Array(values.length);
  const lightest = new Float64Array(cover.length + 1).fill(Infinity);
  lightest[0] = 0;
  for (const t of cover) coefficients[t] = 1;
  [...cover]
    .sort((a, b) => weights[a] - weights[b])
    .forEach((t, at) => {
      lightest[at + 1] = lightest[at] + weights[t];
    });
  const others = Array.from(values, (_, t) => t)
    .filter((t) => coefficients[t] === 0)
    .sort((a, b) => values[b] - values[a] || weights[b] - weights[a] || a - b);
  for (const t of others) {
    const room = capacity - weights[t];
    let most = -1;
    for (let value = 0; value <= bound; value++) if (lightest[value] <= room) most = value;
    // A literal that never fits (most = -1) is 0 anyway: any coefficient is valid, the whole bound is the strongest
    // useful one.
    const coefficient = most < 0 ? bound : bound - most;
    if (coefficient <= 0) continue;
    coefficients[t] = coefficient;
    for (let value = lightest.length - 1; value >= coefficient; value--)
      lightest[value] = Math.min(lightest[value], lightest[value - coefficient] + weights[t]);
    for (let value = lightest.length - 2; value >= 0; value--)
      lightest[value] = Math.min(lightest[value], lightest[value + 1]);
  }
  return coefficients;
}
