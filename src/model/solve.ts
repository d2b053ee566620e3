/**
 * A solve from instance to verified plan: compiles the problem, picks the relaxation, runs the tree, and lets solutions count
 * only through the one door (invariant 3 of docs/architecture.md).
 */
import type { SearchStatus } from '../bnb/progress.ts';
import type { IncumbentDoor } from '../bnb/relaxation.ts';
import type { SavedSearch } from '../bnb/savedSearch.ts';
import type { SearchOptions, SearchResult } from '../bnb/searchTypes.ts';
import { TreeSearch } from '../bnb/treeSearch.ts';
import { improvePlan } from './heuristics/index.ts';
import { fromPlan, type IndexedPlan, toPlan } from './indexedPlan.ts';
import { refuse, showValue } from './inputError.ts';
import type { Instance } from './instance.ts';
import type { PlanningOptions } from './options.ts';
import { compileProblem, type PlanningProblem } from './planningProblem.ts';
import { type ChosenRelaxation, chooseRelaxation } from './planRelaxation.ts';
import { reduceProblem, reductionSwitches } from './reductions/reduceProblem.ts';
import type { SolveOptions } from './solveOptions.ts';
import type { LimitStatus, SolveResult } from './solveResult.ts';
import { checkOptionsFit, resolveOptions } from './validateOptions.ts';
import { verifyPlan } from './verifier.ts';

/** A stopped solve as plain data, safe for JSON; `resumeSolve` goes on from it. */
export interface SavedSolve {
  readonly format: 'rolla-search/1';
  readonly options: PlanningOptions;
  readonly relaxation: ChosenRelaxation['choice'];
  readonly search: SavedSearch;
}

const megabyte = 1 << 20;

/** One solve; `run` may be called again after a limit and then goes on. */
export class Solve {
  readonly #instance: Instance;
  readonly #options: PlanningOptions;
  readonly #problem: PlanningProblem;
  readonly #relaxation: ChosenRelaxation;
  readonly #search: TreeSearch<unknown, IndexedPlan>;
  readonly #secondsBefore: number;

  /** `instance` must be valid (`validateInstance`). Throws InputError on bad or contradictory options. */
  constructor(instance: Instance, options: SolveOptions = {}, saved?: SavedSolve) {
    const began = performance.now();
    this.#instance = instance;
    this.#options = resolveOptions(options);
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
      relativeGap: options.gap ?? 1e-6,
      initialSolutions: startSolutions(this.#problem, options),
      ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
      ...(options.timeLimit === undefined ? {} : { timeLimit: options.timeLimit }),
      ...(options.nodeLimit === undefined ? {} : { nodeLimit: options.nodeLimit }),
      ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit * megabyte }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    };
    if (saved === undefined) {
      this.#search = new TreeSearch(relaxation, searchOptions);
    } else {
      checkSaved(saved, this.#options, this.#relaxation.choice);
      this.#search = TreeSearch.restore(saved.search, relaxation, searchOptions);
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

  /** The state of the search, to be resumed later; the resumed solve equals the uninterrupted one. */
  save(): SavedSolve {
    return {
      format: 'rolla-search/1',
      options: this.#options,
      relaxation: this.#relaxation.choice,
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

/** The start plan, and what local search makes of it. */
function startSolutions(problem: PlanningProblem, { startPlan, seed }: SolveOptions) {
  const start = startPlan && fromPlan(problem, startPlan);
  if (!start) return [];
  const improved = improvePlan(problem, start, seed === undefined ? {} : { seed });
  return [start, improved].map((solution) => ({ solution, source: 'start plan' }));
}

function checkSaved(saved: SavedSolve, options: PlanningOptions, choice: ChosenRelaxation['choice']): void {
  if (saved.format !== 'rolla-search/1') {
    refuse([{ path: 'format', value: showValue(saved.format), expected: 'rolla-search/1' }]);
  }
  for (const key of Object.keys(options) as (keyof PlanningOptions)[]) {
    if (saved.options[key] !== options[key]) {
      const expected = `${showValue(options[key])}, the option of this solve`;
      refuse([{ path: `options.${key}`, value: showValue(saved.options[key]), expected }]);
    }
  }
  if (saved.relaxation.name !== choice.name) {
    refuse([{ path: 'relaxation', value: saved.relaxation.name, expected: choice.name }]);
  }
}
