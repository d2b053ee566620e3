/**
 * The pattern relaxation as the tree sees it, made when the first node is solved (or a saved state restored): a plan
 * that comes up before the root does not wait for the reductions, the table of patterns and the master.
 */
import type { NodeOutcome, NodeRequest, Relaxation } from '../bnb/relaxation.ts';
import type { Steps } from '../bnb/steps.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import { patternBranchingClasses } from './master/patternBranching.ts';
import type { PatternDecision } from './master/patternDecision.ts';
import type { PatternRelaxation } from './patternRelaxation.ts';
import type { PatternWarmStart } from './patternWarmStart.ts';

type Outcome = NodeOutcome<PatternDecision, IndexedPlan, PatternWarmStart>;
type Request = NodeRequest<PatternDecision, IndexedPlan, PatternWarmStart>;

export class DeferredPatternRelaxation implements Relaxation<PatternDecision, IndexedPlan, PatternWarmStart> {
  readonly name = 'patterns';
  readonly branchingClasses = patternBranchingClasses;
  readonly #make: () => PatternRelaxation;
  #made: PatternRelaxation | null = null;

  constructor(make: () => PatternRelaxation) {
    this.#make = make;
  }

  get #relaxation(): PatternRelaxation {
    this.#made ??= this.#make();
    return this.#made;
  }

  solveInSteps(request: Request): Steps<Outcome> {
    return this.#relaxation.solveInSteps(request);
  }

  probe(request: Request, child: PatternDecision): ReturnType<PatternRelaxation['probe']> {
    return this.#relaxation.probe(request, child);
  }

  /** Before the root there is nothing to foresee. */
  foresee(upcoming: Iterable<Request>): void {
    this.#made?.foresee(upcoming);
  }

  /** Incumbents of before come with the root's request. */
  onIncumbent(cost: number, solution: IndexedPlan): void {
    this.#made?.onIncumbent(cost, solution);
  }

  /** Null before there is anything to save. */
  saveState(): ReturnType<PatternRelaxation['saveState']> | null {
    return this.#made?.saveState() ?? null;
  }

  restoreState(state: unknown): void {
    this.#relaxation.restoreState(state);
  }
}
