/**
 * Proofs by rows. A leaf names multipliers y of the rows of a program. With d = c - y A, every feasible x costs
 *
 *     c x + offset = offset + y (A x) + d x >= offset + sum_i y_i side_i + sum_j d_j bound_j
 *
 * where side_i is the lower side of row i if y_i > 0 and its upper one if y_i < 0, and bound_j likewise by the sign of
 * d_j: all bounds of the columns count that the splits above the leaf leave. With c = 0 and a sum above 0 nothing is
 * feasible there. A split is on a whole column: at most a whole number, or at least the next one. Cuts at a node are
 * rows of it and of all below it.
 */
import { columnRanges, type ExactProgram, objectiveStep, type Range, raisedToStep } from './exactProgram.ts';
import { ProofError } from './proofFormat.ts';
import { compare, minus, plus, type Rational, times, whole, zero } from './rational.ts';
import { type RoundingCut, withCuts } from './roundingCut.ts';

/** Multipliers by row; absent: 0. */
export type RowMultipliers = readonly (readonly [row: number, multiplier: Rational])[];

export interface RowsLeaf {
  readonly kind: 'rows';
  readonly cuts?: readonly RoundingCut[] | undefined;
  /** 0: costs do not count, and a bound above 0 says that nothing is feasible here. */
  readonly cost?: 0 | undefined;
  readonly rows: RowMultipliers;
}

/** The column is at most `most`, or at least one more. */
interface BoundSplit {
  readonly kind: 'bound';
  readonly cuts?: readonly RoundingCut[] | undefined;
  readonly column: number;
  readonly most: number;
  readonly children: readonly [RowsNode, RowsNode];
}

export type RowsNode = RowsLeaf | BoundSplit;

/** d = c - y A by column, or - y A without costs. */
export function reducedCosts(program: ExactProgram, { cost, rows }: RowsLeaf): readonly Rational[] {
  const reduced = program.columns.map((column) => (cost === 0 ? zero : column.cost));
  for (const [row, multiplier] of rows) {
    const { columns, values } = program.rows[row];
    for (const [t, column] of columns.entries()) reduced[column] = minus(reduced[column], times(multiplier, values[t]));
  }
  return reduced;
}

/** The bound of a leaf as derived above; null where a side or a bound that it needs is missing. */
export function boundOfRows(program: ExactProgram, ranges: readonly Range[], leaf: RowsLeaf): Rational | null {
  let bound: Rational | null = leaf.cost === 0 ? zero : program.offset;
  const add = (multiplier: Rational, { lower, upper }: Range) => {
    if (bound === null || multiplier.n === 0n) return;
    const side = multiplier.n > 0n ? lower : upper;
    bound = side && plus(bound, times(multiplier, side));
  };
  for (const [row, multiplier] of leaf.rows) add(multiplier, program.rows[row]);
  for (const [column, reduced] of reducedCosts(program, leaf).entries()) add(reduced, ranges[column]);
  return bound;
}

/** Whether some column has no value left. */
export function isEmpty({ lower, upper }: Range): boolean {
  return lower !== null && upper !== null && compare(lower, upper) > 0;
}

/** What is left of a range below one child of a split. */
export function childRange({ lower, upper }: Range, most: number, child: 0 | 1): Range {
  const limit = whole(BigInt(most));
  if (child === 0) return { lower, upper: upper === null || compare(upper, limit) > 0 ? limit : upper };
  const above = whole(limit.n + 1n);
  return { lower: lower === null || compare(lower, above) < 0 ? above : lower, upper };
}

/** What every leaf has to show: that no point of the program costs less, or (null) that there is none. */
export class RowsClaim {
  readonly program: ExactProgram;
  readonly claimed: Rational | null;
  /** Costs are the offset and a multiple of it; null: of nothing. */
  readonly step: Rational | null;

  constructor(program: ExactProgram, claimed: Rational | null) {
    this.program = program;
    this.claimed = claimed;
    this.step = objectiveStep(program);
  }

  /** Whether the leaf shows it within these ranges of the columns; `program`: with the cuts that hold there. */
  isShownBy(leaf: RowsLeaf, program: ExactProgram, ranges: readonly Range[]): boolean {
    const bound = boundOfRows(program, ranges, leaf);
    if (bound === null) return false;
    if (leaf.cost === 0) return bound.n > 0n;
    if (this.claimed === null) return false;
    const raised = this.step === null ? bound : raisedToStep(bound, program.offset, this.step);
    return compare(raised, this.claimed) >= 0;
  }
}

/** Throws ProofError, with the path, where a leaf does not show the claim. Returns the number of leaves. */
export function checkRowsTree(claim: RowsClaim, tree: RowsNode, onProgress?: (leaves: number) => void): number {
  const { columns } = claim.program;
  const ranges = [...columnRanges(claim.program)];
  let leaves = 0;
  const visit = (node: RowsNode, above: ExactProgram, path: string): void => {
    const program = node.cuts === undefined ? above : withCuts(above, ranges, node.cuts, path);
    if (node.kind === 'rows') {
      leaves++;
      onProgress?.(leaves);
      if (node.rows.some(([row]) => row >= program.rows.length))
        throw new ProofError(path, 'names a row that there is not');
      if (ranges.some(isEmpty) || claim.isShownBy(node, program, ranges)) return;
      const isAboutCost = claim.claimed !== null && node.cost !== 0;
      throw new ProofError(path, `does not show ${isAboutCost ? 'the bound' : 'that nothing is feasible'}`);
    }
    const { column, most, children } = node;
    if (columns[column]?.isInteger !== true) throw new ProofError(path, 'splits what is no whole column');
    const before = ranges[column];
    for (const child of [0, 1] as const) {
      ranges[column] = childRange(before, most, child);
      visit(children[child], program, `${path}.children[${child}]`);
    }
    ranges[column] = before;
  };
  visit(tree, claim.program, 'tree');
  return leaves;
}
