/**
 * A solve from instance to verified plan: compiles the problem, picks the relaxation, runs the tree, and lets solutions count
 * only through the one door (invariant 3 of docs/architecture.md).
 */
import type { SearchStatus } from '../bnb/progress.ts';
import type { IncumbentDoor } from '../bnb/relaxation.ts';
import type { SearchOptions, SearchResult } from '../bnb/searchTypes.ts';
import { TreeSearch } from '../bnb/treeSearch.ts';
import { improvePlan } from './heuristics/index.ts';
import { fromPlan, type IndexedPlan, toPlan } from './indexedPlan.ts';
import { refuse } from './inputError.ts';
import type { Instance, Plan } from './instance.ts';
import type { PlanningOptions } from './options.ts';
import { compileProblem, type PlanningProblem } from './planningProblem.ts';
import { type ChosenRelaxation, chooseRelaxation } from './planRelaxation.ts';
import { reduceProblem, reductionSwitches } from './reductions/reduceProblem.ts';
import {
  fingerprintOf,
  resumedOptions,
  type SavedSolve,
  type SearchSettings,
  savedSolveFormat,
  searchSettings,
} from './savedSolve.ts';
import type { SolveOptions } from './solveOptions.ts';
import type { LimitStatus, SolveResult } from './solveResult.ts';
import { checkOptionsFit, resolveOptions } from './validateOptions.ts';
import { verifyPlan } from './verifier.ts';

const megabyte = 1 << 20;

/**
 * One solve; `run` may be called again after a limit and then goes on. `optimize` is `new Solve(instance, options).run()`; the class is
 * for solves that are to be saved (`save`, `resumeSolve`) or continued.
 */
export class Solve {
  readonly #instance: Instance;
  readonly #options: PlanningOptions;
  readonly #problem: PlanningProblem;
  readonly #relaxation: ChosenRelaxation;
  readonly #search: TreeSearch<unknown, IndexedPlan>;
  readonly #secondsBefore: number;
  readonly #settings: SearchSettings;
  readonly #startPlan: Plan | null;

  /**
   * `instance` must be valid (`validateInstance`). With `saved`, options that are not given are those of the saved solve.
   * Throws InputError on bad or contradictory options, and if `saved` is of another instance or of other options.
   */
  constructor(instance: Instance, given: SolveOptions = {}, saved?: SavedSolve) {
    const began = performance.now();
    const options = saved === undefined ? given : resumedOptions(saved, instance, given);
    this.#instance = instance;
    this.#options = resolveOptions(options);
    this.#settings = searchSettings(options);
    this.#startPlan = options.startPlan ?? null;
    checkOptionsFit(instance, this.#options);
    const compiled = compileProblem(instance, this.#options);
    // The published program is solved as published; everything else works on what the reductions leave.
    const switches = reductionSwitches(options.formulation === 'published' ? false : options.reductions);
    this.#problem = reduceProblem(compiled, switches).problem;
    this.#relaxation = chooseRelaxation(this.#problem, options);
    const { relaxation, heuristics } = this.#relaxation;
    const door = incumbentDoor(this.#problem);
    const searchOptions: SearchOptions<IndexedPlan> = {
      door,
      heuristics,
      relativeGap: this.#settings.gap,
      initialSolutions: startSolutions(this.#problem, options),
      ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
      ...(options.timeLimit === undefined ? {} : { timeLimit: options.timeLimit + (saved?.seconds ?? 0) }),
      ...(options.nodeLimit === undefined ? {} : { nodeLimit: options.nodeLimit }),
      ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit * megabyte }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    };
    if (saved === undefined) {
      this.#search = new TreeSearch(relaxation, searchOptions);
    } else {
      this.#search = restored(saved, relaxation, searchOptions);
    }
    this.#secondsBefore = (performance.now() - began) / 1000;
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
   * The state of the search, to be resumed later (`resumeSolve`). The resumed solve equals the uninterrupted one: nodes, iterations, bounds,
   * incumbents, plan. It goes back to the last checkpoint, at most 50 nodes ago (before the root ends: to the start).
   */
  save(): SavedSolve {
    return {
      format: savedSolveFormat,
      instance: { name: this.#instance.name ?? null, fingerprint: fingerprintOf(this.#instance) },
      options: this.#options,
      settings: this.#settings,
      startPlan: this.#startPlan,
      seconds: this.#search.result().seconds,
      search: this.#search.save(),
    };
  }

  #result(search: SearchResult<IndexedPlan>): SolveResult {
    const head = {
      format: 'rolla-result/1',
      instance: this.#instance.name ?? null,
      options: this.#options,
      nodes: search.nodes,
      simplexIterations: search.simplexIterations,
      seconds: this.#secondsBefore + search.seconds,
      rootBound: search.rootBound,
      incumbents: search.incumbents.map(({ source, cost, seconds, nodes }) => ({ source, cost, seconds, node: nodes })),
      relaxation: this.#relaxation.choice,
    } as const;
    if (search.solution === null) {
      const status: SearchStatus = search.status;
      if (status === 'optimal') throw new Error('the search claims an optimum without a solution');
      return { ...head, status, bound: search.bound, gap: null, cost: null, plan: null };
    }
    const plan = toPlan(this.#problem, search.solution);
    const { ok, cost } = verifyPlan(this.#instance, this.#options, plan);
    if (!ok || search.status === 'infeasible') throw new Error('an incumbent passed the door that does not verify');
    if (search.status === 'optimal' && search.bound !== null && search.gap !== null) {
      return { ...head, status: 'optimal', bound: search.bound, gap: search.gap, cost, plan };
    }
    return { ...head, status: search.status as LimitStatus, bound: search.bound, gap: search.gap, cost, plan };
  }
}

/** The one door: names the plan and asks the verifier. */
function incumbentDoor(problem: PlanningProblem): IncumbentDoor<IndexedPlan> {
  return (solution) => {
    const { ok, cost } = verifyPlan(problem.instance, problem.options, toPlan(problem, solution));
    return ok ? { cost: cost.total, solution } : null;
  };
}

/** The start plan, and what a descent makes of it: the heuristics of the search look further. */
function startSolutions(problem: PlanningProblem, { startPlan, seed }: SolveOptions) {
  const start = startPlan && fromPlan(problem, startPlan);
  if (!start) return [];
  const improved = improvePlan(problem, start, { effort: 0, ...(seed === undefined ? {} : { seed }) });
  return [start, improved].map((solution) => ({ solution, source: 'start plan' }));
}

function restored(
  saved: SavedSolve,
  relaxation: ChosenRelaxation['relaxation'],
  options: SearchOptions<IndexedPlan>,
): TreeSearch<unknown, IndexedPlan> {
  try {
    return TreeSearch.restore(saved.search, relaxation, options);
  } catch (error) {
    // What was checked before leaves only a file that was changed or cut.
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    refuse([{ path: 'search', value: error.message, expected: 'what a stopped solve saved' }]);
    throw error;
  }
}
