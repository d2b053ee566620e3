/** Ctrl-C in the middle of a solve, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { builtCli } from '../builtPackage.ts';

it('stops at Ctrl-C and prints the best plan so far', async () => {
  const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  const flags = ['--preset', 'paper', '--relaxation', 'compact', '--log', '--json'];
  const instance = path('test/data/instances/family-24x10x20.json');
  const child = spawn(process.execPath, [builtCli(), 'solve', instance, ...flags]);
  let out = '';
  let log = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    const hadIncumbent = log.includes('\nL');
    log += chunk;
    // The first line with a letter brings an incumbent; the search is far from done.
    if (!hadIncumbent && log.includes('\nL')) child.kill('SIGINT');
  });
  const [exitCode, signal] = await once(child, 'close');
  expect(signal).toBe(null);
  expect(JSON.parse(out)).toMatchObject({ status: 'interrupted', plan: { format: 'rolla-plan/1' } });
  expect(exitCode).toBe(5);
});
