/** The fleets that we ship, looked at with common sense and with HiGHS. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFleet } from '../../../src/exchange/fleet.ts';
import { compileFleet } from '../../../src/generator/fleet/compileFleet.ts';
import { starterFleet } from '../../../src/generator/fleet/starterFleet.ts';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { resolveOptions } from '../../../src/planner/resolveSolve.ts';
import { solveWithHighs } from '../../oracle/highs.ts';

const assistant = readFileSync(new URL('../../../examples/assistant.yaml', import.meta.url), 'utf8');
const asFleets = { maxReplicas: 'none', dropped: 'unplaced', penalties: 'per-period' } as const;

describe.each([
  ['the starter file', starterFleet()],
  ['examples/assistant.yaml', assistant],
])('%s', (_, text) => {
  const instance = compileFleet(parseFleet(text));
  const result = optimize(instance, { ...asFleets, gap: 1e-7 });
  const plan = result.plan!;

  it('has a proven plan that the verifier accepts, of the cost that HiGHS finds', async () => {
    expect(result.status).toBe('optimal');
    const options = resolveOptions(asFleets);
    expect(checkPlan(instance, options, plan).ok).toBe(true);
    const { program } = buildStrengthened(compileProblem(instance, options));
    const oracle = await solveWithHighs(program, { gap: 1e-6 });
    expect(oracle.status).toBe('optimal');
    expect(Math.abs(result.cost!.total / oracle.objective - 1)).toBeLessThan(2e-6);
  });

  it('rents as many replicas as its load needs by hand, and not one more', () => {
    for (const { model, tier, tpDegree, pipelineDegree = 1, replicas } of plan.deployments) {
      const profile = instance.profiles!.find(
        (record) =>
          record.model === model &&
          record.tier === tier &&
          record.tpDegree === tpDegree &&
          (record.pipelineDegree ?? 1) === pipelineDegree,
      )!;
      const busy = plan.routing
        .filter((route) => route.model === model && route.tier === tier)
        .map(({ queryType, fraction }) => {
          const {
            inputTokens: h,
            outputTokens: f,
            cachedShare = 0,
            arrivalRate,
          } = instance.queryTypes.find(({ name }) => name === queryType)!;
          const seconds =
            profile.secondsPerInputToken! * h * (1 - cachedShare) +
            profile.secondsPerOutputToken! * f +
            profile.secondsPerContextToken! * f * (h + f / 2);
          return (arrivalRate / 3600) * seconds * fraction;
        })
        .reduce((sum, load) => sum + load, 0);
      const least = instance.models.find(({ name }) => name === model)!.minReplicas ?? 1;
      const needed = Math.max(Math.ceil(busy / instance.utilization! - 1e-6), least);
      expect([model, tier, replicas]).toEqual([model, tier, needed]);
    }
  });

  it('costs what its GPUs cost over the period, and what it drops', () => {
    const rental = plan.deployments.reduce(
      (sum, { tier, gpus }) => sum + gpus * instance.tiers.find(({ name }) => name === tier)!.price * 24,
      0,
    );
    const dropped = plan.unmet.reduce((sum, { queryType, fraction }) => {
      const { arrivalRate, unmetPenalty = 0 } = instance.queryTypes.find(({ name }) => name === queryType)!;
      return sum + fraction * arrivalRate * unmetPenalty * 24;
    }, 0);
    expect(result.cost!.total).toBeCloseTo(rental + dropped, 6);
  });
});
