/**
 * The LP without placements under split placement, solved once before the root of the tree over rented sets, worst
 * cases paid for: whether the storage capacity binds, a plan to begin with and prices of deployments come of it.
 */
import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import type { LinearSolver } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { scenarioToleranceWithin } from '../../model/formulations/strengthened.ts';

/** Rounds of scenario rows: any of them may be left out, and a few dozen suffice. */
const mostRounds = 200;

export class LpBeforeRoot {
  readonly program: MixedIntegerProgram;
  readonly #formulation: StrengthenedFormulation;
  #solver: LinearSolver | null = null;
  #rows: SparseRow[] = [];
  #isSolved = false;

  /** `program` is over the formulation's columns. */
  constructor(formulation: StrengthenedFormulation, program: MixedIntegerProgram) {
    this.#formulation = formulation;
    this.program = program;
  }

  /** Scenario rows, after those of the program. */
  get rows(): readonly SparseRow[] {
    return this.#rows;
  }

  get iterations(): number {
    return this.#solver?.iterations ?? 0;
  }

  /** Of the program's columns, once it is solved. */
  get point(): Float64Array {
    return this.#solver!.primal.slice(0, this.program.numColumns);
  }

  /** Of the program's rows and the scenario rows; null unless it is solved. */
  get duals(): Float64Array | null {
    return this.#isSolved ? this.#solver!.duals : null;
  }

  /** Whether it has an optimum; once that is known it is not solved again. */
  *solve(shouldStop: () => boolean = () => false): Steps<boolean> {
    if (this.#isSolved) return true;
    this.#solver ??= createLinearSolver(this.program);
    for (let round = 0; ; round++) {
      if ((yield* this.#solver.solveInSteps({ shouldStop })) !== 'optimal') return false;
      const rows = round < mostRounds ? this.#formulation.separateScenarios(this.point, scenarioToleranceWithin) : [];
      if (rows.length === 0) break;
      this.#rows.push(...rows);
      this.#solver.addRows(rows);
    }
    this.#isSolved = true;
    return true;
  }
}
