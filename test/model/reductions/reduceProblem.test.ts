import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import type { PlanningProblem } from '../../../src/model/compiled/planningProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { PublishedInstance } from '../../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../../src/model/options.ts';
import { type ReductionName, reduceProblem, reductionNames } from '../../../src/model/reductions/reduceProblem.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import type { SolveOptions } from '../../../src/planner/solveOptions.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../../arbitrary/instances.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';
import { tinyInstance } from '../tinyInstance.ts';

type Tiny = ReturnType<typeof tinyInstance>;

/** Only this reduction. */
const only = (name: ReductionName) =>
  Object.fromEntries(reductionNames.map((other) => [other, other === name])) as Record<ReductionName, boolean>;

function reduceTiny(name: ReductionName, change: (instance: Tiny) => void, options: Partial<PlanningOptions> = {}) {
  const instance = tinyInstance();
  change(instance);
  const problem = compileProblem(instance, { ...presets.corrected, ...options });
  return { before: problem, ...reduceProblem(problem, only(name)) };
}

function deployment(problem: PlanningProblem, model: number, tier: number, degree: number): number {
  const { deployments } = problem;
  for (let d = 0; d < deployments.count; d++) {
    if (deployments.model[d] === model && deployments.tier[d] === tier && deployments.tpDegree[d] === degree) return d;
  }
  throw new Error('no such deployment');
}

describe('reductions keep the optimum', () => {
  const sizes = { queryTypes: 4, models: 3, tiers: 3 };

  it.each(reductionNames)('%s alone, on random instances under random options', async (name) => {
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryInstanceUpTo(sizes), arbitraryOptions(), async (instance, options) => {
        const problem = compileProblem(instance, options);
        const { problem: reduced, removed, tightened } = reduceProblem(problem, only(name));
        if (removed.length + tightened.length === 0) return;
        changes++;
        const whole = await optimumOf(buildStrengthened(problem));
        const rest = await optimumOf(buildStrengthened(reduced));
        expect(relativeDifference(whole, rest)).toBeLessThan(optimumTolerance);
      }),
      { numRuns: draws(160), seed: 20261122 },
    );
    expect(changes).toBeGreaterThan(draws(5));
  });

  it('all together, on random instances under random options', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryInstanceUpTo({ ...sizes, queryTypes: 5 }),
        arbitraryOptions(),
        async (instance, options) => {
          const problem = compileProblem(instance, options);
          const { problem: reduced } = reduceProblem(problem);
          const whole = await optimumOf(buildStrengthened(problem));
          const rest = await optimumOf(buildStrengthened(reduced));
          expect(relativeDifference(whole, rest)).toBeLessThan(optimumTolerance);
        },
      ),
      { numRuns: draws(90), seed: 7 },
    );
  });
});

describe('each reduction', () => {
  it('globalLimits takes out what the budget cannot hold', () => {
    // 10 h * $3 * 2 = $60 for `fast` at TP 2, $40 for `plain` at TP 4; data of at least $5 + $10, weights $8 or $32.
    const { before, problem, removed } = reduceTiny('globalLimits', (d) => (d.budget = 80));
    const gone = removed.filter((entry) => entry.queryType === undefined).map((entry) => entry.deployment);
    expect(gone).toEqual([
      deployment(before, 0, 1, 2), // 60 + 8 + 15 > 80
      deployment(before, 1, 0, 4), // 40 + 32 + 15 > 80
      deployment(before, 1, 1, 2),
    ]);
    expect(problem.deploymentsOfPair[3]).toEqual([deployment(before, 1, 1, 1)]); // 30 + 32 + 15 = 77
    expect(removed[0].reason).toBe('small on fast TP 2: a plan with it spends at least $83, of $80');
  });

  it('globalLimits lowers the fraction whose query data the budget cannot hold', () => {
    const { before, problem } = reduceTiny('globalLimits', (d) => (d.budget = 55));
    const d = deployment(before, 0, 1, 1); // $30 of rental and $8 of weights
    expect(problem.maxFraction[d]).toBeCloseTo((55 - 38 - 10) / 10, 10); // chat beside half of code's $20
    expect(problem.maxFraction[before.deployments.count + d]).toBeCloseTo((55 - 38 - 5) / 20, 10);
  });

  it('globalLimits takes out what storage or available GPUs cannot hold', () => {
    const byStorage = reduceTiny('globalLimits', (d) => (d.storageCapacity = 31));
    expect(new Set(byStorage.removed.map((entry) => byStorage.before.deployments.model[entry.deployment]))).toEqual(
      new Set([1]),
    );
    const byGpus = reduceTiny('globalLimits', (d) => (d.tiers[0].available = 1));
    expect(byGpus.removed.map((entry) => byGpus.before.deployments.tpDegree[entry.deployment])).toEqual([2, 4, 2, 4]);
    expect(byGpus.removed[0].reason).toBe('small on plain TP 2 needs 2 GPUs, of 1 available');
  });

  it('globalLimits counts the weights of every placement where they are stored so', () => {
    // Each of the two placements stores 8 GB at least: 32 + 8 > 39.
    const perPlacement = reduceTiny('globalLimits', (d) => (d.storageCapacity = 39), {
      weightStorage: 'per-placement',
    });
    expect(perPlacement.removed.every((entry) => perPlacement.before.deployments.model[entry.deployment] === 1)).toBe(
      true,
    );
    expect(perPlacement.removed.length).toBeGreaterThan(0);
    expect(reduceTiny('globalLimits', (d) => (d.storageCapacity = 39)).removed).toEqual([]);
  });

  it('sharedGpus leaves the others what they need of a fleet limit', () => {
    // 50 GB of each query type: 50 / 8 = 6.25 kW on `plain` at TP 1, 4 * 50 / 56 = 3.57 at TP 4, no less on `fast`.
    const power = (most: number, unmetCap: number) => {
      const change = (d: Tiny) => {
        d.budget = 1000;
        d.fleetLimits = [{ name: 'power', unit: 'kW', perGpu: { plain: 1, fast: 2 }, most }];
        for (const queryType of d.queryTypes)
          Object.assign(queryType, { unmetCap, arrivalRate: 10 * queryType.arrivalRate });
      };
      return reduceTiny('sharedGpus', change, { maxReplicas: 'none' });
    };
    const tight = power(9.5, 0); // 6.25 + 3.57 > 9.5
    const first = deployment(tight.before, 0, 0, 1);
    expect(tight.removed.map(({ deployment: d, queryType }) => [d, queryType])).toEqual([
      [first, 0],
      [first, 1],
    ]);
    expect(tight.removed[0].reason).toBe('chat on small on plain TP 1: too little of power is left for the others');
    const loose = power(9, 0.1); // nine tenths of 3.57 for the other
    expect(loose.before.maxFraction[first]).toBe(1);
    expect(loose.problem.maxFraction[first]).toBeCloseTo((9 - (0.9 * 200) / 56) / 6.25, 6);
  });

  it('sharedGpus counts rental in the budget', () => {
    // $10 a GPU of `plain`, $30 of `fast`, by what is busy: 8.33 and 15 for chat, 6.67 and 12 for code.
    const { before, problem } = reduceTiny('sharedGpus', (d) => {
      d.budget = 20;
      for (const queryType of d.queryTypes) queryType.unmetCap = 0;
    });
    const fast = deployment(before, 0, 1, 1);
    expect(before.maxFraction[fast]).toBe(1);
    expect(problem.maxFraction[fast]).toBe(-1); // 15 + 6.67 > 20
    expect(problem.maxFraction[before.deployments.count + fast]).toBe(-1); // 12 + 8.33 > 20
  });

  it('stretchedDelays counts no more GPUs than the budget rents', () => {
    // $45 rent 4 GPUs of `plain` ($10 each over 10 h): chat on large, plain takes 1200 ms for all of it, with 200 ms
    // allowed per GPU in the pool.
    const slow = (d: Tiny) => {
      d.budget = 45;
      d.queryTypes[0].delayThreshold = 200;
    };
    const { before, problem } = reduceTiny('stretchedDelays', slow, { delayRule: 'pooled' });
    const d = deployment(before, 1, 0, 4);
    expect(before.maxFraction[d]).toBe(1);
    expect(problem.maxFraction[d]).toBeCloseTo(800 / 1200, 10);
  });

  it('forcedPlacements settles the degree of the only place of a query type and leaves others the rest of its room', () => {
    const forced = (d: Tiny) => {
      d.allowed = [{ queryType: 'chat', model: 'small', tier: 'plain' }, { queryType: 'code' }];
      d.queryTypes[0].unmetCap = 0.1;
      d.queryTypes[1].unmetCap = 0.8;
      d.queryTypes[0].delayThreshold = 70; // 300 ms at TP 1: TP 4 alone serves nine tenths
      d.tiers[0].compute = 15; // 60 TFLOPs, of which chat takes at least 45
    };
    const { before, problem, removed } = reduceTiny('forcedPlacements', forced);
    expect(problem.deploymentsOfPair[0]).toEqual([deployment(before, 0, 0, 4)]);
    expect(removed.map((entry) => entry.deployment)).toEqual([
      deployment(before, 0, 0, 1),
      deployment(before, 0, 0, 2),
    ]);
    expect(removed[0].reason).toBe('chat can only be served by small on plain TP 4');
    expect(problem.maxFraction[before.deployments.count + deployment(before, 0, 0, 4)]).toBeCloseTo(15 / 40, 8);
  });

  it('idleDeployments takes out what serves nothing, unless its TP degree counts', () => {
    const unused = (d: Tiny) =>
      (d.forbidden = [
        { queryType: 'chat', model: 'large' },
        { queryType: 'code', model: 'large' },
      ]);
    const { before, removed, problem } = reduceTiny('idleDeployments', unused);
    expect(removed.map((entry) => before.deployments.model[entry.deployment])).toEqual([1, 1, 1, 1]);
    expect(problem.deploymentsOfPair[2]).toEqual([]);
    expect(reduceTiny('idleDeployments', unused, { delayRule: 'pooled' }).removed).toEqual([]);
    const last = reduceTiny('idleDeployments', unused, { delayRule: 'last-deployment' });
    expect(last.removed.map((entry) => last.before.deployments.tier[entry.deployment])).toEqual([0, 0]);
  });

  it('dominatedDegrees takes out GPUs that nothing can use', () => {
    // On small, fast: 40 + 50 TFLOPs of 100, 8 + 5 + 5 GB of 32, and delays within limits: one GPU is enough for all.
    const { before, removed } = reduceTiny('dominatedDegrees', () => {});
    expect(removed.map((entry) => entry.deployment)).toContain(deployment(before, 0, 1, 2));
    expect(removed.find((entry) => entry.deployment === deployment(before, 0, 1, 2))!.reason).toBe(
      'TP 1 does all that small on fast TP 2 can, and is no dearer',
    );
    const kept = reduceTiny('dominatedDegrees', (d) => (d.tiers[1].compute = 89));
    expect(kept.removed.map((entry) => entry.deployment)).not.toContain(deployment(kept.before, 0, 1, 2));
    const current = reduceTiny('dominatedDegrees', (d) => {
      d.currentPlan = {
        format: 'rolla-plan/1',
        deployments: [{ model: 'small', tier: 'fast', tpDegree: 2, replicas: 1, gpus: 2 }],
        routing: [],
        unmet: [],
      };
      d.switchingCost = { added: 0, removed: 31 };
    });
    expect(current.removed.map((entry) => entry.deployment)).not.toContain(deployment(current.before, 0, 1, 2));
  });

  it('dominatedPairs takes out a dearer copy only where one of the two can hold everything', () => {
    const copy = (compute: number) => (d: Tiny) => {
      for (const tensor of [d.delay.nominal, d.delay.deviation, d.error.nominal, d.error.deviation]) {
        for (const matrix of tensor) for (const row of matrix) row[1] = row[0];
      }
      d.tiers[0] = { name: 'plain', memory: 32, compute, price: 1, tpDegrees: [1] };
      d.tiers[1] = { name: 'fast', memory: 32, compute, price: 1.5, tpDegrees: [1] };
    };
    const roomy = reduceTiny('dominatedPairs', copy(90));
    expect(roomy.removed.map((entry) => entry.deployment)).toContain(deployment(roomy.before, 0, 1, 1));
    const tight = reduceTiny('dominatedPairs', copy(89));
    expect(tight.removed.map((entry) => entry.deployment)).not.toContain(deployment(tight.before, 0, 1, 1));
  });

  it('can be switched off', () => {
    const problem = compileProblem(tinyInstance(), presets.corrected);
    const off = Object.fromEntries(reductionNames.map((name) => [name, false]));
    const { problem: same, removed, tightened } = reduceProblem(problem, off);
    expect([removed, tightened]).toEqual([[], []]);
    expect(same.maxFraction).toEqual(problem.maxFraction);
    expect(same.deploymentsOfPair).toEqual(problem.deploymentsOfPair);
    expect(reduceProblem(problem).removed.length).toBeGreaterThan(0);
  });

  it('is an option of optimize, with the same optimum on and off', () => {
    const off = optimize(tinyInstance(), { reductions: false });
    const some = optimize(tinyInstance(), { reductions: { dominatedDegrees: false } });
    const all = optimize(tinyInstance());
    for (const { status, cost } of [off, some, all]) {
      expect(status).toBe('optimal');
      expect(cost!.total).toBeCloseTo(off.cost!.total, 4);
    }
    const misspelt = { reductions: { dominated: true } } as SolveOptions;
    expect(() => optimize(tinyInstance(), misspelt)).toThrow(
      /^reductions\.dominated: found true, expected no such key; known here: globalLimits/,
    );
  });

  it('leave less than two thirds of the columns of the reference instance', () => {
    const file = new URL('../../data/instances/reference-seed42.json', import.meta.url);
    const problem = compileProblem(JSON.parse(readFileSync(file, 'utf8')) as PublishedInstance, presets.corrected);
    const before = buildStrengthened(problem).program.numColumns;
    const after = buildStrengthened(reduceProblem(problem).problem).program.numColumns;
    expect(after).toBeLessThan((2 / 3) * before);
  });

  it('keeps indices and counts in step', () => {
    const problem = compileProblem(tinyInstance(), presets.corrected);
    const { problem: reduced, removed } = reduceProblem(problem);
    expect(reduced.deployments).toBe(problem.deployments);
    for (const { deployment: d, queryType } of removed) {
      if (queryType !== undefined) continue;
      expect(reduced.deploymentsOfPair.flat()).not.toContain(d);
      expect(reduced.servableCount[d]).toBe(0);
      for (let i = 0; i < 2; i++) expect(reduced.maxFraction[i * problem.deployments.count + d]).toBe(-1);
    }
  });
});
