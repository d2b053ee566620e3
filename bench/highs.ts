/**
 * HiGHS compiled to WebAssembly: its loader, and programs as its arrays. The one place where bench and tests hand a
 * program over.
 */
import highsModule, { type Highs, type ModelData } from 'highs';
import type { MixedIntegerProgram } from '../src/lp/linearProgram.ts';

/** The package's types describe its CommonJS face; imported as a module the default export is the loader itself. */
const load = highsModule as unknown as () => Promise<Highs>;
let runtime: Promise<Highs> | undefined;

/** The runtime, loaded once for each process. */
export function loadHighs(): Promise<Highs> {
  runtime ??= load();
  return runtime;
}

/** HiGHS's codes for how a run ended (HighsModelStatus). */
export const highsStatus = {
  optimal: 7,
  infeasible: 8,
  infeasibleOrUnbounded: 9,
  unbounded: 10,
  timeLimit: 13,
} as const;

/** Every status that a limit leaves behind: time, iterations, solutions, and unknown. */
export const highsLimits: readonly number[] = [highsStatus.timeLimit, 14, 15, 17];

/** The program as HiGHS's arrays; with `relax` its linear relaxation. */
export function highsModel(program: MixedIntegerProgram, relax = false): ModelData {
  return {
    numCols: program.numColumns,
    numRows: program.numRows,
    offset: program.offset,
    colCost: program.cost,
    colLower: program.columnLower,
    colUpper: program.columnUpper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: {
      format: 'csc',
      numRows: program.numRows,
      numCols: program.numColumns,
      starts: program.columnStarts,
      indices: program.rowIndices,
      values: program.values,
    },
    ...(relax ? {} : { integrality: Int32Array.from(program.integrality) }),
  };
}
