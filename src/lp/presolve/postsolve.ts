/**
 * The way back from a presolved program: one record per reduction, undone in reverse order. Each undo keeps the point
 * primal feasible, dual feasible and complementary for the program as it was before its reduction:
 * d = c - A'y, d > 0 only at a lower bound, d < 0 only at an upper one, y > 0 only at a row's lower side, y < 0 at its
 * upper.
 */
import type { SparseEntries } from './presolveMatrix.ts';

/** A point of the original program while it is rebuilt. */
export interface PrimalDualPoint {
  readonly primal: Float64Array;
  readonly duals: Float64Array;
  readonly reducedCosts: Float64Array;
}

/** A column was fixed at a value (equal bounds, dual fixing, empty column). */
interface FixedColumn {
  readonly kind: 'fixed-column';
  readonly column: number;
  readonly value: number;
  readonly cost: number;
  readonly entries: SparseEntries;
}

/** A row with one entry became bounds of its column; the flags tell which of them it tightened. */
interface SingletonRow {
  readonly kind: 'singleton-row';
  readonly row: number;
  readonly column: number;
  readonly coefficient: number;
  readonly tightenedLower: boolean;
  readonly tightenedUpper: boolean;
}

/** All columns of a row were fixed at the bounds at which its activity just meets its upper (or lower) side. */
interface ForcingRow {
  readonly kind: 'forcing-row';
  readonly row: number;
  /** Which side of the row its activity meets: `upper` by the least activity, `lower` by the largest. */
  readonly side: 'lower' | 'upper';
  readonly columns: readonly {
    readonly column: number;
    readonly coefficient: number;
    readonly value: number;
    /** Whether its bounds were equal: then any sign of its reduced cost will do. */
    readonly fixed: boolean;
    readonly cost: number;
    /** Its entries in other rows. */
    readonly entries: SparseEntries;
  }[];
}

/** A column with its only entry in this row was taken into the row's bounds as a slack; its cost went to the others. */
interface SlackColumn {
  readonly kind: 'slack-column';
  readonly row: number;
  readonly column: number;
  readonly coefficient: number;
  readonly cost: number;
  readonly lower: number;
  readonly upper: number;
  readonly rowLower: number;
  readonly rowUpper: number;
  /** The other entries of the row. */
  readonly others: SparseEntries;
}

/** An equation a x_j + b x_k = rhs replaced x_j; the flags tell which bounds of x_k come from x_j. */
interface DoubletonEquation {
  readonly kind: 'doubleton-equation';
  readonly row: number;
  readonly rightHandSide: number;
  readonly replaced: number;
  readonly replacedCoefficient: number;
  readonly replacedCost: number;
  readonly replacedLower: number;
  readonly replacedUpper: number;
  /** Entries of x_j in other rows. */
  readonly entries: SparseEntries;
  readonly kept: number;
  readonly keptCoefficient: number;
  readonly tightenedLower: boolean;
  readonly tightenedUpper: boolean;
}

/** A column whose bounds an equation implies was replaced through it. */
interface SubstitutedColumn {
  readonly kind: 'substituted-column';
  readonly row: number;
  readonly column: number;
  readonly coefficient: number;
  readonly rightHandSide: number;
  readonly cost: number;
  readonly lower: number;
  readonly upper: number;
  /** The other entries of the row. */
  readonly others: SparseEntries;
  /** Entries of the column in other rows. */
  readonly entries: SparseEntries;
}

/** A bound of a column that a row implies (the other columns at their bounds) was written into the program. */
interface TightenedBound {
  readonly kind: 'tightened-bound';
  readonly row: number;
  readonly column: number;
  readonly coefficient: number;
  readonly side: 'lower' | 'upper';
  readonly entries: SparseEntries;
}

export type ReductionRecord =
  | FixedColumn
  | SingletonRow
  | ForcingRow
  | SlackColumn
  | DoubletonEquation
  | SubstitutedColumn
  | TightenedBound;

/** Undoes the reductions, the last one first. Duals of removed rows are 0 where no record says otherwise. */
export function undoReductions(records: readonly ReductionRecord[], point: PrimalDualPoint): void {
  for (let t = records.length - 1; t >= 0; t--) undo(records[t], point);
}

function undo(record: ReductionRecord, point: PrimalDualPoint): void {
  switch (record.kind) {
    case 'fixed-column':
      point.primal[record.column] = record.value;
      point.reducedCosts[record.column] = record.cost - dot(record.entries, point.duals);
      return;
    case 'singleton-row':
      undoSingletonRow(record, point);
      return;
    case 'forcing-row':
      undoForcingRow(record, point);
      return;
    case 'slack-column':
      undoSlackColumn(record, point);
      return;
    case 'doubleton-equation':
      undoDoubletonEquation(record, point);
      return;
    case 'substituted-column':
      undoSubstitutedColumn(record, point);
      return;
    case 'tightened-bound':
      undoTightenedBound(record, point);
      return;
  }
}

/** Where the column rests on a bound that only the row gives, its reduced cost is the row's dual. */
function undoSingletonRow(record: SingletonRow, { duals, reducedCosts }: PrimalDualPoint): void {
  const reducedCost = reducedCosts[record.column];
  if ((reducedCost > 0 && record.tightenedLower) || (reducedCost < 0 && record.tightenedUpper)) {
    duals[record.row] = reducedCost / record.coefficient;
    reducedCosts[record.column] = 0;
  } else duals[record.row] = 0;
}

/** The least dual, in size, that gives every column of the row the sign of reduced cost that its bound asks for. */
function undoForcingRow(record: ForcingRow, { primal, duals, reducedCosts }: PrimalDualPoint): void {
  let dual = 0;
  for (const { column, coefficient, value, fixed, cost, entries } of record.columns) {
    primal[column] = value;
    const reducedCost = cost - dot(entries, duals);
    reducedCosts[column] = reducedCost;
    if (fixed) continue;
    const wanted = reducedCost / coefficient;
    dual = record.side === 'upper' ? Math.min(dual, wanted) : Math.max(dual, wanted);
  }
  duals[record.row] = dual;
  if (dual === 0) return;
  for (const { column, coefficient } of record.columns)
    reducedCosts[column] = reducedCosts[column] - coefficient * dual;
}

function undoSlackColumn(record: SlackColumn, { primal, duals, reducedCosts }: PrimalDualPoint): void {
  const { row, column, coefficient, lower, upper } = record;
  const rest = dot(record.others, primal);
  const dual = duals[row];
  const atRowLower = (record.rowLower - rest) / coefficient;
  const atRowUpper = (record.rowUpper - rest) / coefficient;
  let value: number;
  if (dual > 0) value = atRowLower;
  else if (dual < 0) value = atRowUpper;
  else {
    // Any value that meets both the row and the bounds will do: the one nearest zero within the column's bounds.
    const least = Math.max(lower, Math.min(atRowLower, atRowUpper));
    const most = Math.min(upper, Math.max(atRowLower, atRowUpper));
    value = Math.min(Math.max(0, least), most);
  }
  primal[column] = Math.min(Math.max(value, lower), upper);
  reducedCosts[column] = -coefficient * dual + 0;
  duals[row] = dual + record.cost / coefficient;
}

function undoDoubletonEquation(record: DoubletonEquation, { primal, duals, reducedCosts }: PrimalDualPoint): void {
  const { row, replaced, replacedCoefficient, kept, keptCoefficient } = record;
  const value = (record.rightHandSide - keptCoefficient * primal[kept]) / replacedCoefficient;
  primal[replaced] = Math.min(Math.max(value, record.replacedLower), record.replacedUpper);
  const replacedWithoutRow = record.replacedCost - dot(record.entries, duals);
  const keptReducedCost = reducedCosts[kept];
  const boundIsOfReplaced =
    (keptReducedCost > 0 && record.tightenedLower) || (keptReducedCost < 0 && record.tightenedUpper);
  if (boundIsOfReplaced) {
    const keptWithoutRow = keptReducedCost + (keptCoefficient / replacedCoefficient) * replacedWithoutRow;
    duals[row] = keptWithoutRow / keptCoefficient;
    reducedCosts[kept] = 0;
    reducedCosts[replaced] = -(replacedCoefficient / keptCoefficient) * keptReducedCost;
  } else {
    duals[row] = replacedWithoutRow / replacedCoefficient;
    reducedCosts[replaced] = 0;
  }
}

/** The column is basic in its equation: the equation gives its value and, by reduced cost 0, its own dual. */
function undoSubstitutedColumn(record: SubstitutedColumn, { primal, duals, reducedCosts }: PrimalDualPoint): void {
  const value = (record.rightHandSide - dot(record.others, primal)) / record.coefficient;
  primal[record.column] = Math.min(Math.max(value, record.lower), record.upper);
  duals[record.row] = (record.cost - dot(record.entries, duals)) / record.coefficient;
  reducedCosts[record.column] = 0;
}

/**
 * Where the column rests on the implied bound, all others of the row rest on theirs: the row takes the reduced cost
 * over.
 */
function undoTightenedBound(record: TightenedBound, { duals, reducedCosts }: PrimalDualPoint): void {
  const reducedCost = reducedCosts[record.column];
  if (record.side === 'lower' ? reducedCost <= 0 : reducedCost >= 0) return;
  const dual = reducedCost / record.coefficient;
  duals[record.row] = duals[record.row] + dual;
  const { indices, values } = record.entries;
  for (let t = 0; t < indices.length; t++) reducedCosts[indices[t]] = reducedCosts[indices[t]] - values[t] * dual;
  reducedCosts[record.column] = 0;
}

function dot({ indices, values }: SparseEntries, vector: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < indices.length; t++) sum += values[t] * vector[indices[t]];
  return sum;
}
