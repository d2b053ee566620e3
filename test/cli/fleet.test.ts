/** Fleet files on the command line: `init`, `compile`, and every command that takes an instance. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCaptured, temporaryFolder } from './capturedCli.ts';

const file = temporaryFolder();
const fleetPath = file('fleet.yaml');

describe('rolla init', () => {
  it('writes a file once, and says so', async () => {
    const { exitCode, err } = await runCaptured(['init', '-o', fleetPath]);
    expect([exitCode, err]).toEqual([0, `${fleetPath} written\n`]);
    const text = readFileSync(fleetPath, 'utf8');
    expect(text).toContain('format: rolla-fleet/1');
    writeFileSync(fleetPath, `${text}# mine\n`);
    const again = await runCaptured(['init', '-o', fleetPath]);
    expect(again.exitCode).toBe(2);
    expect(again.err).toContain('expected a new name, or --force');
    expect(readFileSync(fleetPath, 'utf8')).toBe(`${text}# mine\n`);
    expect((await runCaptured(['init', '-o', fleetPath, '--force'])).exitCode).toBe(0);
    expect(readFileSync(fleetPath, 'utf8')).toBe(text);
  });

  it('prints it too', async () => {
    const { out } = await runCaptured(['init', '-o', '-']);
    expect(out).toBe(readFileSync(fleetPath, 'utf8'));
  });
});

describe('a fleet in place of an instance', () => {
  it('is compiled, from YAML and from JSON, from a file and from stdin', async () => {
    const { exitCode, out } = await runCaptured(['compile', fleetPath]);
    expect(exitCode).toBe(0);
    const instance = JSON.parse(out);
    expect(instance).toMatchObject({ format: 'rolla-instance/1', name: 'my fleet', rentalPeriod: 24 });
    expect((await runCaptured(['compile', '-'], readFileSync(fleetPath, 'utf8'))).out).toBe(out);
    const target = file('instance.json');
    expect((await runCaptured(['compile', fleetPath, '-o', target])).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(target, 'utf8'))).toEqual(instance);
    // An instance is already what it stands for.
    expect((await runCaptured(['compile', target])).out).toBe(out);
  });

  it.each([['lint'], ['export', '-o', '-'], ['solve', '--json']])('%s takes it', async (...command) => {
    const { exitCode, out, err } = await runCaptured([command[0], fleetPath, ...command.slice(1)]);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out.length).toBeGreaterThan(0);
  });

  it('lint finds nothing in the starter file but deployments that nobody has measured', async () => {
    expect((await runCaptured(['lint', fleetPath])).out).toMatch(
      /^profiles( \(line \d+\))?: .*no profile says.*\n1 warning\n$/,
    );
  });

  it('its plan keeps the limits, by the verifier', async () => {
    const result = file('result.json');
    expect((await runCaptured(['solve', fleetPath, '-o', result])).exitCode).toBe(0);
    const { exitCode, out } = await runCaptured(['verify', fleetPath, result]);
    expect(out).toContain('holds every constraint');
    expect(exitCode).toBe(0);
  });

  it('faults come with path and line, all of them', async () => {
    const bad = file('bad.yaml');
    const text = readFileSync(fleetPath, 'utf8')
      .replace('period: 24 h', 'period: 24 GB')
      .replace('rate: 5000 /h', 'rat: 5000 /h');
    writeFileSync(bad, text);
    const lineOf = (part: string) => 1 + text.split('\n').findIndex((line) => line.includes(part));
    const { exitCode, err, out } = await runCaptured(['solve', bad]);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(`period (line ${lineOf('period: 24 GB')}): found "24 GB", expected a time > 0`);
    expect(err).toContain(`queryTypes[1].rat (line ${lineOf('rat: 5000')}): found "5000 /h", expected no such key`);
    expect(err).toContain(`queryTypes[1].rate (line ${lineOf('name: summaries')}): found missing`);
  });

  it.each([
    ['an empty file', ''],
    ['prose', 'these are not the fleets you are looking for'],
    ['another format', 'format: rolla-fleet/2\n'],
    ['a list', '- 1\n- 2\n'],
  ])('%s is bad input', async (_, text) => {
    const { exitCode, err } = await runCaptured(['solve', '-'], text);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/rolla-(fleet|instance)\/1/);
  });

  it('a broken file leaves nothing behind', async () => {
    const target = file('never.json');
    expect((await runCaptured(['compile', '-', '-o', target], 'format: rolla-fleet/1')).exitCode).toBe(2);
    expect(existsSync(target)).toBe(false);
  });
});
