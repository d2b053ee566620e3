/**
 * Dives: from a node's point one fractional column after the other is rounded, bounds are propagated and the linear
 * program is solved again, until everything is whole or nothing is left. They differ in the column that is taken and in
 * the direction (Achterberg 2007, 9.2): fractional takes the one nearest to a whole number; guided the one nearest to
 * its value in the incumbent; coefficient the one that fewest rows keep from being rounded one way. A dead end is left
 * once, by the other direction.
 */
import { createLinearSolver } from '../../../lp/createLinearSolver.ts';
import type { MixedIntegerProgram } from '../../../lp/linearProgram.ts';
import { BoundPropagator } from '../../linear/propagation.ts';
import type { ProgramHeuristic, ProgramHeuristicState } from '../plugin.ts';

/** What a dive may round next: `merit` is the smaller the better. */
interface Rounding {
  readonly up: boolean;
  readonly merit: number;
}

type DiveRule = (column: number, value: number) => Rounding;

export const fractionalDive = dive('fractional-dive', () => (_column, value) => {
  const fraction = value - Math.floor(value);
  return { up: fraction >= 0.5, merit: Math.min(fraction, 1 - fraction) };
});

export const guidedDive = dive('guided-dive', ({ incumbent }) => {
  if (incumbent === null) return null;
  return (column, value) => ({ up: incumbent[column] > value, merit: Math.abs(incumbent[column] - value) });
});

export const coefficientDive = dive('coefficient-dive', ({ program }) => {
  const { down, up } = locksOf(program);
  return (column, value) => {
    const fraction = value - Math.floor(value);
    const [locksDown, locksUp] = [down[column], up[column]];
    // Among as many locks the nearer side: its distance stays below one lock.
    if (locksDown === locksUp) return { up: fraction >= 0.5, merit: locksUp + Math.min(fraction, 1 - fraction) };
    const isUp = locksUp < locksDown;
    return { up: isUp, merit: Math.min(locksUp, locksDown) + (isUp ? 1 - fraction : fraction) };
  };
});

function dive(name: string, ruleFor: (state: ProgramHeuristicState) => DiveRule | null): ProgramHeuristic {
  return {
    kind: 'heuristic',
    for: 'program',
    name,
    run: (state) => {
      const rule = state.node % state.parameters.dives.nodeStep === 0 ? ruleFor(state) : null;
      const point = rule === null ? null : dived(state, rule);
      return point === null ? [] : [point];
    },
  };
}

function dived(state: ProgramHeuristicState, rule: DiveRule): Float64Array | null {
  const { program, parameters, incumbentCost, shouldStop } = state;
  const { integrality } = parameters.tolerances;
  const integers = Array.from(program.integrality.keys()).filter((column) => program.integrality[column] === 1);
  const solver = createLinearSolver(program);
  const propagator = new BoundPropagator(program, program.integrality, parameters);
  propagator.start(state.lower, state.upper);
  const limits = {
    iterationLimit: parameters.dives.mostIterations,
    shouldStop,
    ...(incumbentCost < Infinity && { objectiveCutoff: incumbentCost }),
  };
  const isSolved = () => {
    for (const column of integers) solver.setColumnBounds(column, propagator.lower[column], propagator.upper[column]);
    return solver.solve(limits) === 'optimal' && solver.iterations <= parameters.dives.mostIterations;
  };
  if (!isSolved()) return null;
  for (let depth = 0; depth <= integers.length; depth++) {
    const point = solver.primal.slice(0, program.numColumns);
    const next = best(integers, point, integrality, rule);
    if (next === null) return rounded(point, integers);
    const { column, up } = next;
    const value = point[column];
    const [lower, upper] = [propagator.lower.slice(), propagator.upper.slice()];
    const goes = (isUp: boolean) => {
      propagator.start(lower, upper);
      const isLeft = isUp
        ? propagator.tighten(column, Math.ceil(value), Infinity)
        : propagator.tighten(column, -Infinity, Math.floor(value));
      return isLeft && propagator.propagate() && isSolved();
    };
    if (!goes(up) && (shouldStop() || !goes(!up))) return null;
  }
  return null;
}

function best(integers: readonly number[], point: Float64Array, tolerance: number, rule: DiveRule) {
  let found: { readonly column: number; readonly up: boolean } | null = null;
  let least = Infinity;
  for (const column of integers) {
    const value = point[column];
    if (Math.abs(value - Math.round(value)) <= tolerance) continue;
    const { up, merit } = rule(column, value);
    if (merit >= least) continue;
    least = merit;
    found = { column, up };
  }
  return found;
}

/** Continuous columns stay: what that breaks beyond the tolerance the door refuses. */
function rounded(point: Float64Array, integers: readonly number[]): Float64Array {
  for (const column of integers) point[column] = Math.round(point[column]);
  return point;
}

/** Rows that keep each column from being rounded down and up. */
function locksOf({ numColumns, columnStarts, rowIndices, values, rowLower, rowUpper }: MixedIntegerProgram) {
  const down = new Int32Array(numColumns);
  const up = new Int32Array(numColumns);
  for (let column = 0; column < numColumns; column++) {
    for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++) {
      const row = rowIndices[at];
      const isPositive = values[at] > 0;
      if (rowUpper[row] < Infinity) (isPositive ? up : down)[column]++;
      if (rowLower[row] > -Infinity) (isPositive ? down : up)[column]++;
    }
  }
  return { down, up };
}
