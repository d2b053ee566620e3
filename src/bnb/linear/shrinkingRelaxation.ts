/**
 * A linear relaxation that starts anew at the root whenever an incumbent and reduced costs have fixed a good part of
 * the columns: the program without them is smaller, its cuts are stronger, and every node of the tree is cheaper.
 * Decisions, warm starts and cuts are those of the last, smallest program; hooks see points of the caller's program.
 */

import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import { type Basis, BasisStatus } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import { defaultSearchParameters, type SearchParameters } from '../parameters.ts';
import type { BranchingCandidate, NodeOutcome, NodeRequest, Relaxation } from '../relaxation.ts';
import type {
  LinearDecision,
  LinearRelaxationOptions,
  LinearWarmStart,
  NodePoint,
  RestartRule,
  RootKnowledge,
  RoundingState,
} from './linearDecision.ts';
import { LinearRelaxation } from './linearRelaxation.ts';
import type { ModelSeparation, ModelSeparator } from './modelSeparator.ts';
import { ReducedProgram } from './reducedProgram.ts';

const neverRestart: RestartRule = { duringRounds: Infinity, afterRounds: Infinity };

type Request<Solution> = NodeRequest<LinearDecision, Solution, LinearWarmStart>;
type Outcome<Solution> = NodeOutcome<LinearDecision, Solution, LinearWarmStart>;

interface SavedState {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly restarts: number;
  readonly inner: unknown;
}

export class ShrinkingRelaxation<Solution> implements Relaxation<LinearDecision, Solution, LinearWarmStart> {
  readonly name: string;
  readonly branchingClasses: readonly string[];
  readonly #options: LinearRelaxationOptions<Solution>;
  readonly #program: MixedIntegerProgram;
  readonly #parameters: SearchParameters;
  /** Bounds of the caller's columns under which the present program was reduced. */
  #lower: Float64Array;
  #upper: Float64Array;
  /** Both made when first needed: what is known before the root may make them smaller. */
  #reducedProgram: ReducedProgram | null = null;
  #made: LinearRelaxation<Solution> | null = null;
  #restarts = 0;
  #hasAskedBeforeRoot = false;
  /** Of programs before the present one. */
  #formerIterations = 0;

  constructor(options: LinearRelaxationOptions<Solution>) {
    const { program } = options;
    this.#options = options;
    this.#program = program;
    this.#parameters = options.parameters ?? defaultSearchParameters;
    this.name = options.name ?? `linear relaxation of ${program.name}`;
    this.branchingClasses = options.branchingClasses ?? ['integer'];
    this.#lower = program.columnLower.slice();
    this.#upper = program.columnUpper.slice();
  }

  get #reduced(): ReducedProgram {
    this.#reducedProgram ??= new ReducedProgram(this.#program, this.#lower, this.#upper, this.#parameters);
    return this.#reducedProgram;
  }

  get #inner(): LinearRelaxation<Solution> {
    this.#made ??= this.#makeInner();
    return this.#made;
  }

  /** Rows and columns of the program that the nodes solve now. */
  get size(): { readonly rows: number; readonly columns: number } {
    return { rows: this.#reduced.program.numRows, columns: this.#reduced.program.numColumns };
  }

  /** Simplex iterations so far, in the middle of a node too. */
  get iterations(): number {
    return this.#formerIterations + (this.#made?.solver.iterations ?? 0);
  }

  /** Whether the relaxation has no least value (known once the root is solved). */
  get isUnbounded(): boolean {
    return this.#inner.solver.status === 'unbounded';
  }

  *solveInSteps(request: Request<Solution>): Steps<Outcome<Solution>> {
    let simplexIterations = 0;
    let bound = request.parentBound;
    const { beforeRoot } = this.#options;
    if (request.depth === 0 && beforeRoot !== undefined && !this.#hasAskedBeforeRoot) {
      const known = yield* this.#askBeforeRoot(beforeRoot, request);
      simplexIterations += known?.simplexIterations ?? 0;
      bound = Math.max(bound, known?.bound ?? -Infinity);
      if (request.shouldStop()) return { ...nothing, status: 'limit', bound, simplexIterations };
      if (bound >= request.cutoff) return { ...nothing, status: 'cutoff', bound, simplexIterations };
    }
    for (;;) {
      yield;
      if (!this.#reduced.isFeasible) return { ...nothing, status: 'infeasible', bound: Infinity, simplexIterations };
      // The program and the relaxation of it are made where they are first asked for.
      yield;
      const inner = this.#inner;
      yield;
      const outcome = yield* inner.solveInSteps({ ...request, parentBound: bound });
      simplexIterations += outcome.simplexIterations;
      if (!this.#inner.wantsRestart) return { ...outcome, simplexIterations };
      bound = Math.max(bound, outcome.bound);
      this.#restart();
      request.onRestart?.();
      yield;
    }
  }

  /** Takes the columns out that the model itself rules out. */
  *#askBeforeRoot(
    beforeRoot: NonNullable<LinearRelaxationOptions<Solution>['beforeRoot']>,
    { cutoff, incumbentCost, shouldStop }: Request<Solution>,
  ): Steps<RootKnowledge | null> {
    // As good as the incumbent counts: what is hardly better may lie above the cutoff, and the bound must account for
    // it.
    const known = yield* beforeRoot({ cutoff: incumbentCost < Infinity ? incumbentCost : cutoff, shouldStop });
    this.#hasAskedBeforeRoot = !shouldStop();
    if (known === null) return null;
    for (const { column, lower, upper } of known.changes) {
      this.#lower[column] = Math.max(this.#lower[column], lower);
      this.#upper[column] = Math.min(this.#upper[column], upper);
    }
    this.#forgetProgram();
    // Stopped, it is asked once more if the search goes on.
    if (!this.#hasAskedBeforeRoot) return known;
    yield;
    const reduced = this.#reduced;
    yield;
    const { rows, source, basis } = known;
    const first = this.#program.numRows;
    const carried = rows.map((row, at) => ({ row: reduced.reduceRow(row), source, status: basis?.rows[first + at] }));
    this.#begin(carried, basis);
    return known;
  }

  probe(request: Request<Solution>, child: LinearDecision, iterationLimit: number) {
    return this.#inner.probe(request, child, iterationLimit);
  }

  saveState(): SavedState {
    return {
      lower: this.#lower,
      upper: this.#upper,
      restarts: this.#restarts,
      inner: this.#inner.saveState(),
    };
  }

  restoreState(state: unknown): void {
    const saved = state as SavedState;
    // At a checkpoint the program is mostly the same one: it is what these bounds make of the caller's.
    const reduced = areEqual(saved.lower, this.#lower) && areEqual(saved.upper, this.#upper) ? this.#reduced : null;
    this.#lower = saved.lower;
    this.#upper = saved.upper;
    this.#restarts = saved.restarts;
    this.#forgetProgram();
    this.#reducedProgram = reduced;
    this.#inner.restoreState(saved.inner);
  }

  #forgetProgram(): void {
    this.#formerIterations = this.iterations;
    this.#reducedProgram = null;
    this.#made = null;
  }

  /** The smaller program, with the cuts and the basis of the larger one as far as they remain. */
  #restart(): void {
    const before = this.#reduced;
    const { solver, globalBounds, standingRows } = this.#inner;
    const basis = solver.saveBasis();
    this.#lower = before.expandLower(globalBounds.lower);
    this.#upper = before.expandUpper(globalBounds.upper);
    this.#forgetProgram();
    const after = this.#reduced;
    this.#restarts += 1;
    const columnStatus = new Uint8Array(this.#program.numColumns);
    const rowStatus = new Uint8Array(this.#program.numRows).fill(BasisStatus.basic);
    before.kept.forEach((column, at) => {
      columnStatus[column] = basis.columns[at];
    });
    before.keptRows.forEach((row, at) => {
      rowStatus[row] = basis.rows[at];
    });
    const carried = standingRows.map(({ row, source }, at) => ({
      row: after.reduceRow(before.expandRow(row)),
      source,
      status: basis.rows[before.program.numRows + at],
    }));
    this.#begin(carried, { columns: columnStatus, rows: rowStatus });
  }

  /** Starts the present program with such rows of its own, and from a basis of the caller's program and these rows. */
  #begin(
    rows: readonly { readonly row: SparseRow; readonly source: string | null; readonly status?: number | undefined }[],
    basis?: Basis,
  ): void {
    const { kept, keptRows } = this.#reduced;
    const left = rows.filter(({ row }) => row.indices.length > 0);
    const status = (row: { readonly status?: number | undefined }) => row.status ?? BasisStatus.basic;
    this.#inner.begin(
      left,
      basis && {
        columns: Uint8Array.from(kept, (column) => basis.columns[column]),
        rows: Uint8Array.from([...keptRows.map((row) => basis.rows[row]), ...left.map(status)]),
      },
    );
  }

  #makeInner(): LinearRelaxation<Solution> {
    const reduced = this.#reduced;
    const options = this.#options;
    const { leastFixedDuringRounds, leastFixedAfterRounds, mostRestarts } = this.#parameters.restarts;
    const restartRule = { duringRounds: leastFixedDuringRounds, afterRounds: leastFixedAfterRounds };
    const { branchingClassOf, candidates, round, separateLazy, modelCuts, blockOf, pointOf } = options;
    const noPrices = new Float64Array(this.#program.numColumns);
    const expandPrices = ({ blockPrices, upper }: ModelSeparation): ModelSeparation => ({
      blockPrices: reduced.expand(blockPrices, noPrices),
      upper: reduced.expandUpper(upper),
    });
    const expandNode = (node: NodePoint): NodePoint => ({
      ...node,
      point: reduced.expand(node.point),
      lower: reduced.expandLower(node.lower),
      upper: reduced.expandUpper(node.upper),
    });
    const reduceRows = (rows: Iterable<SparseRow>): SparseRow[] => [...rows].map((row) => reduced.reduceRow(row));
    const reduceCandidate = (candidate: BranchingCandidate<LinearDecision>): BranchingCandidate<LinearDecision> => ({
      ...candidate,
      down: { bounds: reduced.reduceChanges(candidate.down.bounds) },
      up: { bounds: reduced.reduceChanges(candidate.up.bounds) },
    });
    return new LinearRelaxation<Solution>(
      {
        ...options,
        program: reduced.program,
        decode: (point) => options.decode(reduced.expand(point)),
        ...(branchingClassOf && { branchingClassOf: (column: number) => branchingClassOf(reduced.kept[column]) }),
        ...(candidates && { candidates: (node: NodePoint) => candidates(expandNode(node)).map(reduceCandidate) }),
        ...(round && {
          round: (node: NodePoint, state: RoundingState<Solution>) => round(expandNode(node), state),
        }),
        ...(pointOf && {
          pointOf: (solution: Solution) => {
            const point = pointOf(solution);
            return point !== null && reduced.holds(point) ? reduced.reducePoint(point) : null;
          },
        }),
        ...(separateLazy && {
          separateLazy: (point: Float64Array, isWhole: boolean) =>
            reduceRows(separateLazy(reduced.expand(point), isWhole)),
        }),
        ...(blockOf && { blockOf: Int32Array.from(reduced.kept, (column) => blockOf[column]) }),
        ...(modelCuts && {
          modelCuts: modelCuts.map(
            (separator): ModelSeparator => ({
              name: separator.name,
              ...(separator.belowRoot === undefined ? {} : { belowRoot: separator.belowRoot }),
              separate: (point, context) =>
                reduceRows(separator.separate(reduced.expand(point), expandPrices(context))),
            }),
          ),
        }),
      },
      this.#restarts < mostRestarts ? restartRule : neverRestart,
    );
  }
}

function areEqual(one: Float64Array, other: Float64Array): boolean {
  return one.every((value, at) => value === other[at]);
}

const nothing = { solution: null, proposals: [], candidates: [], warmStart: null };
