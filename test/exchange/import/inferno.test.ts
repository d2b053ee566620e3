/**
 * Systems of inferno: rates against the queue's chain solved another way, and the cost of fifteen servers against an
 * independent program over (server, accelerator) choices, solved by HiGHS.
 */
import { describe, expect, it } from 'vitest';
import { largestRate } from '../../../src/exchange/import/queueRate.ts';
import { importFleet } from '../../../src/exchange/index.ts';
import { compileFleet } from '../../../src/generator/fleet/compileFleet.ts';
import { readLpFile } from '../../../src/lp/files/lpFileReader.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { solveWithHighs } from '../../oracle/highs.ts';
import { infernoSystem } from '../samples.ts';

const importSystem = (data: object) => importFleet('inferno', [{ name: 'system.json', text: JSON.stringify(data) }]);

const replica = { alpha: 12, beta: 0.25, gamma: 5, delta: 0.01, largestBatch: 24 };
const query = { inputTokens: 128, outputTokens: 200, ttft: 500, tpot: 45 };

/** Means at a rate (queries/s) from the balance of a chain cut off far out, in plain products. */
function chain(rate: number, { alpha, beta, gamma, delta, largestBatch: most } = replica) {
  const mu = (n: number) => (1000 * n) / (gamma + delta * query.inputTokens * n + 199 * (alpha + beta * n));
  const weights = [1];
  for (let n = 1; n < 4000; n++) weights.push((weights[n - 1] * rate) / mu(Math.min(n, most)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const inService = weights.reduce((sum, weight, n) => sum + Math.min(n, most) * weight, 0) / all;
  const inQueue = weights.reduce((sum, weight, n) => sum + Math.max(n - most, 0) * weight, 0) / all;
  const service = (1000 * inService) / rate;
  const batch = (service - gamma - 199 * alpha) / (delta * query.inputTokens + 199 * beta);
  return { ttft: (1000 * inQueue) / rate + gamma + delta * query.inputTokens * batch, tpot: alpha + beta * batch };
}

describe('the largest rate of a replica', () => {
  it.each([
    ['of the first token', { ...query, ttft: 60, tpot: Infinity }],
    ['of the further tokens', { ...query, ttft: Infinity, tpot: 15 }],
  ])('is where the limit %s binds', (_, limited) => {
    const point = largestRate(replica, limited)!;
    const exact = chain(point.rate);
    expect(point.ttft).toBeCloseTo(exact.ttft, 6);
    expect(point.tpot).toBeCloseTo(exact.tpot, 6);
    expect(Math.min(limited.ttft - exact.ttft, limited.tpot - exact.tpot)).toBeCloseTo(0, 5);
  });

  it('is nearly that of the full batch without limits, and none where one query alone is too slow', () => {
    const free = largestRate(replica, { ...query, ttft: Infinity, tpot: Infinity })!;
    // 24 / (5 + 0.01 * 128 * 24 + 199 * (12 + 0.25 * 24)) per ms.
    expect(free.rate).toBeCloseTo((0.999 * 24_000) / (5 + 30.72 + 199 * 18), 9);
    expect(largestRate(replica, { ...query, tpot: 11.9 })).toBeNull();
  });

  it('of a batch of one is that of an M/M/1 queue', () => {
    const one = { ...replica, largestBatch: 1 };
    // Service 5 + 1.28 + 199 * 12.25 ms; waiting rho / (mu - lambda) + prefill = 4000 ms.
    const service = 5 + 1.28 + 199 * 12.25;
    const wait = 4000 - 6.28;
    const rate = wait / (service * (service + wait));
    expect(largestRate(one, { ...query, ttft: 4000, tpot: 45 })!.rate).toBeCloseTo(1000 * rate, 9);
  });
});

describe('a system of fifteen servers', () => {
  it.each([
    ['with room', { A100: 400, G2: 400 }],
    ['with few of the cheap cards', { A100: 400, G2: 30 }],
    ['with few of the large cards', { A100: 24, G2: 400 }],
  ])('%s costs what HiGHS finds', async (_, counts) => {
    const system = infernoSystem(15, counts);
    const { fleet } = await importSystem(system);
    const result = optimize(compileFleet(fleet));
    const { accelerators } = system.system.acceleratorData;
    const choices = fleet.profiles.flatMap(({ gpu, tp, measured }) => {
      const [{ queryType, rate }] = measured!;
      if (rate === 0) return [];
      const load = Number(fleet.queryTypes.find(({ name }) => name === queryType)!.rate);
      const replicas = Math.max(1, Math.ceil(load / Number(rate) - 1e-9));
      const { type, multiplicity, cost } = accelerators.find(({ name }) => name === gpu)!;
      return [{ queryType, type, cards: replicas * tp!, cost: (replicas * tp! * cost) / 100 / multiplicity }];
    });
    const sum = (terms: readonly string[]) => terms.join(' + ');
    const program = [
      'Minimize',
      ` obj: ${sum(choices.map(({ cost }, c) => `${cost} x${c}`))}`,
      'Subject To',
      ...fleet.queryTypes.map(({ name }, s) => {
        const own = choices.flatMap(({ queryType }, c) => (queryType === name ? [`x${c}`] : []));
        return ` one${s}: ${sum(own)} = 1`;
      }),
      ...Object.entries(counts).map(([type, count]) => {
        const own = choices.flatMap((choice, c) => (choice.type === type ? [`${choice.cards} x${c}`] : []));
        return ` pool${type}: ${sum(own)} <= ${count}`;
      }),
      'Binary',
      ` ${choices.map((__, c) => `x${c}`).join(' ')}`,
      'End',
    ].join('\n');
    const oracle = await solveWithHighs(readLpFile(program));
    expect(oracle.status).toBe('optimal');
    expect(result.status).toBe('optimal');
    expect(result.cost!.total).toBeCloseTo(oracle.objective, 6);
  });

  it('is the same in files of their own, with keys in another case and parameters of the later generation', async () => {
    const system = infernoSystem(6, { A100: 100, G2: 100 });
    const { fleet } = await importSystem(system);
    const models = system.system.modelData.models.map(({ decodeParms, prefillParms, ...model }) => ({
      ...model,
      perfParms: {
        decodeParms: { Alpha: String(decodeParms.alpha), Beta: String(decodeParms.beta) },
        prefillParms: { Gamma: String(prefillParms.gamma), Delta: String(prefillParms.delta) },
      },
    }));
    const parts = {
      'accelerator-data.json': { Accelerators: system.system.acceleratorData.accelerators },
      'model-data.json': { models },
      'serviceclass-data.json': system.system.serviceClassData,
      'server-data.json': system.system.serverData,
      'capacity-data.json': system.system.capacityData,
    };
    const sources = Object.entries(parts).map(([name, data]) => ({ name, text: JSON.stringify(data) }));
    expect((await importFleet('inferno', sources)).fleet).toEqual(fleet);
  });

  it('says what it cannot find', async () => {
    const system = infernoSystem(3, {});
    system.system.serverData.servers[0].class = 'Gold';
    system.system.serverData.servers[1].model = 'mistral';
    await expect(importSystem(system)).rejects.toThrow(/servers\[0\]\.class: found "Gold"[\s\S]*mistral/);
  });
});
