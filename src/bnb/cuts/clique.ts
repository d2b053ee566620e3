/**
 * Clique cuts: literals of which any two exclude each other can have at most one at 1. Two literals exclude each other
 * if they do not fit together into the knapsack of some row. Violated cliques are grown greedily from the literals of
 * largest value.
 */
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import type { SearchParameters } from '../parameters.ts';
import { knapsacksOfRow } from './knapsackRows.ts';
import type { CutSeparator, SeparationContext } from './separator.ts';

/** The conflicts of a program, found once. */
const conflictsOf = new WeakMap<MixedIntegerProgram, ReadonlyMap<number, ReadonlySet<number>>>();

export const cliqueCuts: CutSeparator = {
  kind: 'separator',
  sees: 'relaxation',
  name: 'clique',
  *separate(point, context) {
    let conflicts = conflictsOf.get(context.program);
    if (conflicts === undefined) {
      conflicts = findConflicts(context);
      conflictsOf.set(context.program, conflicts);
    }
    if (conflicts.size > 0) yield* violatedCliques(conflicts, point, context.parameters);
  },
};

/** Literal 2 * column is x, 2 * column + 1 is 1 - x. */
function findConflicts(context: SeparationContext): Map<number, Set<number>> {
  const { mostConflicts, overweightTolerance } = context.parameters.knapsacks;
  const conflicts = new Map<number, Set<number>>();
  let count = 0;
  const note = (a: number, b: number) => {
    const set = conflicts.get(a);
    if (set === undefined) conflicts.set(a, new Set([b]));
    else set.add(b);
    count++;
  };
  for (let row = 0; row < context.numProgramRows && count < mostConflicts; row++) {
    for (const { columns, isComplemented, weights, capacity } of knapsacksOfRow(row, context)) {
      const limit = capacity + overweightTolerance * Math.max(1, Math.abs(capacity));
      const order = Array.from(weights, (_, t) => t).sort((a, b) => weights[b] - weights[a] || a - b);
      for (let first = 0; first < order.length && count < mostConflicts; first++) {
        const a = order[first];
        for (let second = first + 1; second < order.length; second++) {
          const b = order[second];
          if (weights[a] + weights[b] <= limit) break;
          const literalA = 2 * columns[a] + isComplemented[a];
          const literalB = 2 * columns[b] + isComplemented[b];
          note(literalA, literalB);
          note(literalB, literalA);
        }
      }
    }
  }
  return conflicts;
}

function* violatedCliques(
  conflicts: ReadonlyMap<number, ReadonlySet<number>>,
  point: Float64Array,
  { tolerances, knapsacks }: SearchParameters,
): Generator<SparseRow, void, void> {
  const integralityTolerance = tolerances.integrality;
  const valueAt = (literal: number) => (literal % 2 === 1 ? 1 - point[literal >> 1] : point[literal >> 1]);
  const fractional = [...conflicts.keys()]
    .filter((literal) => valueAt(literal) > integralityTolerance)
    .sort((a, b) => valueAt(b) - valueAt(a) || a - b);
  const covered = new Set<number>();
  for (const seed of fractional) {
    if (covered.has(seed) || valueAt(seed) > 1 - integralityTolerance) continue;
    const clique = [seed];
    let sum = valueAt(seed);
    for (const literal of fractional) {
      const neighbours = conflicts.get(literal)!;
      if (literal === seed || !clique.every((member) => neighbours.has(member))) continue;
      clique.push(literal);
      sum += valueAt(literal);
    }
    if (sum <= 1 + knapsacks.leastCliqueViolation) continue;
    for (const literal of clique) covered.add(literal);
    yield cliqueRow(clique);
  }
}

function cliqueRow(clique: readonly number[]): SparseRow {
  const complemented = clique.filter((literal) => literal % 2 === 1).length;
  return {
    lower: -Infinity,
    upper: 1 - complemented,
    indices: clique.map((literal) => literal >> 1),
    values: clique.map((literal) => (literal % 2 === 1 ? -1 : 1)),
  };
}
