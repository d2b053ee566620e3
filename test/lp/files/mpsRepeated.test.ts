/** What a file says twice, or too late, is said to the reader with both values. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MpsError, readMpsModel } from '../../../src/lp/files/mpsReader.ts';

const model = (name: string) =>
  readMpsModel(readFileSync(new URL(`../../data/programs/${name}.mps`, import.meta.url), 'utf8'));

describe('entries that are given twice', () => {
  it.each([
    ['dup_rhs', /RHS of r1 is 12 here and was 10/],
    ['range_dup', /RANGES of r is 4 here and was 3/],
    ['fx_then_lo', /upper bound of x is 5 here and was 3/],
  ])('%s: a warning holds both values', (name, message) => {
    const { warnings } = model(name);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(message);
  });

  it('are no matter if they agree', () => {
    const text =
      'NAME\nROWS\n N o\n L r\nCOLUMNS\n x o 1 r 1\nRHS\n s r 4\n s r 4\nBOUNDS\n MI b x\n UP b x 3\n UP b x 3\nENDATA\n';
    expect(readMpsModel(text).warnings).toEqual([]);
  });
});

describe('OBJNAME', () => {
  it('behind ROWS is refused where it names another row than the first', () => {
    expect(() => model('objname-after-rows')).toThrow(MpsError);
    expect(() => model('objname-after-rows')).toThrow(
      /line 7: found "B", expected OBJNAME before ROWS.*objective is A/,
    );
  });

  it('that names no row is refused', () => {
    const text = 'NAME\nOBJNAME\n    Z\nROWS\n N o\n L r\nCOLUMNS\n x o 1 r 1\nENDATA\n';
    expect(() => readMpsModel(text)).toThrow(/line 9: found "Z", expected an N row of the name/);
  });
});

it('an indented comment is one', () => {
  const text = 'NAME\nROWS\n * the objective\n N o\n L r\nCOLUMNS\n\t* the only column\n x o 1 r 1\nENDATA\n';
  expect(readMpsModel(text).program).toMatchObject({ numRows: 1, numColumns: 1 });
});
