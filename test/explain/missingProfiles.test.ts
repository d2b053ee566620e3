/** A query type without a service time anywhere is told as that, not as a deployment that is free of load. */
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain/index.ts';
import type { Instance, Profile } from '../../src/model/instance.ts';
import { explanationReport } from '../../src/report/explanationReport.ts';
import { explainInfeasible } from './claims.ts';

const measured = (names: readonly string[], tier: string): Profile => ({
  model: 'M',
  tier,
  tpDegree: 1,
  measured: names.map((queryType) => ({ queryType, queriesPerHour: 3600 })),
});
const fleet = (profiles: readonly Profile[], change: Partial<Instance> = {}): Instance => ({
  format: 'rolla-instance/1',
  queryTypes: ['chat', 'code'].map((name) => ({ name, inputTokens: 1, outputTokens: 1, arrivalRate: 100 })),
  models: [{ name: 'M', weightSize: 1, kvCachePerToken: 0 }],
  tiers: ['T', 'U'].map((name, k) => ({ name, memory: 2, price: 1 + k })),
  profiles,
  rentalPeriod: 1,
  ...change,
});

describe('a query type that no profile serves', () => {
  it('is the whole conflict, with what to add, first where others are measured', () => {
    const instance = fleet([measured(['chat'], 'U')]);
    const explanation = explain(instance);
    expect(explanation).toMatchObject({
      status: 'infeasible',
      conflict: [{ kind: 'profile', name: 'no profile that serves code' }],
      given: [],
      isIrreducible: true,
      alone: [{ requirement: { kind: 'profile' }, to: null }],
    });
    const text = explanationReport(instance, explanation);
    expect(text).toContain('  no profile that serves code (profiles)\n');
    expect(text).toContain('add to profiles how fast M on U serves code');
  });

  it('counts a rate of 0 and places that are forbidden as none', () => {
    const none = { ...measured(['chat'], 'T'), measured: [{ queryType: 'code', queriesPerHour: 0 }] };
    const instance = fleet([measured(['chat', 'code'], 'U'), none], {
      forbidden: [{ queryType: 'code', tier: 'U' }],
    });
    const { conflict } = explainInfeasible(instance, {});
    expect(conflict.map(({ name }) => name)).toContain('no profile that serves code');
  });

  it('is named with all others of the kind', () => {
    const { queryTypes } = fleet([]);
    const instance = fleet([measured(['other'], 'T')], {
      queryTypes: [...queryTypes, { ...queryTypes[0], name: 'other' }],
    });
    const explanation = explainInfeasible(instance, {});
    expect(explanation.alone).toEqual([]);
    expect(explanation.together?.map(({ text }) => text.replace(/ \(.*/, ''))).toEqual([
      'add to profiles how fast M on T serves chat',
      'add to profiles how fast M on T serves code',
    ]);
  });
});
