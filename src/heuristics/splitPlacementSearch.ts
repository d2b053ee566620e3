/**
 * Plans under split placement. With the rented deployments fixed, the best fractions are nearly a linear program: the
 * strengthened program without placements and with its w fixed, one LP that lives through the search. Moves close, open
 * or exchange deployments or change a TP degree; the reduced cost of a closed deployment's w says which are worth
 * opening.
 */

import { createLinearSolver } from '../lp/createLinearSolver.ts';
import type { MixedIntegerProgram } from '../lp/linearProgram.ts';
import type { LinearSolver } from '../lp/simplexTypes.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import { planCost, planIsFeasible } from '../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { restrictedTo } from '../model/compiled/restrictedProblem.ts';
import type { StrengthenedFormulation } from '../model/formulations/formulation.ts';
import { buildStrengthened } from '../model/formulations/strengthened.ts';
import { withoutPlacements } from '../model/formulations/withoutPlacements.ts';
import { defaultHeuristicParameters, type HeuristicParameters } from './parameters.ts';
import { dive, guideBy } from './relaxationDive.ts';
import type { HeuristicEffort, ScoredPlan } from './singlePlacementSearch.ts';

export class SplitPlacementSearch {
  readonly #problem: PlanningProblem;
  readonly #parameters: HeuristicParameters['split'];
  readonly formulation: StrengthenedFormulation;
  readonly #program: MixedIntegerProgram;
  readonly #solver: LinearSolver;
  readonly #isRented: Uint8Array;
  readonly #shouldStop: () => boolean;
  #programsLeft: number;
  /** Feasible plans met, cheapest first. */
  readonly plans: ScoredPlan[] = [];

  constructor(problem: PlanningProblem, options: HeuristicEffort) {
    const { effort = 1, shouldStop = () => false, parameters = defaultHeuristicParameters } = options;
    this.#problem = problem;
    this.#parameters = parameters.split;
    this.#shouldStop = shouldStop;
    this.formulation = buildStrengthened(problem);
    const size = Math.max(1, this.formulation.program.numRows / this.#parameters.usualRows);
    this.#programsLeft = Math.ceil((effort * this.#parameters.programsAtEffortOne) / size);
    const { columns } = this.formulation;
    this.#program = withoutPlacements(this.formulation);
    this.#solver = createLinearSolver(this.#program);
    this.#isRented = new Uint8Array(problem.deployments.count);
    for (const column of columns.w) if (column >= 0) this.#solver.setColumnBounds(column, 0, 0);
    for (const [d, column] of columns.m.entries()) {
      if (column >= 0 && column !== columns.w[d]) this.#solver.setColumnBounds(column, 0, 0);
    }
  }

  /** Improves plans and the set of deployments that a dive of the linear relaxation ends at. */
  run(starts: readonly IndexedPlan[]): void {
    const [first] = starts;
    const good = starts.filter(
      (plan) => planCost(this.#problem, plan) <= (1 + this.#parameters.startSpread) * planCost(this.#problem, first),
    );
    // A start plan may rent what the reductions left out.
    const isThere = (deployment: number) => this.formulation.columns.w[deployment] >= 0;
    const sets = good
      .slice(0, this.#parameters.mostStarts)
      .map((plan) => plan.deployments.map(({ deployment }) => deployment).filter(isThere));
    const guide = guideBy(this.formulation);
    const found = guide && dive(this.#problem, guide, Infinity, this.#shouldStop, this.#parameters);
    if (found) sets.unshift(found.rented);
    if (guide) sets.unshift(largestOfSupport(this.#problem, guide.rented, this.#parameters.replicaTolerance));
    // Each with an equal share of the programs.
    const share = Math.ceil(this.#programsLeft / Math.max(1, sets.length));
    for (const rented of sets) {
      this.#programsLeft = share;
      this.#descend(rented);
    }
  }

  /**
   * Rounds what a relaxation rents (w by deployment), from plenty to scarce, and improves the cheapest set that serves
   * by moves.
   */
  descendFromRounding(values: Float64Array): void {
    let best: readonly number[] = [];
    let least = Infinity;
    for (const lowerPart of this.#parameters.roundings) {
      const start = this.#rounded(values, lowerPart);
      for (const rented of [start, this.#completed(start)]) {
        if (rented === null || this.#shouldStop()) continue;
        const cost = this.#evaluate(rented, least);
        if (best.length > 0 && cost >= least) continue;
        best = rented;
        least = cost;
      }
    }
    this.#descend(best);
  }

  /**
   * `rented` with what it lacks: while a relaxation rents parts of deployments on other pairs, the pair with most GPUs
   * is added, rounded up. Null if even that relaxation is infeasible.
   */
  #completed(rented: readonly number[]): number[] | null {
    const { columns } = this.formulation;
    const { deployments } = this.#problem;
    const completed = [...rented];
    for (;;) {
      const isOccupied = new Set(completed.map((d) => deployments.pair[d]));
      const open = Array.from(columns.w.keys()).filter(
        (d) => columns.w[d] >= 0 && !isOccupied.has(deployments.pair[d]),
      );
      this.#rent(new Set(completed));
      for (const d of open) this.#bound(d, 0, 1);
      this.#programsLeft--;
      const status = this.#solver.solve({ iterationLimit: this.#parameters.iterationLimit });
      const parts = new Float64Array(columns.w.length);
      if (status === 'optimal') for (const d of open) parts[d] = this.#solver.primal[columns.w[d]];
      for (const d of open) this.#bound(d, 0, 0);
      if (status !== 'optimal') return null;
      const [largest] = this.#rounded(parts, 0).sort(
        (a, b) => gpusOf(this.#problem, b, parts) - gpusOf(this.#problem, a, parts),
      );
      if (largest === undefined) return completed.length > rented.length ? completed : null;
      completed.push(largest);
    }
  }

  /**
   * Of each pair the TP degree for the GPUs that a relaxation rents there, sum n w: of the degrees around it (0 among
   * them) the lower one where it lies at most the part `lowerPart` of the way up.
   */
  #rounded(values: Float64Array, lowerPart: number): number[] {
    const { deployments, deploymentsOfPair } = this.#problem;
    const { tpDegree } = deployments;
    const chosen: number[] = [];
    for (const list of deploymentsOfPair) {
      const degrees = list
        .filter((d) => this.formulation.columns.w[d] >= 0)
        .sort((one, other) => tpDegree[one] - tpDegree[other]);
      if (degrees.length === 0) continue;
      const gpus = gpusOf(this.#problem, degrees[0], values);
      if (gpus <= this.#parameters.replicaTolerance) continue;
      const below = degrees.filter((d) => tpDegree[d] <= gpus).at(-1);
      const above = degrees.find((d) => tpDegree[d] > gpus);
      const least = below === undefined ? 0 : tpDegree[below];
      const takesLower = above === undefined || gpus - least <= lowerPart * (tpDegree[above] - least);
      const taken = takesLower ? below : above;
      if (taken !== undefined) chosen.push(taken);
    }
    return chosen;
  }

  /** The best plan that rents exactly `rented`, or null. */
  serve(rented: readonly number[]): IndexedPlan | null {
    const before = this.plans.length;
    this.#evaluate(rented, Infinity);
    return this.plans.length > before ? this.plans[0].plan : null;
  }

  /**
   * Rents exactly `rented` and serves as well as possible; the cost, or Infinity if that is infeasible or not below
   * `cutoff`.
   */
  #evaluate(rented: readonly number[], cutoff: number): number {
    this.#programsLeft--;
    this.#rent(new Set(rented));
    const status = this.#solver.solve({
      iterationLimit: this.#parameters.iterationLimit,
      ...(cutoff < Infinity ? { objectiveCutoff: cutoff } : {}),
    });
    if (status !== 'optimal') return Infinity;
    const plan = this.#plan(rented);
    if (!planIsFeasible(this.#problem, plan)) return Infinity;
    const cost = planCost(this.#problem, plan);
    if (cost < (this.plans[0]?.cost ?? Infinity)) this.plans.unshift({ plan, cost });
    return cost;
  }

  /** Fixes what is rented. */
  #rent(wanted: ReadonlySet<number>): void {
    for (let d = 0; d < this.#isRented.length; d++) {
      const value = wanted.has(d) ? 1 : 0;
      if (this.formulation.columns.w[d] < 0 || this.#isRented[d] === value) continue;
      this.#isRented[d] = value;
      this.#bound(d, value, value);
    }
  }

  /** Bounds whether a deployment is rented, and its replicas with it. */
  #bound(d: number, least: number, most: number): void {
    const { w, m } = this.formulation.columns;
    this.#solver.setColumnBounds(w[d], least, most);
    if (m[d] !== w[d]) this.#solver.setColumnBounds(m[d], least, most * this.#program.columnUpper[m[d]]);
  }

  #plan(rented: readonly number[]): IndexedPlan {
    const { columns } = this.formulation;
    const { primal } = this.#solver;
    const { numQueryTypes, deployments } = this.#problem;
    const routing: { queryType: number; deployment: number; fraction: number }[] = [];
    for (let i = 0; i < numQueryTypes; i++) {
      for (const deployment of rented) {
        const column = columns.v[i * deployments.count + deployment];
        if (column < 0 || primal[column] <= this.#parameters.negligibleFraction) continue;
        routing.push({ queryType: i, deployment, fraction: Math.min(1, primal[column]) });
      }
    }
    const replicas = (d: number) => Math.max(1, Math.ceil(primal[columns.m[d]] - this.#parameters.replicaTolerance));
    return { deployments: rented.map((deployment) => ({ deployment, replicas: replicas(deployment) })), routing };
  }

  #descend(start: readonly number[]): void {
    let rented = start;
    let cost = this.#evaluate(rented, Infinity);
    let improved = true;
    while (improved && this.#programsLeft > 0 && !this.#shouldStop()) {
      improved = false;
      this.#evaluate(rented, Infinity);
      for (const candidate of this.#neighbours(rented)) {
        if (this.#programsLeft <= 0 || this.#shouldStop()) return;
        const wanted = cost < Infinity ? cost - this.#parameters.leastGain * Math.abs(cost) : Infinity;
        const found = this.#evaluate(candidate, wanted);
        if (!(found < wanted)) continue;
        rented = candidate;
        cost = found;
        improved = true;
        break;
      }
    }
  }

  /** Sets of deployments one move away, by the reduced costs of the LP just solved where it has them. */
  #neighbours(rented: readonly number[]): number[][] {
    const { columns } = this.formulation;
    const { deployments, deploymentsOfPair } = this.#problem;
    const pairIsRented = new Set(rented.map((d) => deployments.pair[d]));
    const { status } = this.#solver;
    // Null: bounds have changed since the last solve, or there was none.
    const isSolved = status !== null && status !== 'infeasible' && status !== 'unbounded';
    const reduced = Float64Array.from(columns.w, (column) =>
      isSolved && column >= 0 ? this.#solver.reducedCosts[column] : 0,
    );
    const closed = Array.from(columns.w.keys())
      .filter((d) => columns.w[d] >= 0 && !pairIsRented.has(deployments.pair[d]))
      .sort((a, b) => reduced[a] - reduced[b] || a - b);
    const without = (d: number) => rented.filter((other) => other !== d);
    const sets = rented.map(without);
    for (const d of rented) {
      for (const other of deploymentsOfPair[deployments.pair[d]]) {
        if (other !== d && columns.w[other] >= 0) sets.push([...without(d), other]);
      }
    }
    for (const d of closed.slice(0, this.#parameters.openings)) sets.push([...rented, d]);
    for (const d of rented)
      for (const other of closed.slice(0, this.#parameters.exchanges)) sets.push([...without(d), other]);
    return sets;
  }
}

/**
 * The best plan met when descending from what a relaxation rents (w by deployment), with the models that it rents
 * alone: on other tiers they may be what a rounded set lacks. Null if there is none.
 */
export function descendFrom(
  problem: PlanningProblem,
  rented: (d: number) => number,
  shouldStop: () => boolean = () => false,
  parameters: HeuristicParameters = defaultHeuristicParameters,
): IndexedPlan | null {
  const { deployments, numModels } = problem;
  const values = Float64Array.from({ length: deployments.count }, (_, d) => rented(d));
  const isUsed = new Uint8Array(numModels);
  values.forEach((value, d) => {
    if (value > parameters.split.replicaTolerance) isUsed[deployments.model[d]] = 1;
  });
  const search = new SplitPlacementSearch(
    restrictedTo(problem, (d) => isUsed[deployments.model[d]] === 1),
    { shouldStop, parameters },
  );
  search.descendFromRounding(values);
  return search.plans[0]?.plan ?? null;
}

/** GPUs that a relaxation rents on the pair of deployment `d`: sum n w over its degrees. */
function gpusOf({ deployments, deploymentsOfPair }: PlanningProblem, d: number, values: Float64Array): number {
  return deploymentsOfPair[deployments.pair[d]].reduce(
    (sum, other) => sum + deployments.tpDegree[other] * values[other],
    0,
  );
}

/** Of each pair that a relaxation rents in part, the deployment of largest degree among those in use. */
function largestOfSupport({ deploymentsOfPair }: PlanningProblem, rented: Float64Array, tolerance: number): number[] {
  const chosen: number[] = [];
  for (const list of deploymentsOfPair) {
    const used = list.filter((d) => rented[d] > tolerance);
    if (used.length > 0) chosen.push(used[used.length - 1]);
  }
  return chosen;
}
