/**
 * Branch and bound over a `Relaxation`. Invariant: every solution cheaper than the cutoff lies below an open node, and the reported
 * bound is the least of the open nodes' bounds, of the bounds at which subtrees were given up, and of the incumbent's cost.
 * The search is a generator that pauses between pieces of work, so that one body serves the synchronous and the asynchronous run.
 */
import { chooseBranching, predictedGains } from './branching.ts';
import { approximateBytes, type BranchingOrigin, type DecisionLink, NodeStore, type OpenNode } from './nodeStore.ts';
import { type ProgressEvent, relativeGapOf, type SearchStatus } from './progress.ts';
import { PseudoCosts } from './pseudoCosts.ts';
import type { BranchingCandidate, NodeOutcome, NodeRequest, Relaxation } from './relaxation.ts';
import { packSearch, type ReachedPoint, type SavedSearch, type SearchSnapshot, unpackSearch } from './savedSearch.ts';
import { checkSearchOptions } from './searchOptions.ts';
import type { IncumbentRecord, SearchLimits, SearchOptions, SearchResult } from './searchTypes.ts';
import { resolveStrategy, type SearchStrategy } from './strategy.ts';

const defaultRelativeGap = 1e-6;
/** Closes gaps that are rounding only; costs of 0 have no relative gap. */
const defaultAbsoluteGap = 1e-9;
/**
 * A leaf's true cost may exceed its relaxation's value by this much (relative to max(1, |cost|)): feasibility tolerances of the
 * relaxation. More than that, and the leaf is not settled.
 */
const attainmentTolerance = 1e-6;
/** A plunge ends once its bound has used up this part of the way from the best bound to the cutoff (SCIP's default). */
const plungeBoundQuotient = 0.25;
/** A plunge may always go this deep, whatever its bound. */
const leastPlungeDepth = 2;
/** Milliseconds of work between two pauses of the asynchronous run. */
const pauseInterval = 20;
/** Objects that a node brings along besides its own data, in bytes; for the memory limit only. */
const nodeOverheadBytes = 200;
/** Nodes between two checkpoints: what a resumed search solves again at most. More often would cost warm factors and weights. */
const checkpointPeriod = 50;

type StopReason = 'time-limit' | 'node-limit' | 'memory-limit' | 'interrupted';

export class TreeSearch<Decision, Solution, WarmStart = unknown> {
  readonly #relaxation: Relaxation<Decision, Solution, WarmStart>;
  readonly #options: SearchOptions<Solution>;
  readonly #strategy: SearchStrategy;
  readonly #classOrder: readonly string[];
  readonly #store: NodeStore<Decision, WarmStart>;
  readonly #pseudoCosts = new PseudoCosts();
  #limits: SearchLimits;

  #nextNode: OpenNode<Decision, WarmStart> | null = null;
  /** Depth at which the present plunge began. */
  #plungeStart = 0;
  #nextId = 0;
  #nodes = 0;
  #simplexIterations = 0;
  #incumbent: { readonly cost: number; readonly solution: Solution } | null = null;
  #records: IncumbentRecord[] = [];
  #rootBound: number | null = null;
  #prunedBound = Infinity;
  #unsettledBound = Infinity;
  #isNewIncumbent = false;
  #hasBegun = false;
  #hasRunStartHeuristics = false;
  /** The state at the last checkpoint (null before the root ends), and the number of nodes at which the next one is due. */
  #checkpoint: SearchSnapshot<Decision, Solution, WarmStart> | null = null;
  #checkpointDue = 1;
  /** How far the saved search that this one resumes had come. */
  #reached: ReachedPoint<Solution> | null = null;
  /** A node taken from the store and not yet settled; counts as open. */
  #current: OpenNode<Decision, WarmStart> | null = null;
  #work: Generator<void, void, void> | null = null;
  #secondsBefore = 0;
  #clockStart: number | null = null;

  /** @throws StrategyError or RangeError on bad options. */
  constructor(relaxation: Relaxation<Decision, Solution, WarmStart>, options: SearchOptions<Solution>) {
    checkSearchOptions(options);
    this.#relaxation = relaxation;
    this.#options = options;
    this.#limits = options;
    this.#strategy = resolveStrategy(options.strategy);
    const named = this.#strategy.classOrder ?? [];
    const others = relaxation.branchingClasses.filter((name) => !named.includes(name));
    this.#classOrder = [...named, ...others];
    this.#store = new NodeStore(this.#strategy.nodeSelection);
  }

  /**
   * Takes up a saved search at its last checkpoint; the few nodes since then are solved again, in the same way. The relaxation is made anew from the same data; limits, door and callbacks come from `options`, the
   * strategy from the saved search.
   * @throws RangeError if the saved search is not one, or of another relaxation.
   */
  static restore<Decision, Solution, WarmStart>(
    saved: SavedSearch,
    relaxation: Relaxation<Decision, Solution, WarmStart>,
    options: SearchOptions<Solution>,
  ): TreeSearch<Decision, Solution, WarmStart> {
    const snapshot = unpackSearch<Decision, Solution, WarmStart>(saved, relaxation.name);
    const search = new TreeSearch(relaxation, { ...options, strategy: snapshot.strategy });
    search.#reached = snapshot.reached;
    search.#secondsBefore = snapshot.reached.seconds;
    if (snapshot.counters.nextId > 0) search.#takeSnapshot(snapshot);
    search.#report({ kind: 'restart' });
    return search;
  }

  /** Works until the search is settled or a limit strikes. `limits` replaces those of the options; the search can be run again. */
  run(limits?: SearchLimits): SearchResult<Solution> {
    if (limits !== undefined) this.#setLimits(limits);
    this.#startClock();
    try {
      while (this.#advance()) {}
    } finally {
      this.#stopClock();
    }
    return this.#end();
  }

  /** As `run`, letting the event loop run about every 20 ms, so that an AbortSignal stops it. Same result as `run`. */
  async runAsync(limits?: SearchLimits): Promise<SearchResult<Solution>> {
    if (limits !== undefined) this.#setLimits(limits);
    this.#startClock();
    try {
      let lastPause = performance.now();
      while (this.#advance()) {
        if (performance.now() - lastPause < pauseInterval) continue;
        await new Promise<void>((resolve) => setTimeout(resolve));
        lastPause = performance.now();
      }
    } finally {
      this.#stopClock();
    }
    return this.#end();
  }

  /** Settles one node (the first call: the root). Returns whether the search can go on. */
  step(): boolean {
    this.#startClock();
    try {
      const target = this.#nodes + 1;
      while (this.#nodes < target && this.#advance()) {}
    } finally {
      this.#stopClock();
    }
    return this.#work !== null || this.#stopReason() === null;
  }

  /** What is known now. Its status is that of a search stopped here. */
  result(): SearchResult<Solution> {
    const isSettled = this.#hasBegun && this.#openNodes === 0;
    const status = isSettled ? this.#settledStatus() : (this.#stopReason() ?? 'interrupted');
    // Before a resumed search is where the saved one was, that one knows more.
    const { incumbent, bound, rootBound, records } = isSettled ? this.#present() : this.#furthest();
    const cost = incumbent?.cost ?? null;
    const shownBound = status === 'infeasible' ? null : this.#finiteOrNull(bound);
    return {
      status,
      solution: incumbent?.solution ?? null,
      cost,
      bound: shownBound,
      gap: relativeGapOf(cost, shownBound),
      rootBound,
      nodes: this.#nodes,
      openNodes: this.#openNodes,
      simplexIterations: this.#simplexIterations,
      seconds: this.#seconds,
      incumbents: [...records],
    };
  }

  /** The search as JSON-safe data: its state at the last checkpoint, and what is known beyond it. */
  save(): SavedSearch {
    // A time limit or a signal may have cut work short that an uninterrupted search ends.
    const isDue = this.#work === null && this.#nodes >= this.#checkpointDue && !this.#shouldStop();
    if (isDue && this.#openNodes > 0) this.#makeCheckpoint();
    const settled = this.#hasBegun && this.#openNodes === 0;
    const snapshot = settled || this.#checkpoint === null ? this.#snapshot(settled) : this.#checkpoint;
    return packSearch<Decision, Solution, WarmStart>({ ...snapshot, reached: this.#furthest() });
  }

  // Checkpoints.

  #present(): ReachedPoint<Solution> {
    return {
      seconds: this.#seconds,
      incumbent: this.#incumbent,
      bound: this.#bound,
      rootBound: this.#rootBound,
      records: [...this.#records],
    };
  }

  /** The best of what this search and the one that it resumes know. */
  #furthest(): ReachedPoint<Solution> {
    const present = this.#present();
    const reached = this.#reached;
    if (reached === null) return present;
    const isBehind = (reached.incumbent?.cost ?? Infinity) < (present.incumbent?.cost ?? Infinity);
    return {
      seconds: present.seconds,
      incumbent: isBehind ? reached.incumbent : present.incumbent,
      records: isBehind ? reached.records : present.records,
      bound: Math.max(present.bound, reached.bound),
      rootBound: present.rootBound ?? reached.rootBound,
    };
  }

  /**
   * Puts the relaxation into the state that its saved data alone determine, and remembers everything. A search resumed from here is
   * in the same state, so that both go on alike to the last bit.
   */
  #makeCheckpoint(): void {
    const snapshot = this.#snapshot(true);
    this.#checkpointDue = this.#nodes + checkpointPeriod;
    if (snapshot.relaxationState !== null) this.#relaxation.restoreState?.(snapshot.relaxationState);
    this.#checkpoint = snapshot;
  }

  /** The present state; `begun` false: that of a search that has not begun. */
  #snapshot(begun: boolean): SearchSnapshot<Decision, Solution, WarmStart> {
    return {
      relaxation: this.#relaxation.name,
      strategy: this.#strategy,
      counters: {
        nodes: this.#nodes,
        simplexIterations: this.#simplexIterations,
        nextId: begun ? this.#nextId : 0,
        rootBound: this.#rootBound,
        prunedBound: this.#prunedBound,
        unsettledBound: this.#unsettledBound,
        plungeStart: this.#plungeStart,
        isNewIncumbent: this.#isNewIncumbent,
      },
      nodes: begun ? [...this.#store.nodes] : [],
      nextNode: this.#nextNode,
      pseudoCosts: this.#pseudoCosts.save(),
      incumbent: this.#incumbent,
      records: [...this.#records],
      relaxationState: (begun && this.#relaxation.saveState?.()) || null,
      reached: this.#present(),
    };
  }

  #takeSnapshot(snapshot: SearchSnapshot<Decision, Solution, WarmStart>): void {
    const { counters } = snapshot;
    if (snapshot.relaxationState !== null) this.#relaxation.restoreState?.(snapshot.relaxationState);
    else if (snapshot.incumbent !== null)
      this.#relaxation.onIncumbent?.(snapshot.incumbent.cost, snapshot.incumbent.solution);
    this.#hasBegun = true;
    this.#hasRunStartHeuristics = true;
    this.#nodes = counters.nodes;
    this.#simplexIterations = counters.simplexIterations;
    this.#nextId = counters.nextId;
    this.#rootBound = counters.rootBound;
    this.#prunedBound = counters.prunedBound;
    this.#unsettledBound = counters.unsettledBound;
    this.#plungeStart = counters.plungeStart;
    this.#isNewIncumbent = counters.isNewIncumbent;
    this.#records = [...snapshot.records];
    this.#incumbent = snapshot.incumbent;
    this.#pseudoCosts.restore(snapshot.pseudoCosts);
    for (const node of snapshot.nodes) this.#store.push(node);
    this.#nextNode = snapshot.nextNode;
    this.#checkpoint = snapshot;
    this.#checkpointDue = counters.nodes + checkpointPeriod;
  }

  // The clock, limits and what is reported.

  get #seconds(): number {
    return this.#secondsBefore + (this.#clockStart === null ? 0 : (performance.now() - this.#clockStart) / 1000);
  }

  #startClock(): void {
    this.#clockStart ??= performance.now();
  }

  #stopClock(): void {
    this.#secondsBefore = this.#seconds;
    this.#clockStart = null;
  }

  #setLimits(limits: SearchLimits): void {
    checkSearchOptions({ ...this.#options, ...limits });
    this.#limits = limits;
  }

  get #openNodes(): number {
    return this.#store.size + (this.#nextNode === null ? 0 : 1) + (this.#current === null ? 0 : 1);
  }

  /** Solutions must be cheaper than this to be worth anything. */
  get #cutoff(): number {
    const { relativeGap = defaultRelativeGap, absoluteGap = defaultAbsoluteGap, cutoff = Infinity } = this.#options;
    if (this.#incumbent === null) return cutoff;
    const { cost } = this.#incumbent;
    return Math.min(cutoff, cost - Math.max(absoluteGap, relativeGap * Math.abs(cost)));
  }

  get #bound(): number {
    if (!this.#hasBegun) return -Infinity;
    return Math.min(
      this.#store.leastBound,
      this.#nextNode?.bound ?? Infinity,
      this.#current?.bound ?? Infinity,
      this.#prunedBound,
      this.#unsettledBound,
      this.#incumbent?.cost ?? Infinity,
    );
  }

  #finiteOrNull(value: number): number | null {
    return Number.isFinite(value) ? value : null;
  }

  #settledStatus(): SearchStatus {
    if (this.#unsettledBound < this.#cutoff) return 'numerical-trouble';
    return this.#incumbent === null ? 'infeasible' : 'optimal';
  }

  #stopReason(): StopReason | null {
    if (this.#options.signal?.aborted) return 'interrupted';
    const { timeLimit = Infinity, nodeLimit = Infinity, memoryLimit = Infinity } = this.#limits;
    if (this.#nodes >= nodeLimit) return 'node-limit';
    if (this.#store.bytes > memoryLimit) return 'memory-limit';
    if (timeLimit !== Infinity && this.#seconds >= timeLimit) return 'time-limit';
    return null;
  }

  readonly #shouldStop = (): boolean => {
    if (this.#options.signal?.aborted) return true;
    const { timeLimit = Infinity } = this.#limits;
    return timeLimit !== Infinity && this.#seconds >= timeLimit;
  };

  #end(): SearchResult<Solution> {
    const result = this.result();
    this.#report({ kind: 'end', status: result.status });
    return result;
  }

  #report(
    event:
      | { readonly kind: 'root' | 'restart' }
      | { readonly kind: 'node'; readonly depth: number }
      | { readonly kind: 'incumbent'; readonly source: string }
      | { readonly kind: 'round'; readonly round: number; readonly cuts: number; readonly columns: number }
      | { readonly kind: 'end'; readonly status: SearchStatus },
    roundBound = -Infinity,
  ): void {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return;
    const bound = this.#finiteOrNull(Math.max(this.#bound, roundBound));
    const incumbent = this.#incumbent?.cost ?? null;
    onProgress({
      ...event,
      nodes: this.#nodes,
      openNodes: this.#openNodes,
      bound,
      incumbent,
      gap: relativeGapOf(incumbent, bound),
      simplexIterations: this.#simplexIterations,
      seconds: this.#seconds,
      letter: this.#records.at(-1)?.letter ?? null,
    } satisfies ProgressEvent);
  }

  // The body of the search.

  /** One piece of work; false when there is nothing to do or a limit strikes between nodes. */
  #advance(): boolean {
    if (!this.#hasBegun) this.#begin();
    if (this.#work === null) {
      if (this.#openNodes === 0 || this.#stopReason() !== null) return false;
      if (this.#hasRunStartHeuristics) {
        if (this.#nodes >= this.#checkpointDue && (this.#options.resumable ?? true)) this.#makeCheckpoint();
        this.#work = this.#settleNextNode();
      } else {
        this.#hasRunStartHeuristics = true;
        this.#work = this.#runHeuristics(0);
      }
    }
    if (this.#work.next().done) this.#work = null;
    return true;
  }

  /** The root becomes open and the initial solutions are offered, whatever the limits. */
  #begin(): void {
    this.#hasBegun = true;
    this.#store.push({
      id: this.#nextId++,
      depth: 0,
      bound: -Infinity,
      estimate: -Infinity,
      decisions: null,
      warmStart: null,
      origin: null,
      bytes: nodeOverheadBytes,
    });
    for (const { solution, source } of this.#options.initialSolutions ?? []) this.#offer(solution, source);
  }

  *#settleNextNode(): Generator<void, void, void> {
    const node = this.#takeNode();
    if (node === null) return;
    const request = this.#requestFor(node);
    const { solveInSteps } = this.#relaxation;
    const outcome =
      solveInSteps === undefined
        ? this.#relaxation.solve(request)
        : yield* solveInSteps.call(this.#relaxation, request);
    this.#simplexIterations += outcome.simplexIterations;
    for (const { solution, source } of outcome.proposals) this.#offer(solution, source);
    if (outcome.solution !== null) this.#offer(outcome.solution, 'tree');
    const bound = Math.max(node.bound, outcome.bound);
    if (outcome.status === 'limit' && this.#shouldStop()) {
      // Solved again when the search goes on.
      this.#current = null;
      this.#nextNode = { ...node, bound };
      return;
    }
    this.#nodes += 1;
    this.#settle(node, request, outcome, bound);
    this.#current = null;
    if (node.depth === 0 && this.#rootBound === null) {
      this.#rootBound = this.#finiteOrNull(bound);
      this.#report({ kind: 'root' });
    } else this.#report({ kind: 'node', depth: node.depth });
    yield;
    yield* this.#runHeuristics(node.depth);
  }

  /** The plunge's child if there is one that is still good enough, else the first of the store. */
  #takeNode(): OpenNode<Decision, WarmStart> | null {
    const plunging = this.#nextNode;
    this.#nextNode = null;
    if (plunging !== null) {
      if (this.#mayPlungeInto(plunging)) {
        this.#current = plunging;
        return this.#takeOrPrune(plunging);
      }
      this.#store.push(plunging);
    }
    const node = this.#store.pop() ?? null;
    this.#current = node;
    if (node === null) return null;
    this.#plungeStart = node.depth;
    return this.#takeOrPrune(node);
  }

  #takeOrPrune(node: OpenNode<Decision, WarmStart>): OpenNode<Decision, WarmStart> | null {
    if (node.bound < this.#cutoff) return node;
    this.#prunedBound = Math.min(this.#prunedBound, node.bound);
    this.#current = null;
    return null;
  }

  #mayPlungeInto(node: OpenNode<Decision, WarmStart>): boolean {
    const cutoff = this.#cutoff;
    if (cutoff === Infinity || node.depth - this.#plungeStart <= leastPlungeDepth) return true;
    const least = Math.min(this.#store.leastBound, node.bound);
    return node.bound <= least + plungeBoundQuotient * (cutoff - least);
  }

  #requestFor(node: OpenNode<Decision, WarmStart>): NodeRequest<Decision, Solution, WarmStart> {
    const decisions: Decision[] = [];
    for (let link = node.decisions; link !== null; link = link.previous) decisions.push(link.decision);
    return {
      decisions: decisions.reverse(),
      warmStart: node.warmStart,
      parentBound: node.bound,
      depth: node.depth,
      cutoff: this.#cutoff,
      incumbentCost: this.#incumbent?.cost ?? Infinity,
      incumbent: this.#incumbent?.solution ?? null,
      shouldStop: this.#shouldStop,
      onRestart: () => this.#report({ kind: 'restart' }),
      onRound: ({ round, bound, cuts, columns }) => this.#report({ kind: 'round', round, cuts, columns }, bound),
    };
  }

  #settle(
    node: OpenNode<Decision, WarmStart>,
    request: NodeRequest<Decision, Solution, WarmStart>,
    outcome: NodeOutcome<Decision, Solution, WarmStart>,
    bound: number,
  ): void {
    if (outcome.status === 'infeasible') return;
    if (outcome.status === 'cutoff') {
      // The relaxation proved that the bound is above the cutoff it was given, by rounding perhaps hardly so.
      const proven = Math.max(bound, request.cutoff);
      this.#learn(node, proven);
      this.#prunedBound = Math.min(this.#prunedBound, proven);
      return;
    }
    if (outcome.status === 'solved') this.#learn(node, bound);
    if (bound >= this.#cutoff) {
      this.#prunedBound = Math.min(this.#prunedBound, bound);
      return;
    }
    if (outcome.candidates.length > 0) {
      this.#branch(node, request, outcome, bound);
      return;
    }
    const isAttained =
      outcome.status === 'solved' &&
      this.#incumbent !== null &&
      this.#incumbent.cost - bound <= attainmentTolerance * Math.max(1, Math.abs(this.#incumbent.cost));
    if (isAttained) this.#prunedBound = Math.min(this.#prunedBound, bound);
    else this.#unsettledBound = Math.min(this.#unsettledBound, bound);
  }

  #learn({ origin, bound: parentBound }: OpenNode<Decision, WarmStart>, bound: number): void {
    if (origin !== null && parentBound > -Infinity) this.#pseudoCosts.record(origin, bound - parentBound);
  }

  #branch(
    node: OpenNode<Decision, WarmStart>,
    request: NodeRequest<Decision, Solution, WarmStart>,
    outcome: NodeOutcome<Decision, Solution, WarmStart>,
    bound: number,
  ): void {
    const cutoff = this.#cutoff;
    const mayProbe = this.#relaxation.probe !== undefined && outcome.status === 'solved';
    const probeRequest = { ...request, warmStart: outcome.warmStart, parentBound: bound, cutoff };
    const probe = (child: Decision): number => {
      const trial = this.#relaxation.probe!(probeRequest, child, this.#strategy.strongIterations);
      this.#simplexIterations += trial.simplexIterations;
      return trial.bound;
    };
    const { candidate, downBound, upBound } = chooseBranching(outcome.candidates, {
      strategy: this.#strategy,
      classOrder: this.#classOrder,
      pseudoCosts: this.#pseudoCosts,
      nodeBound: bound,
      cutoff,
      probe: mayProbe ? probe : null,
    });
    const bytes = nodeOverheadBytes + approximateBytes(outcome.warmStart) / 2 + approximateBytes(candidate.down);
    const estimates = this.#childEstimates(outcome.candidates, candidate, bound);
    const preferred = this.#preferredDirection(candidate, estimates);
    const fraction = candidate.value - Math.floor(candidate.value);
    const makeChild = (direction: 'down' | 'up', childBound: number): OpenNode<Decision, WarmStart> | null => {
      if (childBound >= cutoff) {
        if (childBound < Infinity) this.#prunedBound = Math.min(this.#prunedBound, childBound);
        return null;
      }
      const isDown = direction === 'down';
      const link: DecisionLink<Decision> = {
        decision: isDown ? candidate.down : candidate.up,
        previous: node.decisions,
      };
      const origin: BranchingOrigin = {
        key: candidate.key,
        branchingClass: candidate.branchingClass,
        direction,
        distance: isDown ? fraction : 1 - fraction,
      };
      return {
        id: this.#nextId++,
        depth: node.depth + 1,
        bound: childBound,
        estimate: Math.max(childBound, isDown ? estimates.down : estimates.up),
        decisions: link,
        warmStart: outcome.warmStart,
        origin,
        bytes,
      };
    };
    const boundOf = (direction: 'down' | 'up') => (direction === 'down' ? downBound : upBound);
    const other = preferred === 'down' ? 'up' : 'down';
    const first = makeChild(preferred, boundOf(preferred));
    const second = makeChild(other, boundOf(other));
    const plunges = this.#strategy.nodeSelection === 'plunging' || this.#strategy.nodeSelection === 'best-estimate';
    const stay = plunges ? (first ?? second) : null;
    for (const child of [first, second]) {
      if (child === null) continue;
      if (child === stay) this.#nextNode = child;
      else this.#store.push(child);
    }
  }

  /** Bound plus the least predicted gain of every candidate; the branched one on its own side. */
  #childEstimates(
    candidates: readonly BranchingCandidate<Decision>[],
    branched: BranchingCandidate<Decision>,
    bound: number,
  ): { readonly down: number; readonly up: number } {
    const own = predictedGains(branched, this.#pseudoCosts);
    let others = 0;
    if (this.#strategy.nodeSelection === 'best-estimate') {
      for (const candidate of candidates) {
        if (candidate === branched) continue;
        const { down, up } = predictedGains(candidate, this.#pseudoCosts);
        others += Math.min(down, up);
      }
    }
    return { down: bound + others + own.down, up: bound + others + own.up };
  }

  #preferredDirection(
    candidate: BranchingCandidate<Decision>,
    estimates: { readonly down: number; readonly up: number },
  ): 'down' | 'up' {
    switch (this.#strategy.childOrder) {
      case 'down':
      case 'up':
        return this.#strategy.childOrder;
      case 'estimate':
        return estimates.down < estimates.up ? 'down' : 'up';
      default:
        return candidate.value - Math.floor(candidate.value) < 0.5 ? 'down' : 'up';
    }
  }

  // Incumbents.

  /** The one way in: the door verifies; what is better than the incumbent replaces it. */
  #offer(solution: Solution, source: string, letter?: string): boolean {
    const accepted = this.#options.door(solution, source);
    if (accepted === null || !(accepted.cost < (this.#incumbent?.cost ?? Infinity))) return false;
    if (!(accepted.cost < (this.#options.cutoff ?? Infinity))) return false;
    this.#incumbent = accepted;
    this.#isNewIncumbent = true;
    this.#records.push({
      cost: accepted.cost,
      source,
      letter: letter ?? this.#options.sourceLetters?.[source] ?? (source[0]?.toUpperCase() || '?'),
      nodes: this.#nodes,
      seconds: this.#seconds,
    });
    this.#prunedBound = Math.min(this.#prunedBound, this.#store.prune(this.#cutoff));
    this.#relaxation.onIncumbent?.(accepted.cost, accepted.solution);
    this.#report({ kind: 'incumbent', source });
    return true;
  }

  *#runHeuristics(depth: number): Generator<void, void, void> {
    if (!this.#strategy.heuristics) return;
    const isNewIncumbent = this.#isNewIncumbent;
    this.#isNewIncumbent = false;
    for (const heuristic of this.#options.heuristics ?? []) {
      if (this.#openNodes === 0 || this.#shouldStop()) return;
      const incumbentCost = this.#incumbent?.cost ?? Infinity;
      if (!heuristic.wants({ nodes: this.#nodes, depth, incumbentCost, isNewIncumbent })) continue;
      const state = {
        incumbent: this.#incumbent?.solution ?? null,
        incumbentCost,
        shouldStop: this.#shouldStop,
      };
      for (const solution of heuristic.run(state)) {
        this.#offer(solution, heuristic.name, heuristic.letter);
        if (this.#shouldStop()) return;
        yield;
      }
    }
  }
}

/** Searches to the end or a limit. @throws StrategyError or RangeError on bad options. */
export function searchTree<Decision, Solution, WarmStart>(
  relaxation: Relaxation<Decision, Solution, WarmStart>,
  options: SearchOptions<Solution>,
): SearchResult<Solution> {
  return new TreeSearch(relaxation, options).run();
}

/** As `searchTree`, letting the event loop run, so that `options.signal` stops it. */
export function searchTreeAsync<Decision, Solution, WarmStart>(
  relaxation: Relaxation<Decision, Solution, WarmStart>,
  options: SearchOptions<Solution>,
): Promise<SearchResult<Solution>> {
  return new TreeSearch(relaxation, options).runAsync();
}
