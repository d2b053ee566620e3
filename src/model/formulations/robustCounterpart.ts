/**
 * The robust counterpart of one uncertain sum (specification 5): max over xi of sum_g xi_g a_g with
 * 0 <= xi_g <= share_g and sum_g xi_g <= Gamma, where a_g is linear in the columns of the program. It is written either
 * by LP duality, or as one column that scenario rows hold up from below. Decision-dependent sets are of this form too:
 * a_g is 0 wherever the placement z is.
 */
import type { MixedIntegerProgramBuilder, SparseRow } from '../../lp/linearProgram.ts';

/** a_g = sum coefficients[t] * column[t], coefficients >= 0 and columns >= 0. */
export interface UncertainEntry {
  readonly name: string;
  readonly share: number;
  readonly columns: readonly number[];
  readonly deviations: readonly number[];
}

export interface UncertainSum {
  readonly name: string;
  readonly gamma: number;
  readonly entries: readonly UncertainEntry[];
}

/** A linear expression. */
export interface Expression {
  readonly columns: number[];
  readonly coefficients: number[];
}

/** An uncertain sum inside a program: an expression that is at least its worst case and can be as small. */
export interface Protection {
  readonly worstCase: Expression;
  /** The sum, where `worstCase` is auxiliary columns; null where it is written out. */
  readonly sum: UncertainSum | null;
  /** Sets the auxiliary columns of `point` to their best values for its other columns. */
  complete(point: Float64Array): void;
  /** A scenario row that the point violates, or null. */
  separate(point: ArrayLike<number>, tolerance: number): SparseRow | null;
}

/** Whether Gamma reaches all entries, so that the worst case is linear: every xi_g at its share. */
export function budgetReachesAll({ gamma, entries }: UncertainSum): boolean {
  return gamma >= entries.reduce((sum, entry) => sum + entry.share, 0);
}

/**
 * Every xi_g at its largest value when only one a_g can be non-zero, or when Gamma reaches all: no auxiliary column.
 * With `part` below 1 that share of it, for callers who know that the worst case is no smaller.
 */
export function directProtection({ gamma, entries }: UncertainSum, part = 1): Protection {
  const columns: number[] = [];
  const coefficients: number[] = [];
  for (const entry of entries) {
    entry.columns.forEach((column, t) => {
      columns.push(column);
      coefficients.push(part * Math.min(gamma, entry.share) * entry.deviations[t]);
    });
  }
  return { worstCase: { columns, coefficients }, sum: null, complete: () => {}, separate: () => null };
}

/** Gamma tau + sum_g share_g sigma_g with tau + sigma_g >= a_g and tau, sigma >= 0. */
export function dualProtection(builder: MixedIntegerProgramBuilder, sum: UncertainSum, tauCost = 0): Protection {
  const entries = sum.entries.filter((entry) => entry.deviations.some((deviation) => deviation > 0));
  if (entries.length === 0 || sum.gamma === 0) return directProtection({ ...sum, entries: [] });
  const tau = builder.addColumn({ name: `tau_${sum.name}`, cost: tauCost * sum.gamma });
  const sigma = entries.map((entry) =>
    builder.addColumn({ name: `sigma_${sum.name}_${entry.name}`, cost: tauCost * entry.share }),
  );
  entries.forEach((entry, g) => {
    const values = [1, 1, ...entry.deviations.map((deviation) => -deviation)];
    builder.addRow({
      lower: 0,
      indices: [tau, sigma[g], ...entry.columns],
      values,
      name: `dual_${sum.name}_${entry.name}`,
    });
  });
  return {
    worstCase: { columns: [tau, ...sigma], coefficients: [sum.gamma, ...entries.map((entry) => entry.share)] },
    sum: { ...sum, entries },
    complete: (point) => {
      const sizes = entries.map((entry) => entrySize(entry, point));
      point[tau] = worstScenario(entries, sizes, sum.gamma).marginalValue;
      sigma.forEach((column, g) => {
        point[column] = Math.max(0, sizes[g] - point[tau]);
      });
    },
    separate: () => null,
  };
}

/** One column theta >= 0 that the rows theta >= sum_g xi_g a_g of the scenarios found so far hold up. */
export function adversarialProtection(
  builder: MixedIntegerProgramBuilder,
  sum: UncertainSum,
  thetaCost = 0,
): Protection {
  const { entries, gamma } = sum;
  if (entries.length === 0 || gamma === 0) return directProtection({ ...sum, entries: [] });
  const theta = builder.addColumn({ name: `theta_${sum.name}`, cost: thetaCost });
  return {
    worstCase: { columns: [theta], coefficients: [1] },
    sum,
    complete: (point) => {
      const sizes = entries.map((entry) => entrySize(entry, point));
      point[theta] = worstScenario(entries, sizes, gamma).value;
    },
    separate: (point, tolerance) => {
      const sizes = entries.map((entry) => entrySize(entry, point));
      const holds = (value: number) => point[theta] >= value - tolerance * Math.max(1, value);
      if (holds(worstAtMost(entries, sizes, gamma))) return null;
      const { value, xi } = worstScenario(entries, sizes, gamma);
      if (holds(value)) return null;
      const indices = [theta];
      const values = [1];
      entries.forEach((entry, g) => {
        if (xi[g] === 0) return;
        entry.columns.forEach((column, t) => {
          indices.push(column);
          values.push(-xi[g] * entry.deviations[t]);
        });
      });
      return { lower: 0, upper: Infinity, indices, values };
    },
  };
}

function entrySize({ columns, deviations }: UncertainEntry, point: ArrayLike<number>): number {
  let size = 0;
  for (let t = 0; t < columns.length; t++) size += deviations[t] * point[columns[t]];
  return size;
}

/** What the worst case is at most, without an order of the entries: what most points are below. */
function worstAtMost(entries: readonly { readonly share: number }[], sizes: readonly number[], gamma: number): number {
  let sum = 0;
  let largest = 0;
  for (let g = 0; g < sizes.length; g++) {
    sum += entries[g].share * Math.max(0, sizes[g]);
    largest = Math.max(largest, sizes[g]);
  }
  return Math.min(sum, gamma * largest);
}

/**
 * Fills xi in the order of falling a_g. `marginalValue` is what one more unit of Gamma would add: the best tau. Ties
 * keep the order of the entries.
 */
export function worstScenario(
  entries: readonly { readonly share: number }[],
  sizes: readonly number[],
  gamma: number,
): { readonly value: number; readonly xi: Float64Array; readonly marginalValue: number } {
  const xi = new Float64Array(entries.length);
  const falling = entries.map((_, g) => g).sort((a, b) => sizes[b] - sizes[a] || a - b);
  let left = gamma;
  let value = 0;
  let marginalValue = 0;
  for (const g of falling) {
    xi[g] = Math.min(entries[g].share, left);
    left -= xi[g];
    value += xi[g] * sizes[g];
    if (xi[g] < entries[g].share) {
      marginalValue = Math.max(0, sizes[g]);
      break;
    }
  }
  return { value, xi, marginalValue };
}
