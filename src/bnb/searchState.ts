/**
 * What a search knows at a moment: its open nodes, incumbents, pseudo-costs and counters; how that is summed up, saved
 * and taken up again. Invariant: every solution cheaper than the cutoff lies below an open node, and the bound is the
 * least of the open nodes' bounds, of the bounds at which subtrees were given up, and of the incumbent's cost.
 */
import { Incumbents } from './incumbents.ts';
import { OpenNodes } from './openNodes.ts';
import { cutoffWithin, relativeGapOf, type SearchStatus } from './progress.ts';
import { PseudoCosts } from './pseudoCosts.ts';
import type { ReachedPoint, SearchSnapshot } from './searchSnapshot.ts';
import type { SearchOptions, SearchResult } from './searchTypes.ts';
import type { SearchStrategy } from './strategy.ts';

/** Of a cost: what two sums of one plan's costs differ by at most. */
const roundingShare = 1e-13;

export class SearchState<Decision, Solution, WarmStart> {
  readonly open: OpenNodes<Decision, WarmStart>;
  readonly incumbents: Incumbents<Solution>;
  readonly pseudoCosts: PseudoCosts;
  hasBegun = false;
  nodes = 0;
  simplexIterations = 0;
  nextId = 0;
  /** Null before the root is bounded. */
  rootBound: number | null = null;
  /** Least bound of the subtrees that could not be settled; Infinity: none. */
  unsettledBound = Infinity;
  /** How far the saved search that this one resumes had come. */
  reached: ReachedPoint<Solution> | null = null;

  constructor(options: SearchOptions<Solution>, strategy: SearchStrategy) {
    this.open = new OpenNodes(strategy);
    this.incumbents = new Incumbents(options, strategy.parameters.gaps);
    this.pseudoCosts = new PseudoCosts(strategy.parameters.branching);
  }

  get isSettled(): boolean {
    return this.hasBegun && this.open.size === 0;
  }

  get bound(): number {
    if (!this.hasBegun) return -Infinity;
    const { cost, relativeGap } = this.incumbents;
    const bound = Math.min(this.open.bound, this.unsettledBound, cost);
    if (!this.isSettled || !Number.isFinite(cost)) return bound;
    // What was given up at the gap may have gone by the cost of other sums than the door's: that much is rounding.
    const within = cutoffWithin(cost, relativeGap);
    return bound < within && within - bound <= roundingShare * Math.abs(cost) ? within : bound;
  }

  /** What is known, `seconds` after the start; `stopped` is its status if it is not settled. */
  result(seconds: number, stopped: SearchStatus): SearchResult<Solution> {
    const { isSettled } = this;
    const status = isSettled ? this.#settledStatus() : stopped;
    // Before a resumed search is where the saved one was, that one knows more.
    const { incumbent, bound, rootBound, records } = isSettled ? this.#present(seconds) : this.furthest(seconds);
    const cost = incumbent?.cost ?? null;
    const shownBound = status === 'infeasible' ? null : finiteOrNull(bound);
    return {
      status,
      solution: incumbent?.solution ?? null,
      cost,
      bound: shownBound,
      gap: relativeGapOf(cost, shownBound),
      rootBound,
      nodes: this.nodes,
      openNodes: this.open.size,
      simplexIterations: this.simplexIterations,
      seconds,
      incumbents: [...records],
    };
  }

  /** The best of what this search and the one that it resumes know. */
  furthest(seconds: number): ReachedPoint<Solution> {
    const present = this.#present(seconds);
    const { reached } = this;
    if (reached === null) return present;
    const isBehind = (reached.incumbent?.cost ?? Infinity) < (present.incumbent?.cost ?? Infinity);
    return {
      seconds,
      incumbent: isBehind ? reached.incumbent : present.incumbent,
      records: isBehind ? reached.records : present.records,
      bound: Math.max(present.bound, reached.bound),
      rootBound: present.rootBound ?? reached.rootBound,
    };
  }

  /** As it is; `begun` false: as that of a search that has not begun. */
  snapshot(seconds: number, begun: boolean): StateSnapshot<Decision, Solution, WarmStart> {
    return {
      counters: {
        nodes: this.nodes,
        simplexIterations: this.simplexIterations,
        nextId: begun ? this.nextId : 0,
        rootBound: this.rootBound,
        prunedBound: this.open.prunedBound,
        unsettledBound: this.unsettledBound,
        plungeStart: this.open.plungeStart,
        isNewIncumbent: this.incumbents.isNew,
      },
      ...(begun ? this.open.save() : { nodes: [], nextNode: null }),
      pseudoCosts: this.pseudoCosts.save(),
      incumbent: this.incumbents.best,
      records: [...this.incumbents.records],
      reached: this.#present(seconds),
    };
  }

  take(snapshot: StateSnapshot<Decision, Solution, WarmStart>): void {
    const { counters } = snapshot;
    this.hasBegun = true;
    this.nodes = counters.nodes;
    this.simplexIterations = counters.simplexIterations;
    this.nextId = counters.nextId;
    this.rootBound = counters.rootBound;
    this.unsettledBound = counters.unsettledBound;
    this.incumbents.restore(snapshot.incumbent, snapshot.records, counters.isNewIncumbent);
    this.pseudoCosts.restore(snapshot.pseudoCosts);
    this.open.restore(snapshot);
    this.open.prunedBound = counters.prunedBound;
    this.open.plungeStart = counters.plungeStart;
  }

  #present(seconds: number): ReachedPoint<Solution> {
    return {
      seconds,
      incumbent: this.incumbents.best,
      bound: this.bound,
      rootBound: this.rootBound,
      records: [...this.incumbents.records],
    };
  }

  #settledStatus(): SearchStatus {
    if (this.unsettledBound < this.incumbents.cutoff) return 'numerical-trouble';
    return this.incumbents.best === null ? 'infeasible' : 'optimal';
  }
}

/** A snapshot without what belongs to the relaxation and the strategy. */
type StateSnapshot<Decision, Solution, WarmStart> = Omit<
  SearchSnapshot<Decision, Solution, WarmStart>,
  'relaxation' | 'strategy' | 'relaxationState'
>;

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
