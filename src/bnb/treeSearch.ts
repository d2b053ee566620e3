/**
 * Branch and bound over a `Relaxation`: what is done next, from the first heuristics to the last node, and when it
 * stops. What is known all the while is in a `SearchState`. The search is a generator that pauses between pieces of
 * work, so that one body serves the synchronous and the asynchronous run.
 */

import { attempt, refuse } from '../input/inputError.ts';
import { argumentIssues, checkedOptions } from '../input/optionRules.ts';
import { drain, drainAsync, type Steps } from '../lp/steps.ts';
import { nodeOverheadBytes } from './children.ts';
import type { OpenNode } from './nodeStore.ts';
import type { SearchParameters } from './parameters.ts';
import { type ProgressEvent, relativeGapOf, type SearchStatus, type SettledNode } from './progress.ts';
import type { NodeRequest, Relaxation } from './relaxation.ts';
import { SearchClock } from './searchClock.ts';
import { relaxationRule, searchRules } from './searchOptions.ts';
import type { SearchSnapshot } from './searchSnapshot.ts';
import { finiteOrNull, SearchState } from './searchState.ts';
import type { SearchLimits, SearchOptions, SearchResult } from './searchTypes.ts';
import { settleNode } from './settleNode.ts';
import { plainStrategy, resolveStrategy, type SearchStrategy } from './strategy.ts';

/** Progress events without what every event has. */
type Report =
  | { readonly kind: 'restart' }
  | { readonly kind: 'root' | 'node'; readonly node: SettledNode }
  | { readonly kind: 'incumbent'; readonly source: string; readonly node: number | null }
  | { readonly kind: 'round'; readonly round: number; readonly cuts: number; readonly columns: number }
  | { readonly kind: 'end'; readonly status: SearchStatus };

export class TreeSearch<Decision, Solution, WarmStart = unknown> {
  readonly #relaxation: Relaxation<Decision, Solution, WarmStart>;
  readonly #options: SearchOptions<Solution>;
  readonly #strategy: SearchStrategy;
  readonly #state: SearchState<Decision, Solution, WarmStart>;
  readonly #clock: SearchClock;

  #hasRunStartHeuristics = false;
  #hasEndedStartHeuristics = false;
  /**
   * The state at the last checkpoint (null before the root ends), and the number of nodes at which the next one is due.
   */
  #checkpoint: SearchSnapshot<Decision, Solution, WarmStart> | null = null;
  #checkpointDue = 1;
  #work: Steps<void> | null = null;
  /** What the node in hand was last told of the cutoff: outcomes go by that. */
  #cutoffInHand = Infinity;
  /** When a limit was first seen to have struck during the present run; null: not yet. */
  #stoppedAt: number | null = null;

  /**
   * `secondsBefore` were spent on what led to the search; its clock goes on from there.
   * Throws InputError with every fault of the arguments.
   */
  constructor(
    relaxation: Relaxation<Decision, Solution, WarmStart>,
    options: SearchOptions<Solution>,
    secondsBefore = 0,
  ) {
    const issues = [
      ...argumentIssues([['relaxation', relaxation, relaxationRule]]),
      ...checkedOptions(options, searchRules).issues,
    ];
    const strategy = attempt(() => resolveStrategy((options as SearchOptions<Solution> | null)?.strategy), issues);
    refuse(issues);
    this.#relaxation = relaxation;
    this.#options = options;
    this.#strategy = strategy!;
    this.#clock = new SearchClock(options, options, secondsBefore, this.#pace.meterInterval);
    this.#state = new SearchState(options, this.#strategy);
  }

  /** Asked for at each branching: a relaxation may be made no sooner than at the root. */
  get #classOrder(): readonly string[] {
    const named = this.#strategy.classOrder ?? [];
    return [...named, ...this.#relaxation.branchingClasses.filter((name) => !named.includes(name))];
  }

  /** Before anything else: goes on from where a search was (`restoreSearch`). */
  takeUp(snapshot: SearchSnapshot<Decision, Solution, WarmStart>): void {
    this.#state.reached = snapshot.reached;
    if (snapshot.counters.nextId > 0) this.#takeSnapshot(snapshot);
    this.#report({ kind: 'restart' });
  }

  /**
   * Works until the search is settled or a limit strikes. `limits` replaces those of the options; the search can be run
   * again.
   */
  run(limits?: SearchLimits): SearchResult<Solution> {
    return drain(this.runInSteps(limits));
  }

  /** As `run`, letting the event loop run about every 20 ms, so that it can be interrupted. Same result as `run`. */
  async runAsync(limits?: SearchLimits): Promise<SearchResult<Solution>> {
    return drainAsync(this.runInSteps(limits), this.#pace.pauseInterval);
  }

  /** As `run`, yielding wherever the work may pause: for a search that is part of another's work. */
  *runInSteps(limits?: SearchLimits): Steps<SearchResult<Solution>> {
    if (limits !== undefined) this.#clock.setLimits(limits);
    this.#start();
    try {
      while (this.#advance()) yield;
    } finally {
      this.#clock.stop();
    }
    return this.#end();
  }

  /** Settles one node (the first call: the root). Returns whether the search can go on. */
  step(): boolean {
    this.#start();
    try {
      const target = this.#state.nodes + 1;
      while (this.#state.nodes < target && this.#advance()) {}
    } finally {
      this.#clock.stop();
    }
    return this.#work !== null || this.#clock.stopReason(this.#state.nodes, this.#state.open.bytes) === null;
  }

  /** Whether a limit has struck; for work on behalf of this search. */
  get shouldStop(): () => boolean {
    return this.#clock.shouldStop;
  }

  /** What is known now. Its status is that of a search stopped here. */
  result(): SearchResult<Solution> {
    const stopped = this.#clock.stopReason(this.#state.nodes, this.#state.open.bytes) ?? 'interrupted';
    return this.#state.result(this.#clock.seconds, stopped);
  }

  /** The state at the last checkpoint, and what is known beyond it (`saveSearch`). */
  snapshot(): SearchSnapshot<Decision, Solution, WarmStart> {
    // A time limit or a signal may have cut work short that an uninterrupted search ends.
    const isDue = this.#work === null && this.#state.nodes >= this.#checkpointDue && !this.#clock.shouldStop();
    if (isDue && this.#state.open.size > 0) this.#makeCheckpoint();
    const { isSettled } = this.#state;
    const snapshot = isSettled || this.#checkpoint === null ? this.#snapshot(isSettled) : this.#checkpoint;
    return { ...snapshot, reached: this.#state.furthest(this.#clock.seconds) };
  }

  get #pace(): SearchParameters['pace'] {
    return this.#strategy.parameters.pace;
  }

  #start(): void {
    this.#stoppedAt = null;
    this.#clock.start();
  }

  // Checkpoints.

  /**
   * Puts the relaxation into the state that its saved data alone determine, and remembers everything. A search resumed
   * from here is in the same state, so that both go on alike to the last bit.
   */
  #makeCheckpoint(): void {
    const snapshot = this.#snapshot(true);
    this.#checkpointDue = this.#state.nodes + this.#pace.checkpointPeriod;
    if (snapshot.relaxationState !== null) this.#relaxation.restoreState?.(snapshot.relaxationState);
    this.#checkpoint = snapshot;
  }

  /** The present state; `begun` false: that of a search that has not begun. */
  #snapshot(begun: boolean): SearchSnapshot<Decision, Solution, WarmStart> {
    return {
      ...this.#state.snapshot(this.#clock.seconds, begun),
      relaxation: this.#relaxation.name,
      strategy: plainStrategy(this.#strategy),
      relaxationState: (begun && this.#relaxation.saveState?.()) || null,
    };
  }

  #takeSnapshot(snapshot: SearchSnapshot<Decision, Solution, WarmStart>): void {
    if (snapshot.relaxationState !== null) this.#relaxation.restoreState?.(snapshot.relaxationState);
    else if (snapshot.incumbent !== null)
      this.#relaxation.onIncumbent?.(snapshot.incumbent.cost, snapshot.incumbent.solution);
    this.#state.take(snapshot);
    this.#hasRunStartHeuristics = true;
    this.#hasEndedStartHeuristics = true;
    this.#checkpoint = snapshot;
    this.#checkpointDue = this.#state.nodes + this.#pace.checkpointPeriod;
  }

  #end(): SearchResult<Solution> {
    const result = this.result();
    this.#report({ kind: 'end', status: result.status });
    return result;
  }

  /** `inHand`: simplex iterations of a node that is not settled yet. */
  #report(event: Report, inHand = 0): void {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return;
    const bound = finiteOrNull(this.#state.bound);
    const incumbent = this.#state.incumbents.best?.cost ?? null;
    onProgress({
      ...event,
      nodes: this.#state.nodes,
      openNodes: this.#state.open.size,
      bound,
      incumbent,
      gap: relativeGapOf(incumbent, bound),
      simplexIterations: this.#state.simplexIterations + inHand,
      seconds: this.#clock.seconds,
      letter: this.#state.incumbents.records.at(-1)?.letter ?? null,
    } satisfies ProgressEvent);
  }

  // The body of the search.

  /** One piece of work; false when there is nothing to do or a limit strikes. */
  #advance(): boolean {
    if (!this.#state.hasBegun) this.#begin();
    if (this.#work === null) {
      if (this.#state.open.size === 0) return false;
      const reason = this.#clock.stopReason(this.#state.nodes, this.#state.open.bytes);
      const mayGoOn = reason === null || (reason !== 'node-limit' && this.#seeksFirst && !this.#shouldStopHeuristics());
      if (!mayGoOn) return false;
      if (this.#hasRunStartHeuristics) {
        if (this.#state.nodes >= this.#checkpointDue && (this.#options.resumable ?? true)) this.#makeCheckpoint();
        this.#work = this.#settleNextNode();
      } else {
        this.#hasRunStartHeuristics = true;
        this.#work = this.#runStartHeuristics();
      }
    }
    if (this.#work.next().done) this.#work = null;
    return this.#work === null || !this.#isOverdue();
  }

  /** Whether the work in hand is to be left standing. */
  #isOverdue(): boolean {
    if (!this.#shouldStopHeuristics()) return false;
    this.#stoppedAt ??= performance.now();
    return performance.now() - this.#stoppedAt >= this.#pace.graceInterval;
  }

  /** Before the root, and while there is no solution, heuristics have some time in any case. */
  readonly #shouldStopHeuristics = (): boolean =>
    this.#clock.shouldStopAfter(this.#seeksFirst ? this.#pace.firstSolutionSeconds : 0);

  /** Whether the heuristics before the root are still looking for a first solution. */
  get #seeksFirst(): boolean {
    return !this.#hasEndedStartHeuristics && this.#state.incumbents.best === null;
  }

  /** The root becomes open and the initial solutions are offered until it is settled, whatever the limits. */
  #begin(): void {
    this.#state.hasBegun = true;
    this.#state.open.push({
      id: this.#state.nextId++,
      depth: 0,
      bound: this.#options.knownBound ?? -Infinity,
      estimate: -Infinity,
      decisions: null,
      warmStart: null,
      origin: null,
      bytes: nodeOverheadBytes,
    });
    for (const { solution, source } of this.#options.initialSolutions ?? []) {
      this.#offer(solution, source);
      // The known bound proves it.
      if (this.#state.open.size === 0) break;
    }
  }

  *#settleNextNode(): Steps<void> {
    const node = this.#state.open.take(this.#state.incumbents.cutoff);
    if (node === null) return;
    const request = this.#requestFor(node);
    const outcome = yield* this.#relaxation.solveInSteps(request);
    this.#state.simplexIterations += outcome.simplexIterations;
    for (const { solution, source } of outcome.proposals) this.#offer(solution, source);
    if (outcome.solution !== null) this.#offer(outcome.solution, 'tree');
    const { givenUp = Infinity } = outcome;
    this.#state.open.giveUp(givenUp);
    const bound = Math.max(node.bound, outcome.bound);
    if (outcome.status === 'limit' && this.#clock.shouldStop()) {
      // Solved again when the search goes on.
      this.#state.open.putBack({ ...node, bound });
      return;
    }
    this.#state.nodes += 1;
    const search = {
      relaxation: this.#relaxation,
      strategy: this.#strategy,
      state: this.#state,
      classOrder: this.#classOrder,
    };
    const settled = settleNode(search, node, { ...request, cutoff: this.#cutoffInHand }, outcome, bound);
    this.#state.open.settle();
    if (node.depth === 0 && this.#state.rootBound === null) {
      // A relaxation may go on past solutions that it has proposed: the incumbent bounds the optimum too.
      this.#state.rootBound = finiteOrNull(Math.min(bound, givenUp, this.#state.incumbents.cost));
      this.#report({ kind: 'root', node: settled });
    } else this.#report({ kind: 'node', node: settled });
    yield;
    yield* this.#runHeuristics(node.depth);
  }

  #requestFor(node: OpenNode<Decision, WarmStart>): NodeRequest<Decision, Solution, WarmStart> {
    const decisions: Decision[] = [];
    for (let link = node.decisions; link !== null; link = link.previous) decisions.push(link.decision);
    /** Simplex iterations of the node so far, and up to where it was begun anew. */
    let inHand = 0;
    let beforeRestart = 0;
    return {
      id: node.id,
      decisions: decisions.reverse(),
      warmStart: node.warmStart,
      parentBound: node.bound,
      depth: node.depth,
      relativeGap: this.#state.incumbents.relativeGap,
      ...this.#tellIncumbent(),
      shouldStop: this.#clock.shouldStop,
      offer: (solution, source) => {
        this.#offer(solution, source);
        return this.#tellIncumbent();
      },
      onRestart: () => {
        beforeRestart = inHand;
        this.#report({ kind: 'restart' }, inHand);
      },
      onRound: ({ round, bound, cuts, columns, simplexIterations }) => {
        this.#state.open.raise(bound);
        inHand = beforeRestart + simplexIterations;
        this.#report({ kind: 'round', round, cuts, columns }, inHand);
      },
    };
  }

  /** The incumbent as the node in hand is told of it. */
  #tellIncumbent() {
    const { cutoff, cost, best } = this.#state.incumbents;
    this.#cutoffInHand = cutoff;
    return { cutoff, incumbentCost: cost, incumbent: best?.solution ?? null };
  }

  // Incumbents.

  #offer(solution: Solution, source: string, letter?: string): void {
    const origin = letter === undefined ? { source } : { source, letter };
    const accepted = this.#state.incumbents.offer(solution, origin, {
      nodes: this.#state.nodes,
      seconds: this.#clock.seconds,
    });
    if (accepted === null) return;
    this.#state.open.prune(this.#state.incumbents.cutoff);
    this.#relaxation.onIncumbent?.(accepted.cost, accepted.solution);
    this.#report({ kind: 'incumbent', source, node: this.#state.open.currentId });
  }

  *#runStartHeuristics(): Steps<void> {
    yield* this.#runHeuristics(0);
    this.#hasEndedStartHeuristics = true;
  }

  *#runHeuristics(depth: number): Steps<void> {
    const given = this.#options.heuristics ?? [];
    const heuristics = this.#strategy.heuristics ? given : given.filter(({ isPlugin = false }) => isPlugin);
    if (heuristics.length === 0) return;
    const isNewIncumbent = this.#state.incumbents.isNew;
    this.#state.incumbents.isNew = false;
    for (const heuristic of heuristics) {
      if (this.#state.open.size === 0 || this.#shouldStopHeuristics()) return;
      const incumbentCost = this.#state.incumbents.cost;
      if (!heuristic.wants({ nodes: this.#state.nodes, depth, incumbentCost, isNewIncumbent })) continue;
      const state = {
        incumbent: this.#state.incumbents.best?.solution ?? null,
        incumbentCost,
        shouldStop: this.#shouldStopHeuristics,
      };
      for (const solution of heuristic.run(state)) {
        if (solution !== null) this.#offer(solution, heuristic.name, heuristic.letter);
        // One that still looks for a first solution ends in its own way, or is left standing.
        const mayGoOn = solution === null && this.#state.incumbents.best === null;
        if (this.#shouldStopHeuristics() && !mayGoOn) return;
        yield;
      }
    }
  }
}
