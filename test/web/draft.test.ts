import { describe, expect, it } from 'vitest';
import { generateInstance, validateInstance } from '../../src/index.ts';
import { withoutRow, withRenamed, withRow, withValue } from '../../web/state/draft.ts';

const family = generateInstance({ seed: 3, queryTypes: 3, models: 2, tiers: 4, relief: true });
const data = JSON.parse(JSON.stringify(family)) as Readonly<Record<string, unknown>>;

describe('edits of a draft', () => {
  it('set, add and take away values without changing what was', () => {
    const before = { a: [{ b: 1 }], c: { d: 2 } };
    expect(withValue(before, ['a', 0, 'b'], 5)).toEqual({ a: [{ b: 5 }], c: { d: 2 } });
    expect(withValue(before, ['c', 'd'], undefined)).toEqual({ a: [{ b: 1 }] });
    expect(withValue(before, ['e', 'f'], 1)).toEqual({ ...before, e: { f: 1 } });
    expect(before).toEqual({ a: [{ b: 1 }], c: { d: 2 } });
  });

  it.each(['queryTypes', 'models', 'tiers'])('keep an instance valid when a row of %s comes and goes', (list) => {
    const rows = data[list] as readonly { readonly name: string }[];
    const longer = withRow(data, [list], { ...rows[0], name: 'another' });
    expect(validateInstance(longer)).toHaveProperty([list, rows.length, 'name'], 'another');
    expect(withoutRow(longer, [list, rows.length])).toEqual(data);
    expect(validateInstance(withoutRow(data, [list, 0]))).toHaveProperty([list, 'length'], rows.length - 1);
  });

  it('let references follow a new name, of GPUs in limits too', () => {
    const fleet = {
      format: 'rolla-fleet/1',
      gpus: [{ name: 'new' }, { name: 'other' }],
      profiles: [{ model: 'old', gpu: 'old' }],
      limits: [{ name: 'old', perGpu: { old: 2, other: 1 } }],
      currentPlan: { deployments: [{ model: 'old', tier: 'old' }] },
    };
    expect(withRenamed(fleet, 'gpus', 'old', 'new')).toEqual({
      ...fleet,
      profiles: [{ model: 'old', gpu: 'new' }],
      limits: [{ name: 'old', perGpu: { new: 2, other: 1 } }],
      currentPlan: { deployments: [{ model: 'old', tier: 'new' }] },
    });
  });
});
