import { describe, expect, it } from 'vitest';
import { parseYaml, readYaml } from '../../src/exchange/yamlText.ts';
import { InputError } from '../../src/input/inputError.ts';

function errorOf(text: string): InputError {
  try {
    parseYaml(text);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('YAML text', () => {
  it('is data, by the rules of YAML 1.2', () => {
    const text = 'a: 12 /s\nb: { c: 2.49 $/h, d: 5 %, e: [1, 2] } # text\nyes: no\nf: 1.5e-5\n"g": "500 ms"\n';
    expect(parseYaml(text)).toEqual({
      a: '12 /s',
      b: { c: '2.49 $/h', d: '5 %', e: [1, 2] },
      yes: 'no',
      f: 1.5e-5,
      g: '500 ms',
    });
    expect(parseYaml(`\uFEFF${text}`)).toEqual(parseYaml(text));
    expect(parseYaml('base: &b { x: 1 }\nother: *b')).toEqual({ base: { x: 1 }, other: { x: 1 } });
  });

  it.each([
    ['a key twice', 'a: 1\na: 2', 'line 2, column 1', /unique/],
    ['an open list', 'a: [1,', 'line 1, column 7', /\]/],
    ['an unknown tag', 'a: !secret 3', 'line 1, column 4', /tag/],
    ['a tab', 'a:\n\tb: 1', 'line 2, column 1', /Tab/],
    ['a second document', 'a: 1\n---\na: 2', 'line 2, column 1', /multiple documents/],
    ['an alias of nothing', 'a: *b', '', /aliases/],
  ])('%s is refused with its place', (_, text, place, expected) => {
    const error = errorOf(text);
    expect(error.path.startsWith(place)).toBe(true);
    expect(error.expected).toMatch(expected);
  });

  it('endless nesting and long texts are refused', () => {
    for (const deep of ['[', '{a: ', '- ', '? ', '[\n'])
      expect(errorOf(deep.repeat(20_000)).expected).toMatch(/levels/);
    const steps = Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}a:`);
    expect(errorOf(steps.join('\n')).expected).toMatch(/levels/);
    expect(errorOf('x'.repeat(5_000_000)).expected).toMatch(/at most/);
  });

  it('aliases that multiply without end are refused', () => {
    const levels = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level++) {
      const [name, before] = ['abcdefghij'[level], 'abcdefghij'[level - 1]];
      levels.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`);
    }
    expect(errorOf(levels.join('\n')).expected).toMatch(/few aliases/);
  });

  it('tells all faults together', () => {
    expect(errorOf('a: 1\na: 2\nb: 1\nb: 2').issues.map(({ path }) => path)).toEqual([
      'line 2, column 1',
      'line 4, column 1',
    ]);
  });

  it('knows the line of a path, or of what should hold it', () => {
    const { lineOf } = readYaml('a: 1\nb:\n  - c: 1\n  - c: 2\n    "d e": 3\n');
    expect(['a', 'b[1].c', 'b[1]["d e"]', 'b[0].missing', 'stranger', ''].map(lineOf)).toEqual([
      1,
      4,
      5,
      3,
      null,
      null,
    ]);
  });
});
