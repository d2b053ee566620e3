/**
 * A constant in the objective as a column fixed at 1. Solvers read a constant in a file with different signs, or not at
 * all; a fixed column they all read alike.
 */
import type { MixedIntegerProgram } from '../linearProgram.ts';
import { freeName } from './fileNames.ts';

/** The same program without an offset: where it had one, a last column fixed at 1 with the offset as its cost. */
export function withConstantColumn(program: MixedIntegerProgram): MixedIntegerProgram {
  if (program.offset === 0) return program;
  const { numColumns, columnStarts } = program;
  return {
    ...program,
    numColumns: numColumns + 1,
    columnStarts: Int32Array.from({ length: numColumns + 2 }, (_, j) => columnStarts[Math.min(j, numColumns)]),
    cost: appended(program.cost, program.offset),
    columnLower: appended(program.columnLower, 1),
    columnUpper: appended(program.columnUpper, 1),
    integrality: Uint8Array.from({ length: numColumns + 1 }, (_, j) => program.integrality[j] ?? 0),
    columnNames: [...program.columnNames, freeName('CONSTANT', program.columnNames)],
    offset: 0,
  };
}

function appended(array: Float64Array, value: number): Float64Array {
  const longer = new Float64Array(array.length + 1);
  longer.set(array);
  longer[array.length] = value;
  return longer;
}
