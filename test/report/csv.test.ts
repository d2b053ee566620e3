import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { toCsv } from '../../src/report/csv.ts';

it('writes a header, exact numbers, empty fields for what is missing, and quotes what needs them', () => {
  const text = toCsv(
    ['a', 'b', 'c'],
    [
      { a: 0.1 + 0.2, b: null, c: 'one, "two"\nthree' },
      { a: 1e-7, c: '' },
    ],
  );
  expect(text.split('\n')[0]).toBe('a,b,c');
  const [first, second] = parse(text, { columns: true }) as Record<string, string>[];
  expect(Number(first!.a)).toBe(0.1 + 0.2);
  expect(first).toMatchObject({ b: '', c: 'one, "two"\nthree' });
  expect(Number(second!.a)).toBe(1e-7);
  expect(second).toMatchObject({ b: '', c: '' });
});

it('writes the header alone where there are no rows', () => {
  expect(toCsv(['a', 'b'], [])).toBe('a,b\n');
});
