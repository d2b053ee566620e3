/** Fleets whose right plans are known: by hand, from public tables, or from a published paper. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateFleet } from '../../src/generator/generateFleet.ts';
import type { Instance } from '../../src/model/instance.ts';
import { optimize } from '../../src/planner/optimize.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';

function load(name: string): Instance {
  return JSON.parse(readFileSync(new URL(`../data/fleets/${name}.json`, import.meta.url), 'utf8')) as Instance;
}

function best(instance: Instance, options: SolveOptions = {}) {
  const { status, cost, plan } = optimize(instance, { preset: 'corrected', ...options });
  const gpus = plan?.deployments.reduce((sum, deployment) => sum + deployment.gpus, 0);
  return { status, total: cost?.total, gpus, plan };
}

describe('a fleet follows the load', () => {
  // Llama-70B FP8 on 2 H100, 1000 tokens in and out: 0.2422 s a query on one replica, by a fit to public throughput
  // tables.
  const at = (queriesPerSecond: number): Instance => ({
    format: 'rolla-instance/1',
    queryTypes: [{ name: 'chat', inputTokens: 1000, outputTokens: 1000, arrivalRate: 3600 * queriesPerSecond }],
    models: [{ name: '70B', weightSize: 70, kvCachePerToken: 0.00016 }],
    tiers: [{ name: 'H100', memory: 80, price: 2.5 }],
    profiles: [
      {
        model: '70B',
        tier: 'H100',
        tpDegree: 2,
        secondsPerInputToken: 6.86e-5,
        secondsPerOutputToken: 7.1e-5,
        secondsPerContextToken: 6.84e-8,
      },
    ],
    rentalPeriod: 1,
  });

  // 2 ceil(0.2422 q / 0.8).
  it.each([
    [1, 2],
    [10, 8],
    [100, 62],
    [1000, 606],
  ])('%i queries a second need %i GPUs', (queriesPerSecond, gpus) => {
    for (const placement of ['single', 'split'] as const) {
      const found = best(at(queriesPerSecond), { maxReplicas: 'none', placement });
      expect(found).toMatchObject({ status: 'optimal', gpus });
    }
  });

  it('has the published mix of cheap and dear GPUs by measured rates, and a better one where query types split', () => {
    // Mélange (Griggs et al. 2024), the example of its figure: 6.70 $/h with 3 A10G and 1 A100.
    const { residency: _, ...data } = load('four-workloads');
    const rates = { A10G: [7200, 3600, 18000, 7200], 'A100-80GB': [72000, 72000, 144000, 72000] };
    const instance: Instance = {
      ...data,
      utilization: 1,
      profiles: Object.entries(rates).map(([tier, perHour]) => ({
        model: 'm',
        tier,
        tpDegree: 1,
        measured: data.queryTypes.map(({ name }, i) => ({ queryType: name, queriesPerHour: perHour[i] })),
      })),
    };
    expect(best(instance, { maxReplicas: 'none' }).total).toBeCloseTo(6.7, 6);
    expect(best(instance, { maxReplicas: 'none', placement: 'split' }).total).toBeCloseTo(4.68, 6);
    expect(best(instance).status).toBe('infeasible');
  });
});

describe('what can be rented', () => {
  it('has TP degrees that the heads of the model allow', () => {
    const instance = load('sixty-four-heads');
    const allowed = { ...instance, models: instance.models.map((model) => ({ ...model, tpDegrees: [1, 2, 4, 8] })) };
    expect(best(instance).plan?.deployments[0].tpDegree).toBe(3);
    expect(best(allowed).plan?.deployments[0].tpDegree).toBe(4);
  });

  it('is limited together where precisions share a pool', () => {
    const instance = load('two-precisions-of-one-pool');
    const perGpu = Object.fromEntries(instance.tiers.map(({ name }) => [name, 1]));
    const atMost = (most: number) => ({ ...instance, fleetLimits: [{ name: 'pool', perGpu, most }] });
    expect(best(instance, { maxReplicas: 8 }).gpus).toBe(8);
    expect(best(atMost(8), { maxReplicas: 8 })).toMatchObject({ status: 'optimal', gpus: 8 });
    expect(best(atMost(7), { maxReplicas: 8 }).status).toBe('infeasible');
  });

  it('counts GPUs of a tier that is gone as removed', () => {
    expect(best(load('retired-tier'))).toMatchObject({ status: 'optimal', total: expect.closeTo(51.7, 9) });
  });
});

describe('query types that may be dropped altogether', () => {
  it('rent no GPU for no traffic, unless they have to be placed', () => {
    const instance = load('no-traffic');
    expect(best(instance)).toMatchObject({ total: 2.5, gpus: 1 });
    expect(best(instance, { dropped: 'unplaced' })).toMatchObject({ total: 0, gpus: 0 });
  });

  it('are dropped where there is no money', () => {
    const instance = load('no-money');
    expect(best(instance).status).toBe('infeasible');
    expect(best(instance, { dropped: 'unplaced' })).toMatchObject({ status: 'optimal', total: 3600, gpus: 0 });
  });
});

describe('a fleet of many replicas under split placement', () => {
  const limits = { preset: 'recommended', gap: 1e-3, nodeLimit: 40 } as const;

  it.each([1, 2, 3, 4])('is planned within a hundredth, and never dearer than unsplit (seed %i)', (seed) => {
    const fleet = generateFleet({ seed, queryTypes: 6, models: 4, tiers: 6, replicas: [0.2, 300] });
    const split = optimize(fleet, { ...limits, placement: 'split' });
    const single = optimize(fleet, limits);
    expect(split.gap).toBeLessThan(0.01);
    expect(split.cost!.total).toBeLessThanOrEqual(single.cost!.total * (1 + limits.gap));
    expect(split.plan!.deployments.some(({ replicas }) => replicas > 20)).toBe(true);
  });

  it.each([1, 4])(
    'begins with the unsplit one that construction finds, whatever strikes at the root (seed %i)',
    (seed) => {
      const fleet = generateFleet({ seed, queryTypes: 8, models: 4, tiers: 6, replicas: [0.2, 300] });
      const first = (placement: 'single' | 'split') => {
        // Nothing is known but what came before the root.
        const abort = new AbortController();
        const onProgress = ({ kind }: { kind: string }) => {
          if (kind === 'incumbent') abort.abort();
        };
        return optimize(fleet, { ...limits, placement, signal: abort.signal, onProgress });
      };
      const split = first('split');
      expect(split).toMatchObject({ status: 'interrupted', nodes: 0, incumbents: [{ source: 'construction' }] });
      expect(split.cost!.total).toBeLessThanOrEqual(first('single').cost!.total * (1 + 1e-9));
    },
  );

  it('has whole replicas where GPUs are so scarce that none can be rounded up', () => {
    // Two query types of 10.5 and 10.4 busy replicas: together they fill 21 of the cheap GPUs, apart they need 22.
    const busy = [10.5, 10.4];
    const instance: Instance = {
      format: 'rolla-instance/1',
      queryTypes: busy.map((replicas, i) => ({
        name: `q${i}`,
        inputTokens: 1,
        outputTokens: 0,
        arrivalRate: 3600 * replicas,
      })),
      models: [
        { name: 'one', weightSize: 1, kvCachePerToken: 0 },
        { name: 'other', weightSize: 1, kvCachePerToken: 0 },
      ],
      tiers: [
        { name: 'cheap', memory: 8, price: 1, available: 21 },
        { name: 'dear', memory: 8, price: 3 },
      ],
      utilization: 1,
      allowed: [
        { queryType: 'q0', model: 'one' },
        { queryType: 'q1', model: 'other' },
      ],
      profiles: ['one', 'other'].flatMap((model) =>
        ['cheap', 'dear'].map((tier) => ({
          model,
          tier,
          tpDegree: 1,
          secondsPerInputToken: 1,
          secondsPerOutputToken: 0,
          secondsPerContextToken: 0,
        })),
      ),
      rentalPeriod: 1,
    };
    // 11 and 10 cheap ones, or 10 and 11, and a dear one for the half that is left; unsplit one of them is dear
    // altogether.
    expect(best(instance, { maxReplicas: 'none', placement: 'split' })).toMatchObject({ status: 'optimal', total: 24 });
    expect(best(instance, { maxReplicas: 'none' })).toMatchObject({ status: 'optimal', total: 11 + 33 });
  });
});
