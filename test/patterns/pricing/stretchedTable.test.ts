import { describe, expect, it } from 'vitest';
import { generateReference } from '../../../src/generator/generateReference.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { fractionTolerance } from '../../../src/model/compiled/planningProblem.ts';
import { presets } from '../../../src/model/options.ts';
import { buildPatternTable, stretchedTable } from '../../../src/patterns/pricing/patternTable.ts';

const reference = generateReference();
const strict = {
  ...reference,
  queryTypes: reference.queryTypes.map((query) => ({
    ...query,
    unmetCap: 0.05,
    delayThreshold: query.delayThreshold! / 8,
  })),
};
const problem = compileProblem(strict, { ...presets.reference, delayRule: 'last-deployment' });

/** (deployment, query type): the largest fraction at a stretch, by the compiled problem, where enough is served. */
function expectedEntries(stretch: number): string[] {
  const { deployments, numQueryTypes, numPairs, maxFraction, cacheUse, loadUse, delayLimit, worstDelay } = problem;
  const entries: string[] = [];
  for (let d = 0; d < deployments.count; d++) {
    for (let i = 0; i < numQueryTypes && deployments.maxReplicas[d] > 0; i++) {
      const cell = i * deployments.count + d;
      const replicas = deployments.maxReplicas[d];
      const most = Math.min(
        maxFraction[cell],
        cacheUse[cell] > 0 ? (deployments.memoryRoom[d] * deployments.gpus[d] * replicas) / cacheUse[cell] : Infinity,
        loadUse[cell] > 0 ? (deployments.loadCapacity[d] * replicas) / loadUse[cell] : Infinity,
        (delayLimit[i] * stretch) / worstDelay[i * numPairs + deployments.pair[d]],
      );
      if (most >= Math.max(0, 1 - problem.unmetCap[i] - fractionTolerance))
        entries.push(`${d} ${i} ${most.toFixed(12)}`);
    }
  }
  return entries;
}

describe('the table at a stretch of the delay limits', () => {
  it('has what keeps to the limits there, and no more', () => {
    const table = buildPatternTable(problem);
    const sizes = [1, 2, 4, 8].map((stretch) => {
      const { start, queryType, high, low, leastFraction, numDeployments, widest } = stretchedTable(table, stretch);
      const entries: string[] = [];
      for (let d = 0; d < numDeployments; d++) {
        expect(start[d + 1] - start[d]).toBeLessThanOrEqual(widest);
        for (let e = start[d]; e < start[d + 1]; e++) {
          entries.push(`${d} ${queryType[e]} ${high[e].toFixed(12)}`);
          expect(low[e]).toBe(Math.min(leastFraction[queryType[e]], high[e]));
        }
      }
      expect(entries).toEqual(expectedEntries(stretch));
      return entries.length;
    });
    expect(new Set(sizes).size).toBeGreaterThan(2);
  });

  it('is the same where nothing changes, as under other rules', () => {
    const table = buildPatternTable(problem);
    expect(stretchedTable(table, Infinity)).toBe(table);
    expect(stretchedTable(table, 1e6)).toBe(table);
    const other = buildPatternTable(compileProblem(reference, presets.corrected));
    expect(other.problem.delayRule.stretchingPair).toBe(-1);
    expect(stretchedTable(other, 1)).toBe(other);
  });
});
