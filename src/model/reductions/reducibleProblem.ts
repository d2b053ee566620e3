/**
 * A compiled problem with what the reductions leave of it, worked out when first asked for: they take longer than a
 * first plan does, and construction does as well on the compiled problem.
 */
import { drain, type Steps } from '../../lp/steps.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import { type ReductionSwitches, reduceInSteps } from './reduceProblem.ts';

export class ReducibleProblem {
  readonly compiled: PlanningProblem;
  readonly #switches: ReductionSwitches;
  #reduced: PlanningProblem | null = null;

  constructor(compiled: PlanningProblem, switches: ReductionSwitches = {}) {
    this.compiled = compiled;
    this.#switches = switches;
  }

  /** Same indices as `compiled`: plans of one are plans of the other. */
  get reduced(): PlanningProblem {
    return drain(this.reducedInSteps());
  }

  /** As `reduced`, pausing now and then. */
  *reducedInSteps(): Steps<PlanningProblem> {
    this.#reduced ??= (yield* reduceInSteps(this.compiled, this.#switches)).problem;
    return this.#reduced;
  }
}
