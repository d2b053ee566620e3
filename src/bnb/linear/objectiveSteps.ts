/**
 * Objectives that move in steps: where all columns with a cost are integer and their costs commensurable, every value
 * is constant + a multiple of a step g. Then bounds may be rounded up to such values, and a better solution is better
 * by at least g.
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { SearchParameters } from '../parameters.ts';

type StepParameters = SearchParameters['steps'];

export class ObjectiveSteps {
  /** The step, or 0 if there is none. */
  readonly size: number;
  /** The part of the objective that does not move: its offset and the costs of fixed columns. */
  readonly #constant: number;
  readonly #parameters: StepParameters;

  constructor(program: MixedIntegerProgram, parameters: StepParameters) {
    this.size = stepOf(program, parameters);
    this.#constant = this.size === 0 ? 0 : constantOf(program);
    this.#parameters = parameters;
  }

  /** The least value of the objective that is not below `bound` (within rounding); `bound` if there are no steps. */
  roundUp(bound: number): number {
    if (this.size === 0 || !Number.isFinite(bound)) return bound;
    const steps = Math.ceil((bound - this.#constant) / this.size - this.#parameters.roundingTolerance);
    return Math.max(bound, this.#constant + steps * this.size);
  }

  /**
   * A cutoff just above the largest value that is better than the incumbent's; the incumbent's cost if there are no
   * steps. The incumbent may lie between the values: columns that it has elsewhere may be fixed by now.
   */
  cutoffBelow(incumbentCost: number): number {
    if (this.size === 0 || !Number.isFinite(incumbentCost)) return incumbentCost;
    const { roundingTolerance, cutoffSlack } = this.#parameters;
    const steps = Math.ceil((incumbentCost - this.#constant) / this.size - roundingTolerance) - 1;
    return Math.min(incumbentCost, this.#constant + (steps + cutoffSlack) * this.size);
  }
}

function stepOf(program: MixedIntegerProgram, { mostDecimals, wholeTolerance }: StepParameters): number {
  const costs: number[] = [];
  for (let column = 0; column < program.numColumns; column++) {
    if (program.cost[column] === 0 || program.columnLower[column] === program.columnUpper[column]) continue;
    if (program.integrality[column] === 0) return 0;
    costs.push(Math.abs(program.cost[column]));
  }
  if (costs.length === 0) return 0;
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) <= wholeTolerance * Math.max(1, value);
  for (let decimals = 0, scale = 1; decimals <= mostDecimals; decimals++, scale *= 10) {
    if (!costs.every((cost) => isWhole(cost * scale))) continue;
    const step = costs.reduce((divisor, cost) => greatestCommonDivisor(divisor, Math.round(cost * scale)), 0);
    return step / scale;
  }
  return 0;
}

function constantOf(program: MixedIntegerProgram): number {
  let constant = program.offset;
  for (let column = 0; column < program.numColumns; column++) {
    if (program.columnLower[column] === program.columnUpper[column])
      constant += program.cost[column] * program.columnLower[column];
  }
  return constant;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [large, small] = [a, b];
  while (small > 0) [large, small] = [small, large % small];
  return large;
}
