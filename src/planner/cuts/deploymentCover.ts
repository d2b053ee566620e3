/**
 * Lifted cover cuts on a deployment's memory and compute. Under single placement a placed query type takes at least
 * s_i = use_i * (1 - zeta_i), so sum_i s_i z_i <= capacity * w. If a set C does not fit, sum_{C} s_i > capacity, then
 *
 *   sum_i c_i z_i <= (|C| - 1) w,   c_i = 1 on C, lifted elsewhere.
 *
 * Valid: for w = 1 it is a lifted cover inequality of the knapsack; for w = 0 both sides are 0, as z <= w. It is the
 * cover inequality at z / w, so a fractional w is cut as well. With `unmetCap` 1 the sizes are 0 and there are none
 * (see flowCover.ts).
 */
import { liftedCover } from '../../bnb/cuts/knapsackCover.ts';
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { type DeploymentLoad, deploymentLoads } from './deploymentLoads.ts';
import { type ModelCut, RowBuilder } from './modelCut.ts';

export function deploymentCoverCuts(formulation: StrengthenedFormulation): ModelCut {
  const loads = deploymentLoads(formulation).filter(({ use, least, capacity }) => {
    const total = use.reduce((sum, amount, t) => sum + amount * least[t], 0);
    return total > capacity;
  });
  const scaled = new Float64Array(formulation.program.numColumns);
  return {
    name: 'deployment cover',
    *separate(point) {
      for (const load of loads) {
        const cut = coverOf(load, point, scaled);
        if (cut !== null) yield cut;
      }
    },
  };
}

function coverOf(load: DeploymentLoad, point: Float64Array, scaled: Float64Array): SparseRow | null {
  const rented = point[load.w];
  if (rented <= 1e-9) return null;
  const items = [...load.z.keys()].filter((t) => load.least[t] > 0);
  for (const t of items) scaled[load.z[t]] = Math.min(1, point[load.z[t]] / rented);
  const knapsack = {
    columns: Int32Array.from(items, (t) => load.z[t]),
    isComplemented: new Uint8Array(items.length),
    weights: Float64Array.from(items, (t) => load.use[t] * load.least[t]),
    capacity: load.capacity,
  };
  const cut = liftedCover(knapsack, scaled);
  if (cut === null) return null;
  const row = new RowBuilder();
  for (let t = 0; t < cut.indices.length; t++) row.add(cut.indices[t], cut.values[t]);
  row.add(load.w, -cut.upper);
  return row.atMost(0, point);
}
