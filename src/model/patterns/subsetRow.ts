/**
 * Rank-1 cuts over the cover rows: for query types T and multipliers u_i = weight_i / divisor < 1,
 *
 *   sum over patterns of floor(sum of u_i over S n T) lambda <= floor(sum of u_i over T),
 *
 * the Chvatal-Gomory cut of "each query type once" (Pecin, Pessoa, Poggi, Uchoa, Santos, Operations Research Letters 45 (2017), who give the
 * multipliers of up to five rows that no others dominate). With three members and u = 1/2 they are the subset-row cuts of Jepsen et al.
 */

/** Members of a row at most. */
export const mostMembers = 5;

export interface SubsetRow {
  /** Query types, rising. */
  readonly members: readonly number[];
  readonly weights: readonly number[];
  readonly divisor: number;
}

export function rowLimit({ weights, divisor }: SubsetRow): number {
  return Math.floor(weights.reduce((sum, weight) => sum + weight, 0) / divisor);
}

/** The coefficient of a pattern that holds `queryTypes`. */
export function rowCoefficient({ members, weights, divisor }: SubsetRow, queryTypes: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < queryTypes.length; at++) {
    const t = members.indexOf(queryTypes[at]);
    if (t >= 0) sum += weights[t];
  }
  return Math.floor(sum / divisor);
}

/** (mask of members held): the coefficient. */
export function coefficientsByMask({ weights, divisor }: Omit<SubsetRow, 'members'>): Uint8Array {
  return Uint8Array.from({ length: 1 << weights.length }, (_, mask) => {
    let sum = 0;
    weights.forEach((weight, t) => {
      if ((mask >> t) & 1) sum += weight;
    });
    return Math.floor(sum / divisor);
  });
}
