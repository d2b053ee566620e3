/** Rows that a master without a pool has only once a point violates them. */
import { separateGpuCovers } from './gpuCovers.ts';
import type { MasterPoint } from './masterPoint.ts';
import { pooledCoefficient } from './patternTerms.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';
import { separateSubsetRows } from './subsetRowCuts.ts';

/** Makes rows of the most violated subset-row cuts, as far as there may be more; false if there are none. */
export function addSubsetRows(master: RestrictedMaster, point: MasterPoint): boolean {
  const { problem, parameters } = master.table;
  const { numQueryTypes } = problem;
  const { largestPricedSize, pricedPerRound, pricedPerQueryType, pricedPerMember } = parameters.cuts;
  if (numQueryTypes > largestPricedSize) return false;
  const room = Math.ceil(pricedPerQueryType * numQueryTypes) - master.subsetRows.length;
  if (room <= 0) return false;
  const most = Math.min(room, Math.ceil(pricedPerRound * numQueryTypes));
  const triples = separateSubsetRows(master, point, most, pricedPerMember);
  master.addSubsetRows(triples);
  return triples.length > 0;
}

/** Makes rows of violated covers of GPU limits, as far as there may be more; false if there are none. */
export function addGpuCovers(master: RestrictedMaster, point: MasterPoint): boolean {
  const room = master.table.parameters.gpuCovers.mostRows - master.gpuCoverRows.length;
  if (room <= 0) return false;
  const covers = separateGpuCovers(master, point).slice(0, room);
  master.addGpuCovers(covers);
  return covers.length > 0;
}

/** Makes rows of the pooled delay limits that the point violates; false if there are none. */
export function addPooledRows(master: RestrictedMaster, point: MasterPoint): boolean {
  const { table } = master;
  const { problem, parameters } = table;
  if (!problem.delayRule.isPooled) return false;
  const { pooledDelayTolerance } = parameters.master;
  let added = false;
  for (let i = 0; i < problem.numQueryTypes; i++) {
    const limit = problem.delayLimit[i];
    if (master.pooledRow[i] >= 0 || limit === Infinity) continue;
    let excess = 0;
    for (const { pattern, weight } of point.patterns)
      excess += weight * pooledCoefficient(table, master.patterns[pattern], i);
    if (excess <= pooledDelayTolerance * Math.max(1, limit)) continue;
    master.addPooledRow(i);
    added = true;
  }
  return added;
}
