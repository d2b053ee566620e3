import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCaptured, temporaryFolder } from './capturedCli.ts';

const file = temporaryFolder();
const published = JSON.parse(readFileSync(new URL('../data/instances/reference-seed42.json', import.meta.url), 'utf8'));

describe('rolla generate', () => {
  it('prints the published instance', async () => {
    const { exitCode, out, err } = await runCaptured(['generate']);
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    expect(JSON.parse(out)).toStrictEqual(published);
  });

  it('writes a family member with caps and relief to a file, and leaves nothing else behind', async () => {
    const path = file('family.json');
    const args = ['generate', '--size', '4x3x2', '--seed', '9', '--unmet-cap', '0.25', '--relief', '-o', path];
    const { exitCode, out, err } = await runCaptured(args);
    expect(exitCode).toBe(0);
    expect(out).toBe('');
    expect(err).toContain('family.json written');
    const instance = JSON.parse(readFileSync(path, 'utf8'));
    expect(instance.queryTypes.map((query: { unmetCap: number }) => query.unmetCap)).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(instance.delay.relief).toHaveLength(3);
    expect(instance.error.relief[0]).toHaveLength(2);
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('replaces a file only with --force', async () => {
    const path = file('kept.json');
    writeFileSync(path, 'mine');
    const refused = await runCaptured(['generate', '-o', path]);
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toMatch(
      /^rolla: .*kept\.json: found a file that exists, expected a new name, or --force .*\n$/,
    );
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect((await runCaptured(['generate', '-o', path, '--force'])).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toStrictEqual(published);
  });

  it('writes through a symbolic link and into devices', async () => {
    writeFileSync(file('target.json'), 'old');
    symlinkSync(file('target.json'), file('link.json'));
    expect((await runCaptured(['generate', '-o', file('link.json'), '--force'])).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(file('target.json'), 'utf8')).name).toBe('reference-seed42');
    expect((await runCaptured(['generate', '-o', '/dev/null'])).exitCode).toBe(0);
    expect(existsSync('/dev/null')).toBe(true);
  });

  it('names a folder that does not exist', async () => {
    const { exitCode, err } = await runCaptured(['generate', '-o', file('no/such/folder.json')]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/folder\.json: found no such folder, expected a place to write/);
  });

  it.each([
    ['--size', '2x2'],
    ['--size', '0x1x1'],
    ['--size', '1.5x1x1'],
    ['--seed', '-1'],
    ['--seed', 'many'],
    ['--unmet-cap', '1.01'],
    ['--unmet-cap', ''],
    ['--unmet-cap-per-rate', '-0.1'],
    ['--parameter-set', 'mine'],
    ['--size', '100000x1000x1000'],
  ])('refuses %s %s in one line', async (flag, value) => {
    const { exitCode, out, err } = await runCaptured(['generate', flag, value]);
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^rolla: .*(expected|allowed).*\n$/i);
  });

  it('refuses two rules for the cap', async () => {
    const { exitCode, err } = await runCaptured(['generate', '--unmet-cap', '0.5', '--unmet-cap-per-rate', '0.01']);
    expect(exitCode).toBe(2);
    expect(err).toContain('--unmet-cap-per-rate: found --unmet-cap too, expected one of them');
  });
});
