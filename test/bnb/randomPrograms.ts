/**
 * Random small mixed-integer programs and their answers by enumeration of the integer columns (continuous ones by an LP
 * for each).
 */
import fc from 'fast-check';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../src/lp/simplex/simplexSolver.ts';

interface ColumnDraft {
  readonly cost: number;
  readonly lower: number;
  readonly width: number;
  readonly integer: boolean;
}

interface RowDraft {
  readonly kind: 'upper' | 'lower' | 'equal' | 'range';
  readonly coefficients: readonly number[];
  /** Position of the right-hand side between the row's least and greatest activity. */
  readonly position: number;
}

const column = (integer: boolean) =>
  fc.record({
    cost: fc.integer({ min: -9, max: 9 }),
    lower: fc.integer({ min: -2, max: 1 }),
    width: fc.integer({ min: 0, max: 3 }),
    integer: fc.constant(integer),
  });

/** Up to 5 integer columns of at most 4 values each, and `mostContinuous` continuous ones. */
export function randomPrograms(mostContinuous: number): fc.Arbitrary<MixedIntegerProgram> {
  return fc
    .tuple(
      fc.array(column(true), { minLength: 1, maxLength: 5 }),
      fc.array(column(false), { minLength: 0, maxLength: mostContinuous }),
    )
    .map(([integers, continuous]) => [...integers, ...continuous])
    .chain((columns) =>
      fc.tuple(
        fc.constant(columns),
        fc.array(
          fc.record({
            kind: fc.constantFrom(
              'upper' as const,
              'upper' as const,
              'lower' as const,
              'equal' as const,
              'range' as const,
            ),
            coefficients: fc.array(fc.integer({ min: -7, max: 7 }), {
              minLength: columns.length,
              maxLength: columns.length,
            }),
            position: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      ),
    )
    .map(([columns, rows]) => build(columns, rows));
}

function build(columns: readonly ColumnDraft[], rows: readonly RowDraft[]): MixedIntegerProgram {
  const builder = new MixedIntegerProgramBuilder();
  for (const { cost, lower, width, integer } of columns)
    builder.addColumn({ cost, lower, upper: lower + width, integer });
  for (const { kind, coefficients, position } of rows) {
    let least = 0;
    let most = 0;
    coefficients.forEach((value, at) => {
      const { lower, width } = columns[at];
      least += Math.min(value * lower, value * (lower + width));
      most += Math.max(value * lower, value * (lower + width));
    });
    const side = Math.round(least + position * (most - least));
    const [lower, upper] = {
      upper: [-Infinity, side],
      lower: [side, Infinity],
      equal: [side, side],
      range: [side, side + 4],
    }[kind];
    builder.addRow({ lower, upper, indices: coefficients.map((_, at) => at), values: coefficients });
  }
  return builder.build('random');
}

/** Calls `visit` with every assignment of the integer columns within their bounds. */
export function forEachAssignment(
  program: MixedIntegerProgram,
  visit: (values: ReadonlyMap<number, number>) => void,
): void {
  const integers = Array.from(program.integrality, (flag, at) => (flag === 1 ? at : -1)).filter((at) => at >= 0);
  const values = new Map<number, number>();
  const descend = (position: number) => {
    if (position === integers.length) {
      visit(values);
      return;
    }
    const at = integers[position];
    for (let value = program.columnLower[at]; value <= program.columnUpper[at]; value++) {
      values.set(at, value);
      descend(position + 1);
    }
  };
  descend(0);
}

/** Least of `cost` (default: the program's, with its offset) under each assignment: null where it is infeasible. */
export function leastOverContinuous(
  program: MixedIntegerProgram,
  values: ReadonlyMap<number, number>,
  cost: Float64Array = program.cost,
): number | null {
  const columnLower = program.columnLower.slice();
  const columnUpper = program.columnUpper.slice();
  for (const [at, value] of values) {
    columnLower[at] = value;
    columnUpper[at] = value;
  }
  if (values.size === program.numColumns) return costIfFeasible(program, columnLower, cost);
  const solver = new SimplexSolver({ ...program, columnLower, columnUpper, cost });
  return solver.solve() === 'optimal' ? solver.objective : null;
}

function costIfFeasible(program: MixedIntegerProgram, point: Float64Array, cost: Float64Array): number | null {
  const activity = new Float64Array(program.numRows);
  let sum = program.offset;
  for (let at = 0; at < program.numColumns; at++) {
    sum += cost[at] * point[at];
    for (let entry = program.columnStarts[at]; entry < program.columnStarts[at + 1]; entry++)
      activity[program.rowIndices[entry]] += program.values[entry] * point[at];
  }
  const fits = activity.every(
    (value, row) => value >= program.rowLower[row] - 1e-9 && value <= program.rowUpper[row] + 1e-9,
  );
  return fits ? sum : null;
}

/** The optimum, or null if there is no solution. */
export function enumeratedOptimum(program: MixedIntegerProgram): number | null {
  let best: number | null = null;
  forEachAssignment(program, (values) => {
    const cost = leastOverContinuous(program, values);
    if (cost !== null && (best === null || cost < best)) best = cost;
  });
  return best;
}
