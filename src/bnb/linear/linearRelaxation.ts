/**
 * The linear relaxation of a mixed-integer program as a `Relaxation`: one LP lives through the whole search, nodes
 * change its column bounds, cuts and lazy rows are added at its end. Branching is on fractional integer columns (and on
 * candidates of the model).
 */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { Basis, LinearSolver } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import { defaultSearchParameters, type SearchParameters } from '../parameters.ts';
import type { NodeOutcome, NodeRequest, NodeStatus, ProbeOutcome, Relaxation } from '../relaxation.ts';
import { blindCandidates, fractionalCandidates, type IntegerColumns, isIntegral } from './columnCandidates.ts';
import type {
  LinearDecision,
  LinearRelaxationOptions,
  LinearWarmStart,
  NodePoint,
  RestartRule,
} from './linearDecision.ts';
import { LpCuts, type StandingRows } from './lpCuts.ts';
import { NodeBounds } from './nodeBounds.ts';
import { type LpEnd, NodeLp } from './nodeLp.ts';
import { ObjectiveSteps } from './objectiveSteps.ts';
import type { ReducedCostRecord } from './reducedCostFixing.ts';

type Request<Solution> = NodeRequest<LinearDecision, Solution, LinearWarmStart>;
type Outcome<Solution> = NodeOutcome<LinearDecision, Solution, LinearWarmStart>;

const neverRestart: RestartRule = { duringRounds: Infinity, afterRounds: Infinity };

interface SavedState {
  readonly rows: StandingRows;
  readonly globalLower: Float64Array;
  readonly globalUpper: Float64Array;
  readonly rootRecord: ReducedCostRecord | null;
  readonly fixedAt: number;
  readonly hasSolvedRoot: boolean;
}

export class LinearRelaxation<Solution> implements Relaxation<LinearDecision, Solution, LinearWarmStart> {
  readonly name: string;
  readonly branchingClasses: readonly string[];
  readonly #options: LinearRelaxationOptions<Solution>;
  readonly #program: MixedIntegerProgram;
  readonly #bounds: NodeBounds;
  readonly #integers: IntegerColumns;
  #lp: NodeLp;
  #cuts: LpCuts;
  readonly #steps: ObjectiveSteps;
  readonly #hasContinuous: boolean;
  #rootRecord: ReducedCostRecord | null = null;
  /** Cutoff of the last global fixing. */
  #fixedAt = Infinity;
  /** When the node at hand was begun. */
  #iterationsBefore = 0;
  #hasSolvedRoot = false;
  readonly #restartRule: RestartRule;
  readonly #parameters: SearchParameters;
  /** Set at the root when enough columns are fixed by the rule; the root's outcome is then to be thrown away. */
  wantsRestart = false;

  constructor(options: LinearRelaxationOptions<Solution>, restartRule: RestartRule = neverRestart) {
    this.#restartRule = restartRule;
    const { program, parameters = defaultSearchParameters } = options;
    this.#parameters = parameters;
    this.#options = options;
    this.#program = program;
    this.name = options.name ?? `linear relaxation of ${program.name}`;
    this.branchingClasses = options.branchingClasses ?? ['integer'];
    this.#bounds = new NodeBounds(program, options.propagation ?? true, parameters);
    this.#integers = {
      columns: this.#bounds.integerColumns,
      classOf: options.branchingClassOf ?? (() => 'integer'),
      tolerance: parameters.tolerances.integrality,
    };
    this.#lp = new NodeLp(program, parameters.nodes, options.pricing);
    this.#cuts = this.#makeCuts();
    this.#steps = new ObjectiveSteps(program, parameters.steps);
    this.#hasContinuous = this.#bounds.integerColumns.length < program.numColumns;
  }

  get solver(): LinearSolver {
    return this.#lp.solver;
  }

  #makeCuts(): LpCuts {
    return new LpCuts(this.#program, this.solver, this.#options, this.#parameters);
  }

  *solveInSteps(request: Request<Solution>): Steps<Outcome<Solution>> {
    this.#iterationsBefore = this.solver.iterations;
    const outcome = yield* this.#solveNode(request);
    const simplexIterations = this.solver.iterations - this.#iterationsBefore;
    return { ...outcome, simplexIterations, inferences: this.#bounds.inferences };
  }

  probe(request: Request<Solution>, child: LinearDecision, iterationLimit: number): ProbeOutcome<LinearWarmStart> {
    const { solver } = this;
    const iterationsBefore = solver.iterations;
    const { bound, isStart } = this.#probe(request, child, iterationLimit);
    const simplexIterations = solver.iterations - iterationsBefore;
    if (!isStart || simplexIterations === 0) return { bound, simplexIterations };
    return { bound, simplexIterations, warmStart: { basis: solver.saveBasis(), ...this.#bounds.differences() } };
  }

  /** Global bounds of the columns: the program's, tightened by propagation and by reduced costs. */
  get globalBounds(): { readonly lower: Float64Array; readonly upper: Float64Array } {
    return { lower: this.#bounds.globalLower, upper: this.#bounds.globalUpper };
  }

  /** Rows beyond the program's own: cuts, and lazy rows (without a source). */
  get standingRows(): StandingRows {
    return this.#cuts.save();
  }

  /** Before the root: rows to stand in the LP from the beginning, and the basis to start from (default: of slacks). */
  begin(rows: StandingRows, basis?: Basis): void {
    this.#cuts.restore(rows);
    if (basis !== undefined) this.solver.loadBasis(basis);
  }

  saveState(): SavedState {
    return {
      rows: this.#cuts.save(),
      globalLower: this.#bounds.globalLower.slice(),
      globalUpper: this.#bounds.globalUpper.slice(),
      rootRecord: this.#rootRecord,
      fixedAt: this.#fixedAt,
      hasSolvedRoot: this.#hasSolvedRoot,
    };
  }

  restoreState(state: unknown): void {
    const saved = state as SavedState;
    // A solver's factors, weights and scaling come from what it solved before: a new one has none of that.
    this.#lp = new NodeLp(this.#program, this.#parameters.nodes, this.#options.pricing);
    this.#cuts = this.#makeCuts();
    this.#cuts.restore(saved.rows);
    this.#bounds.globalLower.set(saved.globalLower);
    this.#bounds.globalUpper.set(saved.globalUpper);
    this.#rootRecord = saved.rootRecord;
    this.#fixedAt = saved.fixedAt;
    this.#hasSolvedRoot = saved.hasSolvedRoot;
  }

  // One node.

  *#solveNode(request: Request<Solution>): Steps<Outcome<Solution>> {
    const { pointOf } = this.#options;
    const known = request.incumbent === null ? null : (pointOf?.(request.incumbent) ?? null);
    if (known !== null) this.#cuts.hold(known);
    if (!this.#hasSolvedRoot && !this.#bounds.tightenGlobally()) return this.#noPoint('infeasible', Infinity);
    if (!this.#fixGlobally(request) || !this.#bounds.enter(request.decisions, request.warmStart))
      return this.#noPoint('infeasible', Infinity);
    yield;
    this.#sendBounds();
    this.#load(request.warmStart);
    yield;
    let end = yield* this.#reoptimise(request);
    if (end === 'numerical-trouble') {
      this.#lp.loadSlackBasis();
      end = yield* this.#reoptimise(request);
    }
    if (end === 'optimal') end = yield* this.#lazyRounds(request);
    const iterationsSoFar = this.solver.iterations;
    if (end === 'optimal' && request.depth === 0) end = yield* this.#fixAtRoot(request);
    if (end === 'optimal' && !this.wantsRestart) {
      end = yield* this.#cutRounds(request);
      if (end === 'optimal' && this.solver.iterations > iterationsSoFar) end = yield* this.#lazyRounds(request);
      if (request.depth === 0 && end === 'optimal')
        this.wantsRestart ||=
          !isIntegral(this.#integers, this.solver.primal) && this.#fixedPart >= this.#restartRule.afterRounds;
    }
    if (request.depth === 0) this.#hasSolvedRoot = true;
    switch (end) {
      case 'infeasible':
        return this.#noPoint('infeasible', Infinity);
      case 'cutoff':
        return this.#noPoint('cutoff', Math.max(request.cutoff, this.#rounded(this.solver.objective)));
      case 'limit':
        return this.#noPoint('limit', request.parentBound);
      case 'optimal':
        return this.#solved(request);
      case 'unbounded':
        return this.#noPoint('numerical-trouble', request.parentBound);
      default:
        return { ...this.#noPoint('numerical-trouble', request.parentBound), candidates: this.#blindCandidates() };
    }
  }

  #noPoint(status: NodeStatus, bound: number): Outcome<Solution> {
    this.#lp.keep(null);
    return { status, bound, solution: null, proposals: [], candidates: [], warmStart: null, simplexIterations: 0 };
  }

  #solved(request: Request<Solution>): Outcome<Solution> {
    const { solver } = this;
    const { numColumns } = this.#program;
    const bound = Math.max(request.parentBound, this.#rounded(solver.objective));
    const record = this.#record();
    if (request.depth === 0) this.#rootRecord = record;
    if (this.#options.reducedCostFixing ?? true) this.#bounds.fixInNode(record, this.#fixingCutoff(request));
    const warmStart: LinearWarmStart = { basis: solver.saveBasis(), ...this.#bounds.differences() };
    this.#lp.keep(warmStart);
    const base = { status: 'solved' as const, bound, warmStart, simplexIterations: 0 };
    const point = solver.primal.slice(0, numColumns);
    const node: NodePoint = {
      point,
      lower: this.#bounds.lower,
      upper: this.#bounds.upper,
      objective: solver.objective,
      depth: request.depth,
      id: request.id,
    };
    const candidates = fractionalCandidates(this.#integers, point);
    if (candidates.length > 0) {
      const proposals = this.wantsRestart ? [] : [...(this.#options.round?.(node, request) ?? [])];
      return {
        ...base,
        solution: null,
        proposals,
        candidates: [...candidates, ...(this.#options.candidates?.(node) ?? [])],
      };
    }
    // Where this does not settle the node (what is whole within the tolerance may be cheaper than what is whole, or the
    // door refuses it), columns are shut one by one.
    const solution = this.#polish(point);
    return {
      ...base,
      solution: solution === null ? null : this.#options.decode(solution),
      proposals: [],
      candidates: this.#blindCandidates(point),
    };
  }

  /**
   * Integer columns made whole, continuous ones computed again if that moved anything; null if there is no such point.
   */
  #polish(point: Float64Array): Float64Array | null {
    const rounded = point.slice();
    let shift = 0;
    for (const column of this.#bounds.integerColumns) {
      rounded[column] = Math.round(point[column]);
      shift = Math.max(shift, Math.abs(rounded[column] - point[column]));
    }
    if (shift > this.#parameters.nodes.roundingShift && this.#hasContinuous) {
      for (const column of this.#bounds.integerColumns) this.#lp.sendColumn(column, rounded[column], rounded[column]);
      this.#lp.keep(null);
      if (this.solver.solve() !== 'optimal') return null;
      rounded.set(this.solver.primal.subarray(0, rounded.length));
      for (const column of this.#bounds.integerColumns) rounded[column] = Math.round(rounded[column]);
    }
    return rounded;
  }

  #record(): ReducedCostRecord {
    return {
      objective: this.solver.objective,
      reducedCosts: this.solver.reducedCosts.slice(0, this.#program.numColumns),
      lower: this.#bounds.lower.slice(),
      upper: this.#bounds.upper.slice(),
    };
  }

  // Rounds of cuts and lazy rows.

  *#cutRounds(request: Request<Solution>): Steps<LpEnd> {
    const rules = this.#parameters.cutRounds;
    const { separators = [], modelCuts = [], rootRounds = rules.mostAtRoot } = this.#options;
    if (separators.length + modelCuts.length === 0) return 'optimal';
    const isRoot = request.depth === 0;
    const cutsBelowRoot = modelCuts.some(({ belowRoot = false }) => belowRoot);
    if (!isRoot && !cutsBelowRoot) return 'optimal';
    const leastGapPart = cutsBelowRoot ? rules.impatientLeastGapPart : rules.leastGapPart;
    const mostStalled = cutsBelowRoot ? rules.impatientMostStalled : rules.mostStalled;
    let stalled = 0;
    let last = this.solver.objective;
    for (let round = 1; round <= (isRoot ? rootRounds : rules.mostBelowRoot); round++) {
      if (isIntegral(this.#integers, this.solver.primal) || stalled >= mostStalled) break;
      const { globalLower, globalUpper } = this.#bounds;
      const cuts = isRoot
        ? this.#cuts.separate(globalLower, globalUpper, round)
        : this.#cuts.separateBelowRoot(globalLower, globalUpper);
      if (cuts === 0) break;
      yield;
      const end = yield* this.#reoptimise(request);
      if (end === 'numerical-trouble' && isRoot) return yield* this.#withoutCuts(request);
      if (end !== 'optimal') return end;
      const { objective } = this.solver;
      const gap = request.incumbentCost - objective;
      const leastProgress =
        gap < Infinity ? leastGapPart * gap : rules.leastProgress * Math.max(1, Math.abs(objective));
      stalled = objective - last <= leastProgress ? stalled + 1 : 0;
      last = objective;
      if (isRoot) {
        const simplexIterations = this.solver.iterations - this.#iterationsBefore;
        const bound = this.#rounded(objective);
        request.onRound?.({ round, bound, cuts: this.#cuts.count, columns: 0, simplexIterations });
        if (this.#cuts.removeSlack(false) > 0 && (yield* this.#reoptimise(request)) !== 'optimal')
          return yield* this.#withoutCuts(request);
        const fixed = yield* this.#fixAtRoot(request);
        if (fixed !== 'optimal' || this.wantsRestart) return fixed;
      }
      if (request.shouldStop()) return 'limit';
    }
    if (isRoot && this.#cuts.removeSlack(true) > 0 && (yield* this.#reoptimise(request)) !== 'optimal')
      return yield* this.#withoutCuts(request);
    return 'optimal';
  }

  /** Fixes globally by the present reduced costs, and reoptimises if that moved a bound. */
  *#fixAtRoot(request: Request<Solution>): Steps<LpEnd> {
    const cutoff = this.#fixingCutoff(request);
    if (cutoff === Infinity || !(this.#options.reducedCostFixing ?? true)) return 'optimal';
    const before = this.#bounds.freeColumns;
    if (!this.#bounds.fixGlobally(this.#record(), cutoff)) return 'infeasible';
    const free = this.#bounds.freeColumns;
    this.wantsRestart = this.#fixedPart >= this.#restartRule.duringRounds;
    if (free === before || this.wantsRestart) return 'optimal';
    if (!this.#bounds.enter(request.decisions, null)) return 'infeasible';
    this.#sendBounds();
    return yield* this.#reoptimise(request);
  }

  get #fixedPart(): number {
    return 1 - this.#bounds.freeColumns / Math.max(1, this.#program.numColumns);
  }

  *#withoutCuts(request: Request<Solution>): Steps<LpEnd> {
    this.#cuts.removeAll();
    this.#lp.loadSlackBasis();
    return yield* this.#reoptimise(request);
  }

  *#lazyRounds(request: Request<Solution>): Steps<LpEnd> {
    const { separateLazy } = this.#options;
    if (separateLazy === undefined) return 'optimal';
    for (let round = 0; ; round++) {
      const isWhole = isIntegral(this.#integers, this.solver.primal);
      // What a fractional point violates may be left out.
      if (round === this.#parameters.nodes.mostLazyRounds) return isWhole ? 'numerical-trouble' : 'optimal';
      const rows = separateLazy(this.solver.primal.slice(0, this.#program.numColumns), isWhole);
      if (rows.length === 0) return 'optimal';
      this.#cuts.addLazy(rows);
      yield;
      const end = yield* this.#reoptimise(request);
      if (end !== 'optimal') return end;
    }
  }

  // The LP.

  #reoptimise(request: Request<Solution>): Steps<LpEnd> {
    return this.#lp.solve(this.#lpCutoff(request), request.shouldStop);
  }

  /** A bound of the child, and whether the basis where the LP stands is a good one for it to start from. */
  #probe(
    request: Request<Solution>,
    child: LinearDecision,
    iterationLimit: number,
  ): { readonly bound: number; readonly isStart: boolean } {
    if (!this.#bounds.enter([...request.decisions, child], request.warmStart))
      return { bound: Infinity, isStart: false };
    this.#sendBounds();
    this.#load(request.warmStart);
    this.#lp.keep(null);
    const objectiveCutoff = this.#lpCutoff(request);
    switch (this.solver.solve({ iterationLimit, objectiveCutoff })) {
      case 'infeasible':
        return { bound: Infinity, isStart: false };
      case 'optimal':
        return { bound: this.#rounded(this.solver.objective), isStart: true };
      case 'cutoff':
        return { bound: Math.max(request.cutoff, this.#rounded(this.solver.objective)), isStart: false };
      case 'iteration-limit':
        return { bound: this.solver.dualBound, isStart: true };
      default:
        return { bound: request.parentBound, isStart: false };
    }
  }

  /** Above this value of the LP no solution is below the tree's cutoff. */
  #lpCutoff({ cutoff, incumbentCost }: Request<Solution>): number {
    return Math.min(cutoff, this.#steps.cutoffBelow(incumbentCost));
  }

  /**
   * Fixing may lose solutions that are no better than the incumbent, but none within the gap: the bound must account
   * for those.
   */
  #fixingCutoff({ cutoff, incumbentCost }: Request<Solution>): number {
    if (incumbentCost === Infinity) return cutoff;
    return this.#steps.cutoffBelow(incumbentCost);
  }

  #fixGlobally(request: Request<Solution>): boolean {
    const cutoff = this.#fixingCutoff(request);
    if (this.#rootRecord === null || !(this.#options.reducedCostFixing ?? true) || !(cutoff < this.#fixedAt))
      return true;
    this.#fixedAt = cutoff;
    return this.#bounds.fixGlobally(this.#rootRecord, cutoff);
  }

  #rounded(bound: number): number {
    return this.#steps.roundUp(bound);
  }

  #load(warmStart: LinearWarmStart | null): void {
    if (warmStart !== null) this.#lp.load(warmStart);
    else if (this.#hasSolvedRoot) this.#lp.loadSlackBasis();
  }

  #sendBounds(): void {
    this.#lp.sendBounds(this.#bounds.lower, this.#bounds.upper);
  }

  #blindCandidates(point: Float64Array | null = null): Outcome<Solution>['candidates'] {
    return blindCandidates(this.#integers, this.#bounds, point, this.#parameters.branching.mostBlindCandidates);
  }
}
