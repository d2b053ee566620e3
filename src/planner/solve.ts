/**
 * A solve from instance to verified plan: compiles the problem, picks the relaxation, runs the tree, and lets solutions
 * count only through the one door (invariant 3 of docs/architecture.md).
 */
import type { ProgressEvent } from '../bnb/progress.ts';
import type { SearchOptions, SearchResult } from '../bnb/searchTypes.ts';
import { TreeSearch } from '../bnb/treeSearch.ts';
import { improvePlan } from '../heuristics/index.ts';
import { verifyPlan } from '../model/check/verifier.ts';
import { fromPlan, type IndexedPlan, toPlan } from '../model/compiled/indexedPlan.ts';
import { compileForSearch, type SearchProblem } from '../model/compiled/searchInstance.ts';
import { refuse } from '../model/inputError.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import { reductionSwitches } from '../model/reductions/reduceProblem.ts';
import { ReducibleProblem } from '../model/reductions/reducibleProblem.ts';
import { incumbentDoor } from './incumbentDoor.ts';
import { type ChosenRelaxation, chooseRelaxation } from './relaxations/planRelaxation.ts';
import {
  fingerprintOf,
  resumedOptions,
  type SavedSolve,
  type SearchSettings,
  savedSolveFormat,
  searchSettings,
} from './savedSolve.ts';
import type { SolveOptions } from './solveOptions.ts';
import type { SolveResult } from './solveResult.ts';
import { checkOptionsFit, resolveOptions } from './validateOptions.ts';

const megabyte = 1 << 20;

/**
 * One solve; `run` may be called again after a limit and then goes on. `optimize` is
 * `new Solve(instance, options).run()`; the class is for solves that are to be saved (`save`, `resumeSolve`) or
 * continued.
 */
export class Solve {
  readonly #instance: Instance;
  readonly #options: PlanningOptions;
  readonly #searched: SearchProblem;
  readonly #relaxation: ChosenRelaxation;
  readonly #search: TreeSearch<unknown, IndexedPlan>;
  readonly #secondsBefore: number;
  readonly #settings: SearchSettings;
  readonly #startPlan: Plan | null;

  /**
   * `instance` must be valid (`validateInstance`). With `saved`, options that are not given are those of the saved
   * solve. Throws InputError on bad or contradictory options, and if `saved` is of another instance or of other
   * options.
   */
  constructor(instance: Instance, given: SolveOptions = {}, saved?: SavedSolve) {
    const began = performance.now();
    const options = saved === undefined ? given : resumedOptions(saved, instance, given);
    this.#instance = instance;
    this.#options = resolveOptions(options);
    this.#settings = searchSettings(options);
    this.#startPlan = options.startPlan ?? null;
    checkOptionsFit(instance, this.#options);
    this.#searched = compileForSearch(instance, this.#options);
    // The published program is solved as published; everything else works on what the reductions leave.
    const switches = reductionSwitches(options.formulation === 'published' ? false : options.reductions);
    const reducible = new ReducibleProblem(this.#searched.problem, switches);
    this.#relaxation = chooseRelaxation(reducible, options);
    const { relaxation, heuristics } = this.#relaxation;
    const door = incumbentDoor(this.#searched.problem, instance, this.#searched.moneyScale);
    const searchOptions: SearchOptions<IndexedPlan> = {
      door,
      heuristics,
      relativeGap: this.#settings.gap,
      // Every part of a cost is >= 0.
      knownBound: 0,
      absoluteGap: 0,
      initialSolutions: startSolutions(reducible, options),
      ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
      ...(options.timeLimit === undefined ? {} : { timeLimit: options.timeLimit + (saved?.seconds ?? 0) }),
      ...(options.nodeLimit === undefined ? {} : { nodeLimit: options.nodeLimit }),
      ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit * megabyte }),
      isInterrupted: () => options.signal?.aborted === true,
      ...(options.onProgress === undefined ? {} : { onProgress: inUnitOf(this.#searched, options.onProgress) }),
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
   * The state of the search, to be resumed later (`resumeSolve`). The resumed solve equals the uninterrupted one:
   * nodes, iterations, bounds, incumbents, plan. It goes back to the last checkpoint, at most 50 nodes ago (before the
   * root ends: to the start).
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

  /** From the search's unit of money to the instance's. */
  #money(value: number | null): number | null {
    return value === null ? null : value / this.#searched.moneyScale;
  }

  #result(search: SearchResult<IndexedPlan>): SolveResult {
    const head = {
      format: 'rolla-result/1',
      instance: this.#instance.name ?? null,
      options: this.#options,
      nodes: search.nodes,
      simplexIterations: search.simplexIterations,
      seconds: this.#secondsBefore + search.seconds,
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
    const { ok, cost } = verifyPlan(this.#instance, this.#options, plan);
    if (!ok || status === 'infeasible') throw new Error('an incumbent passed the door that does not verify');
    if (status !== 'optimal') return { ...head, status, bound, gap, cost, plan };
    if (bound === null || gap === null) throw new Error('the search claims an optimum without a bound');
    return { ...head, status, bound, gap, cost, plan };
  }
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
function startSolutions(problem: ReducibleProblem, { startPlan, seed }: SolveOptions) {
  if (startPlan === undefined) return [];
  const { compiled, reduced } = problem;
  const start = fromPlan(compiled, startPlan);
  const improved = improvePlan(reduced, fromPlan(reduced, startPlan), {
    effort: 0,
    ...(seed === undefined ? {} : { seed }),
  });
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
