import { describe, expect, it } from 'vitest';
import { atMostText, dollars, percent, percentAtMost, quantity } from '../../src/report/numberText.ts';
import { textTable } from '../../src/report/textTable.ts';

describe('textTable', () => {
  it('pads columns, aligns numbers right and leaves no trailing spaces', () => {
    const table = textTable(
      [{ heading: 'Tier' }, { heading: '$/h', align: 'right' }, { heading: 'Note' }],
      [
        ['A6000', '0.65', 'cheap'],
        ['H100_80GB', '12.00', ''],
      ],
    );
    expect(table).toBe(['  Tier         $/h  Note', '  A6000       0.65  cheap', '  H100_80GB  12.00'].join('\n'));
  });
});

describe('numbers in reports', () => {
  it.each([
    [1234.5678, '1234.57'],
    [0, '0.00'],
    [0.004, '0.0040'],
    [-3.999, '-4.00'],
  ])('shows %f dollars as %s', (value, text) => expect(dollars(value)).toBe(text));

  it.each([
    [1, '100.0 %'],
    [0.005, '0.50 %'],
    [0, '0.0 %'],
    [1e-7, '0.00001 %'],
    [2.5e-16, '0.0 %'],
    [null, '-'],
  ])('shows the fraction %s as %s', (value, text) => expect(percent(value)).toBe(text));

  // Decimals to the last digit: 1e-6 and 2.5e-16 are doubles a little above and a little below.
  it.each([
    [0, '0 %'],
    [0.25, '25 %'],
    [0.0123456, '1.3 %'],
    [0.5, '50 %'],
    [1e-7, '0.00001 %'],
    [0.1, '10 %'],
    [0.05, '5.0 %'],
    [1e-6, '0.0001 %'],
    [0.0005001, '0.051 %'],
    [1.2345, '124 %'],
    [1e-14, '1e-12 %'],
    [Infinity, 'Infinity %'],
  ])('shows the proven gap %s as at most %s', (value, text) => expect(percentAtMost(value)).toBe(text));

  it('shows no proven amount as less than it is', () => {
    for (let n = 0, value = 1e-13; n < 200; n++, value *= 1.173) {
      expect(Number(atMostText(value))).toBeGreaterThanOrEqual(value);
      expect(Number(atMostText(value))).toBeLessThan(value * 1.1001);
    }
  });

  it.each([
    [768, '768'],
    [0.000123456, '0.00012346'],
    [123456.7, '123457'],
    [41.66666, '41.667'],
    [null, '-'],
  ])('shows the quantity %s as %s', (value, text) => expect(quantity(value)).toBe(text));
});
