/**
 * A compiled problem with what the reductions leave of it, worked out when first asked for: they take longer than a
 * first plan does, and construction does as well on the compiled problem.
 */
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import { type ReductionSwitches, reduceProblem } from './reduceProblem.ts';

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
    this.#reduced ??= reduceProblem(this.compiled, this.#switches).problem;
    return this.#reduced;
  }
}
