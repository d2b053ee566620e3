import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOfValue, valueOfText } from '../../web/edit/cellText.ts';

describe('texts of cells', () => {
  it('mean numbers where they are numbers, and units stay', () => {
    expect(valueOfText(' 12 ', 'amount')).toBe(12);
    expect(valueOfText('12 /s', 'amount')).toBe('12 /s');
    expect(valueOfText('', 'amount')).toBeUndefined();
    expect(valueOfText('007', 'text')).toBe('007');
    expect(valueOfText('1, 2 4', 'degrees')).toEqual([1, 2, 4]);
    expect(valueOfText('FP8: 8.5 GB, BF16: 16', 'sizes')).toEqual({ FP8: '8.5 GB', BF16: 16 });
    expect(valueOfText('8 GB', 'sizes')).toBe('8 GB');
  });

  it('bring back amounts by any names', () => {
    const name = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.constantFrom('a, b', 'x: y', '"q"', ' z '));
    const amounts = fc.dictionary(name, fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }), {
      minKeys: 1,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(amounts, (value) => {
        expect(valueOfText(textOfValue(value, 'amounts'), 'amounts')).toEqual(value);
      }),
      { seed: 1 },
    );
  });
});
