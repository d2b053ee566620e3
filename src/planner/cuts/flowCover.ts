/**
 * Flow cover cuts on a deployment's memory and compute, from sum_i a_i v_i <= A w, v_i <= f_i z_i. If the query types
 * of C cannot all be served in full, lambda = sum_{C} a_i f_i - A > 0, then
 *
 *   sum_{C} a_i v_i + sum_{C} max(0, a_i f_i - lambda) (w - z_i) <= A w.
 *
 * Valid: for w = 0 all is 0. For w = 1 let T be the members of C with z_i = 0 and a_i f_i > lambda. If T is empty the
 * row is the capacity. Otherwise sum_{C} a_i v_i <= sum_{C} a_i f_i - sum_{T} a_i f_i = A + lambda - sum_{T} a_i f_i,
 * and adding sum_{T} (a_i f_i - lambda) leaves at most A + lambda (1 - |T|) <= A (Padberg, Van Roy and Wolsey 1985). A
 * query type j outside C is lifted: with m_1 >= m_2 >= ... the loads a_i f_i > lambda of C and M_s the sum of the first
 * s, if M_s - lambda < a_j f_j < M_s then a_j v_j - (M_s - s lambda) z_j may be added on the left, for all such j at
 * once (Gu, Nemhauser and Savelsbergh 1999, superadditive lifting). Both placements; holds with `unmetCap` 1, where
 * covers on z say nothing.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { type DeploymentLoad, deploymentLoads } from './deploymentLoads.ts';
import { type ModelCut, overloadTolerance, RowBuilder } from './modelCut.ts';

export function flowCoverCuts(formulation: StrengthenedFormulation): ModelCut {
  const loads = deploymentLoads(formulation).filter(({ use, fraction, capacity }) => {
    const total = use.reduce((sum, amount, t) => sum + amount * fraction[t], 0);
    return total > capacity * (1 + overloadTolerance);
  });
  return {
    name: 'flow cover',
    *separate(point) {
      for (const load of loads) {
        const cut = flowCoverOf(load, point);
        if (cut !== null) yield cut;
      }
    },
  };
}

/**
 * The cover is grown in the order of (w - z_i) per load, then every prefix that overloads is tried; the most violated
 * row is given.
 */
function flowCoverOf(load: DeploymentLoad, point: Float64Array): SparseRow | null {
  const { use, fraction, capacity, v, z, w } = load;
  const rented = point[w];
  if (rented <= 1e-9) return null;
  const size = (t: number) => use[t] * fraction[t];
  const missing = (t: number) => rented - point[z[t]];
  const order = [...z.keys()]
    .filter((t) => size(t) > 0 && point[z[t]] > 1e-9)
    .sort((a, b) => missing(a) / size(a) - missing(b) / size(b) || a - b);
  let bestPrefix = 0;
  let bestGain = 0;
  let total = 0;
  for (let length = 1; length <= order.length; length++) {
    total += size(order[length - 1]);
    const lambda = total - capacity;
    if (lambda <= overloadTolerance * capacity) continue;
    let gain = -capacity * rented;
    for (let s = 0; s < length; s++) {
      const t = order[s];
      gain += use[t] * point[v[t]] + Math.max(0, size(t) - lambda) * missing(t);
    }
    if (gain <= bestGain) continue;
    bestGain = gain;
    bestPrefix = length;
  }
  if (bestPrefix === 0) return null;
  const cover = order.slice(0, bestPrefix);
  const lambda = cover.reduce((sum, t) => sum + size(t), 0) - capacity;
  const row = new RowBuilder();
  let ofRented = -1;
  for (const t of cover) {
    const lift = Math.max(0, size(t) - lambda) / capacity;
    row.add(v[t], use[t] / capacity);
    row.add(z[t], -lift);
    ofRented += lift;
  }
  row.add(w, ofRented);
  liftOthers(load, cover, lambda, point, row);
  return row.atMost(0, point);
}

/** Adds the query types outside the cover whose lifted terms are positive at the point. */
function liftOthers(
  { use, fraction, capacity, v, z }: DeploymentLoad,
  cover: readonly number[],
  lambda: number,
  point: Float64Array,
  row: RowBuilder,
): void {
  const sums = [0];
  const large = cover.map((t) => use[t] * fraction[t]).filter((amount) => amount > lambda);
  for (const amount of large.sort((a, b) => b - a)) sums.push(sums[sums.length - 1] + amount);
  const isInCover = new Set(cover);
  const margin = overloadTolerance * capacity;
  for (let t = 0; t < z.length; t++) {
    if (isInCover.has(t) || point[z[t]] <= 1e-9) continue;
    const amount = use[t] * fraction[t];
    const s = sums.findIndex((sum, at) => at > 0 && sum - lambda + margin < amount && amount < sum - margin);
    if (s < 0) continue;
    const ofPlaced = sums[s] - s * lambda;
    if (use[t] * point[v[t]] - ofPlaced * point[z[t]] <= 0) continue;
    row.add(v[t], use[t] / capacity);
    row.add(z[t], -ofPlaced / capacity);
  }
}
