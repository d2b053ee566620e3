/**
 * Pricing one deployment exactly: over sets S of its items and whole replicas m,
 *
 *   min F(m) + sum over S of (f_i + c_i x_i) [+ penalties of subset rows],  low_i <= x_i <= high_i,
 *   sum a_i x_i <= m,  sum b_i x_i <= m,  least <= m <= most,  F a line,
 *
 * by a branch and bound on the continuous knapsack with two resources (twoResourceLp.ts), where capacities are 1: a and
 * b are shares of what the most replicas hold. An item has two pieces there, which make the lower convex hull of {0}
 * and {f + c x}: for f >= 0 the whole, of slope f / high + c up to `high`; for f < 0 the whole of slope f / low + c up
 * to `low` and the rest of slope c beyond. An item that is placed pays f and keeps the rest. Replicas are one more
 * piece: all are rented, and giving those beyond the least up takes room and saves what they cost. At most two pieces
 * are fractional.
 *
 * The larger of two items is branched on: large items decide what the small ones, of nearly equal efficiency, are
 * worth; with the more fractional first, one deployment of 194 items took 6 million nodes instead of 2 thousand.
 * Replicas are branched on, below and above, where all items are whole.
 *
 * Each node goes on from its parent's basis and drops the items whose other choice cannot beat the best pattern by
 * their reduced costs, so that deep nodes see few items. Penalties are >= 0 and count once two members of a subset row
 * are placed; bounds ignore others.
 */
import { defaultPatternParameters, type PatternParameters } from '../parameters.ts';
import { neverStop, StopQuestion } from '../stopQuestion.ts';
import { SubsetCharges, type SubsetPenalty } from './subsetCharges.ts';
import { TwoResourceLp } from './twoResourceLp.ts';

/** The replicas of a deployment, and F at the most of them with what one more costs. */
export interface ReplicaLine {
  readonly least: number;
  readonly most: number;
  readonly atMost: number;
  readonly slope: number;
}

/** Stands in for the item to branch on. */
const none = -1;
const replicasThemselves = -2;

const free = 0;
const placed = 1;
const absent = 2;

export class PatternSearch {
  /** Items of the deployment in hand. */
  count = 0;
  readonly f: Float64Array;
  readonly c: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly memory: Float64Array;
  readonly compute: Float64Array;
  readonly queryType: Int32Array;
  /** (t): the next item of the same kind, in a ring; t itself if there is none. */
  readonly nextAlike: Int32Array;
  /** (t): the fraction of the best pattern, or -1, and its replicas; valid in `onImprovement`. */
  readonly fraction: Float64Array;
  replicas = 1;
  /** Share of the best (negative) value that may be left unproven. */
  relativeSlack = 0;
  /** Nodes after which the search ends with a weaker bound. */
  nodeLimit = Infinity;
  /** Nodes so far, over all searches. */
  nodes = 0;
  /** Value of the best pattern so far, or the threshold. */
  best = 0;

  readonly #valueTolerance: number;
  readonly #shareTolerance: number;
  readonly #roomTolerance: number;
  readonly #lp: TwoResourceLp;
  /** Odd, as the rests of items are, which are never whole or nothing. */
  readonly #replicaPiece: number;
  #line: ReplicaLine = { least: 1, most: 1, atMost: 0, slope: 0 };
  /** Bounds on the replicas at the node in hand. */
  #least = 1;
  #most = 1;
  readonly #onImprovement: () => void;
  readonly #state: Uint8Array;
  /** (depth): the open pieces of the node at that depth, each in a stretch of its own. */
  #pieces: Int32Array;
  readonly #stretch: number;
  /** Items that nodes on the path have fixed, in order. */
  readonly #trail: Int32Array;
  #trailSize = 0;
  /** Nothing at or above this is worth finding. */
  #target = 0;
  #nodesLeft = 0;
  #isCut = false;
  /** The least bound of what a cut search has left. */
  #openBound = Infinity;
  readonly #stopPeriod: number;
  #question: StopQuestion;
  readonly #subsets: SubsetCharges;
  readonly #isFree = (t: number): boolean => this.#state[t] === free;

  /** For at most `width` items, of `numQueryTypes` query types. `onImprovement` may read `best` and `fraction`. */
  constructor(
    width: number,
    numQueryTypes: number,
    onImprovement: () => void,
    parameters: PatternParameters['pricing'] = defaultPatternParameters.pricing,
  ) {
    this.#valueTolerance = parameters.valueTolerance;
    this.#shareTolerance = parameters.shareTolerance;
    this.#roomTolerance = parameters.roomTolerance;
    this.#stopPeriod = parameters.stopPeriod;
    this.#question = new StopQuestion(neverStop, this.#stopPeriod);
    this.#onImprovement = onImprovement;
    this.f = new Float64Array(width);
    this.c = new Float64Array(width);
    this.low = new Float64Array(width);
    this.high = new Float64Array(width);
    this.memory = new Float64Array(width);
    this.compute = new Float64Array(width);
    this.queryType = new Int32Array(width);
    this.nextAlike = new Int32Array(width);
    this.fraction = new Float64Array(width);
    this.#replicaPiece = 2 * width + 1;
    this.#lp = new TwoResourceLp(2 * width + 2, parameters);
    this.#state = new Uint8Array(width);
    this.#stretch = 2 * width + 1;
    this.#pieces = new Int32Array((width + 1) * this.#stretch);
    this.#trail = new Int32Array(width);
    this.#subsets = new SubsetCharges(width, numQueryTypes);
  }

  get muA(): number {
    return this.#rootMuA;
  }

  get muB(): number {
    return this.#rootMuB;
  }

  #rootMuA = 0;
  #rootMuB = 0;

  /**
   * Looks for patterns below `threshold` among those of the items with replicas on the line. Returns a lower bound on
   * the value of every pattern; below `threshold` it is the optimum within the slack, unless the node limit or
   * `shouldStop` cut it short.
   */
  run(
    line: ReplicaLine,
    threshold: number,
    subsets: readonly SubsetPenalty[],
    shouldStop: () => boolean = neverStop,
  ): number {
    this.#setBest(threshold);
    this.#nodesLeft = this.nodeLimit;
    this.#question = new StopQuestion(shouldStop, this.#stopPeriod, this.nodes);
    this.#isCut = false;
    this.#openBound = Infinity;
    this.#subsets.take(subsets, this.queryType, this.count);
    const lp = this.#lp;
    this.#line = line;
    let base = line.atMost;
    let size = 0;
    this.#layReplicas(line.least, line.most);
    for (let t = 0; t < this.count; t++) {
      this.#state[t] = free;
      this.#layPieces(t);
      if (this.f[t] < 0 && this.low[t] <= 0) base += this.f[t];
      for (let piece = 2 * t; piece <= 2 * t + 1; piece++) if (lp.isOpen[piece] === 1) this.#pieces[size++] = piece;
    }
    lp.setSlackBasis();
    // Without a cutoff, for the multipliers.
    const root = lp.solve(this.#pieces, 0, this.#withReplicas(0, size), 1, 1, Infinity) + base;
    this.#rootMuA = lp.muA;
    this.#rootMuB = lp.muB;
    this.#explore(0, size, base, 1, 1, lp.basicP, lp.basicQ, lp.muA, lp.muB, line.least, line.most);
    const proven = Math.min(this.#target, this.#openBound);
    return Math.max(root, proven);
  }

  #setBest(best: number): void {
    this.best = best;
    this.#target = best - Math.max(this.#valueTolerance, -this.relativeSlack * best);
  }

  /** The piece of the replicas beyond the least. Of none it keeps a size, as it may still be basic. */
  #layReplicas(least: number, most: number): void {
    const lp = this.#lp;
    const { slope } = this.#line;
    const piece = this.#replicaPiece;
    const span = Math.max(1, most - least);
    this.#least = least;
    this.#most = most;
    lp.cost[piece] = -slope * span;
    lp.useA[piece] = span / this.#line.most;
    lp.useB[piece] = span / this.#line.most;
    lp.isOpen[piece] = most > least && slope > 0 ? 1 : 0;
  }

  /**
   * Lists the piece of the replicas, if it is open, after the `size` pieces from `from` on; returns where the list
   * ends.
   */
  #withReplicas(from: number, size: number): number {
    const piece = this.#replicaPiece;
    if (this.#lp.isOpen[piece] === 0) return from + size;
    this.#pieces[from + size] = piece;
    return from + size + 1;
  }

  /** Replicas at the relaxation's point. */
  #replicasNow(): number {
    const piece = this.#replicaPiece;
    return this.#lp.isOpen[piece] === 0 ? this.#most : this.#most - this.#lp.share[piece] * (this.#most - this.#least);
  }

  /** The least whole replicas that hold the fractions. */
  #replicasFor(): number {
    const { least, most } = this.#line;
    let memory = 0;
    let compute = 0;
    for (let t = 0; t < this.count; t++) {
      if (this.fraction[t] < 0) continue;
      memory += this.memory[t] * this.fraction[t];
      compute += this.compute[t] * this.fraction[t];
    }
    return Math.max(least, Math.ceil(Math.max(memory, compute) * (1 - this.#roomTolerance) * most));
  }

  /** The pieces of a free item; the rest of one with f >= 0 opens when the item is placed. */
  #layPieces(t: number): void {
    const lp = this.#lp;
    const f = this.f[t];
    const c = this.c[t];
    const low = this.low[t];
    const high = this.high[t];
    const length = f >= 0 ? high : low;
    const whole = 2 * t;
    const rest = whole + 1;
    lp.cost[whole] = f + c * length;
    lp.useA[whole] = this.memory[t] * length;
    lp.useB[whole] = this.compute[t] * length;
    lp.cost[rest] = c * (high - low);
    lp.useA[rest] = this.memory[t] * (high - low);
    lp.useB[rest] = this.compute[t] * (high - low);
    lp.isOpen[whole] = length > 0 && lp.cost[whole] < 0 ? 1 : 0;
    lp.isOpen[rest] = f < 0 && high > low && c < 0 ? 1 : 0;
  }

  /**
   * The node whose open pieces are the first `size` of its depth. `base` is the value of what is placed, at its least
   * fractions, and the rooms what that leaves; the basis and the multipliers are the parent's.
   */
  #explore(
    depth: number,
    size: number,
    base: number,
    roomA: number,
    roomB: number,
    basicP: number,
    basicQ: number,
    muA: number,
    muB: number,
    least: number,
    most: number,
  ): void {
    if (roomA < -this.#roomTolerance || roomB < -this.#roomTolerance) return;
    const lp = this.#lp;
    const from = depth * this.#stretch;
    this.#layReplicas(least, most);
    const listed = this.#withReplicas(from, size);
    lp.basicP = basicP;
    lp.basicQ = basicQ;
    lp.muA = muA;
    lp.muB = muB;
    this.nodes++;
    const cutoff = this.#target - base;
    const value = lp.solve(this.#pieces, from, listed, Math.max(0, roomA), Math.max(0, roomB), cutoff);
    if (value >= cutoff) return;
    const bound = base + value;
    const branching = this.#settle(from, size, bound);
    if (branching === none || bound >= this.#target) return;
    if (this.#nodesLeft-- <= 0 || this.#question.at(this.nodes)) this.#isCut = true;
    if (this.#isCut) {
      this.#leaveOpen(bound);
      return;
    }
    this.#branch(depth, size, base, roomA, roomB, bound, branching);
  }

  /** Cuts the search short at a node of this bound. */
  #leaveOpen(bound: number): void {
    this.#isCut = true;
    if (bound < this.#openBound) this.#openBound = bound;
  }

  /** Drops what reduced costs decide, and explores both choices of the branching item. */
  #branch(
    depth: number,
    size: number,
    base: number,
    roomA: number,
    roomB: number,
    bound: number,
    branching: number,
  ): void {
    const lp = this.#lp;
    if (this.#pieces.length < (depth + 2) * this.#stretch) {
      const longer = new Int32Array(2 * this.#pieces.length + this.#stretch);
      longer.set(this.#pieces);
      this.#pieces = longer;
    }
    const pieces = this.#pieces;
    const least = this.#least;
    const most = this.#most;
    const { basicP, basicQ, muA, muB } = lp;
    const room = this.#target - bound;
    const from = depth * this.#stretch;
    const next = from + this.#stretch;
    const trailSize = this.#trailSize;
    const placedFirst = branching >= 0 && (lp.share[2 * branching] >= 0.5 || this.#staysIn(2 * branching));
    const replicas = this.#replicasNow();
    let count = 0;
    let value = base;
    let leftA = roomA;
    let leftB = roomB;
    for (let at = from; at < from + size; at++) {
      const piece = pieces[at];
      const t = piece >> 1;
      if (t === branching) continue;
      if ((piece & 1) === 1) {
        if (this.#state[t] !== absent) pieces[next + count++] = piece;
        continue;
      }
      const reduced = lp.reducedCost[piece];
      if (this.#placingCost(t, reduced) >= room) {
        this.#fix(t, absent);
      } else if (-reduced >= room) {
        value += this.#fix(t, placed);
        leftA -= this.memory[t] * this.low[t];
        leftB -= this.compute[t] * this.low[t];
        // With f < 0 the rest is open anyway and comes next.
        if (this.f[t] >= 0 && lp.isOpen[2 * t + 1] === 1) pieces[next + count++] = 2 * t + 1;
      } else {
        pieces[next + count++] = piece;
      }
    }
    const fixedSize = this.#trailSize;
    if (branching === replicasThemselves) {
      const floor = Math.max(least, Math.min(most - 1, Math.floor(replicas)));
      const dropped = most - floor;
      const given = dropped / this.#line.most;
      const fewer = value - this.#line.slope * dropped;
      this.#explore(depth + 1, count, fewer, leftA - given, leftB - given, basicP, basicQ, muA, muB, least, floor);
      this.#explore(depth + 1, count, value, leftA, leftB, basicP, basicQ, muA, muB, floor + 1, most);
      this.#unfix(trailSize);
      return;
    }
    for (let turn = 0; turn < 2; turn++) {
      if ((turn === 0) === placedFirst) {
        const added = this.#fix(branching, placed);
        let size = count;
        if (lp.isOpen[2 * branching + 1] === 1) this.#pieces[next + size++] = 2 * branching + 1;
        const childA = leftA - this.memory[branching] * this.low[branching];
        const childB = leftB - this.compute[branching] * this.low[branching];
        this.#explore(depth + 1, size, value + added, childA, childB, basicP, basicQ, muA, muB, least, most);
      } else {
        // Where one of several alike is out, and none was in for it, all that are undecided are.
        const added = this.#fix(branching, absent) + this.#fixAlike(branching);
        const open = this.nextAlike[branching] === branching ? count : this.#openFirst(next, count);
        this.#explore(depth + 1, open, value + added, leftA, leftB, basicP, basicQ, muA, muB, least, most);
      }
      this.#unfix(fixedSize);
    }
    this.#unfix(trailSize);
  }

  /**
   * The least that placing an item adds at the multipliers, where its whole has the reduced cost `reduced`. Where more
   * of it costs more, the least fraction is cheapest: f + slope * low, not the f + slope * high that the whole has.
   */
  #placingCost(t: number, reduced: number): number {
    const f = this.f[t];
    return f >= 0 && reduced > f ? f + ((reduced - f) * this.low[t]) / this.high[t] : reduced;
  }

  /** Fixes a free item and returns what that adds to the value of a node. */
  #fix(t: number, state: typeof placed | typeof absent): number {
    const lp = this.#lp;
    const rest = 2 * t + 1;
    const isFreeOfCharge = this.f[t] < 0 && this.low[t] <= 0;
    this.#state[t] = state;
    this.#trail[this.#trailSize++] = t;
    lp.isOpen[rest - 1] = 0;
    if (state === absent) {
      lp.isOpen[rest] = 0;
      return isFreeOfCharge ? -this.f[t] : 0;
    }
    lp.isOpen[rest] = this.high[t] > this.low[t] && this.c[t] < 0 ? 1 : 0;
    const value = isFreeOfCharge ? 0 : this.f[t] + this.c[t] * this.low[t];
    return value + this.#subsets.place(t, 1);
  }

  /** Rules out all free items of the same kind. */
  #fixAlike(t: number): number {
    let value = 0;
    for (let other = this.nextAlike[t]; other !== t; other = this.nextAlike[other]) {
      if (this.#state[other] === free) value += this.#fix(other, absent);
    }
    return value;
  }

  /** Puts the pieces that are still open first, of `count` from `from` on; returns their number. */
  #openFirst(from: number, count: number): number {
    const pieces = this.#pieces;
    let open = 0;
    for (let at = from; at < from + count; at++) {
      const piece = pieces[at];
      if (this.#lp.isOpen[piece] === 0) continue;
      pieces[at] = pieces[from + open];
      pieces[from + open++] = piece;
    }
    return open;
  }

  #unfix(trailSize: number): void {
    while (this.#trailSize > trailSize) {
      const t = this.#trail[--this.#trailSize];
      if (this.#state[t] === placed) this.#subsets.place(t, -1);
      this.#state[t] = free;
      this.#layPieces(t);
    }
  }

  /**
   * Reads the relaxation's point: offers the pattern that it rounds to, and returns the item to branch on, or -1 if the
   * point is a pattern that attains the bound.
   */
  #settle(from: number, size: number, bound: number): number {
    const lp = this.#lp;
    const { least, most, slope } = this.#line;
    let value = bound;
    let branching = none;
    let largestValue = 0;
    for (let turn = 0; turn < 2; turn++) {
      const piece = turn === 0 ? lp.basicP : lp.basicQ;
      if (!this.#isFractional(piece)) continue;
      value += this.#roundingCost(piece);
      if (-lp.cost[piece] <= largestValue) continue;
      largestValue = -lp.cost[piece];
      branching = piece >> 1;
    }
    if (!lp.isExact) {
      // The shares may not fit; only the bound is sound. Branch on anything that is left.
      for (let at = from; at < from + size && branching === none; at++) {
        if ((this.#pieces[at] & 1) === 0) branching = this.#pieces[at] >> 1;
      }
      if (branching === none && this.#least < this.#most) branching = replicasThemselves;
      if (branching === none) this.#leaveOpen(bound);
      return branching;
    }
    const areReplicasFree = most > least && slope >= 0;
    const replicas = this.#replicasNow();
    let isRead = false;
    let whole = this.#most;
    if (areReplicasFree) {
      this.#readFractions(from, size);
      isRead = true;
      whole = this.#replicasFor();
      value += slope * (whole - replicas);
    }
    // Penalties only add: they matter where the point counts or nothing is fractional.
    if (this.#subsets.count > 0 && (branching === none || value < this.best - this.#valueTolerance)) {
      if (!isRead) this.#readFractions(from, size);
      isRead = true;
      value += this.#subsets.furtherCharge(this.fraction);
      if (branching === none) branching = this.#subsets.undecided(this.fraction, this.#isFree);
    }
    if (value < this.best - this.#valueTolerance) {
      if (!isRead) this.#readFractions(from, size);
      this.#setBest(value);
      this.replicas = whole;
      this.#onImprovement();
    }
    if (branching !== none || this.#least === this.#most) return branching;
    const isWhole = Math.abs(replicas - Math.round(replicas)) <= this.#shareTolerance * Math.max(1, replicas);
    return isWhole ? none : replicasThemselves;
  }

  /** Whether the piece of the basis is the whole of a free item, and neither in nor out. */
  #isFractional(piece: number): boolean {
    const lp = this.#lp;
    if (piece < 0 || (piece & 1) === 1 || lp.isOpen[piece] === 0) return false;
    return lp.share[piece] > this.#shareTolerance && lp.share[piece] < 1 - this.#shareTolerance;
  }

  /** A fractional item is in with what it has, or out, whichever is cheaper. */
  #staysIn(piece: number): boolean {
    const lp = this.#lp;
    const t = piece >> 1;
    const share = lp.share[piece];
    if (this.f[t] < 0 || share * this.high[t] < this.low[t]) return false;
    return this.f[t] * (1 - share) < -lp.cost[piece] * share;
  }

  #roundingCost(piece: number): number {
    const lp = this.#lp;
    const share = lp.share[piece];
    return this.#staysIn(piece) ? this.f[piece >> 1] * (1 - share) : -lp.cost[piece] * share;
  }

  /** The rounded point as fractions; -1 for what is out. */
  #readFractions(from: number, size: number): void {
    const lp = this.#lp;
    for (let t = 0; t < this.count; t++) {
      const isIn = this.#state[t] === placed || (this.#state[t] === free && this.f[t] < 0 && this.low[t] <= 0);
      this.fraction[t] = isIn ? this.low[t] : -1;
    }
    for (let at = from; at < from + size; at++) {
      const piece = this.#pieces[at];
      const t = piece >> 1;
      const share = lp.share[piece];
      if ((piece & 1) === 1) {
        // The whole comes before the rest, and is in if the rest is used at all.
        if (this.fraction[t] >= 0) this.fraction[t] += share * (this.high[t] - this.low[t]);
      } else if (share >= 1 - this.#shareTolerance) {
        this.fraction[t] = this.f[t] >= 0 ? this.high[t] : this.low[t];
      } else if (share > this.#shareTolerance && this.#staysIn(piece)) {
        this.fraction[t] = share * this.high[t];
      }
    }
  }
}
