/**
 * The door for programs given as arrays: lengths that fit, indices in range, coefficients and costs finite, no NaN
 * anywhere. What passes here cannot make a loop of the solver run for ever on comparisons that are never true.
 */
import type { LinearProgram, MixedIntegerProgram } from './linearProgram.ts';

/** Faults that a message spells out; of the others it gives the number. */
const mostListed = 5;

/** Collects the faults of a program and says them in one error. */
class Faults {
  readonly #listed: string[] = [];
  #count = 0;

  add(text: () => string): void {
    if (this.#count++ < mostListed) this.#listed.push(text());
  }

  /** @throws RangeError if there is any fault. */
  refuse(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#listed.length;
    throw new RangeError(`${this.#listed.join('; ')}${more > 0 ? `; and ${more} more faults` : ''}`);
  }
}

/**
 * Checks the data of a program; bounds that exclude each other are no fault, such a program is infeasible.
 * @throws RangeError naming row and column, the value found and what was expected: the first faults and the number of
 * the others.
 */
export function checkProgram(program: LinearProgram): void {
  const faults = new Faults();
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
      faults.add(() => `integrality of ${columnText(program, column)}: found ${mark}, expected 0 or 1`);
  });
  faults.refuse();
}

function checkLength(name: string, array: ArrayLike<unknown> | undefined, expected: number, faults: Faults): void {
  const found = array?.length ?? 'nothing';
  if (found !== expected) faults.add(() => `${name}: found a length of ${found}, expected ${expected}`);
}

function checkShape(program: LinearProgram, faults: Faults): void {
  const { numRows, numColumns, columnStarts, rowIndices, values } = program;
  for (const [name, size] of Object.entries({ numRows, numColumns })) {
    if (!(Number.isInteger(size) && size >= 0))
      faults.add(() => `${name}: found ${size}, expected a whole number >= 0`);
  }
  faults.refuse();
  checkLength('columnStarts', columnStarts, numColumns + 1, faults);
  for (const name of ['cost', 'columnLower', 'columnUpper'] as const)
    checkLength(name, program[name], numColumns, faults);
  for (const name of ['rowLower', 'rowUpper'] as const) checkLength(name, program[name], numRows, faults);
  faults.refuse();
  if (columnStarts[0] !== 0) faults.add(() => `columnStarts[0]: found ${columnStarts[0]}, expected 0`);
  for (let column = 0; column < numColumns; column++) {
    if (columnStarts[column + 1] >= columnStarts[column]) continue;
    faults.add(
      () => `columnStarts[${column + 1}]: found ${columnStarts[column + 1]}, expected at least ${columnStarts[column]}`,
    );
  }
  const entries = columnStarts[numColumns];
  for (const [name, array] of Object.entries({ rowIndices, values })) {
    const found = array?.length ?? 0;
    if (found < entries) faults.add(() => `${name}: found a length of ${found}, expected ${entries}`);
  }
}

function checkNumbers(program: LinearProgram, faults: Faults): void {
  const { numRows, numColumns, columnStarts, rowIndices, values, cost } = program;
  const lastColumn = new Int32Array(numRows).fill(-1);
  for (let column = 0; column < numColumns; column++) {
    for (let at = columnStarts[column]; at < columnStarts[column + 1]; at++) {
      const row = rowIndices[at];
      if (!(row >= 0 && row < numRows)) {
        faults.add(() => `${columnText(program, column)}: found row ${row}, expected one of ${numRows} rows`);
        continue;
      }
      if (lastColumn[row] === column)
        faults.add(() => `${rowText(program, row)}, ${columnText(program, column)}: found twice, expected once`);
      lastColumn[row] = column;
      if (!Number.isFinite(values[at]))
        faults.add(
          () =>
            `${rowText(program, row)}, ${columnText(program, column)}: found a coefficient of ${values[at]}, expected a finite number`,
        );
    }
    if (!Number.isFinite(cost[column]))
      faults.add(() => `${columnText(program, column)}: found a cost of ${cost[column]}, expected a finite number`);
    if (Number.isNaN(program.columnLower[column]) || Number.isNaN(program.columnUpper[column]))
      faults.add(() =>
        boundsText(columnText(program, column), program.columnLower[column], program.columnUpper[column]),
      );
  }
  for (let row = 0; row < numRows; row++) {
    if (Number.isNaN(program.rowLower[row]) || Number.isNaN(program.rowUpper[row]))
      faults.add(() => boundsText(rowText(program, row), program.rowLower[row], program.rowUpper[row]));
  }
  if (!Number.isFinite(program.offset)) faults.add(() => `offset: found ${program.offset}, expected a finite number`);
}

function boundsText(what: string, lower: number, upper: number): string {
  return `${what}: found bounds [${lower}, ${upper}], expected numbers or infinities`;
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
