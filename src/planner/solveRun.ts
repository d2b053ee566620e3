/**
 * The run of a solve from instance to verified plan: searches (`attempt.ts`) whose solutions count only through the one
 * door (invariant 3 of docs/architecture.md).
 */
import type { SearchResult } from '../bnb/searchTypes.ts';
import { checkPlan } from '../model/check/verifier.ts';
import { type IndexedPlan, toPlan } from '../model/compiled/indexedPlan.ts';
import { type Attempt, type Earlier, firstAttempt, nextAttempt, refittedAttempt, type TakenUp } from './attempt.ts';
import type { ResolvedSolve } from './resolvedSolve.ts';
import type { IncumbentRecord, SolveResult } from './solveResult.ts';
import { changesOfStrategy } from './strategyDoor.ts';

/** `run` may be called again after a limit and then goes on. */
export class SolveRun {
  /** The one at hand. */
  protected attempt: Attempt;

  /** `began`: when the call came, by `performance.now`. */
  constructor(resolved: ResolvedSolve, began: number, takenUp: TakenUp | null = null) {
    this.attempt = firstAttempt(resolved, began, takenUp);
  }

  /** Works until proven or a limit strikes. */
  run(): SolveResult {
    for (;;) {
      const found = this.attempt.search.run();
      if (!this.#triesAnotherWay(found)) return this.#result(found);
    }
  }

  /** As `run`, letting the event loop run in between, so that `signal` stops it. */
  async runAsync(): Promise<SolveResult> {
    for (;;) {
      const found = await this.attempt.search.runAsync();
      if (!this.#triesAnotherWay(found)) return this.#result(found);
    }
  }

  /**
   * After numerical trouble: the same problem by another way, from what is known; the same way where the plan that was
   * found asks for another unit of money; of that one no bound counts.
   */
  #triesAnotherWay(found: SearchResult<IndexedPlan>): boolean {
    const isOutgrown = this.attempt.hasOutgrownUnit();
    if (!isOutgrown && found.status !== 'numerical-trouble') return false;
    const { earlier } = this.attempt;
    const bound = isOutgrown ? null : this.#money(found.bound);
    const rootBound = isOutgrown ? null : this.#money(found.rootBound);
    const known: Earlier = {
      hadTrouble: !isOutgrown || earlier?.hadTrouble === true,
      nodes: (earlier?.nodes ?? 0) + found.nodes,
      simplexIterations: (earlier?.simplexIterations ?? 0) + found.simplexIterations,
      rootBound: earlier?.rootBound ?? rootBound,
      incumbents: this.#records(found),
      bound: bound ?? 0,
      solution: found.solution,
    };
    const next = isOutgrown ? refittedAttempt(this.attempt, found, known) : nextAttempt(this.attempt, found, known);
    if (next === null) return false;
    this.attempt = next;
    return true;
  }

  /** From the search's unit of money to the instance's. */
  #money(value: number | null): number | null {
    return value === null ? null : value / this.attempt.searched.moneyScale;
  }

  /** Incumbents of earlier attempts and of this one, each cheaper than the one before. */
  #records({ incumbents }: SearchResult<IndexedPlan>): IncumbentRecord[] {
    const earlier = this.attempt.earlier?.incumbents ?? [];
    const best = earlier.at(-1)?.cost ?? Infinity;
    const records = incumbents.map(({ source, cost, seconds, nodes }) => ({
      source,
      cost: cost / this.attempt.searched.moneyScale,
      seconds,
      node: nodes,
    }));
    return [...earlier, ...records.filter(({ cost }) => cost < best)];
  }

  #result(search: SearchResult<IndexedPlan>): SolveResult {
    const { resolved, searched, relaxation, earlier } = this.attempt;
    const { instance, planning, notices } = resolved;
    const changes = changesOfStrategy(resolved.settings);
    const head = {
      format: 'rolla-result/1',
      instance: instance.name ?? null,
      options: planning,
      notices,
      ...(changes === null ? {} : { strategy: changes }),
      nodes: (earlier?.nodes ?? 0) + search.nodes,
      simplexIterations: (earlier?.simplexIterations ?? 0) + search.simplexIterations,
      seconds: search.seconds,
      rootBound: earlier?.rootBound ?? this.#money(search.rootBound),
      incumbents: this.#records(search),
      relaxation:
        earlier?.hadTrouble === true
          ? { name: relaxation.choice.name, reason: 'another way had numerical trouble' }
          : relaxation.choice,
    } as const;
    const { status, gap } = search;
    const bound = this.#money(search.bound);
    if (search.solution === null) {
      if (status === 'optimal') throw new Error('the search claims an optimum without a solution');
      return { ...head, status, bound, gap: null, cost: null, plan: null };
    }
    const plan = toPlan(searched.problem, search.solution);
    const { ok, cost } = checkPlan(instance, planning, plan);
    if (!ok || status === 'infeasible') throw new Error('an incumbent passed the door that does not verify');
    if (status !== 'optimal') return { ...head, status, bound, gap, cost, plan };
    if (bound === null || gap === null) throw new Error('the search claims an optimum without a bound');
    return { ...head, status, bound, gap, cost, plan };
  }
}
