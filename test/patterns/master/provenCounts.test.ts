/**
 * Counts proven at a root: what they rule out costs as much as is said, by the compact relaxation under a fleet limit,
 * which shares neither master nor pricing; and the optimum keeps them.
 */
import { describe, expect, it } from 'vitest';
import { type KindName, kindInstance } from '../../../bench/kinds.ts';
import type { SolveResult } from '../../../src/index.ts';
import { optimize } from '../../../src/index.ts';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { presets } from '../../../src/model/options.ts';
import { readPoint } from '../../../src/patterns/master/masterPoint.ts';
import { countBetween, restrictionsOf } from '../../../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../../../src/patterns/master/pricedColumns.ts';
import { type ProvenCount, proveCount } from '../../../src/patterns/master/provenCounts.ts';
import { RestrictedMaster } from '../../../src/patterns/master/restrictedMaster.ts';
import { PatternPricer } from '../../../src/patterns/pricing/patternPricer.ts';
import { mergedPatternTable } from '../../../src/patterns/pricing/patternTable.ts';

const options = presets.corrected;
const never = () => false;

/** What is proven at the root, one count after the other, for plans below `cutoff`. */
function countsOf(instance: ReturnType<typeof kindInstance>, cutoff: number): ProvenCount[] {
  const table = mergedPatternTable(compileProblem(instance, options))!;
  const master = new RestrictedMaster(table);
  const open = { blocked: new Uint8Array(table.queryType.length), closed: new Uint8Array(table.numDeployments) };
  let restrictions = restrictionsOf(table, [], open);
  const pricer = new PatternPricer(table);
  const tried = new Set<string>();
  const found: ProvenCount[] = [];
  for (;;) {
    master.restrict(restrictions);
    const { status } = drain(generateColumns(master, pricer, restrictions, { cutoff, shouldStop: never }));
    if (status !== 'converged') return found;
    const limits = { cutoff, shouldStop: never };
    const proven = drain(proveCount(master, pricer, restrictions, readPoint(master), tried, limits));
    if (proven === null) return found;
    found.push(proven);
    restrictions = countBetween(restrictions, proven.decision);
  }
}

const compact = { preset: 'corrected', relaxation: 'compact', gap: 1e-7 } as const;

function numbersOf({ plan }: SolveResult) {
  const rented = plan!.deployments;
  const gpus = rented.reduce((sum, { tpDegree, replicas = 1 }) => sum + tpDegree * replicas, 0);
  return { gpus, rented: rented.length };
}

const cases = (['alike tiers', 'bin packing'] as const).flatMap((of: KindName) =>
  [1, 2, 3, 4, 5, 6].map((seed) => ({ of, seed, queryTypes: 6, models: of === 'bin packing' ? 1 : 2, tiers: 5 })),
);

describe('counts proven at the root', () => {
  it('rule out what costs too much, and nothing of the best plan', () => {
    let proven = 0;
    for (const member of cases) {
      const instance = kindInstance(member);
      const best = optimize(instance, compact);
      const optimum = best.cost!.total;
      const { gpus, rented } = numbersOf(best);
      for (const { decision, bound } of countsOf(instance, optimum * 1.02)) {
        proven++;
        const number = decision.inGpus === true ? gpus : rented;
        expect(number).toBeGreaterThanOrEqual(decision.least);
        expect(number).toBeLessThanOrEqual(decision.most);
        expect(bound).toBeGreaterThanOrEqual(optimum * 1.02 * (1 - 1e-9));
        if (decision.inGpus !== true || decision.least === 0) continue;
        const perGpu = Object.fromEntries(instance.tiers.map(({ name }) => [name, 1]));
        const fleetLimits = [{ name: 'GPUs', unit: 'GPUs', perGpu, most: decision.least - 1 }];
        const without = optimize({ ...instance, fleetLimits }, compact);
        expect(without.cost?.total ?? Infinity).toBeGreaterThanOrEqual(Math.min(bound, 1e300) * (1 - 1e-6));
      }
    }
    expect(proven).toBeGreaterThan(cases.length / 2);
  });
});
