import { describe, expect, it } from 'vitest';
import { expectedQuantity, quantityKinds, readQuantity } from '../../../src/generator/fleet/units.ts';

describe('quantities with units', () => {
  it.each([
    ['24 h', 'hours', 24],
    ['90 min', 'hours', 1.5],
    ['1800s', 'hours', 0.5],
    ['2 d', 'hours', 48],
    ['500 ms', 'milliseconds', 500],
    ['1.5 s', 'milliseconds', 1500],
    ['20 us', 'milliseconds', 0.02],
    ['14.3 us', 'seconds', 14.3e-6],
    ['12 /s', 'rate', 43_200],
    ['400/h', 'rate', 400],
    ['2 /min', 'rate', 120],
    ['65.5 kB', 'size', 65.5e-6],
    ['8 GiB', 'size', 8.589934592],
    ['1.5 TB', 'size', 1500],
    ['2.49 $/h', 'hourlyPrice', 2.49],
    ['$2.49/h', 'hourlyPrice', 2.49],
    ['$ 2.49/h', 'hourlyPrice', 2.49],
    ['73 $/month', 'hourlyPrice', 0.1],
    ['4000 $', 'money', 4000],
    ['$4e3', 'money', 4000],
    ['0.005 $/s', 'delayPrice', 5e-6],
    ['40 %', 'share', 0.4],
    ['4205 tokens/s', 'tokenRate', 4205],
    [0.5, 'hours', 0.5],
    ['0.5', 'hours', 0.5],
  ] as const)('%s is read as %s: %d', (text, kind, value) => {
    expect(readQuantity(text, kind)).toBeCloseTo(value, 12);
  });

  it.each([
    ['24 ms', 'hours'],
    ['24 H', 'hours'],
    ['12 h', 'milliseconds'],
    ['12 s', 'rate'],
    ['12 req/s', 'rate'],
    ['2.49 $', 'hourlyPrice'],
    ['2.49 €/h', 'hourlyPrice'],
    ['$', 'money'],
    ['$ 5 $', 'money'],
    ['$5/h', 'money'],
    ['$5', 'share'],
    ['1,000 $', 'money'],
    ['5 GB', 'share'],
    ['1e999 h', 'hours'],
    ['h', 'hours'],
    ['', 'hours'],
    ['1 constructor', 'hours'],
    [Number.NaN, 'hours'],
    [Number.POSITIVE_INFINITY, 'hours'],
    [true, 'hours'],
    [null, 'hours'],
    [['24 h'], 'hours'],
  ] as const)('%s is no %s', (value, kind) => {
    expect(readQuantity(value, kind)).toBeNull();
  });

  it('every unit is read back', () => {
    for (const [kind, { units }] of Object.entries(quantityKinds)) {
      for (const [unit, factor] of Object.entries(units)) {
        expect(readQuantity(`3 ${unit}`, kind as keyof typeof quantityKinds)).toBeCloseTo(3 * factor, 12);
      }
    }
  });

  it('expectations name the units', () => {
    expect(expectedQuantity('hours', '> 0')).toBe('a time > 0 (units: h, min, s, d; a plain number: h)');
  });
});
