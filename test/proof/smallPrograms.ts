/** Random small mixed-integer programs, and all points of those whose columns are whole. */
import fc from 'fast-check';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';

/** Whole columns go from 0 to this. */
const most = 3;

interface Row {
  readonly coefficients: readonly number[];
  readonly lower: number;
  readonly width: number;
}

/** Whole columns from 0 to `most`, then continuous ones, the last of them without bounds. */
export const programs = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 2 }))
  .chain(([wholes, continuous]) => {
    const size = wholes + continuous;
    const value = fc.integer({ min: -50, max: 50 }).map((n) => n / 10);
    return fc.record({
      wholes: fc.constant(wholes),
      costs: fc.array(value, { minLength: size, maxLength: size }),
      rows: fc.array(
        fc.record<Row>({
          coefficients: fc.array(value, { minLength: size, maxLength: size }),
          lower: value,
          width: fc.constantFrom(0, 0.7, 3, Infinity),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      offset: fc.constantFrom(0, -2.5, 7),
    });
  });

export type Data = typeof programs extends fc.Arbitrary<infer T> ? T : never;

export function programOf({ wholes, costs, rows, offset }: Data): MixedIntegerProgram {
  const builder = new MixedIntegerProgramBuilder();
  builder.addToOffset(offset);
  costs.forEach((cost, column) => {
    if (column < wholes) builder.addColumn({ cost, upper: most + 0.5, integer: true });
    else builder.addColumn({ cost, lower: column === costs.length - 1 ? -Infinity : 0 });
  });
  // In tenths, as all numbers here: sides hold exactly or are missed by a hundredth.
  for (const { coefficients, lower, width } of rows)
    builder.addRow({
      lower,
      upper: Number((lower + width).toFixed(1)),
      indices: coefficients.map((_, at) => at),
      values: coefficients,
    });
  return builder.build();
}

/** Every feasible point of a program of whole columns. */
export function pointsOf({ costs, rows }: Data): number[][] {
  const points: number[][] = [];
  const point = costs.map(() => 0);
  const visit = (column: number): void => {
    if (column < costs.length) {
      for (point[column] = 0; point[column] <= most; point[column]++) visit(column + 1);
      return;
    }
    const holds = rows.every(({ coefficients, lower, width }) => {
      const activity = product(coefficients, point);
      return activity >= lower - 1e-9 && activity <= lower + width + 1e-9;
    });
    if (holds) points.push([...point]);
  };
  visit(0);
  return points;
}

/** Least cost of a program of whole columns; Infinity if there is none. */
export function byEnumeration(data: Data): number {
  return Math.min(Infinity, ...pointsOf(data).map((point) => data.offset + product(data.costs, point)));
}

function product(values: readonly number[], point: readonly number[]): number {
  return values.reduce((total, value, at) => total + value * point[at], 0);
}
