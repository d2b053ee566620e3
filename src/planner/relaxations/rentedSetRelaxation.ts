/**
 * The compact relaxation under split placement: a tree over what is rented. Its LP leaves placements out
 * (`withoutPlacements`), which halves it, and counts the GPUs of dear tiers to branch on (`withTierCounts`). Where the
 * w are whole, the best plan that rents exactly their set W is found on its own (`bestPlanOfSet`) and proposed, and
 *   sum_{d in W} (1 - w_d) + sum_{d not in W} w_d >= 1
 * excludes W from then on. Valid: W is settled, as no plan of it is cheaper, by more than the gap, than the one that is
 * proposed or than the incumbent, and any other 0-1 w satisfies the row. The bound at which W was settled goes with the
 * node (`givenUp`). Where W has many plans of nearly one cost, its search is cut short and W becomes a node of its own
 * (setNodes.ts). What is weighed between sets is thus LP values that lack a few placements' weights, a small part of
 * the cost.
 *
 * Where deployments have one replica, the LP is solved once before the root: its point is rounded, and most of the
 * deployments cannot be in a cheaper plan at its prices (`deploymentPrices`), so that the tree has a small program.
 */
import type {
  LinearRelaxationOptions,
  LinearWarmStart,
  NodePoint,
  RootKnowledge,
} from '../../bnb/linear/linearDecision.ts';
import { ShrinkingRelaxation } from '../../bnb/linear/shrinkingRelaxation.ts';
import { letIn, type NodeRequest, type Relaxation } from '../../bnb/relaxation.ts';
import type { SearchStrategy } from '../../bnb/strategy.ts';
import { descendFrom } from '../../heuristics/splitPlacementSearch.ts';
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import type { Basis } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { planCost, planIsFeasible } from '../../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { deploymentPrices, ruledOut } from '../../model/formulations/deploymentPrices.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { scenarioToleranceWithin, strengthenedInSteps } from '../../model/formulations/strengthened.ts';
import { withTierCounts } from '../../model/formulations/tierCounts.ts';
import { withUnitRows } from '../../model/formulations/unitRows.ts';
import { withoutPlacementsInSteps } from '../../model/formulations/withoutPlacements.ts';
import type { SearchSettings } from '../resolvedSolve.ts';
import { LpBeforeRoot } from './lpBeforeRoot.ts';
import { type CountRequest, pairsWithinGamma } from './pairCount.ts';
import { outcomeOfDivision, type SetDecision, type SetOutcome } from './setNodes.ts';
import { placedWhereServed, type SetSearchSettings, SetsOfNode } from './setsOfNode.ts';

type Request = NodeRequest<SetDecision, IndexedPlan, LinearWarmStart>;
type Proposal = SetOutcome['proposals'][number];

/** A set of deployments, its numbers joined by spaces, whose plans are known to cost at least `leastCost`. */
interface SettledSet {
  readonly set: string;
  readonly leastCost: number;
}

interface SavedState {
  readonly inner: unknown;
  readonly rounded: SettledSet | null;
  /** That of the program; null where all plans count. */
  readonly mostPairs: number | null;
}

/**
 * Whole numbers of replicas first where there are several: the LP rents 50 replicas of a deployment with w = 0.05, and
 * with the replicas whole hardly a w is left to decide.
 */
function rentedSetClasses(problem: PlanningProblem): readonly ['w', 'y'] | readonly ['y', 'w'] {
  return hasReplicas(problem) ? ['y', 'w'] : ['w', 'y'];
}

function hasReplicas({ deployments }: PlanningProblem): boolean {
  return deployments.maxReplicas.some((most) => most > 1);
}

/** Whether the relaxation can serve: for the strengthened program under split placement. */
export function searchesRentedSets({ placement }: PlanningProblem, { formulation, robust }: SearchSettings): boolean {
  return formulation === 'strengthened' && robust !== 'adversarial' && !placement.isSingle;
}

/**
 * The relaxation at the first node that it is to solve, or as it was saved: at a root it is asked first how many pairs
 * cheaper plans can rent. Null as below.
 */
export function* rentedSetsFor(
  problem: PlanningProblem,
  settings: SearchSettings,
  request: CountRequest,
  saved: unknown,
): Steps<Relaxation<unknown, IndexedPlan> | null> {
  if (saved === null) {
    const counted = request.depth === 0 ? yield* pairsWithinGamma(problem, settings, request) : null;
    const { most = null, basis = null } = counted ?? {};
    return (yield* rentedSetRelaxation(problem, settings, most, basis)) as Relaxation<unknown, IndexedPlan> | null;
  }
  const { mostPairs } = saved as Partial<SavedState>;
  // Saved of a compact one: the storage capacity binds.
  if (mostPairs === undefined) return null;
  return (yield* rentedSetRelaxation(problem, settings, mostPairs)) as Relaxation<unknown, IndexedPlan> | null;
}

/**
 * The relaxation, where it serves well (of the plans of at most `mostPairs` pairs, null: of all); null where the
 * storage capacity binds. Whole placements then decide what a set costs, which its LP says nothing of: thousands of
 * sets look cheaper than the best plan. Its LP is first solved from `start`.
 */
export function* rentedSetRelaxation(
  problem: PlanningProblem,
  { robust: asked, strategy, parameters }: SearchSettings,
  mostPairs: number | null = null,
  start: Basis | null = null,
): Steps<RentedSetRelaxation | null> {
  const robust = asked ?? 'projected';
  const formulation = yield* strengthenedInSteps(problem, {
    robust,
    ...(robust === 'projected' ? { scenariosUpTo: parameters.compact.sets.mostAtTheirWorst } : {}),
    ...(mostPairs === null ? {} : { mostPairs }),
  });
  const { w, m } = formulation.columns;
  // Whether a deployment with one replica is rented and GPUs of a tier are counts too.
  const follows = new Set(hasReplicas(problem) ? w.filter((column, d) => column !== m[d]) : []);
  const countClass = hasReplicas(problem) ? 'y' : 'w';
  const withoutZ = yield* withoutPlacementsInSteps(formulation);
  const lp = new LpBeforeRoot(formulation, withoutZ, start);
  if (problem.storageCapacity < Infinity && (yield* lp.storesTooMuch())) return null;
  const program = yield* withTierCounts(formulation, withoutZ);
  return new RentedSetRelaxation(formulation, withUnitRows(program), {
    name: formulation.name,
    branchingClasses: rentedSetClasses(problem),
    branchingClassOf: (column) => (follows.has(column) ? 'w' : countClass),
    propagation: strategy.propagation,
    reducedCostFixing: strategy.reducedCostFixing,
    parameters: strategy.parameters,
    strategy,
    rooms: parameters,
    lp,
    mostPairs,
  });
}

/** Those of the LP's relaxation, whose program and hooks come from the formulation. */
interface RentedSetRelaxationOptions
  extends Omit<LinearRelaxationOptions<IndexedPlan>, 'program' | 'decode' | 'round' | 'separateLazy' | 'beforeRoot'> {
  /** Also for the search of a set. */
  readonly strategy: SearchStrategy;
  readonly rooms: SearchSettings['parameters'];
  readonly lp: LpBeforeRoot;
  readonly mostPairs: number | null;
}

export class RentedSetRelaxation implements Relaxation<SetDecision, IndexedPlan, LinearWarmStart> {
  readonly name: string;
  readonly branchingClasses: readonly string[];
  readonly #formulation: StrengthenedFormulation;
  readonly #program: MixedIntegerProgram;
  readonly #inner: ShrinkingRelaxation<IndexedPlan>;
  readonly #strategy: SearchStrategy;
  readonly #rooms: SearchSettings['parameters'];
  readonly #lp: LpBeforeRoot;
  readonly #mostPairs: number | null;
  readonly #setSearch: SetSearchSettings;
  /** Of the node solved last. */
  #sets: SetsOfNode | null = null;
  /** The set that the root's rounding settled: the one set that the tree may come to again. */
  #rounded: SettledSet | null = null;

  /** `program` is over the formulation's columns, without placements. */
  constructor(
    formulation: StrengthenedFormulation,
    program: MixedIntegerProgram,
    { strategy, rooms, lp, mostPairs, ...options }: RentedSetRelaxationOptions,
  ) {
    this.#lp = lp;
    this.#mostPairs = mostPairs;
    this.#setSearch = { strategy, parameters: rooms.compact.sets, hasReplicas: hasReplicas(formulation.problem) };
    this.#formulation = formulation;
    this.#program = program;
    this.#strategy = strategy;
    this.#rooms = rooms;
    this.#inner = new ShrinkingRelaxation<IndexedPlan>({
      ...options,
      program,
      decode: (point) => formulation.decode(placedWhereServed(formulation, point)),
      ...(!this.#setSearch.hasReplicas && strategy.reducedCostFixing
        ? { beforeRoot: ({ cutoff }: { readonly cutoff: number }) => this.#fixedBeforeRoot(cutoff) }
        : {}),
      ...(this.#setSearch.hasReplicas && strategy.heuristics
        ? {
            round: (node: NodePoint) =>
              node.depth === 0 ? this.#roundRoot(node, this.#sets!) : this.#roundReplicas(node, this.#sets!),
          }
        : {}),
      separateLazy: (point, isWhole) => this.#violatedRows(point, isWhole),
    });
    this.name = this.#inner.name;
    this.branchingClasses = this.#inner.branchingClasses;
  }

  *solveInSteps(request: Request): Steps<SetOutcome> {
    const sets = new SetsOfNode(this.#formulation, this.#setSearch, request);
    this.#sets = sets;
    const division = request.decisions.at(-1)?.division;
    if (division !== undefined) {
      const known = outcomeOfDivision(division, request.parentBound);
      if (known !== null) return known;
      if (!division.hasRest) return sets.searchedOn(division.sets[0]);
    }
    const isBefore = request.depth === 0 && !this.#setSearch.hasReplicas;
    return sets.outcome(yield* this.#inner.solveInSteps(isBefore ? yield* this.#beforeRoot(request, sets) : request));
  }

  probe(request: Request, child: SetDecision, iterationLimit: number) {
    return child.division === undefined ? this.#inner.probe(request, child, iterationLimit) : null;
  }

  saveState(): SavedState {
    return { inner: this.#inner.saveState(), rounded: this.#rounded, mostPairs: this.#mostPairs };
  }

  restoreState(state: unknown): void {
    const { inner, rounded } = state as SavedState;
    this.#inner.restoreState(inner);
    this.#rounded = rounded;
  }

  /** The LP solved, and the request as it is once the plans that its point leads to are offered. */
  *#beforeRoot(request: Request, sets: SetsOfNode): Steps<Request> {
    const iterationsBefore = this.#lp.iterations;
    const isSolved = yield* this.#lp.solve(request.shouldStop);
    sets.simplexIterations += this.#lp.iterations - iterationsBefore;
    if (!isSolved || !this.#strategy.heuristics) return request;
    let told = request;
    for (const proposal of this.#roundRoot(this.#lp, sets)) {
      told = letIn(told, [proposal]);
      yield;
    }
    sets.cutoff = told.incumbentCost;
    return told;
  }

  *#fixedBeforeRoot(cutoff: number): Steps<RootKnowledge | null> {
    const { problem, columns } = this.#formulation;
    const { rows, duals, program } = this.#lp;
    if (duals === null) return null;
    const prices = deploymentPrices(this.#formulation, program, rows, duals);
    yield;
    const { count } = problem.deployments;
    const changes = ruledOut(prices, cutoff).flatMap((d) => {
      const ofD = Array.from({ length: problem.numQueryTypes }, (_, i) => columns.v[i * count + d]);
      return [columns.w[d], ...ofD].filter((column) => column >= 0).map((column) => ({ column, lower: 0, upper: 0 }));
    });
    return { bound: prices.bound, changes, ...this.#lp.standingIn(this.#program), simplexIterations: 0 };
  }

  /**
   * Descends from the deployments that the root's point rents in part, among them and the other degrees of their pairs;
   * then the best plan of the set where that ends, since the descent does not weigh which placements are worth their
   * weights.
   */
  *#roundRoot({ point }: Pick<NodePoint, 'point'>, sets: SetsOfNode): Generator<Proposal> {
    const { problem, columns } = this.#formulation;
    const rentedPart = (d: number) => (columns.m[d] < 0 ? 0 : point[columns.m[d]]);
    const plan = descendFrom(problem, rentedPart, sets.shouldStop, this.#rooms.heuristics);
    if (plan === null) return;
    yield { solution: plan, source: 'rounding' };
    const rented = new Set(plan.deployments.map(({ deployment }) => deployment));
    // Not the incumbent's cost, which a root that is begun again would know of this very set.
    const cutoff = planCost(problem, plan);
    const nodeLimit = this.#rooms.compact.sets.rootNodes;
    const { plan: best, isProven, bound } = sets.bestPlanOf(rented, cutoff, { nodeLimit });
    if (isProven) this.#rounded = { set: nameOf(rented), leastCost: bound };
    if (best !== null) yield { solution: best, source: 'rounding' };
  }

  /** The point with its replicas rounded up: what it serves stays servable. */
  *#roundReplicas({ point, objective }: NodePoint, { cutoff }: SetsOfNode): Generator<Proposal> {
    const { problem, program, columns } = this.#formulation;
    const { pair, minReplicas } = problem.deployments;
    const { integrality } = this.#strategy.parameters.tolerances;
    const rounded = point.slice();
    const isOccupied = new Set<number>();
    let cost = objective;
    for (let d = 0; d < pair.length; d++) {
      const m = columns.m[d];
      if (m < 0 || point[m] <= integrality) continue;
      if (isOccupied.has(pair[d])) return;
      isOccupied.add(pair[d]);
      for (const column of new Set([m, columns.w[d]])) {
        const least = column === columns.w[d] ? 1 : minReplicas[d];
        rounded[column] = Math.max(least, Math.ceil(point[column] - integrality));
        cost += program.cost[column] * (rounded[column] - point[column]);
      }
    }
    if (!(cost < cutoff)) return;
    const plan = this.#formulation.decode(placedWhereServed(this.#formulation, rounded));
    if (planIsFeasible(problem, plan) && planCost(problem, plan) < cutoff) yield { solution: plan, source: 'rounding' };
  }

  /** Scenario rows first: a set is settled only where its worst cases are paid for. */
  #violatedRows(point: Float64Array, isWhole: boolean): readonly SparseRow[] {
    const standsForItself = isWhole && this.#formulation.classes.z.length === 0;
    const scenarios = this.#formulation.separateScenarios(point, standsForItself ? undefined : scenarioToleranceWithin);
    return scenarios.length > 0 || !isWhole || standsForItself ? scenarios : this.#settleSet(point);
  }

  /**
   * The row that excludes the set of an integral point; none if the set could not be settled, and the point then stands
   * for itself.
   */
  #settleSet(point: Float64Array): SparseRow[] {
    const { columns } = this.#formulation;
    const rented = new Set<number>();
    const indices: number[] = [];
    const values: number[] = [];
    columns.w.forEach((column, d) => {
      if (column < 0) return;
      const isRented = point[column] > 0.5;
      if (isRented) rented.add(d);
      indices.push(column);
      values.push(isRented ? -1 : 1);
    });
    const exclusion = { lower: 1 - rented.size, upper: Infinity, indices, values };
    const known = this.#rounded?.set === nameOf(rented) ? this.#rounded.leastCost : -Infinity;
    return this.#sets!.settle(rented, point, known) ? [exclusion] : [];
  }
}

function nameOf(rented: ReadonlySet<number>): string {
  return [...rented].sort((a, b) => a - b).join(' ');
}
