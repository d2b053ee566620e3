/**
 * Columns from a pool of all useful patterns: each round is a pass over what is left of it, exact and cheaper than
 * solving the master, so that duals need no smoothing and searches no limits. A pass also drops the columns that no
 * plan below the cutoff can hold.
 */
import type { Steps } from '../../lp/steps.ts';
import {
  type ColumnSource,
  columnsPerRound,
  type GenerationEnd,
  type GenerationLimits,
  type GenerationStatus,
  runGeneration,
} from '../master/columnGeneration.ts';
import { leastOfPair, priceDuals, withPairs } from '../master/dualPrices.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { SubsetPenalty } from '../pricing/subsetCharges.ts';
import { lowest, type PoolMaster } from './poolMaster.ts';

export interface PoolOutcome extends GenerationEnd {
  /** Of the columns looked at those that a plan cheaper than the cutoff may hold, by the last pass. */
  readonly left: Int32Array;
  /** (column of the pool): what a plan with it costs at least, by the last pass; where that pass looked at it. */
  readonly floor: Float64Array;
  /** Bound of that pass, and the subset rows that it priced. */
  readonly value: number;
  readonly subsets: readonly SubsetPenalty[];
}

/** Generates columns from `list` until none improves. Yields after every round. */
export function* generateFromPool(
  pooled: PoolMaster,
  list: Int32Array,
  restrictions: NodeRestrictions,
  limits: Omit<GenerationLimits, 'tolerance'>,
): Steps<PoolOutcome> {
  const { master } = pooled;
  const { pooledRoundLimit } = master.table.parameters.generation;
  const source = new PooledColumns(pooled, list, restrictions, limits.cutoff);
  const end = yield* runGeneration(master, source, { rounds: pooledRoundLimit, ...limits });
  const { left, floor, value, subsets } = source;
  return { ...end, left, floor, value, subsets };
}

class PooledColumns implements ColumnSource {
  left: Int32Array;
  readonly floor: Float64Array;
  value = -Infinity;
  subsets: readonly SubsetPenalty[] = [];
  readonly #pooled: PoolMaster;
  readonly #restrictions: NodeRestrictions;
  readonly #cutoff: number;
  readonly #pairLeast: Float64Array;
  /* The pass in hand. */
  #passValue = -Infinity;
  #passSubsets: readonly SubsetPenalty[] = [];

  constructor(pooled: PoolMaster, list: Int32Array, restrictions: NodeRestrictions, cutoff: number) {
    this.left = list;
    this.floor = new Float64Array(pooled.pool.size).fill(-Infinity);
    this.#pooled = pooled;
    this.#restrictions = restrictions;
    this.#cutoff = cutoff;
    this.#pairLeast = new Float64Array(pooled.master.table.problem.numPairs);
  }

  /** Only an exhausted pool ends a phase. */
  turnsPhase(): boolean {
    return false;
  }

  price(bound: number): number {
    const { master, pool } = this.#pooled;
    this.#pooled.columnsPriced += this.left.length;
    const { solver } = master;
    const { prices, base } = priceDuals(master, this.#restrictions, solver.duals.slice(0, solver.numRows));
    pool.price(this.left, prices, this.#cutoff - bound, this.#pairLeast);
    const value = withPairs(base, this.#restrictions, this.#pairLeast);
    this.#passValue = value;
    this.#passSubsets = prices.subsets;
    return value;
  }

  note(): void {}

  proceed(): GenerationStatus | 'go on' {
    const { master, pool } = this.#pooled;
    const { improvementTolerance, artificialTolerance } = master.table.parameters.generation;
    const tolerance = improvementTolerance * Math.max(1, Math.abs(master.solver.objective));
    const improving = this.left.filter((c) => pool.reducedCost[c] < -tolerance);
    if (master.phase === 2) this.#dropHopeless();
    if (this.#pooled.put(lowest(improving, pool.reducedCost, columnsPerRound(master))) > 0) return 'go on';
    const isCovered = master.artificialValue() <= artificialTolerance;
    if (master.phase === 1) {
      if (!isCovered) return 'numerical-trouble';
      master.setPhase(2);
    } else if (isCovered) return 'converged';
    else if (!master.raiseSurcharges()) master.setPhase(1);
    return 'go on';
  }

  /** Notes floors and drops columns that reach the cutoff. */
  #dropHopeless(): void {
    const { pool } = this.#pooled;
    const { left } = this;
    const kept = new Int32Array(left.length);
    let size = 0;
    for (let from = 0, to = 0; from < left.length; from = to) {
      // Fractions of one set may be mixed: it stays whole.
      let least = Infinity;
      for (; to < left.length && pool.set[left[to]] === pool.set[left[from]]; to++) {
        least = Math.min(least, pool.reducedCost[left[to]]);
      }
      const floor = this.#passValue - leastOfPair(this.#restrictions, pool.pairOf(left[from]), this.#pairLeast) + least;
      for (let at = from; at < to; at++) {
        this.floor[left[at]] = floor;
        if (floor < this.#cutoff) kept[size++] = left[at];
      }
    }
    this.left = kept.slice(0, size);
    this.value = this.#passValue;
    this.subsets = this.#passSubsets;
  }
}
