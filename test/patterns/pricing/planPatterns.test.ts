/** Plans as patterns over a merged table, where reductions have left out some of what is alike. */
import { describe, expect, it } from 'vitest';
import { generateReference } from '../../../src/generator/generateReference.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { withoutDeployments } from '../../../src/model/compiled/restrictedProblem.ts';
import { presets } from '../../../src/model/options.ts';
import { mergedPatternTable } from '../../../src/patterns/pricing/patternTable.ts';
import { patternsOfPlan } from '../../../src/patterns/pricing/planPatterns.ts';

describe('patterns of a plan', () => {
  it('are of the lead that is like the deployment, though the problem has left that deployment out', () => {
    const reference = generateReference();
    // A second tier like the first.
    const twin = <T>(list: readonly T[]): T[] => [list[0], list[0], ...list.slice(2)];
    const instance = {
      ...reference,
      tiers: twin(reference.tiers).map((tier, k) => ({ ...tier, name: `t${k}` })),
      delay: {
        ...reference.delay,
        nominal: reference.delay.nominal.map((rows) => rows.map(twin)),
        deviation: reference.delay.deviation.map((rows) => rows.map(twin)),
        ...(reference.delay.relief && { relief: reference.delay.relief.map(twin) }),
      },
      error: {
        ...reference.error,
        nominal: reference.error.nominal.map((rows) => rows.map(twin)),
        deviation: reference.error.deviation.map((rows) => rows.map(twin)),
        ...(reference.error.relief && { relief: reference.error.relief.map(twin) }),
      },
    };
    const whole = compileProblem(instance, presets.corrected);
    const { deployments, deploymentsOfPair } = whole;
    const [one, other] = deploymentsOfPair.filter(
      ([first]) => deployments.tier[first] < 2 && deployments.model[first] === 0,
    );
    expect(one.length).toBeGreaterThan(1);
    const { tpDegree } = deployments;
    const left = withoutDeployments(whole, [
      { tier: 't0', tpDegree: tpDegree[one[0]] },
      { tier: 't1', tpDegree: tpDegree[one[0]] },
    ]);
    const table = mergedPatternTable(left);
    expect(table?.alike.pairs.lead[deployments.pair[other[0]]]).toBe(deployments.pair[one[0]]);
    other.forEach((d, place) => {
      const plan = {
        deployments: [{ deployment: d, replicas: 1 }],
        routing: [{ queryType: 2, deployment: d, fraction: 0.5 }],
      };
      expect(patternsOfPlan(table!, plan).map(({ deployment }) => deployment)).toEqual([one[place]]);
    });
  });
});
