/**
 * A solve from instance to verified plan: compiles the problem, picks the relaxation, runs the tree, and lets solutions
 * count only through the one door (invariant 3 of docs/architecture.md).
 */
import type { ProgressEvent } from '../bnb/progress.ts';
import type { SearchOptions, SearchResult } from '../bnb/searchTypes.ts';
import { TreeSearch } from '../bnb/treeSearch.ts';
import { constructPlans, improvePlan, planCost, planIsFeasible } from '../heuristics/index.ts';
import { checkPlan } from '../model/check/verifier.ts';
import { withPricesLowered } from '../model/compiled/affordableShares.ts';
import { fromPlan, type IndexedPlan, toPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { compileForSearch, type SearchProblem } from '../model/compiled/searchInstance.ts';

import type { Instance } from '../model/instance.ts';
import { ReducibleProblem } from '../model/reductions/reducibleProblem.ts';
import { incumbentDoor } from './incumbentDoor.ts';
import { type ChosenRelaxation, chooseRelaxation } from './relaxations/planRelaxation.ts';
import type { ResolvedSolve } from './resolvedSolve.ts';
import { resolveSolve } from './resolveSolve.ts';
import { fingerprintOf, resumedSolve, type SavedSolve, sealed } from './savedSolve.ts';

import type { SolveOptions } from './solveOptions.ts';
import type { SolveResult } from './solveResult.ts';

const megabyte = 1 << 20;

/**
 * One solve; `run` may be called again after a limit and then goes on. `optimize` is
 * `new Solve(instance, options).run()`; the class is for solves that are to be saved (`save`, `resumeSolve`) or
 * continued.
 */
export class Solve {
  readonly #resolved: ResolvedSolve;
  readonly #searched: SearchProblem;
  readonly #relaxation: ChosenRelaxation;
  readonly #search: TreeSearch<unknown, IndexedPlan>;

  /**
   * Instance and options are checked here (`resolveSolve`). With `saved`, options that are not given are those of the
   * saved solve. Throws InputError with every fault of both, and if `saved` is of another instance or of other options.
   */
  constructor(instance: Instance, given: SolveOptions = {}, saved?: SavedSolve) {
    const began = performance.now();
    const resolved = saved === undefined ? resolveSolve(instance, given) : resumedSolve(saved, instance, given);
    this.#resolved = resolved;
    this.#searched = compileForSearch(resolved.instance, resolved.planning, constructedCost);
    const { settings, limits, signal, onProgress } = resolved;
    const reducible = new ReducibleProblem(this.#searched.problem, settings.reductions);
    this.#relaxation = chooseRelaxation(reducible, resolved);
    const { relaxation, heuristics } = this.#relaxation;
    const door = incumbentDoor(this.#searched.problem, resolved.instance, this.#searched.moneyScale);
    const searchOptions: SearchOptions<IndexedPlan> = {
      door,
      heuristics,
      relativeGap: settings.gap,
      // Every part of a cost is >= 0.
      knownBound: 0,
      absoluteGap: 0,
      initialSolutions: startSolutions(reducible, resolved, () => this.#search.shouldStop()),
      strategy: settings.strategy,
      timeLimit: limits.timeLimit + (saved?.seconds ?? 0),
      nodeLimit: limits.nodeLimit,
      memoryLimit: limits.memoryLimit * megabyte,
      isInterrupted: () => signal?.aborted === true,
      ...(onProgress === null ? {} : { onProgress: inUnitOf(this.#searched, onProgress) }),
    };
    if (saved === undefined) {
      this.#search = new TreeSearch(relaxation, searchOptions, (performance.now() - began) / 1000);
    } else {
      const secondsBefore = (performance.now() - began) / 1000;
      this.#search = TreeSearch.restore(saved.search, relaxation, searchOptions, secondsBefore);
    }
  }

  /** Works until proven or a limit strikes. */
  run(): SolveResult {
    return this.#result(this.#search.run());
  }

  /** As `run`, letting the event loop run in between, so that `signal` stops it. */
  async runAsync(): Promise<SolveResult> {
    return this.#result(await this.#search.runAsync());
  }

  /**
   * The state of the search, to be resumed later (`resumeSolve`). The resumed solve equals the uninterrupted one:
   * nodes, iterations, bounds, incumbents, plan. It goes back to the last checkpoint, at most 50 nodes ago (before the
   * root ends: to the start).
   */
  save(): SavedSolve {
    const { instance, planning, settings, startPlan } = this.#resolved;
    return sealed({
      instance: { name: instance.name ?? null, fingerprint: fingerprintOf(instance) },
      options: planning,
      settings,
      startPlan,
      seconds: this.#search.result().seconds,
      search: this.#search.save(),
    });
  }

  /** From the search's unit of money to the instance's. */
  #money(value: number | null): number | null {
    return value === null ? null : value / this.#searched.moneyScale;
  }

  #result(search: SearchResult<IndexedPlan>): SolveResult {
    const { instance, planning, notices } = this.#resolved;
    const head = {
      format: 'rolla-result/1',
      instance: instance.name ?? null,
      options: planning,
      notices,
      nodes: search.nodes,
      simplexIterations: search.simplexIterations,
      seconds: search.seconds,
      rootBound: this.#money(search.rootBound),
      incumbents: search.incumbents.map(({ source, cost, seconds, nodes }) => ({
        source,
        cost: cost / this.#searched.moneyScale,
        seconds,
        node: nodes,
      })),
      relaxation: this.#relaxation.choice,
    } as const;
    const { status, gap } = search;
    const bound = this.#money(search.bound);
    if (search.solution === null) {
      if (status === 'optimal') throw new Error('the search claims an optimum without a solution');
      return { ...head, status, bound, gap: null, cost: null, plan: null };
    }
    const plan = toPlan(this.#searched.problem, search.solution);
    const { ok, cost } = checkPlan(instance, planning, plan);
    if (!ok || status === 'infeasible') throw new Error('an incumbent passed the door that does not verify');
    if (status !== 'optimal') return { ...head, status, bound, gap, cost, plan };
    if (bound === null || gap === null) throw new Error('the search claims an optimum without a bound');
    return { ...head, status, bound, gap, cost, plan };
  }
}

/** The cost of the best plan that construction finds, Infinity if it finds none. */
function constructedCost(problem: PlanningProblem): number {
  let least = Infinity;
  for (const seen of [problem, withPricesLowered(problem)]) {
    for (const plan of constructPlans(seen)) {
      if (planIsFeasible(problem, plan)) least = Math.min(least, planCost(problem, plan));
    }
  }
  return least;
}

/** Events in the instance's unit of money. */
function inUnitOf({ moneyScale }: SearchProblem, tell: (event: ProgressEvent) => void): (event: ProgressEvent) => void {
  if (moneyScale === 1) return tell;
  const money = (value: number | null) => (value === null ? null : value / moneyScale);
  return (event) => tell({ ...event, bound: money(event.bound), incumbent: money(event.incumbent) });
}

/**
 * What of the start plan can be rented (a plan may use what the reductions left out, as long as it verifies), and what
 * a descent in the reduced problem makes of the rest of it: the heuristics of the search look further.
 */
function* startSolutions(
  problem: ReducibleProblem,
  { startPlan, settings: { seed } }: ResolvedSolve,
  shouldStop: () => boolean,
) {
  if (startPlan === null) return;
  const source = 'start plan';
  yield { solution: fromPlan(problem.compiled, startPlan), source };
  if (shouldStop()) return;
  const { reduced } = problem;
  yield { solution: improvePlan(reduced, fromPlan(reduced, startPlan), { effort: 0, seed, shouldStop }), source };
}
