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
import { resolvedStrategy } from './strategyDoor.ts';

const megabyte = 1 << 20;
/** Costs beyond this, in the unit of the first attempt, call for another unit in the second. */
const mostInUnit = 2 ** 20;
/** Costs below this, other than 0, call for another unit: relaxations work to about 1e-9 of the largest prices. */
const leastInUnit = 2 ** -6;

/** What attempts before this one found. */
interface Known {
  readonly result: SearchResult<IndexedPlan>;
  readonly searched: SearchProblem;
}

/** An attempt of before, to be gone on with. */
export interface TakenUp {
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

export interface Attempt {
  readonly resolved: ResolvedSolve;
  readonly searched: SearchProblem;
  readonly relaxation: ChosenRelaxation;
  readonly search: TreeSearch<unknown, IndexedPlan>;
  /** Settings of the attempts that may follow; null: all the other ways. */
  readonly waysLeft: readonly SearchSettings[] | null;
  /** Whether a plan was found that is so cheap in the search's unit of money that rounding weighs as much as it. */
  readonly hasOutgrownUnit: () => boolean;
}

/** The first attempt, or an earlier one taken up. `began`: when the call came, by `performance.now`. */
export function firstAttempt(resolved: ResolvedSolve, began: number, saved: TakenUp | null): Attempt {
  const { instance, planning } = resolved;
  const searched = restricted(
    resolved,
    saved === null
      ? compileForSearch(instance, planning, constructedCost)
      : compileInUnit(instance, planning, saved.moneyScale, saved.knownCost),
  );
  return attempt(resolved, searched, began, saved, null, null);
}

/** The next attempt where one ended in numerical trouble; null where no way is left. */
export function nextAttempt(
  { resolved, searched, waysLeft }: Attempt,
  result: SearchResult<IndexedPlan>,
): Attempt | null {
  const began = performance.now();
  const [settings, ...others] = waysLeft ?? otherWays(resolved, searched.problem);
  if (settings === undefined) return null;
  const size = Math.max(result.cost ?? 0, result.bound ?? 0);
  const inUnit =
    size <= mostInUnit
      ? searched
      : restricted(resolved, compileInUnit(resolved.instance, resolved.planning, searched.moneyScale * scaleFor(size)));
  const limits = { ...resolved.limits, nodeLimit: resolved.limits.nodeLimit - result.nodes };
  return attempt({ ...resolved, settings, limits }, inUnit, began, null, { result, searched }, others);
}

/**
 * The same way once more, in the unit of money of the plan that was found: the first unit was that of a far dearer one.
 * No bound of the search before counts.
 */
export function refittedAttempt({ resolved, searched, waysLeft }: Attempt, result: SearchResult<IndexedPlan>): Attempt {
  const began = performance.now();
  const cost = result.cost!;
  const scale = scaleFor(cost);
  const { instance, planning } = resolved;
  const refitted = restricted(resolved, compileInUnit(instance, planning, searched.moneyScale * scale, cost * scale));
  const limits = { ...resolved.limits, nodeLimit: resolved.limits.nodeLimit - result.nodes };
  const known = { result: { ...result, bound: null }, searched };
  return attempt({ ...resolved, limits }, refitted, began, null, known, waysLeft);
}

function restricted({ without }: ResolvedSolve, searched: SearchProblem): SearchProblem {
  return { ...searched, problem: withoutDeployments(searched.problem, without) };
}

/**
 * Ways beside the given one: the usual one (what a comparison of strategies took away is what keeps the arithmetic at
 * ease), the compact program, the same without reductions, the published program (made of the instance alone, so that
 * it knows of nothing that must not be rented).
 */
function otherWays({ settings, without }: ResolvedSolve, problem: PlanningProblem): SearchSettings[] {
  const usual = { ...settings, ...usualWay() };
  const unreduced = { ...usual, relaxation: 'compact', reductions: reductionsAll(false) } as const;
  const ways: SearchSettings[] = [
    usual,
    { ...usual, relaxation: 'compact' },
    unreduced,
    ...(without.length === 0 ? [{ ...unreduced, formulation: 'published' } as const] : []),
  ];
  const nameOf = (way: SearchSettings) => {
    const isCompact = way.relaxation === 'compact' || !supportsPatterns(problem).supported;
    return JSON.stringify({ ...way, relaxation: isCompact ? 'compact' : 'patterns' });
  };
  const names = [settings, ...ways].map(nameOf);
  return ways.filter((_, at) => names.indexOf(names[at + 1]) === at + 1);
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

function attempt(
  resolved: ResolvedSolve,
  searched: SearchProblem,
  began: number,
  saved: TakenUp | null,
  known: Known | null,
  waysLeft: readonly SearchSettings[] | null,
): Attempt {
  const { settings, limits, signal, onProgress } = resolved;
  const { problem, moneyScale } = searched;
  const reducible = new ReducibleProblem(problem, settings.reductions);
  const relaxation = chooseRelaxation(reducible, resolved);
  const starts =
    known === null
      ? startSolutions(reducible, resolved, relaxation.improvesStarts, () => search.shouldStop())
      : incumbentOf(known.result);
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
    knownBound:
      Math.max(0, resolved.knownBound, (known?.result.bound ?? 0) / (known?.searched.moneyScale ?? 1)) * moneyScale,
    absoluteGap: 0,
    initialSolutions: starts,
    strategy: settings.strategy,
    timeLimit: limits.timeLimit + (saved?.seconds ?? 0),
    nodeLimit: Math.max(0, limits.nodeLimit),
    memoryLimit: limits.memoryLimit * megabyte,
    isInterrupted: () => signal?.aborted === true || hasOutgrownUnit(),
    ...(onProgress === null ? {} : { onProgress: inUnitOf(searched, onProgress) }),
  };
  const secondsBefore = (performance.now() - began) / 1000 + (known?.result.seconds ?? 0);
  const search =
    saved === null
      ? new TreeSearch(relaxation.relaxation, options, secondsBefore)
      : saved.searchOf(relaxation.relaxation, options, secondsBefore);
  return { resolved, searched, relaxation, search, waysLeft, hasOutgrownUnit };
}

/** Heuristics that compile the instance for themselves may rent what must not be rented. */
function rentsWhatThereIs({ deployments, deploymentsOfPair }: PlanningProblem, plan: IndexedPlan): boolean {
  return plan.deployments.every(({ deployment }) =>
    deploymentsOfPair[deployments.pair[deployment]].includes(deployment),
  );
}

function incumbentOf({ solution, incumbents }: SearchResult<IndexedPlan>) {
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
