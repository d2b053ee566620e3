/**
 * One search for the plan of a solve: a compiled problem, a relaxation of it, and the tree over that. A solve whose
 * search ends in numerical trouble makes further attempts, each by another way from what is known by then.
 */
import type { ProgressEvent } from '../bnb/progress.ts';
import type { Relaxation } from '../bnb/relaxation.ts';
import type { SearchOptions, SearchResult } from '../bnb/searchTypes.ts';
import { TreeSearch } from '../bnb/treeSearch.ts';
import { constructPlans, improvePlan, planCost, planIsFeasible } from '../heuristics/index.ts';
import { withPricesLowered } from '../model/compiled/affordableShares.ts';
import { fromPlan, type IndexedPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import { withoutDeployments } from '../model/compiled/restrictedProblem.ts';
import { compileForSearch, compileInUnit, type SearchProblem, scaleFor } from '../model/compiled/searchInstance.ts';
import { reductionNames } from '../model/reductions/reduceProblem.ts';
import { ReducibleProblem } from '../model/reductions/reducibleProblem.ts';
import { supportsPatterns } from '../patterns/supportsPatterns.ts';
import { incumbentDoor } from './incumbentDoor.ts';
import { pluginHeuristics } from './pluginHeuristics.ts';
import { type ChosenRelaxation, chooseRelaxation } from './relaxations/planRelaxation.ts';
import type { ResolvedSolve, SearchSettings } from './resolvedSolve.ts';
import type { IncumbentRecord } from './solveResult.ts';
import { resolvedStrategy } from './strategyDoor.ts';

const megabyte = 1 << 20;
/** Costs beyond this, in the unit of the first attempt, call for another unit in the second. */
const mostInUnit = 2 ** 20;
/** Costs below this, other than 0, call for another unit: relaxations work to about 1e-9 of the largest prices. */
const leastInUnit = 2 ** -6;

/** What the attempts before one took and found, as plain data; money in the instance's unit. */
export interface Earlier {
  /** Whether one of them had numerical trouble. */
  readonly hadTrouble: boolean;
  readonly nodes: number;
  readonly simplexIterations: number;
  /** Null if it does not count. */
  readonly rootBound: number | null;
  readonly incumbents: readonly IncumbentRecord[];
  /** What no plan costs less than; 0: nothing is known. */
  readonly bound: number;
  /** The cheapest plan; null: none. */
  readonly solution: IndexedPlan | null;
}

/** Which of a solve's attempts one is. */
interface Turn {
  /** Index in `waysOf`. */
  readonly way: number;
  /** Null: the first attempt. */
  readonly earlier: Earlier | null;
}

/** An attempt of before, to be gone on with. */
export interface TakenUp extends Turn {
  /** Of its search's unit of money. */
  readonly moneyScale: number;
  /** In that unit; Infinity if none (searchInstance.ts). */
  readonly knownCost: number;
  /** Wall time that it had spent. */
  readonly seconds: number;
  readonly searchOf: (
    relaxation: Relaxation<unknown, IndexedPlan>,
    options: SearchOptions<IndexedPlan>,
    secondsBefore: number,
  ) => TreeSearch<unknown, IndexedPlan>;
}

export interface Attempt extends Turn {
  /** As the solve was asked for; its time limit counts from the solve's beginning. */
  readonly asked: ResolvedSolve;
  /** With the settings of this way, and what is left of the node limit. */
  readonly resolved: ResolvedSolve;
  readonly searched: SearchProblem;
  readonly relaxation: ChosenRelaxation;
  readonly search: TreeSearch<unknown, IndexedPlan>;
  /** Whether a plan was found that is so cheap in the search's unit of money that rounding weighs as much as it. */
  readonly hasOutgrownUnit: () => boolean;
}

/** The first attempt, or an earlier one taken up. `began`: when the call came, by `performance.now`. */
export function firstAttempt(resolved: ResolvedSolve, began: number, saved: TakenUp | null): Attempt {
  const { instance, planning, limits } = resolved;
  if (saved === null) {
    const searched = restricted(resolved, compileForSearch(instance, planning, constructedCost));
    return attempt(resolved, searched, { way: 0, earlier: null }, secondsSince(began), null);
  }
  const asked = { ...resolved, limits: { ...limits, timeLimit: limits.timeLimit + saved.seconds } };
  const searched = restricted(asked, compileInUnit(instance, planning, saved.moneyScale, saved.knownCost));
  return attempt(asked, searched, saved, secondsSince(began), saved);
}

/** The next attempt where one ended in numerical trouble with `result`; null where no way is left. */
export function nextAttempt(
  { asked, searched, way }: Attempt,
  result: SearchResult<IndexedPlan>,
  earlier: Earlier,
): Attempt | null {
  const began = performance.now();
  if (way + 1 === waysOf(asked, searched.problem).length) return null;
  const size = Math.max(result.cost ?? 0, result.bound ?? 0);
  const inUnit =
    size <= mostInUnit
      ? searched
      : restricted(asked, compileInUnit(asked.instance, asked.planning, searched.moneyScale * scaleFor(size)));
  return attempt(asked, inUnit, { way: way + 1, earlier }, secondsSince(began) + result.seconds, null);
}

/** The same way once more, in the unit of money of the plan that was found: the first was that of a far dearer one. */
export function refittedAttempt(
  { asked, searched, way }: Attempt,
  result: SearchResult<IndexedPlan>,
  earlier: Earlier,
): Attempt {
  const began = performance.now();
  const cost = result.cost!;
  const scale = scaleFor(cost);
  const { instance, planning } = asked;
  const refitted = restricted(asked, compileInUnit(instance, planning, searched.moneyScale * scale, cost * scale));
  return attempt(asked, refitted, { way, earlier }, secondsSince(began) + result.seconds, null);
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}

function restricted({ without }: ResolvedSolve, searched: SearchProblem): SearchProblem {
  return { ...searched, problem: withoutDeployments(searched.problem, without) };
}

/**
 * The given way and those beside it: the usual one (what a comparison of strategies took away is what keeps the
 * arithmetic at ease), the compact program, the same without reductions, the published program (made of the instance
 * alone, so that it knows of nothing that must not be rented).
 */
function waysOf({ settings, without }: ResolvedSolve, problem: PlanningProblem): SearchSettings[] {
  const usual = { ...settings, ...usualWay() };
  const unreduced = { ...usual, relaxation: 'compact', reductions: reductionsAll(false) } as const;
  const ways: SearchSettings[] = [
    settings,
    usual,
    { ...usual, relaxation: 'compact' },
    unreduced,
    ...(without.length === 0 ? [{ ...unreduced, formulation: 'published' } as const] : []),
  ];
  const nameOf = (way: SearchSettings) => {
    const isCompact = way.relaxation === 'compact' || !supportsPatterns(problem).supported;
    return JSON.stringify({ ...way, relaxation: isCompact ? 'compact' : 'patterns' });
  };
  const names = ways.map(nameOf);
  return ways.filter((_, at) => names.indexOf(names[at]) === at);
}

function usualWay(): Omit<SearchSettings, 'gap' | 'seed'> {
  return {
    relaxation: 'auto',
    formulation: 'strengthened',
    robust: null,
    ...resolvedStrategy('default'),
    reductions: reductionsAll(true),
  };
}

function reductionsAll(on: boolean): SearchSettings['reductions'] {
  return Object.fromEntries(reductionNames.map((name) => [name, on])) as SearchSettings['reductions'];
}

/** `secondsBefore` were spent on what led to its search, beside those that a saved one has on its own clock. */
function attempt(
  asked: ResolvedSolve,
  searched: SearchProblem,
  { way, earlier }: Turn,
  secondsBefore: number,
  saved: TakenUp | null,
): Attempt {
  const { problem, moneyScale } = searched;
  const nodeLimit = Math.max(0, asked.limits.nodeLimit - (earlier?.nodes ?? 0));
  const resolved = {
    ...asked,
    settings: way === 0 ? asked.settings : waysOf(asked, problem)[way],
    limits: { ...asked.limits, nodeLimit },
  };
  const { settings, limits, signal, onProgress } = resolved;
  const reducible = new ReducibleProblem(problem, settings.reductions);
  const relaxation = chooseRelaxation(reducible, resolved);
  const starts =
    earlier === null
      ? startSolutions(reducible, resolved, relaxation.improvesStarts, () => search.shouldStop())
      : incumbentOf(earlier);
  const verified = incumbentDoor(problem, resolved.instance, moneyScale);
  let leastCost = Infinity;
  const hasOutgrownUnit = () => leastCost > 0 && leastCost < leastInUnit;
  const options: SearchOptions<IndexedPlan> = {
    door: (solution, origin) => {
      const accepted = rentsWhatThereIs(problem, solution) ? verified(solution, origin) : null;
      leastCost = Math.min(leastCost, accepted?.cost ?? Infinity);
      return accepted;
    },
    heuristics: [...relaxation.heuristics, ...pluginHeuristics(searched, resolved)],
    relativeGap: settings.gap,
    // Every part of a cost is >= 0.
    knownBound: Math.max(0, resolved.knownBound, earlier?.bound ?? 0) * moneyScale,
    absoluteGap: 0,
    initialSolutions: starts,
    strategy: settings.strategy,
    timeLimit: limits.timeLimit,
    nodeLimit,
    memoryLimit: limits.memoryLimit * megabyte,
    isInterrupted: () => signal?.aborted === true || hasOutgrownUnit(),
    ...(onProgress === null ? {} : { onProgress: inUnitOf(searched, onProgress) }),
  };
  const search =
    saved === null
      ? new TreeSearch(relaxation.relaxation, options, secondsBefore)
      : saved.searchOf(relaxation.relaxation, options, secondsBefore);
  return { asked, resolved, way, earlier, searched, relaxation, search, hasOutgrownUnit };
}

/** Heuristics that compile the instance for themselves may rent what must not be rented. */
function rentsWhatThereIs({ deployments, deploymentsOfPair }: PlanningProblem, plan: IndexedPlan): boolean {
  return plan.deployments.every(({ deployment }) =>
    deploymentsOfPair[deployments.pair[deployment]].includes(deployment),
  );
}

function incumbentOf({ solution, incumbents }: Earlier) {
  return solution === null ? [] : [{ solution, source: incumbents.at(-1)?.source ?? 'earlier attempt' }];
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
  return (event) => {
    const shown = { ...event, bound: money(event.bound), incumbent: money(event.incumbent) };
    if (shown.kind !== 'root' && shown.kind !== 'node') return tell(shown);
    const { node } = shown;
    const children = node.children.map((child) => ({ ...child, bound: money(child.bound) }));
    tell({ ...shown, node: { ...node, bound: money(node.bound), children } });
  };
}

/**
 * What of the start plans can be rented (a plan may use what the reductions left out, as long as it verifies), and what
 * a descent in the reduced problem makes of the rest of them where it `improves` plans: the heuristics of the search
 * look further.
 */
function* startSolutions(
  problem: ReducibleProblem,
  { startPlan, furtherStarts, settings: { seed, parameters } }: ResolvedSolve,
  improves: boolean,
  shouldStop: () => boolean,
) {
  const source = 'start plan';
  const plans = startPlan === null ? furtherStarts : [startPlan, ...furtherStarts];
  for (const plan of plans) yield { solution: fromPlan(problem.compiled, plan), source };
  for (const plan of improves ? plans : []) {
    if (shouldStop()) return;
    const { reduced } = problem;
    const options = { effort: 0, seed, shouldStop, parameters: parameters.heuristics };
    yield { solution: improvePlan(reduced, fromPlan(reduced, plan), options), source };
  }
}
