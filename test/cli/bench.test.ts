/** `rolla bench` and `rolla strategies` as users call them. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import { runCaptured } from './capturedCli.ts';

const folder = mkdtempSync(join(tmpdir(), 'rolla-bench-'));
const rule = fileURLToPath(new URL('../data/plugins/lastColumn.mjs', import.meta.url));
const output = join(folder, 'found');
const args = [
  'bench',
  '--compare',
  `default:compact,plain:compact+${rule},default+patterns.smoothing=0.4`,
  '--instances',
  join(folder, 'family-*.json'),
  '--seeds',
  '2',
  '--node-limit',
  '50',
  '--uncertainty',
  'none',
  '-o',
  output,
];

beforeAll(() => {
  for (const seed of [1, 2]) {
    const instance = generateInstance({ queryTypes: 4, models: 2, tiers: 3, seed });
    writeFileSync(join(folder, `family-${seed}.json`), JSON.stringify(instance));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('compares presets, modules and numbers on own instances, and goes on where it was interrupted', async () => {
  const { exitCode, out, err } = await runCaptured(args);
  expect([exitCode, err.includes('error')]).toEqual([0, false]);
  expect(out).toContain('seconds: shifted geometric means over 2 instances');
  expect(out).toMatch(/default\+patterns\.smoothing=0\.4 +4\/4/);
  for (const name of ['runs.csv', 'comparison.json', 'comparison.md', 'comparison.html'])
    expect(existsSync(join(output, name))).toBe(true);
  const path = join(output, 'runs.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 3 * 2 * 2);
  // Killed in the midst of a line.
  writeFileSync(path, `${lines.slice(0, 8).join('\n')}\n`);
  appendFileSync(path, lines[8].slice(0, 30));
  const again = await runCaptured(args);
  expect([again.exitCode, again.err]).toEqual([2, expect.stringContaining('expected --resume to go on with them')]);
  const resumed = await runCaptured([...args, '--resume']);
  expect(resumed.exitCode).toBe(0);
  const nodesOf = (line: string) => {
    const { strategy, nodes } = JSON.parse(line).content;
    return JSON.stringify([strategy, nodes]);
  };
  const whole = readFileSync(path, 'utf8');
  const resumedLines = whole.trimEnd().split('\n');
  expect(resumedLines.slice(1).map(nodesOf).sort()).toEqual(lines.slice(1).map(nodesOf).sort());
  const other = await runCaptured([...args, '--resume', '--gap', '0.01']);
  expect(other.exitCode).toBe(2);
  expect(other.err).toMatch(/gap: found 0\.01, expected missing, as in the journal/);
  writeFileSync(path, whole.replace(/"nodes":\d+/, '"nodes":1000'));
  const altered = await runCaptured([...args, '--resume']);
  expect(altered.exitCode).toBe(2);
  expect(altered.err).toMatch(/runs\.jsonl, line \d+: found .*, expected a line as the comparison wrote it/);
});

it('replaces no file unless it is told to', async () => {
  const own = join(folder, 'own');
  mkdirSync(own);
  writeFileSync(join(own, 'runs.csv'), 'mine');
  const small = ['bench', '--compare', 'default', '--instances', join(folder, 'family-1.json'), '-o', own];
  const refused = await runCaptured(small);
  expect([refused.exitCode, refused.err]).toEqual([2, expect.stringContaining('runs.csv: found a file that exists')]);
  expect(readdirSync(own)).toEqual(['runs.csv']);
  expect(readFileSync(join(own, 'runs.csv'), 'utf8')).toBe('mine');
  for (const _time of ['first', 'second']) expect((await runCaptured([...small, '--force'])).exitCode).toBe(0);
  expect(readFileSync(join(own, 'runs.csv'), 'utf8')).toMatch(/^strategy/);
});

it('refuses strategies and instances that are none', async () => {
  const bad = await runCaptured([
    'bench',
    '--compare',
    'fast',
    '--instances',
    join(folder, 'family-1.json'),
    '-o',
    join(folder, 'x'),
  ]);
  expect(bad.exitCode).toBe(2);
  expect(bad.err).toContain('--strategy: found "fast"');
  const twice = ['--compare', 'default+cuts=true+cuts=false', '--instances', join(folder, 'family-1.json')];
  expect((await runCaptured(['bench', ...twice])).err).toBe(
    'rolla: --compare: found cuts twice, expected each path once\n',
  );
  const none = await runCaptured(['bench', '--compare', 'default', '--instances', join(folder, 'no*.json')]);
  expect(none.err).toContain('found no file');
});

it('plugins and numbers serve a single solve too; faults are named', async () => {
  const path = join(folder, 'family-1.json');
  const solved = await runCaptured([
    'solve',
    path,
    '--relaxation',
    'compact',
    '--plugin',
    rule,
    '--set',
    'search.lookahead=6',
    '--json',
  ]);
  expect(solved.exitCode).toBe(0);
  expect(JSON.parse(solved.out).strategy).toMatchObject({
    branchingRule: 'last-column',
    nodeSelection: 'youngest',
    'search.branching.lookahead': 6,
  });
  const far = await runCaptured(['solve', path, '--set', 'search.lookahead=-1']);
  expect([far.exitCode, far.err]).toEqual([2, expect.stringContaining('expected a whole number >= 0')]);
  const absent = await runCaptured(['solve', path, '--plugin', join(folder, 'absent.mjs')]);
  expect([absent.exitCode, absent.err]).toEqual([2, expect.stringContaining('plugin module')]);
});

it('strategies are listed, as text and as data', async () => {
  expect((await runCaptured(['strategies', 'lookahead'])).out).toContain('search.branching.lookahead = 4');
  expect((await runCaptured(['strategies', 'nothing'])).err).toContain('found "nothing", expected a part of');
  const listed = JSON.parse((await runCaptured(['strategies', '--json'])).out);
  expect(listed.presets['depth-first']).toEqual({ nodeSelection: 'depth-first' });
});

it('compares on general programs too, and refuses what is for plans alone', async () => {
  const programs = ['p0033', 'flugpl'].map((name) =>
    fileURLToPath(new URL(`../data/mip/${name}.mps`, import.meta.url)),
  );
  const found = join(folder, 'programs');
  const compared = ['bench', '--instances', ...programs, '-o', found, '--node-limit', '2000', '--compare'];
  const { exitCode } = await runCaptured([...compared, 'default,default+rins,default+lpPricing=devex']);
  expect(exitCode).toBe(0);
  const runs = readFileSync(join(found, 'runs.jsonl'), 'utf8').trimEnd().split('\n').slice(1);
  // Optima as MIPLIB lists them.
  const optima = { p0033: 3089, flugpl: 1201500 };
  const optimumOf = (path: string) => optima[path.includes('p0033') ? 'p0033' : 'flugpl'];
  const ratios = runs.map((line) => JSON.parse(line).content).map(({ instance, cost }) => cost / optimumOf(instance));
  expect(ratios).toEqual(Array(6).fill(expect.closeTo(1, 5)));
  const ofPlans = await runCaptured([...compared, 'default,default:compact', '--resume']);
  expect([ofPlans.exitCode, ofPlans.err]).toEqual([2, expect.stringContaining('expected no option of plans')]);
  const greedy = await runCaptured([...compared, 'default+greedy', '--resume']);
  expect([greedy.exitCode, greedy.err]).toEqual([2, expect.stringContaining('expected heuristics for "program"')]);
});
