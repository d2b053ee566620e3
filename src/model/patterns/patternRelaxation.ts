/**
 * The pattern relaxation: the tree's `Relaxation` by column generation (Dantzig-Wolfe) for single placement. The bound of a node is
 * the best Lagrangian bound of its rounds, which meets the master's value when generation ends; docs/patterns.md has the mathematics.
 * One master lives through the whole search: nodes shut patterns out and bound rows.
 */
import type { NodeOutcome, NodeRequest, Relaxation } from '../../bnb/relaxation.ts';
import { SimplexSolver } from '../../lp/simplexSolver.ts';
import type { CreateLinearSolver } from '../../lp/simplexTypes.ts';
import { improvePlan, planCost, roundPoint } from '../heuristics/index.ts';
import type { IndexedPlan } from '../indexedPlan.ts';
import type { PlanningProblem } from '../planningProblem.ts';
import { type BoundCertificate, type GenerationOutcome, generateColumns } from './columnGeneration.ts';
import { type MasterPoint, planOf, readPoint } from './masterPoint.ts';
import { branchingCandidates, lastDegreeCandidate, patternBranchingClasses } from './patternBranching.ts';
import { type Fixings, type NodeRestrictions, type PatternDecision, restrictionsOf } from './patternDecision.ts';
import { dive } from './patternDive.ts';
import { PatternPricer } from './patternPricer.ts';
import { patternsOfPlan } from './patternsOfPlan.ts';
import { buildPatternTable, type PatternTable } from './patternTable.ts';
import { fixByReducedCost } from './reducedCostFixing.ts';
import { RestrictedMaster } from './restrictedMaster.ts';
import { restoreRestrictions, type SavedPatternState, saveRestrictions } from './savedPatternState.ts';
import { separateSubsetRows } from './subsetRowCuts.ts';
import { supportsPatterns } from './supportsPatterns.ts';

/** What a node hands to its children: the options that its bound rules out below it. */
export interface PatternWarmStart {
  readonly closed: Uint8Array;
}

export interface PatternRelaxationOptions {
  /** Default: `SimplexSolver`. */
  readonly createSolver?: CreateLinearSolver;
  /** Whether fractional points are rounded and improved. Default true. */
  readonly heuristics?: boolean;
  /** Whether subset-row cuts are added. Default true. */
  readonly cuts?: boolean;
  /** Whether Lagrangian bounds rule out options and placements. Default true. */
  readonly reducedCostFixing?: boolean;
}

type Outcome = NodeOutcome<PatternDecision, IndexedPlan, PatternWarmStart>;
type Request = NodeRequest<PatternDecision, IndexedPlan, PatternWarmStart>;

/** Table and pricing for one stretch of the delay limits; one only, but under `last-deployment`. */
interface Pricing {
  /** Infinity: the limits are not stretched. */
  readonly stretch: number;
  readonly table: PatternTable;
  readonly pricer: PatternPricer;
  readonly fixings: Fixings;
}

/** A pooled delay limit violated by more than this share of it becomes a row. */
const pooledTolerance = 1e-7;
/** Rounds of cuts at the root. Below it they made nodes dearer than they saved. */
const rootCutRounds = 10;
/** Beyond this number of query types pricing under the cuts' duals costs more than the cuts save. */
const largestSizeWithCuts = 30;
/** Cut rounds end when one moves the bound by less than this share of it. */
const leastCutGain = 2e-4;
/** Cuts of one round, and in all, for each query type. */
const cutsPerRound = 0.5;
const cutsPerQueryType = 3;
/** Of the nodes solved, every so many are rounded, and every so many dived from. */
const roundingPeriod = 5;
const divePeriod = 10;
/** Where nodes are dear plans are worth more than bounds: beyond this size dives come more often. */
const largeSize = 60;
const largeDivePeriod = 2;
/** There master and bound may stay this far apart, relative: proving the last digits of a node takes longer than branching. */
const looseTolerance = 2e-4;
/** Dives at the root: alternately of patterns and of placements, each pair with another start. */
const rootDives = 6;
/** Plans of dives within this share of the cutoff are searched around, others only descended from. */
const worthSearching = 0.02;
/** Up to this number of query types the root's rounding is followed by a search; beyond it the dive is worth more. */
const searchedRootSize = 30;

export class PatternRelaxation implements Relaxation<PatternDecision, IndexedPlan, PatternWarmStart> {
  readonly name = 'patterns';
  readonly branchingClasses = patternBranchingClasses;
  readonly #problem: PlanningProblem;
  readonly #options: Required<PatternRelaxationOptions>;
  readonly #table: PatternTable;
  #master: RestrictedMaster;
  readonly #pricings = new Map<number, Pricing>();
  /** (option): 1 where the root's bound rules it out for good. */
  readonly #closed: Uint8Array;
  /** The root's bound, kept to rule more out when better plans come. */
  #rootCertificate: {
    readonly pricing: Pricing;
    readonly restrictions: NodeRestrictions;
    readonly certificate: BoundCertificate;
  } | null = null;

  #solvedNodes = 0;
  #dives = 0;

  /** Throws RangeError where `supportsPatterns` says no. */
  constructor(problem: PlanningProblem, options: PatternRelaxationOptions = {}) {
    const support = supportsPatterns(problem);
    if (!support.supported) throw new RangeError(support.reason);
    this.#problem = problem;
    this.#options = {
      createSolver: options.createSolver ?? ((program) => new SimplexSolver(program)),
      heuristics: options.heuristics ?? true,
      cuts: options.cuts ?? true,
      reducedCostFixing: options.reducedCostFixing ?? true,
    };
    this.#table = buildPatternTable(problem);
    this.#closed = new Uint8Array(this.#table.numOptions);
    this.#master = new RestrictedMaster(this.#table, this.#options.createSolver);
  }

  /** Columns at hand; for logs and tests. */
  get numPatterns(): number {
    return this.#master.patterns.length;
  }

  solve(request: Request): Outcome {
    const steps = this.solveInSteps(request);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  *solveInSteps(request: Request): Generator<void, Outcome, void> {
    const iterationsBefore = this.#master.solver.iterations;
    const finish = (outcome: Omit<Outcome, 'simplexIterations'>): Outcome => ({
      ...outcome,
      simplexIterations: this.#master.solver.iterations - iterationsBefore,
    });
    const nothing = { solution: null, proposals: [], candidates: [], warmStart: null };
    const pricing = this.#pricingFor(request);
    const restrictions = restrictionsOf(pricing.table, request.decisions, pricing.fixings);
    if (restrictions.contradicts) return finish({ ...nothing, status: 'infeasible', bound: Infinity });
    if (request.warmStart !== null) {
      const { closed } = request.warmStart;
      closed.forEach((mark, o) => {
        if (mark === 1) restrictions.closed[o] = 1;
      });
    }
    if (request.incumbent !== null) this.#master.add(patternsOfPlan(this.#table, request.incumbent));
    this.#master.restrict(restrictions);
    let generated: GenerationOutcome;
    let point: MasterPoint | null = null;
    let cutRounds = 0;
    let isLoose = this.#problem.numQueryTypes > largeSize;
    let boundBeforeCuts = -Infinity;
    for (;;) {
      generated = yield* generateColumns(this.#master, pricing.pricer, restrictions, {
        cutoff: request.cutoff,
        ...(isLoose ? { tolerance: looseTolerance } : {}),
        shouldStop: request.shouldStop,
        onRound: (round, bound, columns) => {
          if (request.depth === 0) request.onRound?.({ round, bound, cuts: this.#master.subsetRows.length, columns });
        },
      });
      if (generated.status !== 'converged') break;
      point = readPoint(this.#master);
      if (isLoose && point.isIntegral) {
        isLoose = false;
        continue;
      }
      if (this.#addPooledRows(point)) continue;
      if (generated.bound >= request.cutoff || point.isIntegral) break;
      if (cutRounds > 0 && generated.bound - boundBeforeCuts < leastCutGain * Math.abs(generated.bound)) break;
      if (request.depth > 0 || cutRounds >= rootCutRounds) break;
      boundBeforeCuts = generated.bound;
      cutRounds++;
      if (!this.#addSubsetRows(point)) break;
    }
    const bound = Math.max(request.parentBound, generated.bound);
    if (generated.status === 'infeasible') return finish({ ...nothing, status: 'infeasible', bound: Infinity });
    if (generated.status === 'cutoff' || bound >= request.cutoff) {
      return finish({ ...nothing, status: 'cutoff', bound });
    }
    const warmStart = this.#fix(request, pricing, restrictions, generated.certificate);
    const last = this.#problem.options.delayRule === 'last-deployment' ? lastDegreeCandidate(restrictions) : null;
    if (point === null) {
      const candidates = last === null ? [] : [last];
      const status = generated.status === 'limit' ? 'limit' : 'numerical-trouble';
      return finish({ ...nothing, status, bound, candidates, warmStart });
    }
    const proposals = this.#proposals(request, pricing, restrictions, point, last !== null);
    if (last !== null)
      return finish({ status: 'solved', bound, solution: null, proposals, candidates: [last], warmStart });
    if (point.isIntegral) {
      const solution = planOf(this.#master, point);
      return finish({ status: 'solved', bound, solution, proposals, candidates: [], warmStart });
    }
    const candidates = branchingCandidates(restrictions, point);
    return finish({ status: 'solved', bound, solution: null, proposals, candidates, warmStart });
  }

  onIncumbent(cost: number, solution: IndexedPlan): void {
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
      master: this.#master.save(),
      closed: this.#closed.slice(),
      pricings: [...this.#pricings.values()].map(({ stretch, pricer, fixings }) => ({
        stretch,
        blocked: fixings.blocked.slice(),
        muA: pricer.muA.slice(),
        muB: pricer.muB.slice(),
      })),
      rootCertificate: root && {
        stretch: root.pricing.stretch,
        restrictions: saveRestrictions(root.restrictions),
        certificate: root.certificate,
      },
      solvedNodes: this.#solvedNodes,
      dives: this.#dives,
    };
  }

  restoreState(state: unknown): void {
    const { master, closed, pricings, rootCertificate, solvedNodes, dives } = state as SavedPatternState;
    this.#master = new RestrictedMaster(this.#table, this.#options.createSolver);
    this.#master.restore(master);
    this.#closed.set(closed);
    for (const { stretch, blocked, muA, muB } of pricings) {
      const { pricer, fixings } = this.#makePricing(stretch);
      fixings.blocked.set(blocked);
      pricer.muA.set(muA);
      pricer.muB.set(muB);
    }
    this.#rootCertificate = null;
    if (rootCertificate !== null) {
      const { stretch, restrictions, certificate } = rootCertificate;
      const pricing = this.#pricings.get(stretch) ?? this.#makePricing(stretch);
      this.#rootCertificate = { pricing, certificate, restrictions: restoreRestrictions(pricing.table, restrictions) };
    }
    this.#solvedNodes = solvedNodes;
    this.#dives = dives;
  }

  /** Table and pricing at the largest degree that the decisions leave to the last pair, if that matters. */
  #pricingFor({ decisions, warmStart }: Request): Pricing {
    let stretch = Infinity;
    if (this.#problem.options.delayRule === 'last-deployment') {
      const { lastPair, deployments } = this.#problem;
      const options = this.#table.optionsOfPair[lastPair];
      const isOpen = (o: number) =>
        this.#closed[o] === 0 &&
        warmStart?.closed[o] !== 1 &&
        decisions.every(
          (decision) => decision.kind !== 'options' || decision.pair !== lastPair || decision.allowed.includes(o),
        );
      const open = options.filter(isOpen);
      stretch = open.reduce((most, o) => Math.max(most, deployments.tpDegree[this.#table.deployment[o]]), 0);
    }
    return this.#pricings.get(stretch) ?? this.#makePricing(stretch);
  }

  #makePricing(stretch: number): Pricing {
    const known = this.#pricings.get(stretch)?.table;
    const table = known ?? (stretch === Infinity ? this.#table : buildPatternTable(this.#problem, stretch));
    const blocked = new Uint8Array(table.queryType.length);
    const pricing = { stretch, table, pricer: new PatternPricer(table), fixings: { blocked, closed: this.#closed } };
    this.#pricings.set(stretch, pricing);
    return pricing;
  }

  /** Makes rows of the most violated subset-row cuts. */
  #addSubsetRows(point: MasterPoint): boolean {
    const { numQueryTypes } = this.#problem;
    if (!this.#options.cuts || numQueryTypes > largestSizeWithCuts) return false;
    const room = Math.ceil(cutsPerQueryType * numQueryTypes) - this.#master.subsetRows.length;
    if (room <= 0) return false;
    const triples = separateSubsetRows(this.#master, point, Math.min(room, Math.ceil(cutsPerRound * numQueryTypes)), 3);
    this.#master.addSubsetRows(triples);
    return triples.length > 0;
  }

  /** Makes rows of the pooled delay limits that the point violates. */
  #addPooledRows(point: MasterPoint): boolean {
    if (this.#problem.options.delayRule !== 'pooled') return false;
    let added = false;
    for (let i = 0; i < this.#problem.numQueryTypes; i++) {
      if (this.#master.pooledRow[i] >= 0) continue;
      let excess = 0;
      for (const { pattern, weight } of point.patterns) {
        excess += weight * this.#master.pooledCoefficient(this.#master.patterns[pattern], i);
      }
      if (excess <= pooledTolerance * Math.max(1, this.#problem.instance.queryTypes[i].delayThreshold)) continue;
      this.#master.addPooledRow(i);
      added = true;
    }
    return added;
  }

  #fix(
    request: Request,
    pricing: Pricing,
    restrictions: NodeRestrictions,
    certificate: BoundCertificate | null,
  ): PatternWarmStart | null {
    if (!this.#options.reducedCostFixing || certificate === null) return null;
    if (request.depth === 0) {
      this.#rootCertificate = { pricing, restrictions, certificate };
      const { closed, blocked } = pricing.fixings;
      fixByReducedCost(this.#master, pricing.pricer, restrictions, certificate, request.cutoff, closed, blocked);
      return null;
    }
    const closed = restrictions.closed.slice();
    fixByReducedCost(
      this.#master,
      pricing.pricer,
      restrictions,
      certificate,
      request.cutoff,
      closed,
      restrictions.blocked,
    );
    return { closed };
  }

  /** Plans made from the point: by rounding and local search, and by a dive. */
  #proposals(
    request: Request,
    pricing: Pricing,
    restrictions: NodeRestrictions,
    point: MasterPoint,
    isLoose: boolean,
  ): Outcome['proposals'] {
    this.#solvedNodes++;
    const isRoot = request.depth === 0;
    if (!this.#options.heuristics || isLoose || point.isIntegral) return [];

    const proposals: { solution: IndexedPlan; source: string }[] = [];
    // Read before the dive moves the master.
    const rounded = isRoot || this.#solvedNodes % roundingPeriod === 0 ? this.#round(request, point) : null;
    if (rounded !== null) proposals.push({ solution: rounded, source: 'rounding' });
    const period = this.#problem.numQueryTypes > largeSize ? largeDivePeriod : divePeriod;
    const dives = isRoot ? rootDives : this.#solvedNodes % period === 0 ? 1 : 0;
    for (let turn = 0; turn < dives; turn++) {
      const { cutoff, shouldStop } = request;
      this.#dives++;
      const fixes = this.#dives % 2 === 1 ? 'patterns' : 'placements';
      const limits = { fixes, skip: turn >> 1, cutoff: Infinity, shouldStop } as const;
      const dived = dive(this.#master, pricing.pricer, restrictions, point, limits);
      if (dived === null) continue;
      const effort = isRoot && planCost(this.#problem, dived) < cutoff * (1 + worthSearching) ? 0.2 : 0;
      const improved = improvePlan(this.#problem, dived, { effort, shouldStop });
      proposals.push({ solution: improved, source: 'dive' });
      this.#master.add(patternsOfPlan(this.#table, improved));
    }
    return proposals;
  }

  #round({ depth, shouldStop }: Request, { placement, option }: MasterPoint): IndexedPlan | null {
    const { numPairs, numQueryTypes, deployments, deploymentsOfPair } = this.#problem;
    const openness = new Float64Array(deployments.count);
    option.forEach((weight, o) => {
      openness[this.#table.deployment[o]] += weight;
    });
    const weight = (i: number, d: number) => {
      const pair = deployments.pair[d];
      return placement[i * numPairs + pair] / deploymentsOfPair[pair].length;
    };
    const effort = depth === 0 && numQueryTypes <= searchedRootSize ? 1 : 0;
    return roundPoint(this.#problem, weight, { effort, openness: (d) => openness[d], shouldStop });
  }
}
