/**
 * Rows of rational coefficients as whole ones: decimals such as 0.1 and thirds are recognised by their continued
 * fraction.
 */
import type { SearchParameters } from '../parameters.ts';

/** A double stands for a fraction that it is the nearest one of, or hardly off: two units of its last place. */
const unitsInLastPlace = 2 ** -51;

/** Coefficients times `scale`, all whole. */
export interface WholeCoefficients {
  readonly coefficients: readonly bigint[];
  readonly scale: number;
}

/** The least multiple of the values that is whole throughout; null if there is none of moderate size. */
export function wholeCoefficients(
  values: readonly number[],
  { largestDenominator, largestMultiple }: SearchParameters['integers'],
): WholeCoefficients | null {
  let scale = 1;
  const fractions: { readonly numerator: number; readonly denominator: number }[] = [];
  for (const value of values) {
    const fraction = fractionOf(value, largestDenominator);
    if (fraction === null) return null;
    fractions.push(fraction);
    scale = (scale / Number(divisorOf(BigInt(scale), BigInt(fraction.denominator)))) * fraction.denominator;
    if (scale > largestMultiple) return null;
  }
  const whole = fractions.map(({ numerator, denominator }) => BigInt(numerator) * BigInt(scale / denominator));
  return { coefficients: whole, scale };
}

/** The fraction of least denominator that rounds to the value (continued fraction), or null. */
function fractionOf(
  value: number,
  largestDenominator: number,
): { readonly numerator: number; readonly denominator: number } | null {
  const size = Math.abs(value);
  let [before, numerator] = [1, Math.floor(size)];
  let [beforeDenominator, denominator] = [0, 1];
  let rest = size - numerator;
  while (Math.abs(size - numerator / denominator) > unitsInLastPlace * size) {
    if (rest === 0) return null;
    const reciprocal = 1 / rest;
    const digit = Math.floor(reciprocal);
    rest = reciprocal - digit;
    [before, numerator] = [numerator, digit * numerator + before];
    [beforeDenominator, denominator] = [denominator, digit * denominator + beforeDenominator];
    if (denominator > largestDenominator) return null;
  }
  if (numerator > Number.MAX_SAFE_INTEGER) return null;
  return { numerator: value < 0 ? -numerator : numerator, denominator };
}

/** The greatest common divisor, never negative; 0 of zeros. */
export function divisorOf(a: bigint, b: bigint): bigint {
  let [large, small] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (small !== 0n) [large, small] = [small, large % small];
  return large;
}
