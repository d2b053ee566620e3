/**
 * Rows that count what is rented (proven counts of a merged root): which sets keep to them, and what a set pays where
 * the bound priced more or less than it counts. A plan costs what its duals say and, for each row, |price| times its
 * slack, which a set of deployments knows.
 */
import { priceOfCount } from '../master/dualPrices.ts';
import { countedDeployments, type NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import { gpusOf } from '../pricing/patternTable.ts';

interface CountedRow {
  readonly price: number;
  readonly least: number;
  readonly most: number;
  /** (d): what it counts there at least, and at most. */
  readonly leastOf: Float64Array;
  readonly mostOf: Float64Array;
}

export class SetCounts {
  readonly #rows: readonly CountedRow[];

  constructor(
    { table, countRows }: Pick<RestrictedMaster, 'table' | 'countRows'>,
    { counts }: NodeRestrictions,
    duals: Float64Array,
  ) {
    this.#rows = [...counts].flatMap(([key, counted]) => {
      const { holding, replicas, inGpus = false, least, most } = counted;
      if (holding !== undefined || replicas !== undefined) return [];
      const isMember = countedDeployments(table, counted);
      const countOf = (replicasOf: Int32Array) =>
        Float64Array.from(isMember, (mark, d) => mark * (inGpus ? gpusOf(table, d, replicasOf[d]) : 1));
      const row = countRows.get(key)?.row;
      const price = row === undefined ? 0 : priceOfCount(counted, duals[row] ?? 0);
      return [{ price, least, most, leastOf: countOf(table.leastReplicas), mostOf: countOf(table.mostReplicas) }];
    });
  }

  /** What a set that holds these pays at least; Infinity where none keeps to the counts. */
  ofPart(deployments: readonly number[]): number {
    let cost = 0;
    for (const { price, least, most, leastOf } of this.#rows) {
      const count = sum(deployments, leastOf);
      if (count > most) return Infinity;
      if (price > 0) cost += price * Math.max(0, count - least);
    }
    return cost;
  }

  /** The same of the set that holds nothing else. */
  ofSet(deployments: readonly number[]): number {
    let cost = this.ofPart(deployments);
    for (const { price, least, most, mostOf } of this.#rows) {
      const count = sum(deployments, mostOf);
      if (count < least) return Infinity;
      if (price < 0) cost -= price * Math.max(0, most - count);
    }
    return cost;
  }
}

function sum(deployments: readonly number[], values: Float64Array): number {
  let total = 0;
  for (const d of deployments) total += values[d];
  return total;
}
