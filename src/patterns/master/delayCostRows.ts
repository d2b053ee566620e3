/**
 * The joint delay cost (specification 5) in the master when Gamma_d couples the query types:
 *
 *   max over 0 <= xi_i <= share, sum xi <= Gamma_d of sum_i xi_i a_i x_i
 *     = min Gamma_d tau + sum_il length_l sigma_il,
 *   tau + sigma_il >= sum of a x over the patterns that place i where its share reaches step l.
 *
 * Under budgeted uncertainty every share is 1 and there is one step. Under decision-dependent uncertainty the share
 * 1 - gamma depends on where the query type is placed; its distinct values cut [0, 1] into steps, so that xi_i fills
 * the steps up to its own share.
 */
import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { LinearSolver } from '../../lp/simplexTypes.ts';
import type { Pattern } from '../pricing/pattern.ts';
import type { PatternTable } from '../pricing/patternTable.ts';

interface Step {
  readonly row: number;
  readonly column: number;
  /** The share that a place needs to reach this step. */
  readonly share: number;
  readonly length: number;
}

/** Steps of query type i: the distinct shares of the pairs that could serve it, ascending. */
function sharesOf(table: PatternTable): number[][] {
  const { problem } = table;
  const shares: Set<number>[] = Array.from({ length: problem.numQueryTypes }, () => new Set());
  for (let d = 0; d < table.numDeployments; d++) {
    for (let e = table.start[d]; e < table.start[d + 1]; e++) {
      if (problem.deviationDelayCost[table.at[e]] * table.high[e] > 0) {
        shares[table.queryType[e]].add(problem.delayShare[table.pair[d]]);
      }
    }
  }
  return shares.map((set) => [...set].sort((one, other) => one - other));
}

/** How many rows the joint delay cost would take. */
export function countDelayCostRows(table: PatternTable): number {
  return sharesOf(table).reduce((sum, shares) => sum + shares.length, 0);
}

export class DelayCostRows {
  readonly #table: PatternTable;
  readonly #steps: Step[][];
  readonly #tau: number;
  readonly #largest: number;

  constructor(table: PatternTable, builder: MixedIntegerProgramBuilder) {
    this.#table = table;
    const { problem } = table;
    this.#largest = problem.deviationDelayCost.reduce((most, cost) => Math.max(most, cost), 0);
    // Without upper bounds duals are a worst case: no step above its length, all together within Gamma.
    this.#tau = builder.addColumn({ cost: problem.gammaDelay });
    this.#steps = sharesOf(table).map((shares) =>
      shares.map((share, l) => {
        const length = share - (shares[l - 1] ?? 0);
        const column = builder.addColumn({ cost: length });
        return {
          row: builder.addRow({ lower: 0, indices: [this.#tau, column], values: [1, 1] }),
          column,
          share,
          length,
        };
      }),
    );
  }

  setCosts(solver: LinearSolver, counted: boolean): void {
    solver.setCost(this.#tau, counted ? this.#table.problem.gammaDelay : 0);
    for (const step of this.#steps.flat()) solver.setCost(step.column, counted ? step.length : 0);
  }

  /** The pattern's coefficients. */
  forPattern({ deployment, queryTypes, fractions }: Pattern, put: (row: number, value: number) => void): void {
    const { problem } = this.#table;
    const pair = this.#table.pair[deployment];
    for (let t = 0; t < queryTypes.length; t++) {
      const cost = problem.deviationDelayCost[queryTypes[t] * problem.deployments.count + deployment] * fractions[t];
      for (const { row, share } of this.#steps[queryTypes[t]]) {
        if (share <= problem.delayShare[pair]) put(row, -cost);
      }
    }
  }

  /** (i): what the duals of its steps add up to, the xi of a worst case. */
  scenario(duals: Float64Array): number[] {
    return this.#steps.map((steps) => steps.reduce((sum, { row }) => sum + Math.max(0, duals[row] ?? 0), 0));
  }

  /** Adds what the duals charge per fraction to (i, d) rates. */
  chargeRates(duals: Float64Array, rates: Float64Array): void {
    const { deployments, deviationDelayCost, delayShare } = this.#table.problem;
    const { count, pair } = deployments;
    this.#steps.forEach((steps, i) => {
      for (const { row, share } of steps) {
        const price = duals[row];
        if (price <= 0) continue;
        for (let d = 0; d < count; d++) {
          if (share <= delayShare[pair[d]]) rates[i * count + d] += price * deviationDelayCost[i * count + d];
        }
      }
    });
  }

  /**
   * The least that tau and sigma add to a Lagrangian bound (0 unless the duals are infeasible for them by rounding;
   * none need be above the largest cost).
   */
  boundContribution(duals: Float64Array): number {
    let total = 0;
    let tauReduced = this.#table.problem.gammaDelay;
    for (const { row, length } of this.#steps.flat()) {
      tauReduced -= duals[row];
      total += Math.min(0, length - duals[row]) * this.#largest;
    }
    return total + Math.min(0, tauReduced) * this.#largest;
  }
}
