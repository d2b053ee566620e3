/**
 * The LP without placements under split placement, solved once before the root of the tree over rented sets, worst
 * cases paid for: whether the storage capacity binds, a plan to begin with and prices of deployments come of it.
 */
import type { RootKnowledge } from '../../bnb/linear/linearDecision.ts';
import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import { type Basis, BasisStatus, type LinearSolver } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { scenarioToleranceWithin } from '../../model/formulations/strengthened.ts';

/** Rounds of scenario rows: any of them may be left out, and a few dozen suffice. */
const mostRounds = 200;
/** Smaller fractions of the LP are rounding. */
const leastPart = 1e-6;

export class LpBeforeRoot {
  readonly program: MixedIntegerProgram;
  readonly #formulation: StrengthenedFormulation;
  #solver: LinearSolver | null = null;
  #rows: SparseRow[] = [];
  readonly #start: Basis | null;
  #isSolved = false;

  /** `program` is over the formulation's columns; it is solved from `start` where that is a basis of its size. */
  constructor(formulation: StrengthenedFormulation, program: MixedIntegerProgram, start: Basis | null = null) {
    this.#formulation = formulation;
    this.program = program;
    const fits = start?.columns.length === program.numColumns && start.rows.length === program.numRows;
    this.#start = fits ? start : null;
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

  /** The basis of its optimum, of the program's rows and the scenario rows. */
  get basis(): Basis {
    return this.#solver!.saveBasis();
  }

  /**
   * The scenario rows that its optimum needs, and its basis with them in a program that has further columns and
   * equations for them at its end: these columns are basic.
   */
  standingIn({ numColumns, numRows }: MixedIntegerProgram): Pick<RootKnowledge, 'rows' | 'source' | 'basis'> {
    const { basis } = this;
    const columns = new Uint8Array(numColumns).fill(BasisStatus.basic);
    columns.set(basis.columns);
    const rows = new Uint8Array(numRows).fill(BasisStatus.atLower);
    rows.set(basis.rows.subarray(0, this.program.numRows));
    const ofScenarios = basis.rows.subarray(this.program.numRows);
    const isTight = (_: unknown, at: number) => ofScenarios[at] !== BasisStatus.basic;
    return {
      rows: this.#rows.filter(isTight),
      source: 'scenarios',
      basis: { columns, rows: Uint8Array.from([...rows, ...ofScenarios.filter(isTight)]) },
    };
  }

  /** Whether it has an optimum; once that is known it is not solved again. */
  *solve(shouldStop: () => boolean = () => false): Steps<boolean> {
    if (this.#isSolved) return true;
    if (this.#solver === null) {
      this.#solver = createLinearSolver(this.program);
      if (this.#start !== null) this.#solver.loadBasis(this.#start);
    }
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

  /** Whether the placements of its point, were they whole, would store more weights than there is room for. */
  *storesTooMuch(): Steps<boolean> {
    const { problem, columns } = this.#formulation;
    const { deployments, weightSize, storageCapacity } = problem;
    if (columns.z.every((column) => column < 0)) return false;
    if (!(yield* this.solve())) return false;
    const { point } = this;
    let stored = 0;
    columns.z.forEach((column, at) => {
      if (column >= 0 && point[columns.v[at]] > leastPart)
        stored += weightSize[deployments.pair[at % deployments.count]];
    });
    return stored > storageCapacity;
  }
}
