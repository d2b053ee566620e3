/**
 * Rows and limits in units of their own size: the simplex keeps a row to an absolute 1e-9, too coarse for tiny ones.
 */

/** Sizes below this are brought to about 1. */
const leastSize = 0.5;
const mostScale = 2 ** 40;

/** The power of two that brings a small size to about 1; 1 for one that is not small, or 0. */
export function unitScale(size: number): number {
  return size > 0 && size < leastSize ? Math.min(mostScale, 2 ** -Math.round(Math.log2(size))) : 1;
}
