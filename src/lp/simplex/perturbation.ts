/**
 * Small deterministic changes of costs (dual simplex) or bounds (primal simplex) that break ties on degenerate
 * programs. They are removed at the end, where the other method repairs what little the removal upsets.
 */
import { Move, type SimplexCore } from './simplexCore.ts';

/** Size of a cost change relative to 1 + |cost|, times a random factor in [1, 2). */
const costChange = 5e-7;
/** Size of a bound change relative to 1 + |bound|. */
const boundChange = 1e-7;

/** A reproducible number in [0, 1) for each variable (an integer hash). */
export function hashedFraction(variable: number, round: number): number {
  let h = Math.imul(variable + 1, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  h = Math.imul(h ^ (h >>> 13), 0x2c1b3c6d);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/**
 * Moves costs away from degeneracy, in the direction that keeps the basis dual feasible. Reduced costs must be computed
 * anew.
 */
export function perturbCosts(core: SimplexCore, round: number): void {
  const { cost, lower, upper, move, position, total } = core;
  let largest = 0;
  for (let v = 0; v < core.numColumns; v++) largest = Math.max(largest, Math.abs(cost[v]));
  const scale = largest > 100 ? Math.sqrt(Math.sqrt(largest)) : 1;
  const base = costChange * scale;
  for (let v = 0; v < total; v++) {
    const low = lower[v];
    const high = upper[v];
    if (low === high) continue;
    const amount = base * (1 + Math.abs(cost[v])) * (1 + hashedFraction(v, round));
    const isBasic = position[v] >= 0;
    if (low === -Infinity && high === Infinity) continue;
    let direction: number;
    if (!isBasic) direction = move[v] === Move.down ? -1 : 1;
    else if (high === Infinity) direction = 1;
    else if (low === -Infinity) direction = -1;
    else direction = cost[v] >= 0 ? 1 : -1;
    cost[v] += direction * amount * (v < core.numColumns ? 1 : 1e-3);
  }
  core.costChanged = true;
  core.dualsFit = false;
}

/** Widens the bounds of all variables that are not fixed. Basic values must be computed anew. */
export function perturbBounds(core: SimplexCore, round: number): void {
  const { lower, upper, position, move, total } = core;
  for (let v = 0; v < total; v++) {
    const low = lower[v];
    const high = upper[v];
    if (low === high && position[v] < 0) continue;
    if (low > -Infinity) lower[v] = low - boundChange * (1 + Math.abs(low)) * (1 + hashedFraction(v, round));
    if (high < Infinity) upper[v] = high + boundChange * (1 + Math.abs(high)) * (1 + hashedFraction(v, round + 7));
    if (position[v] < 0) core.placeNonbasic(v, move[v]);
  }
  core.boundsChanged = true;
  core.valuesFit = false;
}
