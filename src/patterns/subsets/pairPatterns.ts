/** The patterns that one pair may hold, in flat arrays, and the list that they are made in. */

import { doubledFloats, doubledInts } from '../growingArrays.ts';
import type { PatternTable } from '../pricing/patternTable.ts';

/** Arrays are over the patterns. */
export interface PairPatterns {
  readonly table: PatternTable;
  readonly pair: number;
  /** Whether a plan has to hold one of them. */
  readonly mustBeRented: boolean;
  /** A bit for each query type. */
  readonly set: Int32Array;
  readonly deployment: Int32Array;
  readonly replicas: Int32Array;
  /** $ at the fractions that cost least, as in the table, and what these count in the budget row. */
  readonly cost: Float64Array;
  readonly spend: Float64Array;
  /** What the least fractions count there. */
  readonly leastSpend: Float64Array;
  /** Price of the budget up to which the fractions stay the same. */
  readonly steadyUntil: Float64Array;
  /** (resource, pattern). */
  readonly uses: readonly Float64Array[];
}

const firstCapacity = 64;

/** Most pairs have no pattern that pays. */
const nothing = {
  set: new Int32Array(0),
  deployment: new Int32Array(0),
  replicas: new Int32Array(0),
  cost: new Float64Array(0),
  spend: new Float64Array(0),
  leastSpend: new Float64Array(0),
  steadyUntil: new Float64Array(0),
};

/** Used for one pair after the other: its arrays are as long as the most patterns of a pair. */
export class PatternList {
  count = 0;
  set = new Int32Array(firstCapacity);
  deployment = new Int32Array(firstCapacity);
  replicas = new Int32Array(firstCapacity);
  /** The pattern of the same set before each, or -1. */
  former = new Int32Array(firstCapacity);
  cost = new Float64Array(firstCapacity);
  spend = new Float64Array(firstCapacity);
  leastSpend = new Float64Array(firstCapacity);
  steadyUntil = new Float64Array(firstCapacity);
  readonly uses: Float64Array[];

  constructor(numResources: number) {
    this.uses = Array.from({ length: numResources }, () => new Float64Array(firstCapacity));
  }

  /** The place of a pattern more. */
  next(): number {
    if (this.count === this.set.length) this.#grow();
    return this.count++;
  }

  #grow(): void {
    this.set = doubledInts(this.set);
    this.deployment = doubledInts(this.deployment);
    this.replicas = doubledInts(this.replicas);
    this.former = doubledInts(this.former);
    this.cost = doubledFloats(this.cost);
    this.spend = doubledFloats(this.spend);
    this.leastSpend = doubledFloats(this.leastSpend);
    this.steadyUntil = doubledFloats(this.steadyUntil);
    for (let r = 0; r < this.uses.length; r++) this.uses[r] = doubledFloats(this.uses[r]);
  }

  /** A copy of what is in the list. */
  ofPair(table: PatternTable, pair: number, mustBeRented: boolean): PairPatterns {
    const { count } = this;
    if (count === 0) return { table, pair, mustBeRented, ...nothing, uses: this.uses.map(() => nothing.cost) };
    return {
      table,
      pair,
      mustBeRented,
      set: this.set.slice(0, count),
      deployment: this.deployment.slice(0, count),
      replicas: this.replicas.slice(0, count),
      cost: this.cost.slice(0, count),
      spend: this.spend.slice(0, count),
      leastSpend: this.leastSpend.slice(0, count),
      steadyUntil: this.steadyUntil.slice(0, count),
      uses: this.uses.map((use) => use.slice(0, count)),
    };
  }
}
