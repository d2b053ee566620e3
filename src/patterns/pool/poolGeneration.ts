/**
 * Column generation where all useful patterns are enumerated: solve the master, pass over the pool, add what improves,
 * until nothing does. A pass is exact and cheaper than solving the master, so that duals need no smoothing and searches
 * no limits (columnGeneration.ts).
 */
import type { Steps } from '../../bnb/steps.ts';
import { leastOfPair, priceDuals } from '../master/dualPrices.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { SubsetPenalty } from '../pricing/subsetCharges.ts';
import type { PatternPool } from './patternPool.ts';
import { lowest, type PoolMaster } from './poolMaster.ts';

/** Reduced costs above this times the size of the objective are not worth a column. */
const improvementTolerance = 1e-9;
/** What artificial columns may cover by rounding. */
const artificialTolerance = 1e-7;
/** Phase-1 bound above which no plan exists. */
const infeasibilityTolerance = 1e-6;
/** Rounds after which a node gives up; its bound holds. */
const roundLimit = 500;

export interface PoolLimits {
  readonly cutoff: number;
  /** What is known already. */
  readonly bound: number;
  /** Rounds that a trial may take. Default 500. */
  readonly rounds?: number;
  readonly shouldStop: () => boolean;
  readonly onRound?: (round: number, bound: number, columns: number) => void;
}

export interface PoolOutcome {
  readonly status: 'converged' | 'cutoff' | 'infeasible' | 'limit' | 'numerical-trouble';
  readonly bound: number;
  /** Of the columns looked at those that a plan cheaper than the cutoff may hold, by the last pass. */
  readonly left: Int32Array;
  /** (column of the pool): what a plan with it costs at least, by the last pass; where that pass looked at it. */
  readonly floor: Float64Array;
  /** Bound of that pass, and the subset rows that it priced. */
  readonly value: number;
  readonly subsets: readonly SubsetPenalty[];
}

export function* generateFromPool(
  pooled: PoolMaster,
  list: Int32Array,
  restrictions: NodeRestrictions,
  limits: PoolLimits,
): Steps<PoolOutcome> {
  const { master, pool } = pooled;
  let { bound } = limits;
  let left = list;
  const { cutoff } = limits;
  const floor = new Float64Array(pool.size).fill(-Infinity);
  const pairLeast = new Float64Array(master.table.problem.numPairs);
  const most = 40 + 3 * master.table.problem.numQueryTypes;
  let lastValue = -Infinity;
  let subsets: readonly SubsetPenalty[] = [];
  const result = (status: PoolOutcome['status']): PoolOutcome => ({
    status,
    bound,
    left,
    floor,
    value: lastValue,
    subsets,
  });
  master.setPhase(2);
  for (let round = 1; round <= (limits.rounds ?? roundLimit); round++) {
    if (master.solve() !== 'optimal') return result('numerical-trouble');
    const { solver } = master;
    const { prices, base } = priceDuals(master, restrictions, solver.duals.slice(0, solver.numRows));
    const tolerance = improvementTolerance * Math.max(1, Math.abs(solver.objective));
    pool.price(left, prices, cutoff - bound, pairLeast);
    let value = base;
    for (let pair = 0; pair < pairLeast.length; pair++) value += leastOfPair(restrictions, pair, pairLeast);
    const isPhase1 = master.phase === 1;
    if (isPhase1 && value > infeasibilityTolerance) {
      bound = Infinity;
      return result('infeasible');
    }
    if (!isPhase1 && value > bound) bound = value;
    limits.onRound?.(round, bound, master.patterns.length);
    if (bound >= cutoff) return result('cutoff');
    const improving = left.filter((c) => pool.reducedCost[c] < -tolerance);
    if (!isPhase1) {
      left = stillOpen(pool, left, restrictions, value, pairLeast, cutoff, floor);
      lastValue = value;
      subsets = prices.subsets;
    }
    const added = pooled.put(lowest(improving, pool.reducedCost, most));
    if (added === 0) {
      const isCovered = master.artificialValue() <= artificialTolerance;
      if (isCovered && !isPhase1) return result('converged');
      if (isPhase1) {
        if (!isCovered) return result('numerical-trouble');
        master.setPhase(2);
      } else if (!master.raiseSurcharges()) master.setPhase(1);
    }
    if (limits.shouldStop()) return result('limit');
    yield;
  }
  return result('limit');
}

/** Notes floors and drops columns that reach the cutoff. */
function stillOpen(
  pool: PatternPool,
  list: Int32Array,
  restrictions: NodeRestrictions,
  bound: number,
  pairLeast: Float64Array,
  cutoff: number,
  floor: Float64Array,
): Int32Array {
  const kept = new Int32Array(list.length);
  let size = 0;
  for (let at = 0; at < list.length; at++) {
    const c = list[at];
    const pair = pool.pairOf(c);
    floor[c] = bound - leastOfPair(restrictions, pair, pairLeast) + pool.reducedCost[c];
    if (floor[c] < cutoff) kept[size++] = c;
  }
  return kept.slice(0, size);
}
