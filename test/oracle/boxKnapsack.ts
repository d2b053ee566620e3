/**
 * A linear program over a box with two resources, solved exactly by enumeration of its vertices: at most about eight
 * items.
 */

export interface KnapsackItem {
  readonly cost: number;
  readonly lower: number;
  readonly upper: number;
  /** Use of each resource, >= 0. */
  readonly use: readonly [number, number];
}

/** Relative rounding allowed in a resource. */
const resourceTolerance = 1e-11;
/** Rounding of the bounds: with an unmet cap of 0.1, a largest fraction of 0.8999999999999999 is the least one. */
const boxTolerance = 1e-12;

/** Least sum cost * x with lower <= x <= upper and sum use[r] * x <= capacity[r]; null if no point is feasible. */
export function cheapestFractions(
  items: readonly KnapsackItem[],
  capacity: readonly [number, number],
): number[] | null {
  const fits = (x: readonly number[]) =>
    capacity.every((limit, r) => used(items, x, r) <= limit + resourceTolerance * Math.max(1, limit));
  if (items.some(({ lower, upper }) => lower > upper * (1 + boxTolerance)) || !fits(items.map((item) => item.lower)))
    return null;
  const wanted = items.map(({ cost, lower, upper }) => (cost < 0 ? upper : lower));
  if (fits(wanted)) return wanted;

  let best: number[] | null = null;
  let bestCost = Infinity;
  const consider = (x: number[]) => {
    const inBox = x.every(
      (value, t) => value >= items[t].lower - boxTolerance && value <= items[t].upper + boxTolerance,
    );
    if (!inBox || !fits(x)) return;
    const cost = x.reduce((sum, value, t) => sum + value * items[t].cost, 0);
    if (cost >= bestCost) return;
    best = x;
    bestCost = cost;
  };
  for (let corner = 0; corner < 1 << items.length; corner++) {
    const x = items.map((item, t) => ((corner >> t) & 1 ? item.upper : item.lower));
    consider(x);
    for (let s = 0; s < items.length; s++) {
      // The other corner of a free item gives the same vertices again.
      if ((corner >> s) & 1) continue;
      for (const r of [0, 1] as const) {
        const rest = x.map((value, t) => (t === s ? 0 : value));
        const left = capacity[r] - used(items, rest, r);
        if (items[s].use[r] > 0) consider(rest.map((value, t) => (t === s ? left / items[s].use[r] : value)));
      }
      for (let t = s + 1; t < items.length; t++) {
        if ((corner >> t) & 1) continue;
        const rest = x.map((value, other) => (other === s || other === t ? 0 : value));
        const [a, b] = items[s].use;
        const [c, d] = items[t].use;
        const determinant = a * d - b * c;
        if (determinant === 0) continue;
        const first = capacity[0] - used(items, rest, 0);
        const second = capacity[1] - used(items, rest, 1);
        rest[s] = (first * d - second * c) / determinant;
        rest[t] = (a * second - b * first) / determinant;
        consider(rest);
      }
    }
  }
  return best;
}

function used(items: readonly KnapsackItem[], x: readonly number[], r: number): number {
  return items.reduce((sum, item, t) => sum + item.use[r] * x[t], 0);
}
