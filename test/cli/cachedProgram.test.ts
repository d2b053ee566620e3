/** The built command line keeps the bytecode of a solve beside itself, and uses none that is not of its own text. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { builtPackage } from '../builtPackage.ts';

const folder = mkdtempSync(join(tmpdir(), 'rolla-bytecode-'));
const cli = join(folder, 'cli');
const bytecode = join(cli, 'program.bytecode');

// A copy: other tests run what is built, and leave bytecode there. Without type the copy would not be of modules.
beforeEach(() => {
  rmSync(cli, { recursive: true, force: true });
  cpSync(join(builtPackage(), 'cli'), cli, { recursive: true });
  rmSync(bytecode, { force: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rolla(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { NODE_DISABLE_COMPILE_CACHE: _, ...inherited } = process.env;
  return execFileSync(process.execPath, [join(cli, 'main.js'), ...args], {
    encoding: 'utf8',
    env: { ...inherited, ...env },
  });
}

const costOf = (out: string): number => JSON.parse(out).cost.total;
const solve = ['solve', '--preset', 'corrected', '--json'];
/** Proven by other means (docs/variants.md). */
const optimum = 633.4639515;

it('is written by a solve, whole, and read by the next one', () => {
  expect(costOf(rolla(solve))).toBeCloseTo(optimum, 5);
  const written = statSync(bytecode);
  expect(written.size).toBeGreaterThan(100_000);
  expect(readdirSync(cli).filter((name) => name.includes('bytecode'))).toEqual(['program.bytecode']);
  expect(costOf(rolla(solve))).toBeCloseTo(optimum, 5);
  // What V8 rejects is written anew.
  expect(statSync(bytecode)).toMatchObject({ mtimeMs: written.mtimeMs, ino: written.ino });
});

it('is written by a sweep as well', () => {
  rolla(['sweep', '--vary', 'price=1', '--preset', 'corrected', '--no-charts', '--output-dir', folder]);
  const written = statSync(bytecode);
  expect(costOf(rolla(solve))).toBeCloseTo(optimum, 5);
  expect(statSync(bytecode)).toMatchObject({ mtimeMs: written.mtimeMs, ino: written.ino });
});

it('lets a solve import what its user names, as without it', () => {
  const rule = join(folder, 'rule.mjs');
  const source = `export default {
    kind: 'node-order', name: 'mine', compare: (first, second) => first.bound - second.bound,
  };`;
  writeFileSync(rule, source);
  const plugin = [...solve, '--plugin', rule];
  expect(costOf(rolla(plugin))).toBeCloseTo(optimum, 5);
  expect(existsSync(bytecode)).toBe(true);
  expect(costOf(rolla(plugin))).toBeCloseTo(optimum, 5);
});

it('is not written by other commands, by help, by a solve that finds no plan, or where it is not wanted', () => {
  rolla(['generate']);
  rolla(['solve', '--help']);
  expect(() => rolla(['solve', 'missing.json'])).toThrow('missing.json');
  rolla(solve, { NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(existsSync(bytecode)).toBe(false);
});

it('is replaced where a byte of it has changed', () => {
  rolla(solve);
  const altered = readFileSync(bytecode);
  altered[altered.length >> 1] ^= 1;
  writeFileSync(bytecode, altered);
  expect(costOf(rolla(solve))).toBeCloseTo(optimum, 5);
  expect(readFileSync(bytecode).equals(altered)).toBe(false);
});

it('is not used for another text of the same length', () => {
  rolla(solve);
  const program = join(cli, 'program.js');
  const text = readFileSync(program, 'utf8');
  const word = 'Find a plan of least cost';
  expect(text).toContain(word);
  writeFileSync(program, text.replace(word, 'Seek a plan of least cost'));
  expect(rolla(['solve', '--help'])).toContain('Seek a plan of least cost');
});
