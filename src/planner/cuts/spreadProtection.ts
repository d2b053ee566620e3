/**
 * Cuts that keep a query type's worst case from being spread over fractions of placements (split placement). With
 * theta >= sum_g xi_g a_g for every xi_g <= s_g, sum xi_g <= Gamma, where a_g = c_g v_g and the fractions v_g of the
 * sum add up to T at most, xi may follow v: xi_g = min(s_g, R v_g) with R = Gamma / T, so
 *
 *   theta >= sum_g c_g v_g min(s_g, R v_g) >= sum_g c_g (2 R alpha_g v_g - R alpha_g^2 z_g),
 *   0 <= alpha_g <= 1 - sqrt(1 - min(s_g, R) / R),
 *
 * the last being tangents of the convex envelope on v_g <= z_g in {0, 1}; any subset of the entries may be left out.
 * Where Gamma does not exceed any share and T = 1, theta is Gamma times the largest a_g, and
 *
 *   theta >= Gamma sum_g c_g (3 v_g - z_g) / 2
 *
 * holds as well: with h the largest entry, sum_{g != h} c_g (3 v_g - 1) <= c_h (1 - v_h), since c_g <= c_h v_h / v_g,
 * at most two terms are positive, one gives (4 v_h - 1)(1 - v_h) <= v_h, two (v_h < 1/3 then)
 * v_h (6 - 4 / (1 - v_h)) <= 1 - v_h.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { type ModelCut, RowBuilder } from './modelCut.ts';

/** Entries served less than this part of what is placed give coefficients too small to matter. */
const leastPart = 0.01;

/** A protected sum with the columns that say whether its entries are there. */
interface SpreadSum {
  readonly worstCase: { readonly columns: readonly number[]; readonly coefficients: readonly number[] };
  /** Gamma / T. */
  readonly rate: number;
  /** Whether theta is Gamma times the largest entry of one query type. */
  readonly isLargest: boolean;
  /** By term (entry and degree): fraction, opener, deviation, largest alpha. */
  readonly v: readonly number[];
  readonly z: readonly number[];
  readonly deviation: readonly number[];
  readonly alpha: readonly number[];
}

export function spreadProtectionCuts(formulation: StrengthenedFormulation): ModelCut {
  const sums = !formulation.problem.placement.isSingle ? spreadSums(formulation) : [];
  return {
    name: 'spread protection',
    *separate(point) {
      for (const sum of sums) {
        const cut = cutOf(sum, point);
        if (cut !== null) yield cut;
      }
    },
  };
}

function spreadSums({ problem, columns, protectedSums }: StrengthenedFormulation): SpreadSum[] {
  const { count } = problem.deployments;
  const placeOf = new Map<number, number>();
  columns.v.forEach((column, at) => {
    if (column >= 0) placeOf.set(column, at);
  });
  return protectedSums.map(({ sum, worstCase }) => {
    const queryTypes = new Set<number>();
    const places = sum.entries.flatMap((entry) => entry.columns.map((column) => placeOf.get(column)!));
    for (const at of places) queryTypes.add(Math.floor(at / count));
    const rate = sum.gamma / Math.max(1, queryTypes.size);
    const largestAlpha = (share: number) => 1 - Math.sqrt(1 - Math.min(share, rate) / rate);
    return {
      worstCase,
      rate,
      isLargest: queryTypes.size === 1 && sum.entries.every(({ share }) => sum.gamma <= share),
      v: sum.entries.flatMap((entry) => entry.columns),
      z: places.map((at) => (columns.z[at] >= 0 ? columns.z[at] : columns.w[at % count])),
      deviation: sum.entries.flatMap((entry) => entry.deviations),
      alpha: sum.entries.flatMap((entry) => entry.columns.map(() => largestAlpha(entry.share))),
    };
  });
}

/** The more violated of the two rows, if one is. */
function cutOf(sum: SpreadSum, point: Float64Array): SparseRow | null {
  const { v, z, deviation, alpha, rate, worstCase } = sum;
  const tangents = new RowBuilder();
  const halves = new RowBuilder();
  let gainOfTangents = 0;
  let gainOfHalves = 0;
  for (let t = 0; t < v.length; t++) {
    const served = point[v[t]];
    const placed = point[z[t]];
    if (served <= leastPart * placed || served <= 1e-9) continue;
    const at = Math.min(alpha[t], served / placed);
    const slope = 2 * rate * at * deviation[t];
    const loss = rate * at * at * deviation[t];
    tangents.add(v[t], slope);
    tangents.add(z[t], -loss);
    gainOfTangents += slope * served - loss * placed;
    if (!sum.isLargest || 3 * served <= placed) continue;
    halves.add(v[t], 1.5 * rate * deviation[t]);
    halves.add(z[t], -0.5 * rate * deviation[t]);
    gainOfHalves += 0.5 * rate * deviation[t] * (3 * served - placed);
  }
  const row = gainOfHalves > gainOfTangents ? halves : tangents;
  worstCase.columns.forEach((column, t) => {
    row.add(column, -worstCase.coefficients[t]);
  });
  return row.atMost(0, point);
}
