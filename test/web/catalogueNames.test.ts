import { describe, expect, it } from 'vitest';
import { withCatalogueName } from '../../web/state/catalogueNames.ts';

const fleetOf = (name: string, catalogue: string) => ({
  format: 'rolla-fleet/1',
  gpus: [{ name: 'mine' }, { name, catalogue }],
  profiles: [{ gpu: name }],
});

describe('withCatalogueName', () => {
  it('calls a new row as what was chosen, and what points to it', () => {
    const named = withCatalogueName(fleetOf('GPU 2', 'l40s'), ['gpus', 1, 'catalogue']);
    expect(named).toMatchObject({ gpus: [{ name: 'mine' }, { name: 'L40S' }], profiles: [{ gpu: 'L40S' }] });
  });

  it.each([
    ['a name of its own', fleetOf('my L40S', 'l40s'), ['gpus', 1, 'catalogue']],
    [
      'a name that is taken',
      { ...fleetOf('GPU 2', 'l40s'), gpus: [{ name: 'L40S' }, { name: 'GPU 2', catalogue: 'l40s' }] },
      ['gpus', 1, 'catalogue'],
    ],
    ['another cell', fleetOf('GPU 2', 'l40s'), ['gpus', 1, 'price']],
    ['no entry of the catalogue', fleetOf('GPU 2', 'abacus'), ['gpus', 1, 'catalogue']],
  ] as const)('leaves names at %s', (_, fleet, path) => {
    expect(withCatalogueName(fleet, path)).toBe(fleet);
  });
});
