/** What a proof is to show: the bound that its gap asks for. */
import { asNumber, decimalTextUp, exactly, minus, type Rational, size, times } from '../check/rational.ts';
import { leastGap, type WriteOptions } from './writeOptions.ts';

/** The gap of a result, as far as it says anything. */
export interface ProvenGap {
  readonly status: string;
  readonly gap: number | null;
}

/** The gap that a proof is to show. */
export function gapOf({ status, gap }: ProvenGap, options: WriteOptions): number {
  return Math.max(leastGap, options.gap ?? 0, status === 'optimal' ? 0 : (gap ?? 1) * (1 + 1e-9));
}

/** `gap` below the cost, or as far below it as the result's own bound is. */
export function targetOf(cost: Rational, { status, gap }: ProvenGap, options: WriteOptions): Rational {
  const share = exactly(gapOf({ status, gap }, options));
  return minus(cost, times(share, size(cost)));
}

/** In twelve significant digits or more, rounded up, so that the gap is shown in full. */
export function upwardText(value: Rational): string {
  const digits = Math.max(0, Math.min(300, 11 - Math.floor(Math.log10(Math.abs(asNumber(value)) || 1))));
  return decimalTextUp(value, digits);
}
