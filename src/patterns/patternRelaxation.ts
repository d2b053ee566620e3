/**
 * The pattern relaxation: the tree's `Relaxation` by column generation (Dantzig-Wolfe) for single placement. The bound
 * of a node is the best Lagrangian bound of its rounds, which meets the master's value when generation ends;
 * docs/patterns.md has the mathematics. Without a pool one master lives through the search, thinned out now and then:
 * nodes shut patterns out and bound rows.
 */
import type { Relaxation } from '../bnb/relaxation.ts';
import type { Steps } from '../lp/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import type { BoundCertificate } from './master/dualPrices.ts';
import { withoutIdlePatterns } from './master/masterAgeing.ts';
import { type MasterPoint, planOf, readPoint } from './master/masterPoint.ts';
import { candidatesAt, lastDegreeCandidate, patternBranchingClasses } from './master/patternBranching.ts';
import type { NodeRestrictions, PatternDecision } from './master/patternDecision.ts';
import { countBetween, restoreRestrictions, saveRestrictions } from './master/patternDecision.ts';
import { type GenerationOutcome, generateColumns } from './master/pricedColumns.ts';
import { proveCount } from './master/provenCounts.ts';
import { fixByReducedCost } from './master/reducedCostFixing.ts';
import { RestrictedMaster } from './master/restrictedMaster.ts';
import { addGpuCovers, addPooledRows, addSubsetRows } from './master/violatedRows.ts';
import { counting, cutoffWith, type PatternOutcome, type PatternRequest, type Proposal } from './nodeRequest.ts';
import { NodeTurns } from './nodeTurns.ts';
import { defaultPatternParameters, type PatternParameters } from './parameters.ts';
import { type PatternWarmStart, restrictionsAt } from './patternWarmStart.ts';
import { PricedPlans } from './plans/pricedPlans.ts';
import { searchRentedSets, setsCanBeRented } from './plans/rentedSetSearch.ts';
import { type RentedSets, rentedSets } from './plans/rentedSets.ts';
import { endOfNode } from './plans/wholePoint.ts';
import { setsSuffice } from './pool/patternPool.ts';
import { RootPool } from './pool/rootPool.ts';
import { buildPatternTable, mergedPatternTable, type PatternTable } from './pricing/patternTable.ts';
import { patternsOfPlan } from './pricing/planPatterns.ts';
import { type Rival, Rivalry } from './rivalry.ts';
import type { SavedPatternState } from './savedPatternState.ts';
import { type Pricing, StretchedPricings } from './stretchedPricings.ts';
import { supportsPatterns } from './supportsPatterns.ts';

export interface PatternRelaxationOptions {
  /** Whether fractional points are rounded and improved. Default true. */
  readonly heuristics?: boolean;
  /** Whether subset-row cuts are added. Default true. */
  readonly cuts?: boolean;
  /** Whether Lagrangian bounds rule out deployments and placements. Default true. */
  readonly reducedCostFixing?: boolean;
  /** Whether nodes of a pool are settled by their covers, as far as that is short. Default true. */
  readonly enumeration?: boolean;
  /**
   * Whether sets of deployments are gone through at the root, where the budget binds or what is alike is merged, and
   * pools are made where the budget row looks at fractions. Default true.
   */
  readonly setSearches?: boolean;
  /** Default: `defaultPatternParameters`. */
  readonly parameters?: PatternParameters;
  /** Another search for the same optimum, tried where patterns are slow. Default: none. */
  readonly rival?: Rival;
}

export class PatternRelaxation implements Relaxation<PatternDecision, IndexedPlan, PatternWarmStart> {
  readonly name = 'patterns';
  readonly branchingClasses = patternBranchingClasses;
  readonly #problem: PlanningProblem;
  readonly #options: Required<Omit<PatternRelaxationOptions, 'rival'>>;
  readonly #rivalry: Rivalry;
  #table: PatternTable;
  #master: RestrictedMaster;
  #pricings: StretchedPricings;
  /** The root's bound, kept to rule more out when better plans come. */
  #rootCertificate: {
    readonly pricing: Pricing;
    readonly restrictions: NodeRestrictions;
    readonly certificate: BoundCertificate;
  } | null = null;

  readonly #rootPool: RootPool;
  #plans: PricedPlans;
  /** Whether it has been looked whether anything is alike. */
  #hasChosenTable = false;
  /** On every plan that proven counts rule out. */
  #boundOfCounts = Infinity;
  /** Of masters before this one. */
  #formerIterations = 0;

  /** Throws RangeError where `supportsPatterns` says no. */
  constructor(problem: PlanningProblem, options: PatternRelaxationOptions = {}) {
    const support = supportsPatterns(problem, undefined, options.parameters);
    if (!support.supported) throw new RangeError(support.reason);
    this.#problem = problem;
    this.#options = {
      heuristics: options.heuristics ?? true,
      cuts: options.cuts ?? true,
      reducedCostFixing: options.reducedCostFixing ?? true,
      enumeration: options.enumeration ?? true,
      setSearches: options.setSearches ?? true,
      parameters: options.parameters ?? defaultPatternParameters,
    };
    this.#rivalry = new Rivalry(options.rival ?? null, problem, this.#options.parameters.rival);
    this.#table = buildPatternTable(problem, this.#options.parameters);
    this.#pricings = new StretchedPricings(this.#table);
    this.#master = new RestrictedMaster(this.#table);
    this.#plans = new PricedPlans(this.#table);
    this.#rootPool = new RootPool(problem, this.#options, () => this.#pricings.at(Infinity).fixings);
  }

  /** What the rows of proven counts leave out costs as much as was proven of it. */
  #withinCounts<Outcome extends Pick<PatternOutcome, 'status' | 'bound'>>(outcome: Outcome): Outcome {
    if (outcome.bound <= this.#boundOfCounts) return outcome;
    const status = outcome.status === 'infeasible' ? 'cutoff' : outcome.status;
    return { ...outcome, status, bound: this.#boundOfCounts };
  }

  /** Begins anew over another table of the same problem. */
  #take(table: PatternTable): void {
    this.#formerIterations = this.#iterations;
    this.#table = table;
    this.#pricings = new StretchedPricings(table);
    this.#master = new RestrictedMaster(table);
    this.#plans = new PricedPlans(table);
    this.#rootCertificate = null;
    this.#boundOfCounts = Infinity;
    this.#rootPool.forgetTries();
  }

  /** Columns at hand; for logs and tests. */
  get numPatterns(): number {
    return this.#master.patterns.length;
  }

  /** Patterns enumerated, or 0 where they are priced; for logs and tests. */
  get poolSize(): number {
    return this.#rootPool.search?.pool.size ?? 0;
  }

  get #iterations(): number {
    return this.#master.solver.iterations + this.#formerIterations + this.#plans.simplexIterations;
  }

  /**
   * What is alike is merged where patterns are likely to have a pool, over which branching can count them. Without one
   * a root that is not done is solved again with everything under its own name.
   */
  *solveInSteps(request: PatternRequest): Steps<PatternOutcome> {
    if (!this.#hasChosenTable) {
      this.#hasChosenTable = true;
      const mayMerge =
        this.#options.reducedCostFixing && request.cutoff < Infinity && setsSuffice(this.#problem, request.cutoff);
      const table = mayMerge ? this.#tableFor(true) : this.#table;
      if (table.isMerged) this.#take(table);
    }
    if (
      this.#table.isMerged &&
      request.depth > 0 &&
      !((this.#rootPool.search?.pool.cutoff ?? -Infinity) >= request.cutoff)
    ) {
      // The door refused the plan that the pool counted on: pricing does not know the counts of merged nodes.
      const nothing = { solution: null, proposals: [], candidates: [], warmStart: null, simplexIterations: 0 };
      return { ...nothing, status: 'numerical-trouble', bound: request.parentBound };
    }
    const outcome = yield* this.#solve(request);
    if (!this.#table.isMerged || this.#rootPool.search !== null) return outcome;
    const isOpen =
      outcome.status === 'numerical-trouble' ||
      (outcome.status === 'solved' && outcome.bound < cutoffWith(this.#problem, request, outcome.proposals));
    if (!isOpen) return outcome;
    this.#take(this.#tableFor(false));
    const again = yield* this.#solve({
      ...counting(request, outcome.simplexIterations),
      parentBound: Math.max(request.parentBound, outcome.bound),
    });
    return {
      ...again,
      proposals: [...outcome.proposals, ...again.proposals],
      simplexIterations: outcome.simplexIterations + again.simplexIterations,
    };
  }

  #tableFor(mayMerge: boolean): PatternTable {
    const { parameters } = this.#options;
    const merged = mayMerge ? mergedPatternTable(this.#problem, parameters) : null;
    return merged ?? buildPatternTable(this.#problem, parameters);
  }

  *#solve(asked: PatternRequest): Steps<PatternOutcome> {
    let request = asked;
    let iterationsBeside = 0;
    const iterationsBefore = this.#iterations;
    const pricing = this.#pricings.forNode(request.decisions, request.warmStart);
    const nodesBefore = pricing.pricer.nodes;
    const turns = new NodeTurns(this.#rivalry, {
      get request() {
        return request;
      },
      set request(next) {
        request = next;
      },
      pricingWork: () => this.#rivalry.workOf(this.#iterations - iterationsBefore, pricing.pricer.nodes - nodesBefore),
      isServed: !this.#table.isMerged,
    });
    /** Those of the master that lives on, and of what is searched beside it. */
    const iterationsSoFar = () => this.#iterations - iterationsBefore + iterationsBeside + turns.simplexIterations;
    const finish = (
      outcome: Omit<PatternOutcome, 'simplexIterations'> & { readonly simplexIterations?: number },
    ): PatternOutcome => {
      this.#rivalry.add(turns.work);
      const simplexIterations = (outcome.simplexIterations ?? 0) + iterationsSoFar();
      return { ...this.#withinCounts(outcome), simplexIterations };
    };
    const nothing = { solution: null, proposals: [], candidates: [], warmStart: null };
    let restrictions = restrictionsAt(pricing.table, request.decisions, request.warmStart, pricing.fixings);
    if (restrictions.contradicts) return finish({ ...nothing, status: 'infeasible', bound: Infinity });
    if (this.#rootPool.search !== null && request.cutoff > this.#rootPool.search.pool.cutoff) {
      // The door refused the plan that the pool counted on.
      this.#rootPool.giveUp();
    }
    if (this.#rootPool.search === null && this.#rootCertificate !== null) {
      const { restrictions: atRoot, certificate } = this.#rootCertificate;
      this.#rootPool.take(
        this.#rootPool.enumerate(this.#master, atRoot, certificate, request.cutoff, request.shouldStop),
      );
    }
    if (this.#rootPool.search !== null) return finish(yield* this.#rootPool.search.solve(request, turns));
    if (request.depth > 0) {
      if (turns.isDue(-Infinity)) yield* turns.take(-Infinity);
      const { bound } = this.#rivalry;
      if (bound >= request.cutoff) return finish({ ...nothing, status: 'cutoff', bound });
    }
    this.#dropIdlePatterns();
    if (request.incumbent !== null) this.#master.add(patternsOfPlan(this.#table, request.incumbent));
    this.#master.restrict(restrictions);
    let generated: GenerationOutcome;
    let point: MasterPoint | null = null;
    let cutRounds = 0;
    /** Whether plans have been made before the cuts. */
    let hasPlans = false;
    const { generation, cuts, gpuCovers, largeSize } = this.#options.parameters;
    let coverRounds = 0;
    const triedCounts = new Set<string>();
    let boundBeforeCuts = -Infinity;
    /** Of every round of cuts: what stops in one is bounded by those before. */
    let bestBound = -Infinity;
    const isLarge = this.#problem.numQueryTypes > largeSize;
    /** Until the point is whole: then the bound has to meet it. */
    let isLoose = isLarge || this.#table.isMerged;
    const loosely = {
      ...(isLarge ? { tolerance: generation.looseConvergenceTolerance } : {}),
      ...(this.#table.isMerged ? { cutoffShare: generation.mergedCutoffShare } : {}),
    };
    for (;;) {
      generated = yield* generateColumns(this.#master, pricing.pricer, restrictions, {
        cutoff: request.cutoff,
        ...(isLoose ? loosely : {}),
        shouldStop: () => request.shouldStop() || (cutRounds > 0 && turns.isDue(boundBeforeCuts)),
        onRound: (round, bound, columns) => {
          if (request.depth > 0) return;
          const simplexIterations = iterationsSoFar();
          request.onRound?.({ round, bound, cuts: this.#master.numCuts, columns, simplexIterations });
        },
      });
      bestBound = Math.max(bestBound, generated.bound);
      if (cutRounds > 0 && turns.isDue(boundBeforeCuts)) {
        const { bound } = yield* turns.take(bestBound);
        if (bound >= request.cutoff) return finish({ ...nothing, status: 'cutoff', bound });
        if (generated.status === 'limit' && !request.shouldStop()) continue;
      }
      if (generated.status !== 'converged') break;
      point = readPoint(this.#master);
      if (request.depth === 0 && point.budgetBinds) this.#rivalry.barBudget();
      if (isLoose && point.isIntegral) {
        isLoose = false;
        continue;
      }
      if (addPooledRows(this.#master, point)) continue;
      if (generated.bound >= request.cutoff || point.isIntegral) break;
      if (request.depth === 0 && this.#table.isMerged && this.#options.cuts) {
        const limits = { cutoff: request.cutoff, shouldStop: request.shouldStop };
        const triedBefore = triedCounts.size;
        const proven = yield* proveCount(this.#master, pricing.pricer, restrictions, point, triedCounts, limits);
        if (proven !== null) {
          this.#pricings.counts.push(proven.decision);
          this.#boundOfCounts = Math.min(this.#boundOfCounts, proven.bound);
          restrictions = countBetween(restrictions, proven.decision);
          this.#master.restrict(restrictions);
        }
        if (triedCounts.size > triedBefore) continue;
      }
      const mayCover =
        this.#options.cuts && coverRounds < (request.depth === 0 ? gpuCovers.rootRounds : gpuCovers.nodeRounds);
      if (mayCover && addGpuCovers(this.#master, point)) {
        coverRounds++;
        continue;
      }
      const gap = request.incumbentCost - generated.bound;
      const leastGain = Math.max(
        cuts.leastPricedGain * Math.abs(generated.bound),
        gap < Infinity ? cuts.leastPricedShare * gap : 0,
      );
      if (cutRounds > 0 && generated.bound - boundBeforeCuts < leastGain) break;
      if (request.depth > 0 || cutRounds >= cuts.pricedRounds) break;
      const fillsBudget = request.depth === 0 && point.budgetBinds && this.#options.heuristics;
      const isPooled = fillsBudget
        ? setsSuffice(this.#problem, generated.bound)
        : this.#rootPool.isPossible(generated.bound);
      if (cutRounds === 0 && isPooled) {
        const proposals: Proposal[] = [];
        const rounded = this.#options.heuristics
          ? this.#plans.round(request, this.#master, point, generated.bound)
          : null;
        if (rounded !== null) proposals.push({ solution: rounded, source: 'rounding' });
        const cutoff = cutoffWith(this.#problem, request, proposals);
        const candidates = candidatesAt(this.#master, restrictions, point);
        // Nothing is left to search, if the door lets the plan in.
        if (generated.bound >= cutoff) {
          return finish({ ...nothing, status: 'solved', bound: generated.bound, proposals, candidates });
        }
        const { certificate } = generated;
        const pooled = this.#rootPool.enumerate(this.#master, restrictions, certificate, cutoff, request.shouldStop);
        if (pooled !== null) {
          return finish(
            yield* this.#rootPool.begin(pooled, counting(request, iterationsSoFar()), turns, proposals, candidates),
          );
        }
      }
      if (cutRounds === 0 && (fillsBudget || (this.#table.isMerged && this.#options.setSearches))) {
        // What fits into the budget is hard to find, and plans rule out much of what cuts would be priced for. Without
        // a pool what is alike is told by how many of each are rented.
        this.#fix(request, pricing, restrictions, generated.certificate);
        const { certificate } = generated;
        const enumerated = () =>
          this.#rootPool.enumerate(this.#master, restrictions, certificate, request.cutoff, request.shouldStop);
        const listed =
          certificate !== null && this.#options.setSearches && setsCanBeRented(this.#master)
            ? rentedSets(this.#master, restrictions, certificate, request.cutoff, request.shouldStop)
            : null;
        // Sets of deployments that can be listed are the quicker way.
        let pooled = listed !== null && listed.beyond >= request.cutoff ? null : enumerated();
        let isDone = pooled !== null;
        if (!isDone && listed !== null) {
          const found = yield* this.#searchRentedSets(request, restrictions, listed);
          iterationsBeside += found.simplexIterations;
          request = { ...request, ...found.told, parentBound: Math.max(request.parentBound, found.bound) };
          if (found.bound >= request.cutoff) return finish({ ...nothing, status: 'cutoff', bound: found.bound });
          isDone = found.isComplete;
        }
        const priced = { ...pricing, master: this.#master, point, restrictions, certificate };
        const plans = isDone ? [] : yield* this.#plans.make(request, priced, generated.bound);
        for (const { solution, source } of plans) request = { ...request, ...request.offer(solution, source) };
        hasPlans = true;
        if (generated.bound >= request.cutoff) break;
        pooled ??= enumerated();
        if (pooled !== null) {
          const candidates = candidatesAt(this.#master, restrictions, point);
          return finish(
            yield* this.#rootPool.begin(pooled, counting(request, iterationsSoFar()), turns, [], candidates),
          );
        }
        restrictions = restrictionsAt(pricing.table, request.decisions, request.warmStart, pricing.fixings);
        this.#master.restrict(restrictions);
      }
      boundBeforeCuts = generated.bound;
      cutRounds++;
      if (!this.#options.cuts || !addSubsetRows(this.#master, point)) break;
    }
    const bound = Math.max(request.parentBound, bestBound);
    if (generated.status === 'infeasible') return finish({ ...nothing, status: 'infeasible', bound: Infinity });
    if (generated.status === 'cutoff' || bound >= request.cutoff) {
      return finish({ ...nothing, status: 'cutoff', bound });
    }
    const warmStart = this.#fix(request, pricing, restrictions, generated.certificate);
    const last = this.#problem.delayRule.stretchingPair >= 0 ? lastDegreeCandidate(restrictions) : null;
    if (point === null) {
      const status = generated.status === 'limit' ? 'limit' : 'numerical-trouble';
      const unsolved = { ...nothing, status, bound, warmStart } as const;
      if (last !== null) return finish({ ...unsolved, candidates: [last] });
      return finish(request.shouldStop() ? unsolved : { ...unsolved, ...endOfNode(restrictions, null, unsolved) });
    }
    this.#plans.nodes++;
    if (last !== null) return finish({ ...nothing, status: 'solved', bound, candidates: [last], warmStart });
    if (point.isIntegral) {
      const whole = { status: 'solved', bound, solution: planOf(this.#master, point) } as const;
      return finish({ ...nothing, warmStart, ...endOfNode(restrictions, point, whole) });
    }
    const { certificate } = generated;
    const priced = { ...pricing, master: this.#master, point, restrictions, certificate };
    const proposals = this.#options.heuristics && !hasPlans ? yield* this.#plans.make(request, priced, bound) : [];
    const candidates = candidatesAt(this.#master, restrictions, point);
    let outcome = { ...nothing, status: 'solved' as const, bound, proposals, candidates, warmStart };
    if (request.depth > 0) return finish(outcome);
    if (turns.isDue(bound)) {
      for (const { solution, source } of proposals) request = { ...request, ...request.offer(solution, source) };
      if (turns.isDue(bound)) yield* turns.take(bound);
      outcome = { ...outcome, bound: Math.max(bound, this.#rivalry.bound), proposals: [] };
      if (outcome.bound >= request.cutoff) return finish({ ...nothing, status: 'cutoff', bound: outcome.bound });
    }
    const further = counting(request, iterationsSoFar());
    return finish(
      yield* this.#rootPool.searchPartly(this.#master, further, restrictions, generated.certificate, turns, outcome),
    );
  }

  /** At a root: what may be rented together, set by set. */
  *#searchRentedSets(request: PatternRequest, restrictions: NodeRestrictions, listed: RentedSets) {
    const { cutoff, relativeGap, shouldStop } = request;
    let told = {};
    const outcome = yield* searchRentedSets({
      master: this.#master,
      restrictions,
      listed,
      cutoff,
      relativeGap,
      offer: (plan) => {
        const now = request.offer(plan, 'rented sets');
        told = now;
        return now.cutoff;
      },
      makeRelaxation: (problem) => new PatternRelaxation(problem, { ...this.#options, setSearches: false }),
      shouldStop,
    });
    return { ...outcome, told };
  }

  /** A few rounds of a child over the pool; without a pool children are not tried, as pricing takes too long. */
  probe(
    request: PatternRequest,
    child: PatternDecision,
  ): { readonly bound: number; readonly simplexIterations: number } | null {
    return this.#rootPool.search?.probe(request, child) ?? null;
  }

  onIncumbent(cost: number, solution: IndexedPlan): void {
    if (this.#rootPool.search !== null) return;
    this.#master.add(patternsOfPlan(this.#table, solution));
    const root = this.#rootCertificate;
    if (root === null || !this.#options.reducedCostFixing) return;
    const { closed, blocked } = root.pricing.fixings;
    const { restrictions, certificate } = root;
    fixByReducedCost(this.#master, root.pricing.pricer, restrictions, certificate, cost, closed, blocked);
  }

  saveState(): SavedPatternState {
    const root = this.#rootCertificate;
    return {
      isMerged: this.#table.isMerged,
      master: this.#master.save(),
      closed: this.#pricings.closed.slice(),
      counts: this.#pricings.counts.slice(),
      boundOfCounts: this.#boundOfCounts,
      pricings: this.#pricings.save(),
      rootCertificate: root && {
        stretch: root.pricing.stretch,
        restrictions: saveRestrictions(root.restrictions),
        certificate: root.certificate,
      },
      ...this.#rootPool.save(),
      rivalry: this.#rivalry.save(),
      solvedNodes: this.#plans.nodes,
      dives: this.#plans.dives,
    };
  }

  restoreState(state: unknown): void {
    const saved = state as SavedPatternState;
    const { isMerged, master, closed, counts, pricings, rootCertificate, rivalry, solvedNodes, dives } = saved;
    this.#hasChosenTable = true;
    if (isMerged !== this.#table.isMerged) this.#take(this.#tableFor(isMerged));
    this.#master = new RestrictedMaster(this.#table);
    this.#master.restore(master);
    this.#pricings.restore(closed, counts, pricings);
    this.#rootCertificate = null;
    if (rootCertificate !== null) {
      const { stretch, restrictions, certificate } = rootCertificate;
      const pricing = this.#pricings.at(stretch);
      this.#rootCertificate = { pricing, certificate, restrictions: restoreRestrictions(pricing.table, restrictions) };
    }
    this.#boundOfCounts = saved.boundOfCounts;
    this.#rootPool.restore(this.#table, saved);
    this.#rivalry.restore(rivalry);
    this.#plans.nodes = solvedNodes;
    this.#plans.dives = dives;
  }

  #fix(
    request: PatternRequest,
    pricing: Pricing,
    restrictions: NodeRestrictions,
    certificate: BoundCertificate | null,
  ): PatternWarmStart | null {
    if (!this.#options.reducedCostFixing || certificate === null) return null;
    // Not by the cutoff, which lies below the incumbent by the gap: the node's own bound would leave out what is
    // between.
    const limit = request.incumbentCost < Infinity ? request.incumbentCost : request.cutoff;
    const { pricer, fixings } = pricing;
    const isRoot = request.depth === 0;
    if (isRoot) this.#rootCertificate = { pricing, restrictions, certificate };
    const closed = isRoot ? fixings.closed : restrictions.closed.slice();
    const blocked = isRoot ? fixings.blocked : restrictions.blocked;
    fixByReducedCost(this.#master, pricer, restrictions, certificate, limit, closed, blocked);
    if (isRoot) return null;
    return { kind: 'deployments', closed };
  }

  #dropIdlePatterns(): void {
    const former = this.#master;
    this.#master = withoutIdlePatterns(former);
    if (this.#master !== former) this.#formerIterations += former.solver.iterations;
  }
}
