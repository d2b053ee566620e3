/** Families of linear programs with the structures that trip a simplex: degenerate, redundant, cycling, exponential, badly scaled. */
import seedrandom from 'seedrandom';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';

type Family = (builder: MixedIntegerProgramBuilder, integer: (least: number, most: number) => number) => void;

const range = (length: number) => Array.from({ length }, (_, index) => index);
const ones = (length: number) => range(length).map(() => 1);

/** Rows and columns that sum to the same: one equation follows from the others, and ties are everywhere. */
function transport(builder: MixedIntegerProgramBuilder, integer: Parameters<Family>[1], unit: number): void {
  const sources = integer(3, 14);
  const sinks = unit === 1 ? sources : integer(3, 14);
  const supplies = range(sources).map(() => (unit === 1 ? 1 : integer(1, 5) * sinks));
  const demand = supplies.reduce((sum, supply) => sum + supply, 0) / sinks;
  for (let t = 0; t < sources * sinks; t++)
    builder.addColumn({ cost: integer(0, 6), upper: integer(0, 1) === 0 ? Infinity : Math.max(1, 4 * unit) });
  supplies.forEach((supply, i) => {
    builder.addRow(
      supply,
      supply,
      range(sinks).map((j) => i * sinks + j),
      ones(sinks),
    );
  });
  for (let j = 0; j < sinks; j++)
    builder.addRow(
      demand,
      demand,
      range(sources).map((i) => i * sinks + j),
      ones(sources),
    );
}

export const families: Readonly<Record<string, Family>> = {
  transportation: (builder, integer) => transport(builder, integer, 6),
  assignment: (builder, integer) => transport(builder, integer, 1),
  'set cover': (builder, integer) => {
    const columns = integer(20, 90);
    for (let j = 0; j < columns; j++)
      builder.addColumn({ cost: integer(1, 3), upper: integer(0, 1) === 0 ? 1 : Infinity });
    for (let i = integer(20, 60); i > 0; i--) {
      const members = [...new Set(range(integer(2, 8)).map(() => integer(0, columns - 1)))];
      builder.addRow(1, Infinity, members, ones(members.length));
    }
  },
  'dependent equations': (builder, integer) => {
    const columns = integer(8, 40);
    const point = range(columns).map(() => integer(0, 5));
    for (let j = 0; j < columns; j++)
      builder.addColumn({ cost: integer(-3, 6), lower: -integer(0, 2), upper: integer(5, 10) });
    const rows = range(integer(3, 12)).map(() => range(columns).map(() => (integer(0, 4) === 0 ? integer(-3, 3) : 0)));
    const combined = rows.map((row, i) => row.map((value, j) => 2 * value - 3 * rows[(i + 1) % rows.length]![j]!));
    for (const row of [...rows, ...combined]) {
      const activity = row.reduce((sum, value, j) => sum + value * point[j]!, 0);
      builder.addRow(activity, activity + (integer(0, 3) === 0 ? 1 : 0), range(columns), row);
    }
  },
  'Klee-Minty': (builder, integer) => {
    const size = integer(3, 14);
    for (let j = 0; j < size; j++) builder.addColumn({ cost: -(2 ** (size - 1 - j)) });
    for (let i = 0; i < size; i++)
      builder.addRow(
        -Infinity,
        5 ** (i + 1),
        range(i + 1),
        range(i + 1).map((j) => (j === i ? 1 : 2 ** (i - j + 1))),
      );
  },
  'cone with a cap': (builder, integer) => {
    // Beale's and Kuhn's examples of cycling are of this shape: all right-hand sides 0 but one.
    const columns = integer(4, 10);
    for (let j = 0; j < columns; j++) builder.addColumn({ cost: integer(-150, 60) / 10 });
    for (let i = integer(2, 7); i > 0; i--)
      builder.addRow(
        -Infinity,
        0,
        range(columns),
        range(columns).map(() => integer(-90, 110) / integer(1, 50)),
      );
    builder.addRow(-Infinity, 1, range(columns), ones(columns));
  },
  'big M': (builder, integer) => {
    const pairs = integer(5, 25);
    for (let j = 0; j < pairs; j++) {
      builder.addColumn({ cost: integer(1, 5) });
      builder.addColumn({ cost: integer(10, 100), upper: 1 });
      builder.addRow(-Infinity, 0, [2 * j, 2 * j + 1], [1, -(10 ** integer(2, 6))]);
    }
    builder.addRow(
      integer(10, 1000),
      Infinity,
      range(pairs).map((j) => 2 * j),
      ones(pairs),
    );
    for (let i = 0; i < pairs; i += 2)
      builder.addRow(-Infinity, integer(5, 500), [2 * i, 2 * i + 1], [integer(1, 9), integer(1, 9)]);
  },
  'knapsacks of many boxes': (builder, integer) => {
    const columns = integer(50, 300);
    for (let j = 0; j < columns; j++)
      builder.addColumn({ cost: -integer(1, 1000) / integer(1, 10), upper: integer(1, 3) });
    for (let i = integer(1, 6); i > 0; i--)
      builder.addRow(
        -Infinity,
        columns * integer(1, 20),
        range(columns),
        range(columns).map(() => integer(0, 50)),
      );
  },
};

/** The program of a family and a seed; with `spoiled`, two rows are added that contradict each other by the amount given. */
export function structuredProgram(family: string, seed: number, spoiled = 0): MixedIntegerProgram {
  const random = seedrandom.alea(`${family} ${seed}`);
  const integer = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const builder = new MixedIntegerProgramBuilder();
  families[family]!(builder, integer);
  if (spoiled > 0) {
    const members = [...new Set(range(4).map(() => integer(0, builder.numColumns - 1)))];
    const values = members.map(() => integer(1, 5));
    builder.addRow(50, Infinity, members, values);
    builder.addRow(-Infinity, 50 - spoiled, members, values);
  }
  return builder.build(`${family} ${seed}`);
}
