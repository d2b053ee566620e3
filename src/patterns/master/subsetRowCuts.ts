/**
 * Subset-row cuts (Jepsen, Petersen, Spoorendonk, Pisinger, Operations Research 56 (2008)): for three query types, at
 * most one chosen pattern holds two or more of them,
 *
 *   sum over patterns of floor(|S n T| / 2) lambda <= 1,   |T| = 3,
 *
 * the Chvatal-Gomory cut of their cover rows with multipliers 1/2. A query type that stands for others alike is covered
 * as often as there are of them, and is in no row.
 */
import type { MasterPoint } from './masterPoint.ts';
import type { SubsetTriple } from './patternTerms.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

/** The most violated triples, at most `most` of them, each query type in at most `mostPerQueryType`. */
export function separateSubsetRows(
  master: RestrictedMaster,
  point: MasterPoint,
  most: number,
  mostPerQueryType: number,
): SubsetTriple[] {
  const { numQueryTypes } = master.table.problem;
  const { leastViolation } = master.table.parameters.cuts;
  const { copies } = master.table.alike.queryTypes;
  const together = new Float64Array(numQueryTypes * numQueryTypes);
  const holding: { readonly holds: Uint8Array; readonly weight: number }[] = [];
  for (const { pattern, weight } of point.patterns) {
    const queryTypes = Array.from(master.patterns[pattern].queryTypes).filter((i) => copies[i] === 1);
    if (queryTypes.length < 2) continue;
    const holds = new Uint8Array(numQueryTypes);
    for (const i of queryTypes) {
      holds[i] = 1;
      for (const other of queryTypes) together[i * numQueryTypes + other] += weight;
    }
    holding.push({ holds, weight });
  }
  const known = new Set(master.subsetRows.map(({ triple }) => triple.join()));
  const violated: { triple: SubsetTriple; violation: number }[] = [];
  for (let a = 0; a < numQueryTypes; a++) {
    for (let b = a + 1; b < numQueryTypes; b++) {
      const pairAB = together[a * numQueryTypes + b];
      for (let c = b + 1; c < numQueryTypes; c++) {
        const twice = pairAB + together[a * numQueryTypes + c] + together[b * numQueryTypes + c];
        if (twice <= 1 + leastViolation) continue;
        // A pattern with all three was counted three times.
        let all = 0;
        for (const { holds, weight } of holding) if (holds[a] + holds[b] + holds[c] === 3) all += weight;
        const violation = twice - 2 * all - 1;
        if (violation <= leastViolation) continue;
        const triple: SubsetTriple = [a, b, c];
        if (!known.has(triple.join())) violated.push({ triple, violation });
      }
    }
  }
  violated.sort((one, other) => other.violation - one.violation || compareTriples(one.triple, other.triple));
  const uses = new Int32Array(numQueryTypes);
  const chosen: SubsetTriple[] = [];
  for (const { triple } of violated) {
    if (chosen.length >= most) break;
    if (triple.some((i) => uses[i] >= mostPerQueryType)) continue;
    for (const i of triple) uses[i]++;
    chosen.push(triple);
  }
  return chosen;
}

function compareTriples(one: SubsetTriple, other: SubsetTriple): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
