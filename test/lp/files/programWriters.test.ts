import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeLpFile } from '../../../src/lp/files/lpFileWriter.ts';
import { readMps } from '../../../src/lp/files/mpsReader.ts';
import { writeMps } from '../../../src/lp/files/mpsWriter.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { draws } from '../../arbitrary/draws.ts';
import { deviation, type HighsOracle, loadHighsOracle } from '../highsOracle.ts';
import { randomProgram } from '../randomPrograms.ts';
import { truth, truthText } from '../truth.ts';

let highs: HighsOracle;
beforeAll(async () => {
  highs = await loadHighsOracle();
});

/** The program with the column that holds a written constant, if it has one, taken back into the offset. */
function withoutConstant(read: MixedIntegerProgram): MixedIntegerProgram {
  const last = read.numColumns - 1;
  if (read.columnNames[last] !== 'CONSTANT') return read;
  expect([read.columnLower[last], read.columnUpper[last], read.integrality[last]]).toEqual([1, 1, 0]);
  expect(read.columnStarts[last]).toBe(read.columnStarts[last + 1]);
  return {
    ...read,
    numColumns: last,
    columnStarts: read.columnStarts.slice(0, last + 1),
    cost: read.cost.slice(0, last),
    columnLower: read.columnLower.slice(0, last),
    columnUpper: read.columnUpper.slice(0, last),
    integrality: read.integrality.slice(0, last),
    columnNames: read.columnNames.slice(0, last),
    offset: read.cost[last],
  };
}

/** HiGHS needs long for bgindy; it is read and written, not solved, here. */
const solvable = truth.filter(({ file }) => !file.endsWith('bgindy.mps'));

describe('a program written and read again', () => {
  it.each(truth)('$file is the same in free form, but for spaces in its own name', ({ file }) => {
    const program = readMps(truthText(file));
    expect(withoutConstant(readMps(writeMps(program)))).toEqual({
      ...program,
      name: program.name.replace(/\s+/g, '_'),
    });
  });

  it.each(truth)('$file is the same in fixed form, its numbers being short', ({ file }) => {
    const program = readMps(truthText(file));
    expect(withoutConstant(readMps(writeMps(program, { format: 'fixed' })))).toEqual(program);
  });

  it('is the same for random programs, wide coefficients and integers included', () => {
    fc.assert(
      fc.property(randomProgram({ decades: 12, integers: true }), (program) => {
        expect(withoutConstant(readMps(writeMps(program)))).toEqual(program);
      }),
      { numRuns: draws(500), seed: 1 },
    );
  });

  it('keeps every bit of numbers and of both sides of ranged rows', () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 });
    fc.assert(
      fc.property(double, double, double, (a, b, cost) => {
        const builder = new MixedIntegerProgramBuilder();
        builder.addColumn({ name: 'x', cost: cost + 0, lower: Math.min(a, b) + 0, upper: Math.max(a, b) + 0 });
        builder.addRow({ lower: Math.min(a, b) + 0, indices: [0], values: [1], name: 'r' });
        expect(readMps(writeMps(builder.build('t')))).toEqual(builder.build('t'));
      }),
      { numRuns: draws(300), seed: 2 },
    );
  });

  it('differs only in names, which stay different, where names are illegal', () => {
    fc.assert(
      fc.property(
        randomProgram({ integers: true, nastyNames: true }),
        fc.constantFrom('free', 'fixed'),
        (program, format) => {
          const again = withoutConstant(readMps(writeMps(program, { format: format as 'free' | 'fixed' })));
          expect({ ...again, columnNames: [], rowNames: [] }).toEqual({ ...program, columnNames: [], rowNames: [] });
          expect(new Set(again.columnNames).size).toBe(program.numColumns);
          expect(new Set(again.rowNames).size).toBe(program.numRows);
        },
      ),
      { numRuns: draws(300), seed: 3 },
    );
  });

  it('rounds in fixed form to twelve characters, no coarser than 1e-5 relative', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 1e-90, max: 1e19 }), fc.boolean(), (magnitude, negative) => {
        const value = negative ? -magnitude : magnitude;
        const builder = new MixedIntegerProgramBuilder();
        builder.addColumn({ cost: value });
        const text = writeMps(builder.build(), { format: 'fixed' });
        expect(Math.abs(readMps(text).cost[0] - value)).toBeLessThanOrEqual(1e-5 * magnitude);
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(61);
      }),
      { numRuns: draws(500), seed: 4 },
    );
  });
});

describe('programs written for HiGHS', () => {
  it.each(solvable)('$file: the LP text has the known optimum', ({ file, optimum }) => {
    const program = readMps(truthText(file));
    const answer = highs.solveText('lp', writeLpFile(program));
    expect(deviation(answer, optimum)).toBeLessThanOrEqual(1e-7);
  });

  it.each(solvable)('$file: the MPS text has the known optimum', ({ file, optimum }) => {
    const program = readMps(truthText(file));
    const answer = highs.solveText('mps', writeMps(program));
    expect(deviation(answer, optimum)).toBeLessThanOrEqual(1e-7);
  });

  it('random programs have the same answer as arrays, as LP text and as MPS text', () => {
    fc.assert(
      fc.property(randomProgram({ integers: true, nastyNames: true }), (program) => {
        const expected = highs.solve(program);
        for (const answer of [
          highs.solveText('lp', writeLpFile(program)),
          highs.solveText('mps', writeMps(program)),
          highs.solveText('mps', writeMps(program, { format: 'fixed' })),
        ])
          expect(deviation(answer, expected)).toBeLessThanOrEqual(1e-6);
      }),
      { numRuns: draws(300), seed: 5 },
    );
  });

  it('reads the LP text of a program as the program itself, ranged rows being two', () => {
    const program = nasty();
    const model = highs.runtime.createModel({ format: 'lp', data: writeLpFile(program) });
    const read = model.getLp();
    model.dispose();
    expect(read.numRows).toBe(program.numRows + 1);
    expect([...read.rowLower]).toEqual([-Infinity, 0.1, -Infinity, -3]);
    expect([...read.rowUpper]).toEqual([Infinity, Infinity, 0.3, Infinity]);
    // Columns come in the order of their first mention.
    // The constant is the cost of a column fixed at 1.
    expect([...read.colLower]).toEqual([3, 0, 1, -Infinity, 0]);
    expect([...read.colUpper]).toEqual([2, 1, 1, -2, Infinity]);
    expect([...read.colCost]).toEqual([0, 0.1, -0.5, 0, 0]);
    expect(read.offset).toBe(0);
  });
});

/** Illegal names, a free and a ranged row, an empty column, crossed bounds, a third as coefficient. */
function nasty(): MixedIntegerProgram {
  const builder = new MixedIntegerProgramBuilder();
  builder.addColumn({ name: 'a b', lower: -Infinity, upper: -2 });
  builder.addColumn({ name: 'x[1]', integer: true });
  builder.addColumn({ name: 'e1', lower: 3, upper: 2 });
  builder.addColumn({ name: 'free', integer: true, upper: 1, cost: 0.1 });
  builder.addRow({ indices: [0, 1], values: [1, 1], name: 'no limit' });
  builder.addRow({ lower: 0.1, upper: 0.3, indices: [0, 1], values: [1, 1e-7], name: 'range' });
  builder.addRow({ lower: -3, indices: [0, 3], values: [1, -1 / 3], name: 'third' });
  builder.addToOffset(-0.5);
  return builder.build('nasty');
}

describe('names and rows that a file cannot hold', () => {
  it('lists changed names in comments', () => {
    const program = nasty();
    expect(writeLpFile(program)).toContain('\\ column x_1_ = "x[1]"');
    expect(writeMps(program)).toContain('* column a_b = "a b"');
  });

  it('keeps a changed name from taking the place of another', () => {
    const builder = new MixedIntegerProgramBuilder();
    for (const name of ['a b', 'a_b', 'a\tb', 'a_b', '']) builder.addColumn({ name });
    expect(readMps(writeMps(builder.build())).columnNames).toEqual(['C0', 'a_b', 'C2', 'C3', 'C4']);
  });

  it('refuses a row whose bounds cross, which MPS cannot say', () => {
    const builder = new MixedIntegerProgramBuilder();
    builder.addColumn();
    builder.addRow({ lower: 3, upper: 2, indices: [0], values: [1], name: 'crossed' });
    expect(() => writeMps(builder.build())).toThrow(/crossed.*\[3, 2\]/);
  });

  it('writes no line longer than old readers take', () => {
    const builder = new MixedIntegerProgramBuilder();
    for (let j = 0; j < 200; j++) builder.addColumn({ cost: 1 / 3, integer: true });
    for (const line of writeLpFile(builder.build()).split('\n')) expect(line.length).toBeLessThanOrEqual(255);
  });
});
