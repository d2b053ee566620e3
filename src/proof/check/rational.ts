/**
 * Exact rationals on BigInt: n / d with d > 0, not always in lowest terms. A double is the rational that it is.
 */

export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const zero: Rational = { n: 0n, d: 1n };
export const one: Rational = { n: 1n, d: 1n };

const bits = new DataView(new ArrayBuffer(8));

/** The exact value of a finite double. */
export function exactly(value: number): Rational {
  if (Number.isSafeInteger(value)) return whole(BigInt(value));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponentBits = Number((word >> 52n) & 0x7ffn);
  if (exponentBits === 0x7ff) throw new RangeError(`no rational is ${value}`);
  const mantissa = (word & 0xfffffffffffffn) | (exponentBits === 0 ? 0n : 1n << 52n);
  const exponent = Math.max(exponentBits, 1) - 1075;
  const n = word >> 63n === 1n ? -mantissa : mantissa;
  if (n === 0n) return zero;
  if (exponent >= 0) return { n: n << BigInt(exponent), d: 1n };
  // Trailing zeros of the mantissa go, so that sums stay short.
  const shift = Math.min(-exponent, Math.log2(Number(n & -n)));
  return { n: n >> BigInt(shift), d: 1n << BigInt(-exponent - shift) };
}

export function whole(value: bigint): Rational {
  return { n: value, d: 1n };
}

export function twoTo(power: number): Rational {
  return power >= 0 ? whole(1n << BigInt(power)) : { n: 1n, d: 1n << BigInt(-power) };
}

export function plus(a: Rational, b: Rational): Rational {
  if (a.d === b.d) return { n: a.n + b.n, d: a.d };
  if (a.d % b.d === 0n) return { n: a.n + b.n * (a.d / b.d), d: a.d };
  if (b.d % a.d === 0n) return { n: a.n * (b.d / a.d) + b.n, d: b.d };
  return { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

export function minus(a: Rational, b: Rational): Rational {
  return plus(a, { n: -b.n, d: b.d });
}

export function size({ n, d }: Rational): Rational {
  return { n: n < 0n ? -n : n, d };
}

export function isWhole({ n, d }: Rational): boolean {
  return n % d === 0n;
}

export function times(...factors: readonly Rational[]): Rational {
  let n = 1n;
  let d = 1n;
  for (const factor of factors) {
    n *= factor.n;
    d *= factor.d;
  }
  return { n, d };
}

/** b is not 0. */
export function over(a: Rational, b: Rational): Rational {
  return b.n > 0n ? { n: a.n * b.d, d: a.d * b.n } : { n: -a.n * b.d, d: -a.d * b.n };
}

/** Negative, 0 or positive as a is less than, equal to or greater than b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function least(a: Rational, b: Rational): Rational {
  return compare(a, b) <= 0 ? a : b;
}

export function greatest(a: Rational, b: Rational): Rational {
  return compare(a, b) >= 0 ? a : b;
}

/** The largest whole number <= a * 2^bits; `bits` may be negative. */
export function roundedDown({ n, d }: Rational, bits = 0): bigint {
  return bits >= 0 ? floorDivide(n << BigInt(bits), d) : floorDivide(n, d << BigInt(-bits));
}

/** The smallest whole number >= a * 2^bits. */
export function roundedUp({ n, d }: Rational, bits = 0): bigint {
  return -roundedDown({ n: -n, d }, bits);
}

/** The largest whole number <= a / b, b > 0. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}

/** From "-12.5", "1.25e-3" or "1/3"; null for other text. */
export function readRational(text: string): Rational | null {
  const fraction = /^(-?\d{1,2000})\/(\d{1,2000})$/.exec(text);
  if (fraction !== null) {
    const d = BigInt(fraction[2]);
    return d === 0n ? null : { n: BigInt(fraction[1]), d };
  }
  const decimal = /^(-?)(\d{1,400})(?:\.(\d{1,400}))?(?:e([+-]?\d{1,3}))?$/.exec(text);
  if (decimal === null) return null;
  const [, sign, integer, digits = '', exponent = '0'] = decimal;
  const size = BigInt(integer + digits) * (sign === '-' ? -1n : 1n);
  const power = Number(exponent) - digits.length;
  return power >= 0 ? { n: size * 10n ** BigInt(power), d: 1n } : { n: size, d: 10n ** BigInt(-power) };
}

/** The shortest decimal that reads as this finite double. */
export function decimalOf(value: number): Rational {
  return readRational(String(value)) ?? exactly(value);
}

/** Decimal text with so many digits after the point, rounded down. */
export function decimalText(value: Rational, digits: number): string {
  return shifted(floorDivide(value.n * 10n ** BigInt(digits), value.d), digits);
}

/** The same, rounded up. */
export function decimalTextUp({ n, d }: Rational, digits: number): string {
  return shifted(-floorDivide(-n * 10n ** BigInt(digits), d), digits);
}

function shifted(units: bigint, digits: number): string {
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
  const sign = units < 0n ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A double near the value. */
export function asNumber({ n, d }: Rational): number {
  const bits = (value: bigint) => (value < 0n ? -value : value).toString(2).length;
  const shift = 80 - (bits(n) - bits(d));
  const quotient = shift >= 0 ? (n << BigInt(shift)) / d : n / (d << BigInt(-shift));
  // In two steps, so that neither power overflows.
  const half = Math.trunc(-shift / 2);
  return Number(quotient) * 2 ** half * 2 ** (-shift - half);
}

export function smaller(a: bigint, b: bigint): bigint {
  return [a, b][a < b ? 0 : 1];
}

export function larger(a: bigint, b: bigint): bigint {
  return [a, b][a > b ? 0 : 1];
}
