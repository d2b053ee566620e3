import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reductionNames } from '../../src/model/reductions/reduceProblem.ts';
import { runCaptured, temporaryFolder } from './capturedCli.ts';
import { handMadeInstance, handMadePlan } from './handMadePlan.ts';

const file = temporaryFolder();
const byHand = JSON.stringify(handMadeInstance);

describe('rolla solve', () => {
  // Known optima, proven by other means (docs/variants.md).
  it.each([
    ['corrected', 633.4639515],
    ['paper', 634.537222],
    ['reference', 553.4433449],
  ])('proves the published optimum of the reference instance under preset %s', async (preset, optimum) => {
    const { exitCode, out, err } = await runCaptured(['solve', '--preset', preset, '--json']);
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ format: 'rolla-result/1', status: 'optimal', instance: 'reference-seed42' });
    expect(Math.abs(result.cost.total - optimum)).toBeLessThan(1e-6 * optimum);
  });

  it.each([
    [['--set', 'foo=1'], '--set foo: found 1'],
    [['--set', '__proto__=1'], '--set __proto__: found 1'],
    [['--set', 'search.__proto__=1'], '--set search.__proto__: found 1'],
    [['--set', 'cuts=true', '--set', 'cuts=false'], '--set: found cuts twice'],
    [['--set', 'cuts'], '--set: found "cuts", expected a path and a value'],
    [['--strategy', 'nope'], '--strategy: found "nope"'],
  ])('refuses %j by the flag that it came by', async (flags, words) => {
    const { exitCode, err } = await runCaptured(['solve', ...flags]);
    expect(exitCode).toBe(2);
    expect(err).toContain(`rolla: ${words}`);
  });

  it('tells a path that is set twice beside all else that is wrong with what is set', async () => {
    const { exitCode, err } = await runCaptured(['solve', '--set', 'a=1', '--set', 'a=2', '--set', 'foo=1']);
    expect(exitCode).toBe(2);
    expect(err.split('\n').slice(0, -1)).toEqual([
      'rolla: --set: found a twice, expected each path once',
      expect.stringMatching(/^rolla: --set a: found 2, expected no such option/),
      expect.stringMatching(/^rolla: --set foo: found 1, expected no such option/),
    ]);
  });

  it('reports the plan, and its result verifies', async () => {
    const path = file('result.json');
    const solved = await runCaptured(['solve', '--preset', 'corrected', '-o', path]);
    expect(solved.exitCode).toBe(0);
    expect(solved.out).toContain('Options   preset corrected');
    expect(solved.out).toContain('Status    optimal');
    const instancePath = file('reference.json');
    await runCaptured(['generate', '-o', instancePath]);
    const verified = await runCaptured(['verify', instancePath, path]);
    expect(verified.exitCode).toBe(0);
    expect(verified.out).toContain('holds every constraint');
  });

  it('solves an instance from stdin to the cost computed by hand', async () => {
    // Serving everything costs 10 + 0.2 + 0.2 + 12 = 22.4 (see handMadePlan.ts); each 1 % dropped saves 0.122 and costs
    // 0.5.
    const { exitCode, out } = await runCaptured(['solve', '-', '--preset', 'corrected', '--json'], byHand);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).cost.total).toBeCloseTo(22.4, 9);
  });

  it.each(['single', 'split'])('writes a proof of the gap asked for, under %s placement', async (placement) => {
    const [instance, proof] = [file(`${placement}.json`), file(`${placement}.proof.json`)];
    writeFileSync(instance, byHand);
    const flags = ['--preset', 'corrected', '--placement', placement, '--gap', '1e-4', '--proof', proof];
    expect(await runCaptured(['solve', instance, ...flags])).toMatchObject({ exitCode: 0 });
    const { exitCode, out } = await runCaptured(['check', instance, proof, '--json']);
    expect(exitCode).toBe(0);
    const { claims, cost, bound, gap } = JSON.parse(out);
    expect(claims).toEqual(['plan', 'bound']);
    // By hand: 22.4, or less where a part may be dropped or served elsewhere.
    expect(Number(cost)).toBeLessThanOrEqual(22.4 + 1e-9);
    expect(gap).toBeGreaterThan(0);
    expect(Number(bound)).toBeGreaterThanOrEqual(Number(cost) * (1 - 1.01e-4));
  });

  it('takes every option as a flag', async () => {
    const flags = ['--delay-cost', 'deviation', '--weight-storage', 'per-placement', '--max-replicas', '2'];
    const { out } = await runCaptured(['solve', '-', '--preset', 'corrected', '--json', ...flags], byHand);
    const result = JSON.parse(out);
    expect(result.options).toMatchObject({ delayCost: 'deviation', weightStorage: 'per-placement', maxReplicas: 2 });
    // The nominal part of the delay cost, 0.01 * 10 * 200 * 0.5 = 10, is not charged.
    expect(result.cost.total).toBeCloseTo(12.4, 9);
  });

  it('takes all, none or some of the reductions', async () => {
    const nodeLimit = ['--node-limit', '0', '--save-state'];
    const settings = async (name: string) => {
      const path = file(`${name}.search`);
      await runCaptured(['solve', '-', '--reductions', name, ...nodeLimit, path], byHand);
      return JSON.parse(readFileSync(path, 'utf8')).settings.reductions;
    };
    const each = (isOn: (name: string) => boolean) =>
      Object.fromEntries(reductionNames.map((name) => [name, isOn(name)]));
    expect(await settings('all')).toEqual(each(() => true));
    expect(await settings('none')).toEqual(each(() => false));
    expect(await settings('dominated-pairs,global-limits')).toEqual(
      each((name) => ['globalLimits', 'dominatedPairs'].includes(name)),
    );
    const { exitCode, err } = await runCaptured(['solve', '-', '--reductions', 'idle'], byHand);
    expect(exitCode).toBe(2);
    expect(err).toContain('--reductions: found "idle", expected "all", "none", or names out of global-limits, ');
  });

  it('exits with 3 for an infeasible instance', async () => {
    const { exitCode, out } = await runCaptured(['solve', '-'], JSON.stringify({ ...handMadeInstance, budget: 5 }));
    expect(exitCode).toBe(3);
    expect(out).toContain('Status    infeasible');
  });

  it('exits with 5 when a limit strikes and there is a plan, which it prints', async () => {
    const instance = (await runCaptured(['generate', '--unmet-cap-per-rate', '0.01'])).out;
    // The published program's LP bound is about half of the optimum: one node without cuts cannot prove anything.
    const weak = ['--relaxation', 'compact', '--formulation', 'published', '--strategy', 'heuristics-only'];
    const { exitCode, out } = await runCaptured(['solve', '-', '--node-limit', '1', '--json', ...weak], instance);
    expect(exitCode).toBe(5);
    expect(JSON.parse(out)).toMatchObject({ status: 'node-limit', plan: { format: 'rolla-plan/1' } });
  });

  it('exits with 4 when a limit strikes before any plan', async () => {
    const args = ['solve', '--node-limit', '0', '--strategy', 'plain', '--json'];
    const { exitCode, out } = await runCaptured(args);
    expect(exitCode).toBe(4);
    expect(JSON.parse(out)).toMatchObject({ status: 'node-limit', plan: null, cost: null });
  });

  it('starts from a plan', async () => {
    const path = file('start.json');
    writeFileSync(path, JSON.stringify(handMadePlan));
    const { out } = await runCaptured(['solve', '-', '--preset', 'corrected', '--start-plan', path, '--json'], byHand);
    // The first incumbent is the hand-made plan.
    expect(JSON.parse(out).incumbents[0].cost).toBeCloseTo(26.18, 9);
  });

  it('logs to stderr and as JSON lines', async () => {
    const path = file('events.jsonl');
    const { err } = await runCaptured(['solve', '--preset', 'corrected', '--log', '--log-json', path]);
    expect(err).toMatch(/Nodes +Open +Bound +Incumbent +Gap +LP iters +Time/);
    expect(err).toMatch(/633\.463952/);
    const events = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ kind: 'end', status: 'optimal' });
    expect(events.some((event) => event.kind === 'incumbent')).toBe(true);
  });

  it('gives the same result twice, but for the time', async () => {
    const timeless = ({ out }: { out: string }) =>
      JSON.stringify(JSON.parse(out), (key, value) => (key === 'seconds' ? 0 : value));
    const args = ['solve', '--preset', 'reference', '--json'];
    expect(timeless(await runCaptured(args))).toBe(timeless(await runCaptured(args)));
  });
});
