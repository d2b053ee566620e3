/**
 * Plans under split placement. With the rented deployments fixed, the best fractions are nearly a linear program: the
 * strengthened program without placements and with its w fixed, one LP that lives through the search. Moves close, open
 * or exchange deployments or change a TP degree; what a closed deployment would cost at the LP's prices says which are
 * worth opening. Replicas are rounded up; a dive that makes them whole one after the other, with all deployments open,
 * comes first.
 */

import { createLinearSolver } from '../lp/createLinearSolver.ts';
import type { MixedIntegerProgram } from '../lp/linearProgram.ts';
import type { Basis, LinearSolver } from '../lp/simplexTypes.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import { planCost, planIsFeasible } from '../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { restrictedTo } from '../model/compiled/restrictedProblem.ts';
import { deploymentCosts } from '../model/formulations/deploymentPrices.ts';
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
  /** Whether a deployment may have several replicas. */
  readonly #hasReplicas: boolean;
  readonly #shouldStop: () => boolean;
  #programsLeft: number;
  /** Of the last program in which all that is not rented was open. */
  #openBasis: Basis | null = null;
  /** Feasible plans met, cheapest first. */
  readonly plans: ScoredPlan[] = [];

  constructor(problem: PlanningProblem, options: HeuristicEffort) {
    const { effort = 1, shouldStop = () => false, parameters = defaultHeuristicParameters } = options;
    this.#problem = problem;
    this.#parameters = parameters.split;
    this.#shouldStop = shouldStop;
    this.formulation = buildStrengthened(problem, {
      mostPairs: pairsAtTheirWorst(problem, this.#parameters.linearFrom),
    });
    const size = Math.max(1, this.formulation.program.numRows / this.#parameters.usualRows);
    this.#programsLeft = Math.ceil((effort * this.#parameters.programsAtEffortOne) / size);
    const { columns } = this.formulation;
    this.#program = withoutPlacements(this.formulation);
    this.#solver = createLinearSolver(this.#program);
    this.#isRented = new Uint8Array(problem.deployments.count);
    this.#hasReplicas = columns.m.some((column, d) => column !== columns.w[d]);
    for (const [d, column] of columns.w.entries()) if (column >= 0) this.#bound(d, 0, 0);
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
   * Rounds what a relaxation rents (replicas by deployment), from plenty to scarce, and improves the cheapest set that
   * serves by moves.
   */
  descendFromRounding(values: Float64Array): void {
    if (this.#hasReplicas) this.#diveOverReplicas();
    let best: readonly number[] = this.plans[0]?.plan.deployments.map(({ deployment }) => deployment) ?? [];
    let least = this.plans[0]?.cost ?? Infinity;
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
      if (this.#openBasis !== null) this.#solver.loadBasis(this.#openBasis);
      const status = this.#solver.solve({ iterationLimit: this.#parameters.iterationLimit });
      if (status === 'optimal') this.#openBasis = this.#solver.saveBasis();
      const parts = new Float64Array(columns.w.length);
      if (status === 'optimal') for (const d of open) parts[d] = this.#solver.primal[columns.m[d]];
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
   * Of each pair the configuration for the GPUs that a relaxation rents there: of the sizes around them (0 among them)
   * the lower one where they lie at most the part `lowerPart` of the way up. Where a deployment has several replicas,
   * the one with most of the GPUs, if that is more than this part of a replica.
   */
  #rounded(values: Float64Array, lowerPart: number): number[] {
    const { deployments, deploymentsOfPair } = this.#problem;
    const { gpus: size, maxReplicas } = deployments;
    const chosen: number[] = [];
    for (const list of deploymentsOfPair) {
      const sizes = list
        .filter((d) => this.formulation.columns.w[d] >= 0)
        .sort((one, other) => size[one] - size[other]);
      if (sizes.length === 0) continue;
      const gpus = gpusOf(this.#problem, sizes[0], values);
      if (gpus <= this.#parameters.replicaTolerance) continue;
      if (sizes.some((d) => maxReplicas[d] > 1)) {
        const most = sizes.reduce((best, d) => (size[d] * values[d] > size[best] * values[best] ? d : best));
        if (values[most] > lowerPart) chosen.push(most);
        continue;
      }
      const below = sizes.filter((d) => size[d] <= gpus).at(-1);
      const above = sizes.find((d) => size[d] > gpus);
      const least = below === undefined ? 0 : size[below];
      const takesLower = above === undefined || gpus - least <= lowerPart * (size[above] - least);
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
    return this.#note(this.#plan(rented));
  }

  /** Its cost, or Infinity where it is not feasible. */
  #note(plan: IndexedPlan): number {
    if (!planIsFeasible(this.#problem, plan)) return Infinity;
    const cost = planCost(this.#problem, plan);
    if (cost < (this.plans[0]?.cost ?? Infinity)) this.plans.unshift({ plan, cost });
    return cost;
  }

  /**
   * Makes the replicas of the LP just solved whole: those nearest to a whole number become that, or the next one where
   * it is infeasible, and the LP is solved again. What is less than half a replica comes last, the most first: as long
   * as it is open it makes up for the rounding of the others. Where nothing is feasible, what was given up is opened
   * again, once. Then replicas that are not needed go.
   */
  #makeWhole(counted: readonly number[]): void {
    const { columns } = this.formulation;
    const { replicaTolerance, iterationLimit } = this.#parameters;
    const solver = this.#solver;
    const solve = () => solver.solve({ iterationLimit }) === 'optimal';
    const bound = (d: number, least: number, most: number) => {
      solver.setColumnBounds(columns.w[d], Math.min(1, least), Math.min(1, most));
      if (columns.m[d] !== columns.w[d]) solver.setColumnBounds(columns.m[d], least, most);
    };
    const largest = (d: number) => this.#program.columnUpper[columns.m[d]];
    const given: number[] = [];
    let isReopened = false;
    for (;;) {
      const { primal } = solver;
      let next = -1;
      let least = Infinity;
      for (const d of counted) {
        const value = primal[columns.m[d]];
        const distance = Math.abs(value - Math.round(value));
        const rank = value < 0.5 ? 1 - value : distance;
        if (distance <= replicaTolerance || rank >= least) continue;
        next = d;
        least = rank;
      }
      if (next < 0) break;
      if (this.#shouldStop()) return;
      const value = primal[columns.m[next]];
      const nearest = Math.round(value);
      const other = nearest > value ? nearest - 1 : nearest + 1;
      const isFixed = [nearest, other].some((replicas) => {
        bound(next, replicas, replicas);
        if (!solve()) return false;
        if (replicas === 0) given.push(next);
        return true;
      });
      if (isFixed) continue;
      if (isReopened) return;
      isReopened = true;
      for (const d of given) bound(d, 0, largest(d));
      bound(next, Math.ceil(value), largest(next));
      if (!solve()) return;
    }
    const replicas = counted.map((d) => Math.round(solver.primal[columns.m[d]]));
    counted.forEach((d, t) => {
      bound(d, replicas[t], replicas[t]);
    });
    const dearest = [...counted.keys()]
      .filter((t) => replicas[t] > 0)
      .sort(
        (one, other) => this.#program.cost[columns.m[counted[other]]] - this.#program.cost[columns.m[counted[one]]],
      );
    for (const t of dearest) {
      for (; replicas[t] > 0 && !this.#shouldStop(); replicas[t]--) {
        bound(counted[t], replicas[t] - 1, replicas[t] - 1);
        if (!solve()) break;
      }
      bound(counted[t], replicas[t], replicas[t]);
    }
    if (solve()) this.#note(this.#plan(counted.filter((_, t) => replicas[t] > 0)));
  }

  /** A dive over replicas from the relaxation's optimum, with all deployments open. */
  #diveOverReplicas(): void {
    const { w } = this.formulation.columns;
    const open = Array.from(w.keys()).filter((d) => w[d] >= 0);
    for (const d of open) this.#bound(d, 0, 1);
    if (this.#solver.solve({ iterationLimit: this.#parameters.openIterationLimit }) === 'optimal')
      this.#makeWhole(open);
    for (const d of open) this.#bound(d, this.#isRented[d], this.#isRented[d]);
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

  /**
   * Bounds whether a deployment is rented, and its replicas with it. One without replicas that is closed has its
   * fractions fixed: the LP then has a tenth of the columns to look at.
   */
  #bound(d: number, least: number, most: number): void {
    const { w, m, v } = this.formulation.columns;
    this.#solver.setColumnBounds(w[d], least, most);
    if (m[d] !== w[d]) this.#solver.setColumnBounds(m[d], least, most * this.#program.columnUpper[m[d]]);
    if (this.#hasReplicas) return;
    const { numQueryTypes, deployments } = this.#problem;
    for (let i = 0; i < numQueryTypes; i++) {
      const column = v[i * deployments.count + d];
      if (column >= 0) this.#solver.setColumnBounds(column, 0, most * this.#program.columnUpper[column]);
    }
  }

  /** (d): what renting it adds to the cost, by the LP just solved. */
  #priced(): Float64Array {
    const { w } = this.formulation.columns;
    const { duals, reducedCosts } = this.#solver;
    if (this.#hasReplicas) return Float64Array.from(w, (column) => (column < 0 ? 0 : reducedCosts[column]));
    return deploymentCosts(this.formulation, this.#program, [], duals).own;
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
    const reduced = isSolved ? this.#priced() : new Float64Array(columns.w.length);
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
 * The best plan met when descending from what a relaxation rents (replicas by deployment), with the models that it
 * rents alone: on other tiers they may be what a rounded set lacks. Null if there is none.
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

/**
 * With worst cases written for plans of so many pairs all deviations of a query type are at their worst: never too
 * little, and exact where it is served on at most Gamma pairs. Infinity: as they are.
 */
function pairsAtTheirWorst({ gammaDelay, gammaError }: PlanningProblem, linearFrom: number): number {
  const least = Math.min(...[gammaDelay, gammaError].filter((gamma) => gamma > 0));
  return least >= linearFrom ? least : Infinity;
}

/** GPUs that a relaxation rents on the pair of deployment `d`. */
function gpusOf({ deployments, deploymentsOfPair }: PlanningProblem, d: number, values: Float64Array): number {
  return deploymentsOfPair[deployments.pair[d]].reduce(
    (sum, other) => sum + deployments.gpus[other] * values[other],
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
