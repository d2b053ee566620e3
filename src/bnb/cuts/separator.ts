/**
 * What a cut separator sees and gives. Separators know rows and columns only; every cut they give holds for all integer
 * points of the program within the global bounds. Those that see the relaxation have its basis as well; those that see
 * the program work on the columns that were given, whatever the search has taken out since.
 */
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import type { RowView } from '../linear/rowMatrix.ts';
import type { SearchParameters } from '../parameters.ts';

export interface SeparationContext {
  readonly program: MixedIntegerProgram;
  /** The rows of the LP: first `numProgramRows` of the program, then cuts. All hold globally. */
  readonly rows: RowView;
  readonly numProgramRows: number;
  /** Global bounds of the columns (the program's, perhaps tightened). */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly reducedCosts: Float64Array;
  readonly duals: Float64Array;
  readonly rowActivity: Float64Array;
  /** See `LinearSolver`: what the basis of the point makes of a sum of columns. */
  multipliersOf(columns: ArrayLike<number>, values: ArrayLike<number>): Float64Array;
  /** 1 for the first round. */
  readonly round: number;
  readonly parameters: SearchParameters;
}

/** Works on the LP as it stands at the root, perhaps smaller than the program that was given. */
export interface CutSeparator {
  readonly kind: 'separator';
  readonly sees: 'relaxation';
  readonly name: string;
  /** Rows that the point violates; violation and efficacy are checked by the pool. */
  separate(point: Float64Array, context: SeparationContext): Iterable<SparseRow>;
}

/** What a separator sees of the program that was given. */
export interface ProgramSeparationContext {
  readonly program: MixedIntegerProgram;
  /** Global upper bounds of the columns. */
  readonly upper: Float64Array;
}

/** Works on the columns of the program that was given. */
export interface ProgramSeparator {
  readonly kind: 'separator';
  readonly sees: 'program';
  readonly name: string;
  /** Whether it is asked below the root as well. Default false. */
  readonly belowRoot?: boolean;
  /** Rows that the point violates; violation and efficacy are checked by the pool. */
  separate(point: Float64Array, context: ProgramSeparationContext): Iterable<SparseRow>;
}
