/** A solve that can be saved and taken up again; what `optimize` alone needs is in `SolveRun`. */
import { restoreSearch, saveSearch } from '../bnb/savedSearch.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { Instance } from '../model/instance.ts';
import type { TakenUp } from './attempt.ts';
import { resolveSolve } from './resolveSolve.ts';
import { resumedSolve, type SavedSolve, sealed } from './savedSolve.ts';
import type { SolveOptions } from './solveOptions.ts';
import { SolveRun } from './solveRun.ts';

/**
 * One solve; `run` may be called again after a limit and then goes on. `optimize` is
 * `new Solve(instance, options).run()`; the class is for solves that are to be saved (`save`, `resumeSolve`) or
 * continued.
 */
export class Solve extends SolveRun {
  /**
   * Instance and options are checked here (`resolveSolve`). With `saved`, options that are not given are those of the
   * saved solve. Throws InputError with every fault of both, and if `saved` is of another instance or of other options.
   */
  constructor(instance: Instance, given: SolveOptions = {}, saved?: SavedSolve) {
    const began = performance.now();
    if (saved === undefined) super(resolveSolve(instance, given), began);
    else super(resumedSolve(saved, instance, given), began, takenUp(saved));
  }

  /**
   * The state of the search, to be resumed later (`resumeSolve`). The resumed solve equals the uninterrupted one:
   * nodes, iterations, bounds, incumbents, plan. It goes back to the last checkpoint, at most 50 nodes ago (before the
   * root ends: to the start).
   */
  save(): SavedSolve {
    const { asked, way, earlier, searched, search } = this.attempt;
    const { instance, planning, settings, startPlan, notices } = asked;
    return sealed({
      instance: { name: instance.name ?? null, fingerprint: fingerprintOf(instance) },
      options: planning,
      settings,
      startPlan,
      notices,
      way,
      earlier,
      moneyScale: searched.moneyScale,
      knownCost: Number.isFinite(searched.knownCost) ? searched.knownCost : null,
      seconds: search.result().seconds,
      search: saveSearch(search),
    });
  }
}

function takenUp({ way, earlier, moneyScale, knownCost, seconds, search }: SavedSolve): TakenUp {
  return {
    way,
    earlier,
    moneyScale,
    knownCost: knownCost ?? Infinity,
    seconds,
    searchOf: (relaxation, options, secondsBefore) => restoreSearch(search, relaxation, options, secondsBefore),
  };
}
