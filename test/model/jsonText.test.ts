/** JSON text as users write it: what is wrong with it is said by line and column. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/inputError.ts';
import { parseJson } from '../../src/model/jsonText.ts';
import { parseInstance } from '../../src/model/validateInstance.ts';
import { errorOf } from './errorOf.ts';
import { tinyInstance } from './tinyInstance.ts';

describe('parseInstance', () => {
  const text = JSON.stringify(tinyInstance(), null, 1);

  it('reads what JSON.stringify writes, with or without a byte-order mark', () => {
    expect(parseInstance(text)).toEqual(tinyInstance());
    expect(parseInstance(`\uFEFF${text}`)).toEqual(tinyInstance());
  });

  it('refuses every truncation of the text at its end', () => {
    for (let length = 0; length < text.length; length += 7) {
      const cut = text.slice(0, length);
      const lines = cut.split('\n');
      const error = errorOf(() => parseInstance(cut));
      expect(error.value).toBe('the end of the text');
      expect(error.path).toBe(`line ${lines.length}, column ${lines.at(-1)!.length + 1}`);
    }
  });

  it.each([
    ['{"a":1,}', 'line 1, column 8', '"}"', 'a key in double quotes (JSON)'],
    ['[1 2]', 'line 1, column 4', '"2]"', '"," or "]" (JSON)'],
    ['{a:1}', 'line 1, column 2', '"a:1}"', 'a key in double quotes (JSON)'],
    ['{\n "x": nan}', 'line 2, column 7', '"nan}"', 'a JSON value'],
    ['{"a" 1}', 'line 1, column 6', '"1}"', '":" after a key (JSON)'],
    ['{"a":1]', 'line 1, column 7', '"]"', '"," or "}" (JSON)'],
    ['[1]x', 'line 1, column 4', '"x"', 'the end of the text after one JSON value'],
    ['[01]', 'line 1, column 3', '"1]"', '"," or "]" (JSON)'],
    ['["a\nb"]', 'line 1, column 2', '"\\"a\\nb\\"]"', 'a JSON value'],
    ['', 'line 1, column 1', 'the end of the text', 'a JSON value'],
  ])('points at the fault of %j', (bad, path, value, expected) => {
    expect(errorOf(() => parseInstance(bad))).toMatchObject({ path, value, expected });
  });

  it('refuses nesting that no instance has where it goes too deep', () => {
    const error = errorOf(() => parseInstance(`[\n${'['.repeat(200_000)}`));
    expect(error).toMatchObject({ path: 'line 2, column 100', expected: 'at most 100 levels of objects and arrays' });
  });

  it('refuses every key that an object has twice, saying where', () => {
    const doubled = text.replace('"budget": 200,', '"budget": 200,\n "models": [],\n "bud\\u0067et" : 3,');
    const lines = doubled.split('\n');
    const error = errorOf(() => parseInstance(doubled));
    const placeOf = (line: number) => `line ${line + 1}, column 2`;
    const [models, otherModels] = lines.flatMap((line, at) => (line.startsWith(' "models"') ? [at] : []));
    const budget = lines.indexOf(' "budget": 200,');
    expect(error.issues).toEqual([
      {
        path: placeOf(otherModels),
        value: '"models"',
        expected: `each key once in an object; ${placeOf(models)} has it too`,
      },
      {
        path: placeOf(budget + 2),
        value: '"budget"',
        expected: `each key once in an object; ${placeOf(budget)} has it too`,
      },
    ]);
  });

  it('lets equal keys stand in different objects, and equal strings in one array', () => {
    expect(parseJson('[{"a":{"a":1},"b":["a","a"]},{"a":2}]')).toEqual([{ a: { a: 1 }, b: ['a', 'a'] }, { a: 2 }]);
  });
});

describe('parseJson', () => {
  it('takes what JSON.parse takes and refuses what it refuses', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\n"',
      '-',
      '0',
      '12.5e-3',
      '1.',
      '.5',
      '1e',
      'true',
      'nul',
      ' ',
      '\n',
      '"',
      '\\',
    ];
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((chosen) => chosen.join(''));
    const values = fc.json().map((json) => json.replaceAll(':', ' :\n'));
    fc.assert(
      fc.property(fc.oneof(texts, values), (json) => {
        let parsed: { value: unknown } | null = null;
        try {
          parsed = { value: JSON.parse(json) };
        } catch {}
        let ours: { value: unknown } | null = null;
        try {
          ours = { value: parseJson(json) };
        } catch (error) {
          // The one thing that is refused on top.
          if (error instanceof InputError && error.expected.startsWith('each key once')) return;
        }
        expect(ours).toEqual(parsed);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });
});
