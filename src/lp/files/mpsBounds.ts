/**
 * The bounds of an MPS file's columns: what each bound type does, and what a column has to which BOUNDS gives nothing.
 */
import { MpsError, parseMpsNumber } from './mpsLines.ts';

export interface ColumnDraft {
  readonly name: string;
  integer: boolean;
  lower: number;
  upper: number;
  /** Whether BOUNDS gave a lower bound, an upper bound; without any, an integer column is binary (see docs/lp.md). */
  lowerGiven: boolean;
  upperGiven: boolean;
}

export type Side = 'lower' | 'upper' | 'both';

export function newColumn(name: string, integer: boolean): ColumnDraft {
  return { name, integer, lower: 0, upper: Infinity, lowerGiven: false, upperGiven: false };
}

/** Applies a line of BOUNDS to its column; tells which side the line gives, and what the user should hear of. */
export function applyBound(
  column: ColumnDraft,
  code: string,
  text: string,
  line: number,
): { readonly gives: Side; readonly warning: string | null } {
  switch (code.toUpperCase()) {
    case 'LI':
      column.integer = true;
      setLower(column, parseSide(text, line, 'lower'));
      return { gives: 'lower', warning: null };
    case 'LO':
      setLower(column, parseSide(text, line, 'lower'));
      return { gives: 'lower', warning: null };
    case 'MI':
      setLower(column, -Infinity);
      return { gives: 'lower', warning: null };
    case 'UI':
      column.integer = true;
      return { gives: 'upper', warning: setGivenUpper(column, parseSide(text, line, 'upper')) };
    case 'UP':
      return { gives: 'upper', warning: setGivenUpper(column, parseSide(text, line, 'upper')) };
    case 'PL':
      setUpper(column, Infinity);
      return { gives: 'upper', warning: null };
    case 'FX':
      setLower(column, parseSide(text, line, 'both'));
      setUpper(column, column.lower);
      return { gives: 'both', warning: null };
    case 'FR':
      setLower(column, -Infinity);
      setUpper(column, Infinity);
      return { gives: 'both', warning: null };
    case 'BV':
      column.integer = true;
      setLower(column, 0);
      setUpper(column, 1);
      return { gives: 'both', warning: null };
    case 'SC':
    case 'SI':
      throw new MpsError(line, `${code} ${column.name}`, 'no semi-continuous column: this solver has none');
    default:
      throw new MpsError(line, code, 'a bound type LO, UP, FX, FR, MI, PL, BV, LI or UI');
  }
}

/** A bound or right-hand side; infinite only where that means that there is none. */
export function parseSide(text: string, line: number, side: Side): number {
  const value = parseMpsNumber(text, line, true);
  if (value === Infinity && side !== 'upper') throw new MpsError(line, text, 'a number below 1e20');
  if (value === -Infinity && side !== 'lower') throw new MpsError(line, text, 'a number above -1e20');
  return value;
}

/** An integer column to which BOUNDS gives nothing is binary, the convention of CPLEX, SCIP and HiGHS. */
export function upperBoundOf(column: ColumnDraft): number {
  return column.integer && !column.lowerGiven && !column.upperGiven ? 1 : column.upper;
}

function setLower(column: ColumnDraft, value: number): void {
  column.lower = value;
  column.lowerGiven = true;
}

function setUpper(column: ColumnDraft, value: number): void {
  column.upper = value;
  column.upperGiven = true;
}

/**
 * A negative upper bound on a column without a given lower bound makes the column free below (CPLEX, Gurobi, SCIP); the
 * warning says so.
 */
function setGivenUpper(column: ColumnDraft, value: number): string | null {
  setUpper(column, value);
  if (value >= 0 || column.lowerGiven) return null;
  column.lower = -Infinity;
  return `column ${column.name} has the upper bound ${value} and no lower bound: taken as free below`;
}
