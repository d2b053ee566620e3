import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/input/inputError.ts';
import { MpsError, readMps, readMpsModel } from '../../../src/lp/files/mpsReader.ts';
import type { MixedIntegerProgram } from '../../../src/lp/linearProgram.ts';
import { truth, truthText } from '../truth.ts';

/**
 * A free-form file with rows OBJ (N), LOW (G), HIGH (L), EVEN (E), columns X, Y and the given sections behind COLUMNS.
 */
const file = (sections: string, head = '') => `NAME T
${head}ROWS
 N OBJ
 G LOW
 L HIGH
 E EVEN
COLUMNS
 X OBJ 1 LOW 1
 X HIGH 2 EVEN 1
 Y LOW 3
${sections}
ENDATA
`;

/** The same with integer X (marked) and integer Z. */
const integerFile = (bounds: string) => `NAME T
ROWS
 N OBJ
 G LOW
COLUMNS
 M0 'MARKER' 'INTORG'
 X OBJ 1 LOW 1
 M1 'MARKER' 'INTEND'
 Y LOW 3
${bounds === '' ? '' : `BOUNDS\n${bounds}\n`}ENDATA
`;

const columnBounds = (program: MixedIntegerProgram, column: number) => [
  program.columnLower[column],
  program.columnUpper[column],
];
const rowBounds = (program: MixedIntegerProgram, row: number) => [program.rowLower[row], program.rowUpper[row]];

function outcomeOf(text: string): string {
  try {
    readMps(text);
    return 'read';
  } catch (error) {
    return (error as Error).name;
  }
}

function errorOf(text: string): MpsError {
  try {
    readMps(text);
  } catch (error) {
    if (error instanceof MpsError) return error;
    throw error;
  }
  throw new Error('the text was read without an error');
}

describe('readMps on the files with known sizes', () => {
  it.each(truth)('$file has the listed rows, columns and non-zeros', ({ file, numRows, numColumns, nonzeros }) => {
    const program = readMps(truthText(file));
    expect([program.numRows, program.numColumns, program.values.length]).toEqual([numRows, numColumns, nonzeros]);
    expect(program.columnStarts[numColumns]).toBe(nonzeros);
  });
});

describe('readMps, the matrix and the objective', () => {
  it('lays the entries out by columns', () => {
    const program = readMps(file('RHS\n RHS LOW 4 HIGH 10\n RHS EVEN 2'));
    expect([...program.columnStarts]).toEqual([0, 3, 4]);
    expect([...program.rowIndices]).toEqual([0, 1, 2, 0]);
    expect([...program.values]).toEqual([1, 2, 1, 3]);
    expect([...program.cost]).toEqual([1, 0]);
    expect([rowBounds(program, 0), rowBounds(program, 1), rowBounds(program, 2)]).toEqual([
      [4, Infinity],
      [-Infinity, 10],
      [2, 2],
    ]);
    expect(program.columnNames).toEqual(['X', 'Y']);
    expect(program.rowNames).toEqual(['LOW', 'HIGH', 'EVEN']);
  });

  it('takes the negative of the right-hand side of the objective as its constant', () => {
    expect(readMps(file('RHS\n RHS OBJ 7.5')).offset).toBe(-7.5);
  });

  it.each(['OBJSENSE MAX\n', 'OBJSENSE\n    MAX\n', 'OBJSENSE\n MAXIMIZE\n'])(
    'negates cost and constant under %j',
    (head) => {
      const { program, sense } = readMpsModel(file('RHS\n RHS OBJ 7.5', head));
      expect(sense).toBe('maximise');
      expect([...program.cost]).toEqual([-1, 0]);
      expect(Object.is(program.cost[1], 0)).toBe(true);
      expect(program.offset).toBe(7.5);
    },
  );

  it('takes the first N row as the objective and drops the others with all that names them', () => {
    const model = readMpsModel(
      file('RHS\n RHS SPARE 3 LOW 4\nRANGES\n RNG SPARE 1')
        .replace(' G LOW', ' N SPARE\n G LOW')
        .replace(' Y LOW 3', ' Y LOW 3 SPARE 9'),
    );
    expect(model.objectiveName).toBe('OBJ');
    expect(model.program.numRows).toBe(3);
    expect(model.program.values.length).toBe(4);
    expect(rowBounds(model.program, 0)).toEqual([4, Infinity]);
    expect(model.warnings).toContain('free row SPARE is dropped');
  });

  it('takes the N row that OBJNAME names', () => {
    const model = readMpsModel(file('', 'OBJNAME\n SECOND\n').replace(' G LOW', ' N SECOND\n G LOW'));
    expect(model.objectiveName).toBe('SECOND');
    expect([...model.program.cost]).toEqual([0, 0]);
  });

  it('reads a file without an objective row as one with objective 0', () => {
    const model = readMpsModel('ROWS\n G LOW\nCOLUMNS\n X LOW 1\nRHS\n RHS LOW 1\nENDATA\n');
    expect(model.objectiveName).toBeNull();
    expect([...model.program.cost]).toEqual([0]);
  });

  it('keeps a column that only occurs with a zero and drops the zero', () => {
    const program = readMps(file('').replace(' Y LOW 3', ' Y LOW 0'));
    expect([...program.columnStarts]).toEqual([0, 3, 3]);
  });

  it('reads Fortran exponents, plus signs and bare dots', () => {
    const program = readMps(
      file('').replace('X OBJ 1 LOW 1', 'X OBJ +1.5D+02 LOW -.5').replace('Y LOW 3', 'Y LOW 3.E-1'),
    );
    expect(program.cost[0]).toBe(150);
    expect([...program.values]).toEqual([-0.5, 2, 1, 0.3]);
  });
});

describe('readMps, RANGES', () => {
  // The rules of the original MPSX manual: on E rows the sign tells the side, on L and G rows only |R| counts.
  it.each([
    ['G', 4, 3, [4, 7]],
    ['G', 4, -3, [4, 7]],
    ['L', 4, 3, [1, 4]],
    ['L', 4, -3, [1, 4]],
    ['E', 4, 3, [4, 7]],
    ['E', 4, -3, [1, 4]],
    ['E', 4, 0, [4, 4]],
    ['G', 4, 0, [4, 4]],
  ])('%s row with right-hand side %d and range %d', (type, rhs, range, expected) => {
    const text = `ROWS\n N OBJ\n ${type} R\nCOLUMNS\n X R 1\nRHS\n S R ${rhs}\nRANGES\n S R ${range}\nENDATA\n`;
    expect(rowBounds(readMps(text), 0)).toEqual(expected);
  });

  it('does not depend on whether RANGES or RHS comes first', () => {
    const text = `ROWS\n N OBJ\n L R\nCOLUMNS\n X R 1\nRANGES\n S R 2\nRHS\n S R 5\nENDATA\n`;
    expect(rowBounds(readMps(text), 0)).toEqual([3, 5]);
  });

  it('takes a right-hand side of 1e20 and more as none', () => {
    const program = readMps(file('RHS\n RHS LOW -1e30 HIGH 1e20'));
    expect(rowBounds(program, 0)).toEqual([-Infinity, Infinity]);
    expect(rowBounds(program, 1)).toEqual([-Infinity, Infinity]);
  });
});

describe('readMps, BOUNDS', () => {
  it.each([
    [' UP B Y 4', [0, 4]],
    [' LO B Y -4', [-4, Infinity]],
    [' LO B Y -4\n UP B Y 5', [-4, 5]],
    [' FX B Y -4', [-4, -4]],
    [' FR B Y', [-Infinity, Infinity]],
    [' MI B Y', [-Infinity, Infinity]],
    [' MI B Y\n UP B Y 3', [-Infinity, 3]],
    [' UP B Y 3\n PL B Y', [0, Infinity]],
    [' BV B Y', [0, 1]],
    [' LI B Y 2', [2, Infinity]],
    [' UI B Y 9', [0, 9]],
    [' UP B Y 0', [0, 0]],
    [' UP B Y -2', [-Infinity, -2]],
    [' LO B Y 0\n UP B Y -2', [0, -2]],
    [' UP B Y 1e30', [0, Infinity]],
    [' LO B Y -Inf', [-Infinity, Infinity]],
    // Without the name of the set, and with a value where none is needed.
    [' UP Y 4', [0, 4]],
    [' FR Y', [-Infinity, Infinity]],
    [' FR Y 0', [-Infinity, Infinity]],
    [' FR B Y 0', [-Infinity, Infinity]],
  ])('%j', (bounds, expected) => {
    expect(columnBounds(readMps(integerFile(bounds)), 1)).toEqual(expected);
  });

  it.each([' BV B Y', ' LI B Y 2', ' UI B Y 9'])('%j makes the column integer', (bounds) => {
    expect([...readMps(integerFile(bounds)).integrality]).toEqual([1, 1]);
  });

  it('warns of a negative upper bound that frees a column below', () => {
    expect(readMpsModel(integerFile(' UP B Y -2')).warnings.join()).toMatch(/column Y .*free below/);
  });

  // Without any bound an integer column is binary (CPLEX, SCIP, HiGHS); any bound undoes that.
  it.each([
    ['', [0, 1]],
    [' LO B X 0', [0, Infinity]],
    [' LO B X 2', [2, Infinity]],
    [' UP B X 7', [0, 7]],
    [' PL B X', [0, Infinity]],
    [' MI B X', [-Infinity, Infinity]],
  ])('default of a marked integer column with bounds %j', (bounds, expected) => {
    const program = readMps(integerFile(bounds));
    expect([...program.integrality]).toEqual([1, 0]);
    expect(columnBounds(program, 0)).toEqual(expected);
  });

  it('uses the first set of bounds and of right-hand sides only, and says so', () => {
    const { program, warnings } = readMpsModel(file('RHS\n A LOW 4\n B LOW 5\nBOUNDS\n UP A X 3\n UP B X 2'));
    expect(program.rowLower[0]).toBe(4);
    expect(program.columnUpper[0]).toBe(3);
    expect(warnings).toHaveLength(2);
  });
});

describe('readMps, forms of the text', () => {
  const fixed = `NAME          SPACES
ROWS
 N  MY COST
 L  ROW 1
COLUMNS
    COL 1     MY COST          -1.0    ROW 1             2.0
    COL 2     ROW 1             1.0
RHS
              ROW 1             4.0
RANGES
    RNG 1     ROW 1             3.0
BOUNDS
 UP BND 1     COL 1             1.5
 FR BND 1     COL 2
ENDATA
`;

  it('reads names with spaces in fixed form, and a set without a name', () => {
    const { program, form } = readMpsModel(fixed);
    expect(form).toBe('fixed');
    expect(program.columnNames).toEqual(['COL 1', 'COL 2']);
    expect(program.rowNames).toEqual(['ROW 1']);
    expect(rowBounds(program, 0)).toEqual([1, 4]);
    expect(columnBounds(program, 0)).toEqual([0, 1.5]);
    expect(columnBounds(program, 1)).toEqual([-Infinity, Infinity]);
    expect([...program.cost]).toEqual([-1, 0]);
  });

  it('goes on with the column or set above where fixed form leaves its name blank, and drops comments behind row names', () => {
    const { program, form } = readMpsModel(`NAME          BLANKS
ROWS
 N  COST      $ what it costs          dollars
 G  ZINC      $ Zinc minimum           lbs
 L  TIN
COLUMNS
    A         COST               1.0   ZINC               2.0
              TIN                3.0   $ all of it
    B         TIN                4.0
              COST               5.0
RHS
    ONE       ZINC               6.0
              TIN                7.0
    TWO       ZINC               8.0
              TIN                9.0
BOUNDS
 UP ONE       A                  5.0
 UP           B                  6.0
ENDATA
`);
    expect(form).toBe('fixed');
    expect(program.columnNames).toEqual(['A', 'B']);
    expect([...program.cost]).toEqual([1, 5]);
    expect([...program.columnStarts]).toEqual([0, 2, 3]);
    expect([...program.values]).toEqual([2, 3, 4]);
    expect([...program.rowLower]).toEqual([6, -Infinity]);
    expect([...program.rowUpper]).toEqual([Infinity, 7]);
    expect([...program.columnUpper]).toEqual([5, 6]);
  });

  it('drops comments behind row names in free form, and a byte order mark', () => {
    const text = `\uFEFF${file('').replace(' G LOW', ' G LOW $ the least of it')}`;
    expect(readMps(text).rowNames).toEqual(readMps(file('')).rowNames);
  });

  it('reads a set without a name in free form', () => {
    expect(readMps(file('RHS\n LOW 4 HIGH 10')).rowUpper[1]).toBe(10);
  });

  it('takes any line ending, comments, blank lines and tabs', () => {
    const text = file('RHS\n RHS LOW 4\n* a comment\n\n\tRHS\tHIGH\t10 $ another');
    for (const ending of ['\r\n', '\r', '\n'])
      expect([...readMps(text.replaceAll('\n', ending)).rowUpper]).toEqual([Infinity, 10, 0]);
  });

  it('keeps the name of the program and takes the word FREE behind it as the form', () => {
    expect(readMps(fixed.replace('SPACES', 'MY  PROBLEM (1)')).name).toBe('MY  PROBLEM (1)');
    expect(readMps(file('').replace('NAME T', 'NAME T FREE')).name).toBe('T');
    expect(readMps(file('').replace('NAME T', 'NAME FREE')).name).toBe('');
    expect(readMps(file('').replace('NAME T', 'NAME')).name).toBe('');
  });
});

describe('readMps on text that it cannot read', () => {
  it.each([
    ['an empty text', '', 1, /empty/],
    ['no ENDATA', file('').replace('ENDATA\n', ''), 10, /ENDATA/],
    ['a truncated line', file('').slice(0, file('').indexOf(' Y LOW') + 6), 10, /ENDATA|pairs/],
    ['data before any section', ' X OBJ 1\n', 1, /section header/],
    ['an unknown section', file('').replace('COLUMNS', 'COLUMS'), 7, /section header/],
    ['a quadratic objective', file('QUADOBJ\n X X 1'), 11, /linear program/],
    ['a second COLUMNS section', file('COLUMNS\n X LOW 1'), 11, /only one COLUMNS/],
    ['RHS before COLUMNS', 'ROWS\n N OBJ\nRHS\n RHS OBJ 1\nENDATA\n', 3, /COLUMNS before RHS/],
    ['COLUMNS before ROWS', 'COLUMNS\n X OBJ 1\nENDATA\n', 1, /ROWS before COLUMNS/],
    ['ENDATA before COLUMNS', 'NAME T\nROWS\n N OBJ\nENDATA\n', 4, /COLUMNS section before/],
    ['an unknown row type', file('').replace(' G LOW', ' Q LOW'), 4, /row type/],
    ['a row name twice', file('').replace(' L HIGH', ' L LOW'), 5, /not yet taken/],
    ['an unknown row in COLUMNS', file('').replace('Y LOW', 'Y NIX'), 10, /row of the ROWS section/],
    ['an unknown row in RHS', file('RHS\n RHS NIX 1'), 12, /row of the ROWS section/],
    ['an unknown column in BOUNDS', file('BOUNDS\n UP B NIX 1'), 12, /column of the COLUMNS section/],
    ['an unknown bound type', file('BOUNDS\n XX B X 1'), 12, /bound type/],
    ['a semi-continuous column', file('BOUNDS\n SC B X 1'), 12, /semi-continuous/],
    ['a bound without its value', file('BOUNDS\n UP B X'), 12, /column|number|value/],
    ['a value that is no number', file('').replace('Y LOW 3', 'Y LOW 3..5'), 10, /number/],
    ['a value cut off', file('').replace('Y LOW 3', 'Y LOW 3e'), 10, /number/],
    ['an infinite coefficient', file('').replace('Y LOW 3', 'Y LOW inf'), 10, /finite number/],
    ['an overflowing coefficient', file('').replace('Y LOW 3', 'Y LOW 1e999'), 10, /finite number/],
    ['a hexadecimal value', file('').replace('Y LOW 3', 'Y LOW 0x10'), 10, /number/],
    ['a lower bound that excludes everything', file('BOUNDS\n LO B X 1e20'), 12, /below 1e20/],
    ['an upper bound that excludes everything', file('BOUNDS\n UP B X -inf'), 12, /above -1e20/],
    ['a column fixed at infinity', file('BOUNDS\n FX B X 1e30'), 12, /below 1e20/],
    ['a least side that excludes everything', file('RHS\n RHS LOW 1e20'), 12, /below 1e20/],
    ['a greatest side that excludes everything', file('RHS\n RHS HIGH -1e20'), 12, /above -1e20/],
    ['an equation with an infinite side', file('RHS\n RHS EVEN -inf'), 12, /above -1e20/],
    ['a range of an infinite side', file('RHS\n RHS HIGH 1e30\nRANGES\n RNG HIGH 5'), 15, /finite right-hand side/],
    ['a header with a strange blank', file('').replace('COLUMNS', 'COLUMS\u2028x'), 7, /section header/],
    ['NaN', file('').replace('Y LOW 3', 'Y LOW NaN'), 10, /number/],
    ['an entry twice', file('').replace('Y LOW 3', 'Y LOW 3 LOW 4'), 10, /at most once/],
    ['a column in two places', file('').replace(' Y LOW 3', ' Y LOW 3\n X EVEN 1'), 11, /together/],
    ['a strange marker', integerFile('').replace("'INTORG'", "'SOSORG'"), 6, /INTORG/],
    ['a strange sense', file('', 'OBJSENSE\n UP\n'), 3, /MIN or MAX/],
  ])('%s: one error with line and expectation', (_, text, line, expectation) => {
    const error = errorOf(text);
    expect(error.line).toBe(line);
    expect(error.expected).toMatch(expectation);
    expect(error.message).toContain(`line ${line}`);
  });

  it('reports where the reading of a fixed-form file with spaces in its names ended', () => {
    const text = `NAME          SPACES
ROWS
 N  MY COST
 L  ROW 1
COLUMNS
    COL 1     MY COST          -1.0    ROW 2             2.0
ENDATA
`;
    const error = errorOf(text);
    expect([error.line, error.found]).toEqual([6, 'ROW 2']);
  });

  it('refuses what is no text', () => {
    expect(() => readMps(undefined as unknown as string)).toThrow(InputError);
  });

  it('never throws anything but an MpsError, whatever part of a file is missing', () => {
    const text = truthText('lp/boeing2.mps').split(/\r?\n/);
    for (let drop = 0; drop < text.length; drop += 7) {
      const damaged = [...text.slice(0, drop), ...text.slice(drop + 5)].join('\n');
      expect(['read', 'MpsError']).toContain(outcomeOf(damaged));
    }
  });
});
