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
import { BoundFixing } from './boundFixing.ts';
import { withoutIdlePatterns } from './master/masterAgeing.ts';
import { type MasterPoint, planOf, readPoint } from './master/masterPoint.ts';
import { candidatesAt, lastDegreeCandidate, patternBranchingClasses } from './master/patternBranching.ts';
import { countBetween, type PatternDecision } from './master/patternDecision.ts';
import { type GenerationOutcome, generateColumns } from './master/pricedColumns.ts';
import { proveCount } from './master/provenCounts.ts';
import { RestrictedMaster } from './master/restrictedMaster.ts';
import { addGpuCovers, addPooledRows, addSubsetRows } from './master/violatedRows.ts';
import { NodeInHand } from './nodeInHand.ts';
import { counting, cutoffWith, type PatternOutcome, type PatternRequest } from './nodeRequest.ts';
import { defaultPatternParameters, type PatternParameters } from './parameters.ts';
import { type PatternWarmStart, restrictionsAt } from './patternWarmStart.ts';
import { PricedPlans } from './plans/pricedPlans.ts';
import { endOfNode } from './plans/wholePoint.ts';
import { setsSuffice } from './pool/patternPool.ts';
import { RootPool } from './pool/rootPool.ts';
import { buildPatternTable, mergedPatternTable, type PatternTable } from './pricing/patternTable.ts';
import { patternsOfPlan } from './pricing/planPatterns.ts';
import { type Rival, Rivalry } from './rivalry.ts';
import { searchBeforeCuts } from './rootBeforeCuts.ts';
import type { SavedPatternState } from './savedPatternState.ts';
import { StretchedPricings } from './stretchedPricings.ts';
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
  #fixing: BoundFixing;
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
    this.#fixing = new BoundFixing(this.#options.reducedCostFixing);
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
    this.#fixing = new BoundFixing(this.#options.reducedCostFixing);
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
    const { decisions, depth, shouldStop } = asked;
    const iterationsBefore = this.#iterations;
    const pricing = this.#pricings.forNode(decisions, asked.warmStart);
    const nodesBefore = pricing.pricer.nodes;
    const node = new NodeInHand(asked, this.#rivalry, !this.#table.isMerged, () => ({
      iterations: this.#iterations - iterationsBefore,
      searchNodes: pricing.pricer.nodes - nodesBefore,
    }));
    const finish = (
      outcome: Omit<PatternOutcome, 'simplexIterations'> & { readonly simplexIterations?: number },
    ): PatternOutcome => {
      this.#rivalry.add(node.work);
      const simplexIterations = (outcome.simplexIterations ?? 0) + node.simplexIterations;
      return { ...this.#withinCounts(outcome), simplexIterations };
    };
    const nothing = { solution: null, proposals: [], candidates: [], warmStart: null };
    let restrictions = restrictionsAt(pricing.table, decisions, asked.warmStart, pricing.fixings);
    if (restrictions.contradicts) return finish({ ...nothing, status: 'infeasible', bound: Infinity });
    if (this.#rootPool.search !== null && node.request.cutoff > this.#rootPool.search.pool.cutoff) {
      // The door refused the plan that the pool counted on.
      this.#rootPool.giveUp();
    }
    if (this.#rootPool.search === null && this.#fixing.root !== null) {
      const { restrictions: atRoot, certificate } = this.#fixing.root;
      this.#rootPool.take(this.#rootPool.enumerate(this.#master, atRoot, certificate, node.request.cutoff, shouldStop));
    }
    if (this.#rootPool.search !== null) return finish(yield* this.#rootPool.search.solve(node.request, node));
    if (depth > 0) {
      if (node.isDue(-Infinity)) yield* node.take(-Infinity);
      const { bound } = this.#rivalry;
      if (bound >= node.request.cutoff) return finish({ ...nothing, status: 'cutoff', bound });
    }
    this.#dropIdlePatterns();
    if (node.request.incumbent !== null) this.#master.add(patternsOfPlan(this.#table, node.request.incumbent));
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
        cutoff: node.request.cutoff,
        ...(isLoose ? loosely : {}),
        shouldStop: () => shouldStop() || (cutRounds > 0 && node.isDue(boundBeforeCuts)),
        onRound: (round, bound, columns) => {
          if (depth > 0) return;
          const { simplexIterations } = node;
          node.request.onRound?.({ round, bound, cuts: this.#master.numCuts, columns, simplexIterations });
        },
      });
      bestBound = Math.max(bestBound, generated.bound);
      if (cutRounds > 0 && node.isDue(boundBeforeCuts)) {
        const { bound } = yield* node.take(bestBound);
        if (bound >= node.request.cutoff) return finish({ ...nothing, status: 'cutoff', bound });
        if (generated.status === 'limit' && !shouldStop()) continue;
      }
      if (generated.status !== 'converged') break;
      point = readPoint(this.#master);
      if (depth === 0 && point.budgetBinds) this.#rivalry.barBudget();
      if (isLoose && point.isIntegral) {
        isLoose = false;
        continue;
      }
      if (addPooledRows(this.#master, point)) continue;
      if (generated.bound >= node.request.cutoff || point.isIntegral) break;
      if (depth === 0 && this.#table.isMerged && this.#options.cuts) {
        const limits = { cutoff: node.request.cutoff, shouldStop };
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
      const mayCover = this.#options.cuts && coverRounds < (depth === 0 ? gpuCovers.rootRounds : gpuCovers.nodeRounds);
      if (mayCover && addGpuCovers(this.#master, point)) {
        coverRounds++;
        continue;
      }
      const gap = node.request.incumbentCost - generated.bound;
      const leastGain = Math.max(
        cuts.leastPricedGain * Math.abs(generated.bound),
        gap < Infinity ? cuts.leastPricedShare * gap : 0,
      );
      if (cutRounds > 0 && generated.bound - boundBeforeCuts < leastGain) break;
      if (depth > 0 || cutRounds >= cuts.pricedRounds) break;
      if (cutRounds === 0) {
        const { certificate } = generated;
        const found = yield* searchBeforeCuts({
          ...this.#options,
          problem: this.#problem,
          node,
          priced: { ...pricing, master: this.#master, point, restrictions, certificate },
          bound: generated.bound,
          boundOfCounts: this.#boundOfCounts,
          pool: this.#rootPool,
          plans: this.#plans,
          fix: () => this.#fixing.at(node.request, this.#master, pricing, restrictions, certificate),
          makeRelaxation: (problem) => new PatternRelaxation(problem, { ...this.#options, setSearches: false }),
        });
        if (found.outcome !== null) return finish(found.outcome);
        hasPlans = found.hasPlans;
        if (generated.bound >= node.request.cutoff) break;
        if (hasPlans) {
          restrictions = restrictionsAt(pricing.table, decisions, asked.warmStart, pricing.fixings);
          this.#master.restrict(restrictions);
        }
      }
      boundBeforeCuts = generated.bound;
      cutRounds++;
      if (!this.#options.cuts || !addSubsetRows(this.#master, point)) break;
    }
    const bound = Math.max(node.request.parentBound, bestBound);
    if (generated.status === 'infeasible') return finish({ ...nothing, status: 'infeasible', bound: Infinity });
    if (generated.status === 'cutoff' || bound >= node.request.cutoff) {
      return finish({ ...nothing, status: 'cutoff', bound });
    }
    const warmStart = this.#fixing.at(node.request, this.#master, pricing, restrictions, generated.certificate);
    const last = this.#problem.delayRule.stretchingPair >= 0 ? lastDegreeCandidate(restrictions) : null;
    if (point === null) {
      const status = generated.status === 'limit' ? 'limit' : 'numerical-trouble';
      const unsolved = { ...nothing, status, bound, warmStart } as const;
      if (last !== null) return finish({ ...unsolved, candidates: [last] });
      return finish(shouldStop() ? unsolved : { ...unsolved, ...endOfNode(restrictions, null, unsolved) });
    }
    this.#plans.nodes++;
    if (last !== null) return finish({ ...nothing, status: 'solved', bound, candidates: [last], warmStart });
    if (point.isIntegral) {
      const whole = { status: 'solved', bound, solution: planOf(this.#master, point) } as const;
      return finish({ ...nothing, warmStart, ...endOfNode(restrictions, point, whole) });
    }
    const { certificate } = generated;
    const priced = { ...pricing, master: this.#master, point, restrictions, certificate };
    const proposals = this.#options.heuristics && !hasPlans ? yield* this.#plans.make(node.request, priced, bound) : [];
    const candidates = candidatesAt(this.#master, restrictions, point);
    let outcome = { ...nothing, status: 'solved' as const, bound, proposals, candidates, warmStart };
    if (depth > 0) return finish(outcome);
    if (node.isDue(bound)) {
      node.letIn(proposals);
      if (node.isDue(bound)) yield* node.take(bound);
      outcome = { ...outcome, bound: Math.max(bound, this.#rivalry.bound), proposals: [] };
      if (outcome.bound >= node.request.cutoff) return finish({ ...nothing, status: 'cutoff', bound: outcome.bound });
    }
    const { further } = node;
    return finish(
      yield* this.#rootPool.searchPartly(this.#master, further, restrictions, generated.certificate, node, outcome),
    );
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
    this.#fixing.below(cost, this.#master);
  }

  saveState(): SavedPatternState {
    return {
      isMerged: this.#table.isMerged,
      master: this.#master.save(),
      closed: this.#pricings.closed.slice(),
      counts: this.#pricings.counts.slice(),
      boundOfCounts: this.#boundOfCounts,
      pricings: this.#pricings.save(),
      rootCertificate: this.#fixing.save(),
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
    this.#fixing.restore(rootCertificate, this.#pricings);
    this.#boundOfCounts = saved.boundOfCounts;
    this.#rootPool.restore(this.#table, saved);
    this.#rivalry.restore(rivalry);
    this.#plans.nodes = solvedNodes;
    this.#plans.dives = dives;
  }

  #dropIdlePatterns(): void {
    const former = this.#master;
    this.#master = withoutIdlePatterns(former);
    if (this.#master !== former) this.#formerIterations += former.solver.iterations;
  }
}
