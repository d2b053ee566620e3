import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LpFileError, readLpFile, readLpModel } from '../../../src/lp/files/lpFileReader.ts';
import { writeLpFile } from '../../../src/lp/files/lpFileWriter.ts';
import { readMps } from '../../../src/lp/files/mpsReader.ts';
import { solveLinearProgram } from '../../../src/lp/solveLinearProgram.ts';
import { deviation, loadHighsOracle } from '../highsOracle.ts';
import { randomProgram } from '../randomPrograms.ts';
import { truth, truthText } from '../truth.ts';

const highs = await loadHighsOracle();

describe('CPLEX-LP text', () => {
  it('has objective, rows of all kinds, bounds, integers and binaries', () => {
    const { program, sense, objectiveName, warnings } = readLpModel(
      `\\ a comment
Maximize
 profit: 3 x + 2y - z + 10 + x
Subject To
 c1: x + y <= 4
 -2 <= x - z <= 8   \\ double-sided
 c3: 2 x => 1
 c4: x + 1 - 3 z = - 2
Bounds
 y free
 -5 <= z <= 5
 x <= 1e30
General
 z
Binary
 b
End
`.replace('+ x\n', '+ x + 0 b\n'),
    );
    expect([sense, objectiveName, warnings]).toEqual(['maximise', 'profit', []]);
    expect(program.columnNames).toEqual(['x', 'y', 'z', 'b']);
    expect([...program.cost]).toEqual([-4, -2, 1, 0]);
    expect(program.offset).toBe(-10);
    expect([...program.columnLower]).toEqual([0, -Infinity, -5, 0]);
    expect([...program.columnUpper]).toEqual([Infinity, Infinity, 5, 1]);
    expect([...program.integrality]).toEqual([0, 0, 1, 1]);
    expect(program.rowNames).toEqual(['c1', 'R2', 'c3', 'c4']);
    expect([...program.rowLower]).toEqual([-Infinity, -2, 1, -3]);
    expect([...program.rowUpper]).toEqual([4, 8, Infinity, -3]);
  });

  it.each([
    ['max\n x\nst\n x <= 1\n', /line 4: found "", expected end/],
    ['max\n x\nst\n x <= \nend', /line 4: found "nothing behind <=", expected a number/],
    ['max\n x\nst\n a: x >=\n b: x <= 1\nend', /line 4: found "nothing behind >=", expected a number/],
    ['max\n x\nst\n a: x\n b: x <= 1\nend', /line 4: found "nothing behind x", expected a sign, a relation/],
    ['max\n x\nst\n a: x + 2\n\n <= 1\n b:\nend', /line 7: found "nothing behind :", expected a number or a col/],
    ['max\n x\nst\n a: x -\n <= 1\nend', /line 4: found "nothing behind -", expected a number or a column/],
    ['max\n x\nst\n a: x <= 1\nbounds\n 1 <=\n\nend', /line 6: found "nothing behind <=", expected the name/],
    ['max\n x\nst\n a: x <= 1\nbounds\n x\nend', /line 6: found "nothing behind x", expected <=, >= or =/],
    ['max\n x\nst\n x <= end', /line 4: found "end", expected a number/],
    ['min\n x + 1e999 y\nst\nend', /line 2: found "1e999", expected a finite coefficient/],
    ['min\n x\nst\n 1e308 x + 1e308 x <= 1\nend', /line 4: found "1e308", expected a finite coefficient/],
    ['min\n x + 1e999\nst\n x >= 1\nend', /line 2: found "x", expected an objective with a finite constant/],
    ['x <= 1\nend', /line 1: found "x", expected minimize or maximize/],
    ['min\n x + [ x ^ 2 ]\nst\nend', /line 2: found "\[", expected a linear program/],
    ['min\n x y\nst\n x >= 1\nend', /line 2: found "y", expected a sign/],
    ['min\n x\nst\n x >= 1\nbounds\n w <= 3\nend', /line 6: found "w", expected the name of a column/],
    ['min\n x\nst\n a: x >= 1\n a: x <= 2\nend', /line 5: found "a", expected a row name that is not yet taken/],
    ['min\n x\nst\n x >= 1\nsemi-continuous\n x\nend', /found "semi-continuous", expected a linear program/],
  ])('that is none is refused: %j', (text, message) => {
    expect(() => readLpFile(text)).toThrow(LpFileError);
    expect(() => readLpFile(text)).toThrow(message);
  });

  it('has no name: the objective has one', () => {
    expect(readLpFile('min\n cost: x\nst\n x >= 1\nend\n').name).toBe('');
  });

  it('says it where a bound is given twice', () => {
    const text = 'min\n x\nst\n x >= 1\nbounds\n x <= 3\n x <= 5\nend\n';
    expect(readLpModel(text).warnings).toEqual(['line 7: the upper bound of x is 5 here and was 3 before: 5 is used']);
  });
});

describe('what we write', () => {
  const linear = truth.filter(({ kind, file }) => kind === 'LP' && !/bgindy|25fv47|ship|pilot/.test(file));
  it.each(linear)('$file has its optimum as LP text', ({ file, optimum }) => {
    const again = readLpFile(writeLpFile(readMps(truthText(file))));
    const { status, objective } = solveLinearProgram(again);
    expect(deviation({ status, objective: objective ?? 0 }, optimum)).toBeLessThanOrEqual(1e-8);
  });

  it('is read as HiGHS reads it', () => {
    fc.assert(
      fc.property(randomProgram({ integers: true, nastyNames: true }), (program) => {
        const text = writeLpFile(program);
        expect(deviation(highs.solve(readLpFile(text)), highs.solveText('lp', text))).toBeLessThanOrEqual(1e-9);
      }),
      { numRuns: 200, seed: 6 },
    );
  });
});
