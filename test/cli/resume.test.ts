/** A solve stopped by a limit, saved to a file, and gone on with. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCaptured, temporaryFolder } from './capturedCli.ts';

const file = temporaryFolder();
const instance = fileURLToPath(new URL('../data/instances/family-12x6x10.json', import.meta.url));
const flags = ['--preset', 'paper', '--strategy', 'plain', '--json'];
const solve = (...args: string[]) => runCaptured(['solve', instance, ...args]);
const timeless = (text: string) => {
  const { seconds: _seconds, incumbents, ...rest } = JSON.parse(text);
  return { ...rest, incumbents: incumbents.map(({ seconds: _s, ...record }: { seconds: number }) => record) };
};

describe('rolla solve --save-state and --resume', () => {
  const state = file('family.search');

  it('save a stopped search and go on with it to the result of the uninterrupted solve', async () => {
    const stopped = await solve(...flags, '--node-limit', '12', '--save-state', state);
    expect([4, 5]).toContain(stopped.exitCode);
    expect(stopped.err).toBe(`${state} written\n`);
    const resumed = await solve('--resume', state, '--json');
    expect(resumed.exitCode).toBe(0);
    const whole = await solve(...flags);
    expect(timeless(whole.out).nodes).toBeGreaterThan(12);
    expect(timeless(resumed.out)).toEqual(timeless(whole.out));
  });

  it('write no state where the plan is proven', async () => {
    const unused = file('unused.search');
    const { exitCode, err } = await solve(...flags, '--save-state', unused);
    expect({ exitCode, err, exists: existsSync(unused) }).toEqual({ exitCode: 0, err: '', exists: false });
  });

  it('never overwrite without --force', async () => {
    const before = readFileSync(state, 'utf8');
    const refused = await solve(...flags, '--node-limit', '1', '--save-state', state);
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toContain('found a file that exists');
    expect(readFileSync(state, 'utf8')).toBe(before);
    const forced = await solve('--resume', state, '--json', '--node-limit', '14', '--save-state', state, '--force');
    expect(forced.err).toBe(`${state} written\n`);
    expect(JSON.parse(forced.out).nodes).toBe(14);
  });

  it('refuse another instance, other options and other files: path, value and expectation', async () => {
    const other = await runCaptured(['solve', '--resume', state]);
    expect(other.exitCode).toBe(2);
    expect(other.err).toMatch(/family\.search: instance: found "reference-seed42" .*, expected the instance of the/);
    const options = await solve('--resume', state, '--placement', 'split');
    expect(options.exitCode).toBe(2);
    expect(options.err).toMatch(/placement: found "split", expected "single", as in the saved search/);
    const wrong = file('wrong.search');
    writeFileSync(wrong, '{"format": "rolla-plan/1"}');
    const format = await solve('--resume', wrong);
    expect(format.exitCode).toBe(2);
    expect(format.err).toMatch(/wrong\.search: format: found "rolla-plan\/1", expected "rolla-search\/6"/);
    expect((await solve('--resume', file('nowhere.search'))).exitCode).toBe(2);
  });
});
