/** Covers of GPU limits: violated where they were found, held by every whole choice of patterns, and optima stay. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreeSearch } from '../../../src/bnb/treeSearch.ts';
import { generateFleet } from '../../../src/generator/generateFleet.ts';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { type IndexedPlan, toPlan } from '../../../src/model/compiled/indexedPlan.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { presets } from '../../../src/model/options.ts';
import { separateGpuCovers } from '../../../src/patterns/master/gpuCovers.ts';
import type { MasterPoint } from '../../../src/patterns/master/masterPoint.ts';
import { stepsOfCover } from '../../../src/patterns/master/patternTerms.ts';
import type { RestrictedMaster } from '../../../src/patterns/master/restrictedMaster.ts';
import { defaultPatternParameters } from '../../../src/patterns/parameters.ts';
import { PatternRelaxation } from '../../../src/patterns/patternRelaxation.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const numTiers = 2;
const numPairs = 4;

interface Deployment {
  readonly pair: number;
  readonly gpus: number;
  readonly most: number;
}

interface Use {
  readonly deployment: number;
  readonly replicas: number;
  readonly weight: number;
}

const deployment: fc.Arbitrary<Deployment> = fc.record({
  pair: fc.nat(numPairs - 1),
  gpus: fc.constantFrom(1, 1, 2, 3, 4),
  most: fc.integer({ min: 1, max: 3 }),
});

const limits = fc.record({
  available: fc.tuple(fc.constantFrom(Infinity, 4, 7, 10), fc.constantFrom(Infinity, 5, 9)),
  kilowatts: fc.tuple(fc.constantFrom(0.4, 0.7, 1, 1.3), fc.constantFrom(0, 0.3, 0.9)),
  power: fc.integer({ min: 2, max: 12 }),
});

const drawn = fc.array(deployment, { minLength: 2, maxLength: 6 }).chain((deployments) =>
  fc.record({
    deployments: fc.constant(deployments),
    limits,
    uses: fc.array(
      fc.record({
        deployment: fc.nat(deployments.length - 1),
        replicas: fc.nat(2),
        share: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 2, maxLength: 12 },
    ),
  }),
);

/** Weights of each pair's patterns add up to 1. */
function weighted(
  deployments: readonly Deployment[],
  uses: readonly { readonly deployment: number; readonly replicas: number; readonly share: number }[],
): Use[] {
  const pairOf = (use: { readonly deployment: number }) => deployments[use.deployment].pair;
  return uses.map((use) => {
    const total = uses.reduce((sum, other) => sum + (pairOf(other) === pairOf(use) ? other.share : 0), 0);
    const replicas = 1 + (use.replicas % deployments[use.deployment].most);
    return { deployment: use.deployment, replicas, weight: use.share / total };
  });
}

describe('covers of GPU limits', () => {
  it('cut off the point that they were found at, and no whole choice of patterns that keeps the limits', () => {
    let found = 0;
    fc.assert(
      fc.property(drawn, ({ deployments, limits: { available, kilowatts, power }, uses: shares }) => {
        const uses = weighted(deployments, shares);
        const tierOf = ({ pair }: Deployment) => pair % numTiers;
        const master = {
          table: {
            isMerged: false,
            numDeployments: deployments.length,
            pair: Int32Array.from(deployments, ({ pair }) => pair),
            mostReplicas: Int32Array.from(deployments, ({ most }) => most),
            parameters: defaultPatternParameters,
            problem: {
              numTiers,
              available: Float64Array.from(available),
              fleetLimits: [{ perGpu: Float64Array.from(kilowatts), most: power }],
              deployments: {
                tier: Int32Array.from(deployments, tierOf),
                gpus: Int32Array.from(deployments, ({ gpus }) => gpus),
              },
            },
          },
          patterns: uses,
          gpuCoverRows: [],
        } as unknown as RestrictedMaster;
        const point = { patterns: uses.map(({ weight }, pattern) => ({ pattern, weight })) } as unknown as MasterPoint;
        const covers = separateGpuCovers(master, point).map((cover) => ({
          most: cover.most,
          steps: stepsOfCover(master.table, cover),
        }));
        found += covers.length;
        for (const { steps, most } of covers) {
          const value = uses.reduce((sum, use) => sum + (use.replicas >= steps[use.deployment] ? use.weight : 0), 0);
          expect(value).toBeGreaterThan(most + defaultPatternParameters.cuts.leastViolation - 1e-9);
        }
        const keepsLimits = (gpus: readonly number[]) =>
          gpus.every((count, k) => count <= available[k]) &&
          kilowatts[0] * gpus[0] + kilowatts[1] * gpus[1] <= power + 1e-9;
        // Every choice of nothing or one deployment with its replicas on each pair.
        const choose = (pair: number, gpus: readonly number[], counts: readonly number[]) => {
          if (!keepsLimits(gpus)) return;
          if (pair === numPairs) {
            covers.forEach(({ most }, t) => {
              if (counts[t] > most) throw new Error(`a choice breaks cover ${t}: ${counts[t]} of ${most}`);
            });
            return;
          }
          choose(pair + 1, gpus, counts);
          deployments.forEach((one, d) => {
            if (one.pair !== pair) return;
            for (let m = 1; m <= one.most; m++) {
              choose(
                pair + 1,
                gpus.map((count, k) => count + (k === tierOf(one) ? m * one.gpus : 0)),
                counts.map((count, t) => count + (m >= covers[t].steps[d] ? 1 : 0)),
              );
            }
          });
        };
        if (covers.length > 0)
          choose(
            0,
            [0, 0],
            covers.map(() => 0),
          );
      }),
      { numRuns: 1000, seed: 24 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('leave the optimum of fleets with limits as HiGHS finds it, and are used there', async () => {
    let solvesWithCovers = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const instance = generateFleet({ seed, queryTypes: 7, models: 4, tiers: 5, replicas: [0.5, 30] });
      const options = { ...presets.recommended, uncertainty: 'none' } as const;
      const problem = compileProblem(instance, options);
      const optimum = await optimumOf(buildStrengthened(problem));
      const relaxation = new PatternRelaxation(problem, { heuristics: false });
      const door = (solution: IndexedPlan) => {
        const { ok, cost } = checkPlan(instance, options, toPlan(problem, solution));
        return ok ? { cost: cost.total, solution } : null;
      };
      const result = new TreeSearch(relaxation, { door, relativeGap: 1e-7, nodeLimit: 3000 }).run();
      expect(result.status).toBe('optimal');
      expect(relativeDifference(result.cost ?? Infinity, optimum)).toBeLessThan(optimumTolerance);
      if (relaxation.saveState().master.steps.some(({ kind }) => kind === 'gpuCovers')) solvesWithCovers++;
    }
    expect(solvesWithCovers).toBeGreaterThan(1);
  });
});
