/**
 * Small random programs of nasty shapes for property tests: every kind of row and column, empty ones, wide and equal
 * coefficients.
 */
import fc from 'fast-check';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';

export interface RandomProgramOptions {
  readonly maxRows?: number;
  readonly maxColumns?: number;
  /**
   * Powers of ten over which coefficients spread, both ways; 0 gives small integers only (degenerate programs).
   * Default 0.
   */
  readonly decades?: number;
  readonly integers?: boolean;
  /** Row and column names with characters that file formats forbid. Default plain names. */
  readonly nastyNames?: boolean;
}

const rowKinds = ['at-least', 'at-most', 'equal', 'ranged', 'free'] as const;
const columnKinds = ['positive', 'boxed', 'free', 'fixed', 'negative', 'lower', 'upper'] as const;

export function randomProgram(options: RandomProgramOptions = {}): fc.Arbitrary<MixedIntegerProgram> {
  const { maxRows = 8, maxColumns = 8, decades = 0, integers = false, nastyNames = false } = options;
  const small = fc.integer({ min: -5, max: 5 });
  const coefficient =
    decades === 0
      ? small
      : fc.tuple(small, fc.integer({ min: -decades, max: decades })).map(([m, e]) => Number(`${m}e${e}`));
  const column = fc.record({
    kind: fc.constantFrom(...columnKinds),
    cost: fc.oneof(coefficient, fc.constant(0)),
    anchor: small,
    width: fc.integer({ min: 0, max: 6 }),
    integer: integers ? fc.boolean() : fc.constant(false),
    name: nastyNames
      ? fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('free', 'st', '2x', 'e1', 'a b', ''))
      : fc.constant(null),
  });
  const row = fc.record({
    kind: fc.constantFrom(...rowKinds),
    anchor: small,
    width: fc.integer({ min: 1, max: 6 }),
    entries: fc.array(fc.tuple(fc.nat({ max: 1000 }), coefficient), { maxLength: 6 }),
    name: nastyNames ? fc.string({ maxLength: 12 }) : fc.constant(null),
  });
  return fc
    .record({
      columns: fc.array(column, { minLength: 1, maxLength: maxColumns }),
      rows: fc.array(row, { maxLength: maxRows }),
      offset: small,
    })
    .map(({ columns, rows, offset }) => {
      const builder = new MixedIntegerProgramBuilder();
      columns.forEach(({ kind, cost, anchor, width, integer, name }, index) => {
        const [lower, upper] = columnBounds(kind, anchor, width);
        builder.addColumn({ name: name ?? `x${index}`, cost, lower, upper, integer });
      });
      rows.forEach(({ kind, anchor, width, entries, name }, index) => {
        const [lower, upper] = rowBounds(kind, anchor, width);
        builder.addRow({
          lower,
          upper,
          indices: entries.map(([position]) => position % columns.length),
          values: entries.map(([, value]) => value),
          name: name ?? `r${index}`,
        });
      });
      builder.addToOffset(offset);
      return builder.build('random');
    });
}

function columnBounds(kind: (typeof columnKinds)[number], anchor: number, width: number): [number, number] {
  switch (kind) {
    case 'positive':
      return [0, Infinity];
    case 'boxed':
      return [anchor, anchor + width];
    case 'free':
      return [-Infinity, Infinity];
    case 'fixed':
      return [anchor, anchor];
    case 'negative':
      return [-Infinity, 0];
    case 'lower':
      return [anchor, Infinity];
    case 'upper':
      return [-Infinity, anchor];
  }
}

function rowBounds(kind: (typeof rowKinds)[number], anchor: number, width: number): [number, number] {
  switch (kind) {
    case 'at-least':
      return [anchor, Infinity];
    case 'at-most':
      return [-Infinity, anchor];
    case 'equal':
      return [anchor, anchor];
    case 'ranged':
      return [anchor, anchor + width];
    case 'free':
      return [-Infinity, Infinity];
  }
}

export interface PlantedProgram {
  readonly program: MixedIntegerProgram;
  /**
   * The optimum, known from the construction: a point and multipliers are drawn first, bounds and costs made to fit.
   */
  readonly optimum: number;
}

/**
 * Sparse programs with a known optimum, of many vertices and much degeneracy: entries and values are small integers, so
 * the optimum is exact. Singleton rows and columns, equations of two columns and zero multipliers are frequent.
 */
export function plantedProgram(maxRows: number, maxColumns: number): fc.Arbitrary<PlantedProgram> {
  const side = fc.constantFrom('lower', 'upper', 'both', 'inside');
  const multiplier = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 }));
  const column = fc.record({
    value: fc.integer({ min: -3, max: 6 }),
    side,
    multiplier,
    slack: fc.nat({ max: 4 }),
    open: fc.boolean(),
  });
  const row = fc.record({
    entries: fc.array(fc.tuple(fc.nat({ max: 100_000 }), fc.constantFrom(-3, -2, -1, -1, 1, 1, 2, 4)), {
      minLength: 1,
      maxLength: 5,
    }),
    side,
    multiplier,
    slack: fc.nat({ max: 4 }),
    open: fc.boolean(),
  });
  return fc
    .record({
      columns: fc.array(column, { minLength: 2, maxLength: maxColumns }),
      rows: fc.array(row, { minLength: 1, maxLength: maxRows }),
    })
    .map(({ columns, rows }) => {
      const builder = new MixedIntegerProgramBuilder();
      const cost = columns.map((plan) => signedMultiplier(plan));
      const matrix = rows.map(({ entries }) => {
        const byColumn = new Map<number, number>();
        for (const [position, value] of entries) byColumn.set(position % columns.length, value);
        return [...byColumn];
      });
      rows.forEach((plan, index) => {
        const dual = signedMultiplier(plan);
        for (const [j, value] of matrix[index]) cost[j] = cost[j] + dual * value;
      });
      columns.forEach((plan, j) => {
        const [lower, upper] = boundsAround(plan.value, plan);
        builder.addColumn({ cost: cost[j] + 0, lower, upper });
      });
      rows.forEach((plan, index) => {
        const activity = matrix[index].reduce((sum, [j, value]) => sum + value * columns[j].value, 0);
        const [lower, upper] = boundsAround(activity, plan);
        builder.addRow({
          lower,
          upper,
          indices: matrix[index].map(([j]) => j),
          values: matrix[index].map(([, value]) => value),
        });
      });
      return {
        program: builder.build('planted'),
        optimum: columns.reduce((sum, { value }, j) => sum + value * cost[j], 0),
      };
    });
}

interface PlantedSide {
  readonly side: string;
  readonly multiplier: number;
  /** Distance to the side that is not met; 0 makes the program degenerate. */
  readonly slack: number;
  /** Whether that side is infinite. */
  readonly open: boolean;
}

function signedMultiplier({ side, multiplier }: PlantedSide): number {
  return side === 'inside' ? 0 : side === 'upper' ? -multiplier : multiplier;
}

function boundsAround(value: number, { side, slack, open }: PlantedSide): [number, number] {
  switch (side) {
    case 'both':
      return [value, value];
    case 'lower':
      return [value, open ? Infinity : value + slack];
    case 'upper':
      return [open ? -Infinity : value - slack, value];
    default:
      return [open ? -Infinity : value - slack, slack > 2 ? Infinity : value + slack];
  }
}
