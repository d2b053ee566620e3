/**
 * The step g of an objective whose every value is offset + a multiple of g: all its columns are integer with
 * commensurable costs. Then bounds may be rounded up to such values, and a better solution is better by at least g.
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';

/** Costs are tried as multiples of 1, 0.1, ... down to this power of ten. */
const mostDecimals = 4;
/**
 * A scaled cost this near a whole number, relative to its size, counts as whole: rounding of the decimal and of the
 * scaling.
 */
const wholeTolerance = 1e-13;
/** Rounding of a bound, relative to g: the simplex's objective may lie this much above the true value. */
const roundingTolerance = 1e-5;
/** What a cutoff leaves above the best value that is still looked for, relative to g, for rounding. */
const cutoffSlack = 1e-4;

/** The step, or 0 if there is none. */
export function objectiveGranularity(program: MixedIntegerProgram): number {
  const costs: number[] = [];
  for (let column = 0; column < program.numColumns; column++) {
    if (program.cost[column] === 0 || program.columnLower[column] === program.columnUpper[column]) continue;
    if (program.integrality[column] === 0) return 0;
    costs.push(Math.abs(program.cost[column]));
  }
  if (costs.length === 0) return 0;
  for (let decimals = 0, scale = 1; decimals <= mostDecimals; decimals++, scale *= 10) {
    if (!costs.every((cost) => isWhole(cost * scale))) continue;
    const step = costs.reduce((divisor, cost) => greatestCommonDivisor(divisor, Math.round(cost * scale)), 0);
    return step / scale;
  }
  return 0;
}

/** The constant part of an objective of granularity g: its offset and the costs of fixed columns. */
export function objectiveConstant(program: MixedIntegerProgram): number {
  let constant = program.offset;
  for (let column = 0; column < program.numColumns; column++) {
    if (program.columnLower[column] === program.columnUpper[column])
      constant += program.cost[column] * program.columnLower[column];
  }
  return constant;
}

/**
 * The least value constant + a multiple of `granularity` that is not below `bound` (within rounding); `bound` if there
 * is no granularity.
 */
export function roundBoundUp(bound: number, granularity: number, constant: number): number {
  if (granularity === 0 || !Number.isFinite(bound)) return bound;
  const steps = Math.ceil((bound - constant) / granularity - roundingTolerance);
  return Math.max(bound, constant + steps * granularity);
}

/**
 * A cutoff just above the largest value constant + a multiple of `granularity` that is better than the incumbent's; the
 * incumbent's cost if there is no granularity. The incumbent may lie between those values: columns that it has
 * elsewhere may be fixed by now.
 */
export function cutoffBelow(incumbentCost: number, granularity: number, constant: number): number {
  if (granularity === 0 || !Number.isFinite(incumbentCost)) return incumbentCost;
  const steps = Math.ceil((incumbentCost - constant) / granularity - roundingTolerance) - 1;
  return Math.min(incumbentCost, constant + (steps + cutoffSlack) * granularity);
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) <= wholeTolerance * Math.max(1, value);
}

function greatestCommonDivisor(a: number, b: number): number {
  let [large, small] = [a, b];
  while (small > 0) [large, small] = [small, large % small];
  return large;
}
