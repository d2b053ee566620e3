/**
 * Rows over the GPUs that deployments share: what is available of a tier, fleet limits (specification 14) and
 * commitments (specification 13.4). Each is  sum_k perGpu_k (GPUs of k) [- extra] <= limit;  for a commitment `extra`
 * is a column of the GPUs of its tier beyond those that are paid for anyway, at the tier's rental.
 */
import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { LinearSolver } from '../../lp/simplexTypes.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { gpusOf, type PatternTable } from '../pricing/patternTable.ts';

interface GpuLimit {
  /** (k). */
  readonly perGpu: Float64Array;
  readonly most: number;
}

interface Commitment extends GpuLimit {
  readonly column: number;
  /** $ over the rental period for one more GPU. */
  readonly price: number;
  /** GPUs beyond the commitment that can be rented at all. */
  readonly largest: number;
}

/** What is available of tiers, and fleet limits: plans keep them. */
export function gpuLimits({ available, fleetLimits, numTiers }: PlanningProblem): GpuLimit[] {
  const limits: GpuLimit[] = [];
  available.forEach((most, k) => {
    if (most < Infinity) limits.push({ perGpu: onlyTier(numTiers, k), most });
  });
  return [...limits, ...fleetLimits];
}

function onlyTier(numTiers: number, tier: number): Float64Array {
  return new Float64Array(numTiers).fill(1, tier, tier + 1);
}

export class GpuRows {
  readonly #table: PatternTable;
  readonly #commitments: Commitment[] = [];
  readonly #limits: (GpuLimit & { readonly row: number })[] = [];

  /** Makes the columns of commitments; `addRows` makes the rows. */
  constructor(table: PatternTable, builder: MixedIntegerProgramBuilder) {
    this.#table = table;
    const { committed, instance, numTiers, deployments } = table.problem;
    committed.forEach((most, k) => {
      if (most <= 0) return;
      let largest = 0;
      for (let d = 0; d < table.numDeployments; d++) {
        if (deployments.tier[d] === k) largest += gpusOf(table, d, table.mostReplicas[d]);
      }
      const price = instance.rentalPeriod * instance.tiers[k].price;
      const column = builder.addColumn({ cost: price, upper: largest });
      this.#commitments.push({ perGpu: onlyTier(numTiers, k), most, column, price, largest });
    });
  }

  /** Columns of the budget row, with c times what they count there. */
  budgetTerms(): { readonly indices: number[]; readonly values: number[] } {
    const { rentalBudgetFactor } = this.#table.problem;
    return {
      indices: this.#commitments.map(({ column }) => column),
      values: this.#commitments.map(({ price }) => rentalBudgetFactor * price),
    };
  }

  addRows(builder: MixedIntegerProgramBuilder): void {
    for (const limit of gpuLimits(this.#table.problem)) {
      this.#limits.push({ ...limit, row: builder.addRow({ upper: limit.most }) });
    }
    for (const { perGpu, most, column } of this.#commitments) {
      const row = builder.addRow({ upper: most, indices: [column], values: [-1] });
      this.#limits.push({ perGpu, most, row });
    }
  }

  /** Rows of what is available by tier, of fleet limits by position, of commitments by tier; -1: none. */
  rows(): { readonly available: number[]; readonly fleetLimits: number[]; readonly committed: number[] } {
    const { available, committed, fleetLimits } = this.#table.problem;
    let next = 0;
    const take = (isThere: boolean) => (isThere ? this.#limits[next++].row : -1);
    return {
      available: Array.from(available, (most) => take(most < Infinity)),
      fleetLimits: fleetLimits.map(() => take(true)),
      committed: Array.from(committed, (most) => take(most > 0)),
    };
  }

  setCosts(solver: LinearSolver, counted: boolean): void {
    for (const { column, price } of this.#commitments) solver.setCost(column, counted ? price : 0);
  }

  /** The coefficients of a deployment with its replicas. */
  forPattern(deployment: number, replicas: number, put: (row: number, value: number) => void): void {
    const tier = this.#table.problem.deployments.tier[deployment];
    const gpus = gpusOf(this.#table, deployment, replicas);
    for (const { row, perGpu } of this.#limits) put(row, perGpu[tier] * gpus);
  }

  /** (k): the price <= 0 of a GPU, and what rows and columns add to the Lagrangian bound; `factor` is that of costs. */
  price(priceOf: (row: number) => number, budgetPrice: number, factor: number) {
    const tierPrice = new Float64Array(this.#table.problem.numTiers);
    let bound = 0;
    for (const { row, perGpu, most } of this.#limits) {
      const price = priceOf(row);
      if (price === 0) continue;
      bound += price * most;
      perGpu.forEach((use, k) => {
        tierPrice[k] += price * use;
      });
    }
    const first = this.#limits.length - this.#commitments.length;
    this.#commitments.forEach(({ price, largest }, t) => {
      const { rentalBudgetFactor } = this.#table.problem;
      const reduced = price * (factor - budgetPrice * rentalBudgetFactor) + priceOf(this.#limits[first + t].row);
      bound += Math.min(0, reduced) * largest;
    });
    return { tierPrice, bound };
  }
}
