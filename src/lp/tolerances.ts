/**
 * Every tolerance of the simplex kernel, each with its reason. "Scaled" means: in the units of the scaled program that
 * the simplex works on; the check of a result uses the units of the caller.
 */

/** Scaled primal feasibility that the simplex aims at. Tighter makes it pivot on rounding noise. */
export const primalFeasibility = 1e-9;

/** Scaled dual feasibility that the simplex aims at, for costs of order one. */
export const dualFeasibility = 1e-9;

/**
 * The worst recomputed violation (see `OptimalityViolations`) that a result called `optimal` may have: a hundred times
 * what the simplex aims at. Without it a basis whose values are lost to rounding would pass for an answer.
 */
export const acceptedViolation = 1e-7;

/**
 * Weight of the terms of a sum in the size that its violation is relative to: acceptedViolation times this, 1e-15, is
 * the share of the terms that rounding leaves in a sum of doubles. Without it no point with values of 1e10 could be
 * called optimal, however exact.
 */
export const termWeight = 1e-8;

/** A violation above this in the caller's units makes the solver tighten its own tolerances and go on. */
export const wantedViolation = 2e-9;

/** Entries of computed vectors below this are rounding noise and are dropped. */
export const drop = 1e-14;

/** Stands for zero in a listed entry that cancelled, so that "listed" and "non-zero" stay the same thing. */
export const listedZero = 1e-100;

/** A pivot of the factorisation below this makes the basis singular; one step above what cancellation leaves. */
export const singularPivot = 1e-10;

/**
 * Threshold pivoting: a pivot is at least this share of the largest entry of its column. Smaller is sparser, less
 * stable.
 */
export const markowitzThreshold = 0.1;

/** Pivot elements of an iteration below this are refused right after a refactorisation. */
export const leastPivot = 1e-9;

/** Pivot elements below this are refused when updates have piled up since the last factorisation. */
export const pivotAfterUpdates = 1e-7;

/** Pivot element by row and by column may differ by this share before the factorisation is renewed. */
export const pivotDisagreement = 1e-7;

/**
 * Entry of a computed ray that counts as zero, relative to the terms it could be made of: rounding. Data that small (a
 * coefficient of 1e-9 beside 1) is not noise, a far point may depend on it.
 */
export const rayZero = 1e-13;

/**
 * Pivot elements down to this share of their row or column are taken when the alternative is a ray that proves nothing.
 */
export const lastResortPivot = 1e-12;

/** The simplex tightens its tolerances down to this and no further: below lies rounding. */
export const tightestFeasibility = 1e-12;

/** Where rounding leaves no acceptable pivot the simplex loosens its tolerances up to this. */
export const loosestFeasibility = 1e-7;

/**
 * Error of a row activity or reduced cost, relative to its largest term, that factors and updates may leave. Without it
 * the simplex would chase noise that no pivot can remove; for what is accepted termWeight is stricter.
 */
export const termRounding = 1e-13;

/**
 * Bounds that cross by less, scaled, are rounding and count as equal, as do those that cross within the tolerance of
 * feasibility.
 */
export const crossedBounds = 1e-10;
