import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { version } from '../../src/version.ts';
import { runCaptured, temporaryFolder } from './capturedCli.ts';
import { handMadeInstance } from './handMadePlan.ts';

const file = temporaryFolder();

describe('rolla', () => {
  it('prints the version of package.json', async () => {
    const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(version).toBe(packageJson.version);
    expect(await runCaptured(['--version'])).toEqual({ exitCode: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it('documents every command that the help lists', async () => {
    const { out } = await runCaptured(['--help']);
    const helped = [...out.matchAll(/^ {2}([a-z]+) .*/gm)].map((match) => match[1]).filter((name) => name !== 'help');
    const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
    const listed = [...page.matchAll(/^\| \[`([a-z]+)`\]/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual(helped.sort());
  });

  it('helps on every command, with examples', async () => {
    const { out } = await runCaptured(['--help']);
    const commands = [...out.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].map((match) => match[1]);
    expect(commands).toEqual(
      expect.arrayContaining([
        'solve',
        'generate',
        'import',
        'verify',
        'diff',
        'deploy',
        'demand',
        'roll',
        'check',
        'lint',
        'explain',
        'sweep',
        'run',
        'missing',
        'merge',
        'frontier',
        'compare',
        'export',
        'lp',
      ]),
    );
    for (const command of [...commands.filter((name) => name !== 'help'), 'queue']) {
      const help = await runCaptured([command, '--help']);
      expect(help.exitCode).toBe(0);
      expect(help.out).toContain(`Usage: rolla ${command}`);
      expect(help.out).toContain(`Examples:\n  rolla ${command}`);
    }
  });

  it('alone is help', async () => {
    const { exitCode, out, err } = await runCaptured([]);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toBe((await runCaptured(['--help'])).out);
  });

  it('cuts what it repeats of the input', async () => {
    for (const args of [['solve', '--fast'.padEnd(1e5, 'x')], ['solve', '--gap', '9'.repeat(1e5)], ['x'.repeat(1e5)]]) {
      const { exitCode, err } = await runCaptured(args);
      expect(exitCode).toBe(2);
      expect(Math.max(...err.split('\n').map((line) => line.length))).toBeLessThan(700);
    }
    const keys = Object.fromEntries(Array.from({ length: 1000 }, (_, t) => [`key ${t} ${'y'.repeat(2000)}`, t]));
    const { exitCode, err } = await runCaptured(['solve', '-'], JSON.stringify(keys));
    expect(exitCode).toBe(2);
    expect(err.length).toBeLessThan(50 * 700);
    expect(err).toMatch(/\nrolla: and \d+ more\n$/);
  });

  it('starts no thousand threads', async () => {
    const { exitCode, err } = await runCaptured(['sweep', '--grid', 'cost-budget', '--threads', '1000']);
    expect(exitCode).toBe(2);
    expect(err).toContain('a whole number from 1 to 256');
  });

  it.each([
    [['plan']],
    [['solve', '--fast']],
    [['solve', '--threads', '2']],
    [['verify']],
    [['solve', 'a.json', 'b.json']],
  ])('exits with 2 for %j', async (args) => {
    const { exitCode, out, err } = await runCaptured(args);
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).not.toBe('');
  });

  it.each([
    ['--gap', '1'],
    ['--gap', '-0.1'],
    ['--time-limit', 'soon'],
    ['--node-limit', '1.5'],
    ['--max-replicas', '0'],
    ['--placement', 'both'],
    ['--preset', 'best'],
    ['--strategy', 'lucky'],
    ['--relaxation', 'lp'],
  ])('refuses solve %s %s in one line', async (flag, value) => {
    const { exitCode, err } = await runCaptured(['solve', flag, value]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^rolla: .*(expected|allowed).*\n$/i);
  });

  it('names file, path, value and expectation of bad data', async () => {
    const [query] = handMadeInstance.queryTypes;
    const path = file('negative.json');
    writeFileSync(path, JSON.stringify({ ...handMadeInstance, queryTypes: [{ ...query, arrivalRate: -3 }] }));
    const { exitCode, err } = await runCaptured(['solve', path]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^rolla: .*negative\.json: queryTypes\[0\]\.arrivalRate: found -3, expected .*\n$/);
  });

  it('names the file of windows whose query types the instance does not have', async () => {
    const [fleet, demand] = [file('fleet.json'), file('demand.csv')];
    writeFileSync(fleet, JSON.stringify(handMadeInstance));
    writeFileSync(demand, 'start,hours,queryType,rate\n0,1,nobody,3\n');
    const { exitCode, err } = await runCaptured(['roll', fleet, '--demand', demand]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^rolla: .*demand\.csv: windows\[0\]\.rates: found "nobody", expected .*\n$/);
  });

  it('names options that contradict each other and files that are missing', async () => {
    const contradiction = await runCaptured(['solve', '--placement', 'split', '--relaxation', 'patterns']);
    expect(contradiction.exitCode).toBe(2);
    expect(contradiction.err).toMatch(/^rolla: --relaxation: found "patterns", expected .*\n$/);
    const missing = await runCaptured(['solve', file('nowhere.json')]);
    expect(missing.exitCode).toBe(2);
    expect(missing.err).toMatch(/nowhere\.json: found nothing, expected a readable file\n$/);
  });

  it('asks before the work whether the output may be written', async () => {
    const path = file('result.json');
    writeFileSync(path, 'mine');
    const { exitCode, err } = await runCaptured(['solve', '-o', path]);
    expect(exitCode).toBe(2);
    expect(err).toContain('--force');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it.each([
    [['compare', '--uncertainty', 'none'], /^rolla: --uncertainty: found "none", expected .*\n$/],
    [
      ['sweep', '--vary', 'price=1', '--resume', file('no.journal.jsonl')],
      /: found nothing, expected the journal .*\n$/,
    ],
    [
      ['sweep', '--vary', 'price=1', '--output-dir', file('result.json/folder')],
      /: found a file .*, expected a folder .*\n$/,
    ],
    [['solve', '--log-json', file('no/log.jsonl')], /log\.jsonl: found no such folder, expected a place to write\n$/],
  ])('says in one line what is wrong with %j', async (args, line) => {
    writeFileSync(file('result.json'), 'mine');
    const { exitCode, out, err } = await runCaptured(args);
    expect(err).toMatch(line);
    expect(err.split('\n')).toHaveLength(2);
    expect(exitCode).toBe(2);
    expect(out).toBe('');
  });
});
