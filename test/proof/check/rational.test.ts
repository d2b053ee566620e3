import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asNumber,
  compare,
  decimalText,
  exactly,
  floorDivide,
  minus,
  over,
  plus,
  readRational,
  roundedDown,
  roundedUp,
  times,
} from '../../../src/proof/check/rational.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('exact rationals', () => {
  it('are the doubles that they come from', () => {
    expect(exactly(0.1)).toEqual({ n: 3602879701896397n, d: 36028797018963968n });
    expect(exactly(-12)).toEqual({ n: -12n, d: 1n });
    expect(exactly(5e-324)).toEqual({ n: 1n, d: 1n << 1074n });
    expect(exactly(2 ** 1000)).toEqual({ n: 1n << 1000n, d: 1n });
    expect(() => exactly(Number.NaN)).toThrow(RangeError);
    fc.assert(fc.property(finite, (value) => asNumber(exactly(value)) === value || Math.abs(value) < 1e-300));
  });

  it('add, multiply and divide without rounding', () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        const [x, y] = [exactly(a), exactly(b)];
        expect(compare(minus(plus(x, y), y), x)).toBe(0);
        expect(b === 0 || compare(over(times(x, y), y), x) === 0).toBe(true);
        expect(compare(x, y)).toBe(Math.sign(a - b) || 0);
      }),
    );
  });

  it('round down and up to binary digits', () => {
    const third = { n: 1n, d: 3n };
    expect([roundedDown(third, 2), roundedUp(third, 2)]).toEqual([1n, 2n]);
    expect([roundedDown({ n: -1n, d: 3n }), roundedUp({ n: -1n, d: 3n })]).toEqual([-1n, 0n]);
    expect(roundedDown({ n: 100n, d: 1n }, -3)).toBe(12n);
    expect([floorDivide(-7n, 2n), floorDivide(7n, 2n), floorDivide(-8n, 2n)]).toEqual([-4n, 3n, -4n]);
  });

  it('are read from decimals and fractions and written as decimals', () => {
    expect(readRational('-12.50')).toEqual({ n: -1250n, d: 100n });
    expect(readRational('1.5e3')).toEqual({ n: 1500n, d: 1n });
    expect(readRational('2/3')).toEqual({ n: 2n, d: 3n });
    for (const text of ['', '1/0', '1,5', 'NaN', '0x1', '1e', '--1', '1e9999']) expect(readRational(text)).toBeNull();
    expect(decimalText({ n: 2n, d: 3n }, 4)).toBe('0.6666');
    expect(decimalText({ n: -2n, d: 3n }, 4)).toBe('-0.6667');
    expect(decimalText({ n: 7n, d: 2n }, 0)).toBe('3');
  });
});
