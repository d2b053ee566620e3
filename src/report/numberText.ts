/** Numbers as people read them in reports. What does not exist is shown as a dash, never as 0. */

import { decimalOf, decimalTextUp, times, whole } from '../proof/check/rational.ts';

export const absent = '-';

/** Dollars to the cent; amounts below a cent with what digits they have. */
export function dollars(value: number): string {
  const size = Math.abs(value);
  return size > 0 && size < 0.01 ? value.toPrecision(2) : value.toFixed(2);
}

/** Fractions below this are rounding of doubles and shown as 0. */
const roundingFraction = 1e-12;

/** A fraction as a percentage; a small one is not rounded to nothing. */
export function percent(fraction: number | null): string {
  if (fraction === null) return absent;
  const value = Math.abs(fraction) < roundingFraction ? 0 : 100 * fraction;
  const size = Math.abs(value);
  if (size !== 0 && size < 0.01) return `${Number(value.toPrecision(2))} %`;
  return `${value.toFixed(size < 1 && size > 0 ? 2 : 1)} %`;
}

/**
 * What has been proven to be at most so much (>= 0), in two digits or all whole ones: never below it. The double is
 * taken as what its shortest text says, so that a gap of 0.05 is 5 %, not a bit more.
 */
export function atMostText(value: number, unit: 1 | 100 = 1): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const digits = Math.max(0, 1 - Math.floor(Math.log10(unit * value)));
  const text = decimalTextUp(times(decimalOf(value), whole(BigInt(unit))), digits);
  return unit * value < 1 ? String(Number(text)) : text;
}

/** The same of a fraction, as a percentage. */
export function percentAtMost(fraction: number): string {
  return `${atMostText(fraction, 100)} %`;
}

/** Any quantity to five significant digits, without an exponent where it is not needed. */
export function quantity(value: number | null): string {
  if (value === null) return absent;
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e5 && size < 1e15 ? value.toFixed(0) : String(Number(value.toPrecision(5)));
}

/** Costs and bounds in headings and logs: six decimals show differences of proofs. */
export function exactDollars(value: number | null): string {
  return value === null ? absent : value.toFixed(6);
}

/** Seconds with the digits that matter. */
export function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;
}

/** `1 plan`, `2 plans`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
