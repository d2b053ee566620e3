/**
 * The door for programs given as arrays: lengths that fit, indices in range, coefficients and costs finite, no NaN
 * anywhere. What passes here cannot make a loop of the solver run for ever on comparisons that are never true.
 */
import { fault, type InputIssue, refuse, showValue } from '../input/inputError.ts';
import type { LinearProgram, MixedIntegerProgram } from './linearProgram.ts';

/** Faults that are spelt out; of the others the error gives the number. */
const mostListed = 5;

/** Collects the faults of a program and says them in one error. */
class Faults {
  readonly #listed: InputIssue[] = [];
  #count = 0;

  add(issue: () => InputIssue): void {
    if (this.#count++ < mostListed) this.#listed.push(issue());
  }

  /** Throws InputError if there is any fault. */
  refuse(): void {
    const more = this.#count - this.#listed.length;
    refuse([
      ...this.#listed,
      ...(more > 0 ? [{ path: 'program', value: `${more} more faults`, expected: 'none' }] : []),
    ]);
  }
}

/**
 * Checks the data of a program; bounds that exclude each other are no fault, such a program is infeasible.
 * Throws InputError, where a path names row and column, with the first faults and the number of the others.
 */
export function checkProgram(program: LinearProgram): void {
  const faults = new Faults();
  if (typeof program !== 'object' || program === null)
    throw fault('program', showValue(program), 'a program: an object of its arrays');
  checkShape(program, faults);
  faults.refuse();
  checkNumbers(program, faults);
  faults.refuse();
}

/** As `checkProgram`, with integrality and names. */
export function checkMixedIntegerProgram(program: MixedIntegerProgram): void {
  checkProgram(program);
  const faults = new Faults();
  checkLength('integrality', program.integrality, program.numColumns, faults);
  checkLength('columnNames', program.columnNames, program.numColumns, faults);
  checkLength('rowNames', program.rowNames, program.numRows, faults);
  faults.refuse();
  program.integrality.forEach((mark, column) => {
    if (mark !== 0 && mark !== 1)
      faults.add(() => issue(`integrality of ${columnText(program, column)}`, showValue(mark), '0 or 1'));
  });
  faults.refuse();
}

function checkLength(name: string, array: ArrayLike<unknown> | undefined, expected: number, faults: Faults): void {
  const found = array?.length ?? showValue(array);
  if (found !== expected) faults.add(() => issue(name, `a length of ${found}`, String(expected)));
}

function checkShape(program: LinearProgram, faults: Faults): void {
  const { numRows, numColumns, columnStarts, rowIndices, values } = program;
  for (const [name, size] of Object.entries({ numRows, numColumns })) {
    if (!(Number.isInteger(size) && size >= 0)) faults.add(() => issue(name, showValue(size), 'a whole number >= 0'));
  }
  faults.refuse();
  checkLength('columnStarts', columnStarts, numColumns + 1, faults);
  for (const name of ['cost', 'columnLower', 'columnUpper'] as const)
    checkLength(name, program[name], numColumns, faults);
  for (const name of ['rowLower', 'rowUpper'] as const) checkLength(name, program[name], numRows, faults);
  faults.refuse();
  if (columnStarts[0] !== 0) faults.add(() => issue('columnStarts[0]', showValue(columnStarts[0]), '0'));
  for (let column = 0; column < numColumns; column++) {
    if (columnStarts[column + 1] >= columnStarts[column]) continue;
    faults.add(() =>
      issue(`columnStarts[${column + 1}]`, showValue(columnStarts[column + 1]), `at least ${columnStarts[column]}`),
    );
  }
  const entries = columnStarts[numColumns];
  for (const [name, array] of Object.entries({ rowIndices, values })) {
    const found = array?.length ?? 0;
    if (found < entries) faults.add(() => issue(name, `a length of ${found}`, String(entries)));
  }
}

function checkNumbers(program: LinearProgram, faults: Faults): void {
  const { numRows, numColumns, columnStarts, rowIndices, values, cost } = program;
  const lastColumn = new Int32Array(numRows).fill(-1);
  for (let column = 0; column < numColumns; column++) {
    for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++) {
      const row = rowIndices[at];
      if (!(Number.isInteger(row) && row >= 0 && row < numRows)) {
        faults.add(() => issue(columnText(program, column), `row ${row}`, `one of ${numRows} rows`));
        continue;
      }
      if (lastColumn[row] === column) faults.add(() => issue(entryText(program, row, column), 'twice', 'once'));
      lastColumn[row] = column;
      if (!Number.isFinite(values[at]))
        faults.add(() => issue(entryText(program, row, column), `a coefficient of ${values[at]}`, 'a finite number'));
    }
    if (!Number.isFinite(cost[column]))
      faults.add(() => issue(columnText(program, column), `a cost of ${cost[column]}`, 'a finite number'));
    const { columnLower, columnUpper } = program;
    if (isNoNumber(columnLower[column]) || isNoNumber(columnUpper[column]))
      faults.add(() => boundsIssue(columnText(program, column), columnLower[column], columnUpper[column]));
  }
  for (let row = 0; row < numRows; row++) {
    if (isNoNumber(program.rowLower[row]) || isNoNumber(program.rowUpper[row]))
      faults.add(() => boundsIssue(rowText(program, row), program.rowLower[row], program.rowUpper[row]));
  }
  if (!Number.isFinite(program.offset)) faults.add(() => issue('offset', showValue(program.offset), 'a finite number'));
}

function issue(path: string, value: string, expected: string): InputIssue {
  return { path, value, expected };
}

function boundsIssue(path: string, lower: number, upper: number): InputIssue {
  return issue(path, `bounds [${lower}, ${upper}]`, 'numbers or infinities');
}

function isNoNumber(value: unknown): boolean {
  return typeof value !== 'number' || Number.isNaN(value);
}

function entryText(program: LinearProgram, row: number, column: number): string {
  return `${rowText(program, row)}, ${columnText(program, column)}`;
}

function rowText(program: LinearProgram & { readonly rowNames?: readonly string[] }, row: number): string {
  return named('row', row, program.rowNames?.[row]);
}

function columnText(program: LinearProgram & { readonly columnNames?: readonly string[] }, column: number): string {
  return named('column', column, program.columnNames?.[column]);
}

function named(what: string, index: number, name: string | undefined): string {
  return name === undefined || name === '' ? `${what} ${index}` : `${what} ${index} (${JSON.stringify(name)})`;
}
