/**
 * Families of linear programs with the structures that trip a simplex: degenerate, redundant, cycling, exponential,
 * badly scaled.
 */
import seedrandom from 'seedrandom';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';

type Family = (builder: MixedIntegerProgramBuilder, integer: (least: number, most: number) => number) => void;

const range = (length: number) => Array.from({ length }, (_, index) => index);
const ones = (length: number) => range(length).map(() => 1);
const multiplesOf = (unit: number, amounts: readonly number[]) => amounts.map((amount) => amount * unit);

/** Rows and columns that sum to the same: one equation follows from the others, and ties are everywhere. */
function transport(builder: MixedIntegerProgramBuilder, integer: Parameters<Family>[1], unit: number): void {
  const sources = integer(3, 14);
  const sinks = unit === 1 ? sources : integer(3, 14);
  const supplies = range(sources).map(() => (unit === 1 ? 1 : integer(1, 5) * sinks));
  const demand = supplies.reduce((sum, supply) => sum + supply, 0) / sinks;
  for (let t = 0; t < sources * sinks; t++)
    builder.addColumn({ cost: integer(0, 6), upper: integer(0, 1) === 0 ? Infinity : Math.max(1, 4 * unit) });
  supplies.forEach((supply, i) => {
    builder.addRow({
      lower: supply,
      upper: supply,
      indices: range(sinks).map((j) => i * sinks + j),
      values: ones(sinks),
    });
  });
  for (let j = 0; j < sinks; j++)
    builder.addRow({
      lower: demand,
      upper: demand,
      indices: range(sources).map((i) => i * sinks + j),
      values: ones(sources),
    });
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
      builder.addRow({ lower: 1, indices: members, values: ones(members.length) });
    }
  },
  'dependent equations': (builder, integer) => {
    const columns = integer(8, 40);
    const point = range(columns).map(() => integer(0, 5));
    for (let j = 0; j < columns; j++)
      builder.addColumn({ cost: integer(-3, 6), lower: -integer(0, 2), upper: integer(5, 10) });
    const rows = range(integer(3, 12)).map(() => range(columns).map(() => (integer(0, 4) === 0 ? integer(-3, 3) : 0)));
    const combined = rows.map((row, i) => row.map((value, j) => 2 * value - 3 * rows[(i + 1) % rows.length][j]));
    for (const row of [...rows, ...combined]) {
      const activity = row.reduce((sum, value, j) => sum + value * point[j], 0);
      builder.addRow({
        lower: activity,
        upper: activity + (integer(0, 3) === 0 ? 1 : 0),
        indices: range(columns),
        values: row,
      });
    }
  },
  'Klee-Minty': (builder, integer) => {
    const size = integer(3, 14);
    for (let j = 0; j < size; j++) builder.addColumn({ cost: -(2 ** (size - 1 - j)) });
    for (let i = 0; i < size; i++)
      builder.addRow({
        upper: 5 ** (i + 1),
        indices: range(i + 1),
        values: range(i + 1).map((j) => (j === i ? 1 : 2 ** (i - j + 1))),
      });
  },
  'cone with a cap': (builder, integer) => {
    // Beale's and Kuhn's examples of cycling are of this shape: all right-hand sides 0 but one.
    const columns = integer(4, 10);
    for (let j = 0; j < columns; j++) builder.addColumn({ cost: integer(-150, 60) / 10 });
    for (let i = integer(2, 7); i > 0; i--)
      builder.addRow({
        upper: 0,
        indices: range(columns),
        values: range(columns).map(() => integer(-90, 110) / integer(1, 50)),
      });
    builder.addRow({ upper: 1, indices: range(columns), values: ones(columns) });
  },
  'big M': (builder, integer) => {
    const pairs = integer(5, 25);
    for (let j = 0; j < pairs; j++) {
      builder.addColumn({ cost: integer(1, 5) });
      builder.addColumn({ cost: integer(10, 100), upper: 1 });
      builder.addRow({ upper: 0, indices: [2 * j, 2 * j + 1], values: [1, -(10 ** integer(2, 6))] });
    }
    builder.addRow({ lower: integer(10, 1000), indices: range(pairs).map((j) => 2 * j), values: ones(pairs) });
    for (let i = 0; i < pairs; i += 2)
      builder.addRow({ upper: integer(5, 500), indices: [2 * i, 2 * i + 1], values: [integer(1, 9), integer(1, 9)] });
  },
  'knapsacks of many boxes': (builder, integer) => {
    const columns = integer(50, 300);
    for (let j = 0; j < columns; j++)
      builder.addColumn({ cost: -integer(1, 1000) / integer(1, 10), upper: integer(1, 3) });
    for (let i = integer(1, 6); i > 0; i--)
      builder.addRow({
        upper: columns * integer(1, 20),
        indices: range(columns),
        values: range(columns).map(() => integer(0, 50)),
      });
  },
  'staircase of periods': (builder, integer) => {
    // Stock of each period is made or brought along; capacities, sales and balances link neighbours only.
    const [periods, goods] = [integer(4, 12), integer(2, 5)];
    const perPeriod = 3 * goods;
    for (let t = 0; t < periods; t++)
      for (let g = 0; g < goods; g++) {
        builder.addColumn({ cost: integer(1, 9) + (t % 3) });
        builder.addColumn({ cost: 0.5, upper: integer(0, 2) === 0 ? 0 : integer(5, 40) });
        builder.addColumn({ cost: -integer(5, 20), lower: integer(0, 2), upper: integer(2, 30) });
      }
    for (let t = 0; t < periods; t++) {
      const first = t * perPeriod;
      for (let g = 0; g < goods; g++) {
        const [make, keep, sell] = [first + 3 * g, first + 3 * g + 1, first + 3 * g + 2];
        const brought = t === 0 ? [] : [keep - perPeriod];
        const stock = t === 0 ? integer(0, 10) : 0;
        builder.addRow({
          lower: -stock,
          upper: -stock,
          indices: [make, keep, sell, ...brought],
          values: [1, -1, -1, ...brought.map(() => 0.97)],
        });
      }
      const making = range(goods).map((g) => first + 3 * g);
      builder.addRow({
        upper: integer(10, 60),
        indices: making,
        values: multiplesOf(
          0.1,
          making.map(() => integer(5, 30)),
        ),
      });
      if (t > 0) {
        const change = [...making, ...making.map((column) => column - perPeriod)];
        builder.addRow({ lower: -20, upper: 25, indices: change, values: change.map((_, c) => (c < goods ? 1 : -1)) });
      }
    }
  },
  'multicommodity flow': (builder, integer) => {
    const [nodes, goods] = [integer(4, 8), integer(2, 4)];
    const arcs = range(nodes).flatMap((tail) =>
      range(nodes).flatMap((head) =>
        head !== tail && (head === (tail + 1) % nodes || integer(0, 2) === 0) ? [{ tail, head }] : [],
      ),
    );
    // A dear way past the network keeps every demand servable.
    const perGood = arcs.length + 1;
    for (let g = 0; g < goods; g++) {
      for (let a = 0; a < arcs.length; a++) builder.addColumn({ cost: integer(1, 10) });
      builder.addColumn({ cost: 1000 });
      const [source, sink, demand] = [integer(0, nodes - 1), integer(0, nodes - 2), integer(1, 20)];
      const target = sink >= source ? sink + 1 : sink;
      for (let node = 0; node < nodes; node++) {
        const out = range(arcs.length).filter((a) => arcs[a].tail === node);
        const into = range(arcs.length).filter((a) => arcs[a].head === node);
        const net = node === source ? demand : node === target ? -demand : 0;
        const past = net === 0 ? [] : [arcs.length];
        builder.addRow({
          lower: net,
          upper: net,
          indices: [...out, ...into, ...past].map((a) => g * perGood + a),
          values: [...ones(out.length), ...into.map(() => -1), ...past.map(() => Math.sign(net))],
        });
      }
    }
    for (let a = 0; a < arcs.length; a++)
      builder.addRow({ upper: integer(0, 25), indices: range(goods).map((g) => g * perGood + a), values: ones(goods) });
  },
  'units from grams to megatons': (builder, integer) => {
    // A sound program whose rows and columns are counted in units ten decades apart, as in the pilot models.
    const columns = integer(8, 30);
    const unitOf = range(columns).map(() => 10 ** integer(-4, 4));
    const point = range(columns).map(() => integer(0, 9));
    for (let j = 0; j < columns; j++) {
      const unit = unitOf[j];
      const isFree = integer(0, 5) === 0;
      builder.addColumn({
        cost: integer(1, 9) / unit,
        lower: isFree ? -20 * unit : 0,
        upper: integer(0, 1) === 0 ? Infinity : 30 * unit,
      });
    }
    for (let i = integer(5, 25); i > 0; i--) {
      const scale = 10 ** integer(-3, 3);
      const members = range(columns).filter(() => integer(0, 3) === 0);
      const values = members.map(() => integer(1, 9) * (integer(0, 2) === 0 ? -1 : 1));
      const activity = members.reduce((sum, j, t) => sum + values[t] * point[j], 0);
      builder.addRow({
        lower: scale * (activity - integer(0, 2)),
        upper: integer(0, 1) === 0 ? Infinity : scale * (activity + integer(0, 4)),
        indices: members,
        values: members.map((j, t) => (scale * values[t]) / unitOf[j]),
      });
    }
  },
  'free columns and ranges': (builder, integer) => {
    const columns = integer(5, 25);
    const point = range(columns).map(() => integer(-9, 9));
    const rows = range(integer(5, 25)).map(() => range(columns).map(() => (integer(0, 2) === 0 ? integer(-4, 4) : 0)));
    // Costs are a combination of the rows and of what bounds each column, so that the optimum is finite.
    const multipliers = rows.map(() => integer(-2, 3));
    for (let j = 0; j < columns; j++) {
      const kind = integer(0, 3);
      const reducedCost = kind === 0 ? 0 : kind === 1 ? integer(0, 3) : kind === 2 ? -integer(0, 3) : integer(-3, 3);
      builder.addColumn({
        cost: reducedCost + rows.reduce((sum, row, i) => sum + multipliers[i] * row[j], 0),
        lower: kind === 0 || kind === 2 ? -Infinity : point[j] - integer(0, 4),
        upper: kind === 0 || kind === 1 ? Infinity : point[j] + integer(0, 4),
      });
    }
    rows.forEach((row, i) => {
      const activity = row.reduce((sum, value, j) => sum + value * point[j], 0);
      const lower = multipliers[i] > 0 || integer(0, 1) === 0 ? activity - integer(0, 6) : -Infinity;
      const upper = multipliers[i] < 0 || integer(0, 1) === 0 ? activity + integer(0, 6) : Infinity;
      builder.addRow({ lower, upper, indices: range(columns), values: row });
    });
  },
};

/**
 * The program of a family and a seed; with `spoiled`, two rows are added that contradict each other by the amount
 * given.
 */
export function structuredProgram(family: string, seed: number, spoiled = 0): MixedIntegerProgram {
  const random = seedrandom.alea(`${family} ${seed}`);
  const integer = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const builder = new MixedIntegerProgramBuilder();
  families[family](builder, integer);
  if (spoiled > 0) {
    const members = [...new Set(range(4).map(() => integer(0, builder.numColumns - 1)))];
    const values = members.map(() => integer(1, 5));
    builder.addRow({ lower: 50, indices: members, values });
    builder.addRow({ upper: 50 - spoiled, indices: members, values });
  }
  return builder.build(`${family} ${seed}`);
}
