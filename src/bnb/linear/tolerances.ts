/** Tolerances of the tree's linear relaxations, each with its reason. Those of the simplex are in src/lp. */

/** A value this near a whole number counts as whole (specification 9.2). */
export const integralityTolerance = 1e-6;
/** Reduced costs below this are rounding and fix nothing. */
export const reducedCostTolerance = 1e-7;
/**
 * A point violates a cut if its activity is outside by more than this, relative to the cut's norm: less is rounding.
 */
export const leastEfficacy = 1e-4;
