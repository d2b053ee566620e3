/**
 * Outputs that cannot be written: seen before the work where they can be; else what was printed is complete, the lost
 * file's text is on standard output, no stack, no temporary file.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtCli } from '../builtPackage.ts';
import { runCaptured, temporaryFolder } from './capturedCli.ts';
import { handMadeInstance } from './handMadePlan.ts';

const file = temporaryFolder();
const folder = dirname(file('x'));
writeFileSync(file('instance.json'), JSON.stringify(handMadeInstance));
writeFileSync(file('plain'), '');
writeFileSync(
  file('program.mps'),
  'NAME P\nROWS\n N cost\n L row\nCOLUMNS\n x cost 1 row 1\nRHS\n RHS row 1\nENDATA\n',
);
writeFileSync(file('log.jsonl'), '');
mkdirSync(file('folder'));
mkdirSync(file('closed'));
chmodSync(file('closed'), 0o500);

const instance = file('instance.json');
const commands: readonly (readonly [readonly string[], string])[] = [
  [['solve', instance], '--output'],
  [['solve', instance], '--save-state'],
  [['solve', instance], '--html'],
  [['solve', instance], '--svg'],
  [['solve', instance], '--log-json'],
  [['solve', instance], '--tree'],
  [['tree', file('log.jsonl')], '--output'],
  [['lp', file('program.mps')], '--output'],
  [['explain', instance], '--output'],
  [['compare', instance, '--gamma', '0', '--draws', '1'], '--csv'],
  [['compare', instance, '--gamma', '0', '--draws', '1'], '--svg'],
  [['generate'], '--output'],
  [['export', instance], '--output'],
  [['init'], '--output'],
  [['compile', instance], '--output'],
];
/** A user who may write everywhere sees no closed folder. */
const isRoot = process.getuid?.() === 0;
const places: readonly (readonly [string, string, RegExp])[] = [
  ['a missing folder', file('missing/x'), /missing\/x: found no such folder, expected a place to write/],
  ['a folder', file('folder'), /folder: found a directory, expected the name of a file/],
  ['a file as folder', file('plain/x'), /plain\/x: found a file in place of a folder, expected a place to write/],
  ['a file that exists', file('plain'), /plain: found a file that exists, expected a new name, or --force/],
  ...(isRoot ? [] : [['a closed folder', file('closed/x'), /closed\/x: found no permission/] as const]),
];

describe.each(places)('%s as output', (_, path, message) => {
  it.each(commands)('of %j %s is refused before the work', async (args, flag) => {
    const { exitCode, out, err } = await runCaptured([...args, flag, path]);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`^rolla: .*${message.source}.*\\n$`));
  });
});

describe('a full disk', () => {
  const full = '/dev/full';
  const hasFull = existsSync(full);

  it.skipIf(!hasFull).each(commands.filter(([, flag]) => flag !== '--save-state' && flag !== '--log-json'))(
    'gets %j %s: its text goes to standard output, after the report',
    async (args, flag) => {
      const { exitCode, out, err } = await runCaptured([...args, flag, full]);
      expect(exitCode).toBe(2);
      expect(err).toContain(
        'rolla: /dev/full: found no space left, expected a place to write; it goes to standard output\n',
      );
      const target = file('whole');
      const whole = await runCaptured([...args, flag, target, '--force']);
      expect(whole.exitCode).toBe(0);
      // Seconds differ between two solves.
      const timeless = (text: string) => text.replaceAll(/\d+(\.\d+)?(e-\d+)?( s\b|(?=,?\n))/g, '#');
      const kept = execFileSync('cat', [target], { encoding: 'utf8' });
      expect(timeless(out)).toBe(timeless(whole.out + kept));
    },
  );

  it.skipIf(!hasFull)('ends a log with a warning, not the solve', async () => {
    const { exitCode, out, err } = await runCaptured(['solve', instance, '--log-json', full]);
    expect(exitCode).toBe(0);
    expect(out).toContain('Status    optimal');
    expect(err).toBe('rolla: warning: /dev/full: found no space left; the log ends here\n');
  });

  it.skipIf(!hasFull)('behind standard output is said in one line', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"$0" "$1" solve "$2" > /dev/full`, process.execPath, builtCli(), instance],
      {
        encoding: 'utf8',
      },
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/^rolla: standard output: found .*ENOSPC.*, expected a place to write\n$/);
  });
});

it('two outputs of one name are refused', async () => {
  const { exitCode, err } = await runCaptured(['solve', instance, '--svg', file('same'), '--html', file('./same')]);
  expect(exitCode).toBe(2);
  expect(err).toMatch(/same: found two outputs of this name, expected a file for each\n$/);
});

it.each(['solve', 'generate'])('a reader that closes the pipe of %s is no error', (command) => {
  const run = `"$0" "$1" ${command} 2>&1 >&3 | cat; exit 0`;
  const { stdout } = spawnSync('sh', ['-c', `{ ${run}; } 3>&1 | head -c 1`, process.execPath, builtCli()], {
    encoding: 'utf8',
  });
  expect(stdout).toHaveLength(1);
});

it('leaves no temporary file behind', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
