/**
 * Sides of a row rounded to the values residue + divisor Z that the row can take, but for the rounding that a scaled
 * side may carry.
 */
import type { SearchParameters } from '../parameters.ts';

export class SideRounding {
  readonly #integrality: number;
  readonly #share: number;

  constructor({ tolerances, integers }: SearchParameters) {
    this.#integrality = tolerances.integrality;
    this.#share = integers.sideRounding;
  }

  /** What rounding may have moved a side by. */
  slackOf(side: number): number {
    return Math.max(this.#integrality, this.#share * Math.abs(side));
  }

  /** Rounds both sides to residue + divisor Z (divisor 0: the residue alone); false if nothing is left. */
  round(row: { lower: number; upper: number }, residue: bigint, divisor: bigint): boolean {
    const base = Number(residue);
    if (divisor === 0n)
      return row.lower <= base + this.slackOf(row.lower) && row.upper >= base - this.slackOf(row.upper);
    const step = Number(divisor);
    if (Number.isFinite(row.lower)) {
      const steps = Math.ceil((row.lower - base - this.slackOf(row.lower)) / step);
      row.lower = Math.max(row.lower, base + steps * step);
    }
    if (Number.isFinite(row.upper)) {
      const steps = Math.floor((row.upper - base + this.slackOf(row.upper)) / step);
      row.upper = Math.min(row.upper, base + steps * step);
    }
    if (row.lower > row.upper && row.lower <= row.upper + this.slackOf(row.upper)) row.upper = row.lower;
    return row.lower <= row.upper;
  }

  /** Bounds of an integer column, made whole. */
  wholeBounds(lower: number, upper: number): { lower: number; upper: number } {
    return { lower: Math.ceil(lower - this.#integrality), upper: Math.floor(upper + this.#integrality) };
  }
}
