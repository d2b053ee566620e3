/**
 * The compact relaxation under split placement: a tree over what is rented. Its LP leaves placements out (`withoutPlacements`), which
 * halves it, and counts the GPUs of dear tiers (`withTierCounts`) to branch on; where the w are whole, the best plan that rents exactly their set W is found on its own (`bestPlanOfSet`) and proposed, and
 *   sum_{d in W} (1 - w_d) + sum_{d not in W} w_d >= 1
 * excludes W from then on. Valid: W is settled, as its best plan is proposed or no plan of it is cheaper than the incumbent, and any other
 * 0-1 w satisfies the row. What is weighed between sets is thus LP values that lack a few placements' weights, a small part of the cost.
 */
import type { LinearDecision, LinearRelaxationOptions, LinearWarmStart, NodePoint } from '../../bnb/linearDecision.ts';
import type { NodeOutcome, NodeRequest, Relaxation } from '../../bnb/relaxation.ts';
import { ShrinkingRelaxation } from '../../bnb/shrinkingRelaxation.ts';
import { resolveStrategy } from '../../bnb/strategy.ts';
import type { SparseRow } from '../../lp/linearProgram.ts';
import { SimplexSolver } from '../../lp/simplexSolver.ts';
import type { StrengthenedFormulation } from '../formulations/formulation.ts';
import { buildStrengthened } from '../formulations/strengthened.ts';
import { withTierCounts } from '../formulations/tierCounts.ts';
import { withoutPlacements } from '../formulations/withoutPlacements.ts';
import { planCost } from '../heuristics/indexedPlanCheck.ts';
import { descendFrom } from '../heuristics/splitPlacementSearch.ts';
import type { IndexedPlan } from '../indexedPlan.ts';
import type { PlanningProblem } from '../planningProblem.ts';
import type { SolveOptions } from '../solveOptions.ts';
import { bestPlanOfSet, type RentedSetResult } from './rentedSet.ts';

type Request = NodeRequest<LinearDecision, IndexedPlan, LinearWarmStart>;
type Outcome = NodeOutcome<LinearDecision, IndexedPlan, LinearWarmStart>;
type Proposal = Outcome['proposals'][number];

/**
 * Up to this Gamma worst cases that are not linear are written by scenario rows, found where a point violates them: a few dozen instead of a
 * row and a column for each query type and pair, three times over. With a larger Gamma too many scenarios matter.
 */
const mostAtTheirWorst = 3;
/** How far, relative to the protected sum, a worst case must exceed its column for its scenario row to be worth adding. */
const scenarioTolerance = 1e-7;
interface SavedState {
  readonly inner: unknown;
  readonly leastCosts: readonly (readonly [string, number])[];
}

/** Name of the source of its plans. */
const source = 'tree';
const branchingClasses = ['w', 'y'] as const;

/** The relaxation where it serves, the strengthened program under split placement; null elsewhere. */
export function rentedSetRelaxation(problem: PlanningProblem, options: SolveOptions): RentedSetRelaxation | null {
  const { formulation: kind = 'strengthened', robust = 'projected' } = options;
  if (kind !== 'strengthened' || robust === 'adversarial' || problem.options.placement !== 'split') return null;
  const byScenarios = Math.max(problem.gammaDelay, problem.gammaError) <= mostAtTheirWorst;
  const formulation = buildStrengthened(problem, {
    robust,
    ...(robust === 'projected' && byScenarios ? { elsewhere: 'scenarios' } : {}),
  });
  const { cuts, propagation, reducedCostFixing, heuristics } = resolveStrategy(options.strategy);
  const replicas = new Set(formulation.classes.y);
  return new RentedSetRelaxation(formulation, {
    name: formulation.name,
    createSolver: (program) => new SimplexSolver(program),
    branchingClasses,
    branchingClassOf: (column) => (replicas.has(column) ? 'y' : 'w'),
    propagation,
    reducedCostFixing,
    rounds: heuristics,
    cuts,
  });
}

/** Those of the LP's relaxation, whose program and hooks come from the formulation. */
interface RentedSetRelaxationOptions
  extends Omit<LinearRelaxationOptions<IndexedPlan>, 'program' | 'decode' | 'round' | 'separateLazy'> {
  /** Whether the root's point is rounded to a plan. */
  readonly rounds: boolean;
  /** Whether the programs of sets may have cuts. */
  readonly cuts: boolean;
}

export class RentedSetRelaxation implements Relaxation<LinearDecision, IndexedPlan, LinearWarmStart> {
  readonly name: string;
  readonly branchingClasses: readonly string[];
  readonly #formulation: StrengthenedFormulation;
  readonly #inner: ShrinkingRelaxation<IndexedPlan>;
  readonly #cuts: boolean;
  /** Of the node being solved: what plans must cost less than, when to stop, what has come of its sets. */
  #cutoff = Infinity;
  #shouldStop: () => boolean = () => false;
  #proposals: Proposal[] = [];
  #wasStopped = false;
  #simplexIterations = 0;
  /** By set (deployments joined by spaces): what none of its plans is cheaper than. */
  #leastCosts = new Map<string, number>();

  constructor(formulation: StrengthenedFormulation, { rounds, cuts, ...options }: RentedSetRelaxationOptions) {
    this.#formulation = formulation;
    this.#cuts = cuts;
    this.#inner = new ShrinkingRelaxation<IndexedPlan>({
      ...options,
      program: withTierCounts(formulation, withoutPlacements(formulation)),
      decode: (point) => formulation.decode(placedWhereServed(formulation, point)),
      ...(rounds ? { round: (node: NodePoint) => (node.depth === 0 ? this.#roundRoot(node) : []) } : {}),
      separateLazy: (point, isWhole) => this.#violatedRows(point, isWhole),
    });
    this.name = this.#inner.name;
    this.branchingClasses = this.#inner.branchingClasses;
  }

  solve(request: Request): Outcome {
    const steps = this.solveInSteps(request);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  *solveInSteps(request: Request): Generator<void, Outcome, void> {
    this.#cutoff = request.incumbentCost;
    this.#shouldStop = request.shouldStop;
    this.#proposals = [];
    this.#wasStopped = false;
    this.#simplexIterations = 0;
    const solved = yield* this.#inner.solveInSteps(request);
    const outcome = {
      ...solved,
      proposals: [...solved.proposals, ...this.#proposals],
      simplexIterations: solved.simplexIterations + this.#simplexIterations,
    };
    if (!this.#wasStopped) return outcome;
    return { ...outcome, status: 'limit', bound: request.parentBound, solution: null, candidates: [], warmStart: null };
  }

  probe(request: Request, child: LinearDecision, iterationLimit: number) {
    return this.#inner.probe(request, child, iterationLimit);
  }

  saveState(): SavedState {
    return { inner: this.#inner.saveState(), leastCosts: [...this.#leastCosts] };
  }

  restoreState(state: unknown): void {
    const { inner, leastCosts } = state as SavedState;
    this.#inner.restoreState(inner);
    this.#leastCosts = new Map(leastCosts);
  }

  /**
   * Descends from the deployments that the root's point rents in part, among them and the other degrees of their pairs; then the best
   * plan of the set where that ends, since the descent does not weigh which placements are worth their weights.
   */
  *#roundRoot({ point }: NodePoint): Generator<Proposal> {
    const { problem, columns } = this.#formulation;
    const plan = descendFrom(problem, (d) => (columns.w[d]! < 0 ? 0 : point[columns.w[d]!]!));
    if (plan === null) return;
    yield { solution: plan, source: 'rounding' };
    const rented = new Set(plan.deployments.map(({ deployment }) => deployment));
    const best = this.#bestPlanOf(rented, Math.min(this.#cutoff, planCost(problem, plan))).plan;
    if (best !== null) yield { solution: best, source: 'rounding' };
  }

  /** The best plan of a set, if it is cheaper than the cutoff; what is settled about the set is remembered. */
  #bestPlanOf(rented: ReadonlySet<number>, cutoff: number): Omit<RentedSetResult, 'simplexIterations'> {
    const key = [...rented].sort((a, b) => a - b).join(' ');
    if ((this.#leastCosts.get(key) ?? -Infinity) >= cutoff) return { plan: null, cost: null, isProven: true };
    const limits = { cutoff, shouldStop: this.#shouldStop, cuts: this.#cuts };
    const { simplexIterations, ...found } = bestPlanOfSet(this.#formulation.problem, rented, limits);
    this.#simplexIterations += simplexIterations;
    if (found.isProven) this.#leastCosts.set(key, Math.min(found.cost ?? Infinity, cutoff));
    return found;
  }

  /** Scenario rows first: a set is settled only where its worst cases are paid for. */
  #violatedRows(point: Float64Array, isWhole: boolean): readonly SparseRow[] {
    const standsForItself = isWhole && this.#formulation.classes.z.length === 0;
    const scenarios = this.#formulation.separateScenarios(point, standsForItself ? undefined : scenarioTolerance);
    return scenarios.length > 0 || !isWhole || standsForItself ? scenarios : this.#settleSet(point);
  }

  /** The row that excludes the set of an integral point; none if the set could not be settled, and the point then stands for itself. */
  #settleSet(point: Float64Array): SparseRow[] {
    const { columns } = this.#formulation;
    const rented = new Set<number>();
    const indices: number[] = [];
    const values: number[] = [];
    columns.w.forEach((column, d) => {
      if (column < 0) return;
      const isRented = point[column]! > 0.5;
      if (isRented) rented.add(d);
      indices.push(column);
      values.push(isRented ? -1 : 1);
    });
    const { plan, cost, isProven } = this.#bestPlanOf(rented, this.#cutoff);
    if (plan !== null && cost !== null) {
      this.#proposals.push({ solution: plan, source });
      this.#cutoff = Math.min(this.#cutoff, cost);
    }
    if (isProven) return [{ lower: 1 - rented.size, upper: Infinity, indices, values }];
    this.#wasStopped ||= this.#shouldStop();
    return [];
  }
}

/** The point with z = 1 wherever something is served. */
function placedWhereServed({ columns }: StrengthenedFormulation, point: Float64Array): Float64Array {
  const placed = point.slice();
  columns.z.forEach((column, at) => {
    if (column >= 0) placed[column] = point[columns.v[at]!]! > 0 ? 1 : 0;
  });
  return placed;
}
