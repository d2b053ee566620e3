import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { presets } from '../../src/model/options.ts';
import { runCaptured, temporaryFolder } from './capturedCli.ts';
import { handMadeInstance, handMadePlan } from './handMadePlan.ts';

const file = temporaryFolder();
const instancePath = file('instance.json');
writeFileSync(instancePath, JSON.stringify(handMadeInstance));
const verify = (plan: unknown, ...flags: string[]) =>
  runCaptured(['verify', instancePath, '-', ...flags], typeof plan === 'string' ? plan : JSON.stringify(plan));

const result = {
  format: 'rolla-result/1',
  status: 'optimal',
  options: presets.corrected,
  cost: { total: 26.18 },
  plan: handMadePlan,
};

describe('rolla verify', () => {
  it('accepts a plan and prints the cost computed by hand', async () => {
    const { exitCode, out, err } = await verify(handMadePlan, '--preset', 'corrected');
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(out).toContain('Plan      holds every constraint');
    expect(out).toContain('Cost      $ 26.180000');
    expect(out).toMatch(/Delay penalty +10\.80 +1 h +41\.3 %/);
    expect(out).toMatch(/memory +Small on Card TP 1 +3\.8 +<= 48 +GB per GPU +7\.9 % +holds/);
    expect(out).toMatch(/unmet +Chat +0\.1 +<= 0\.1 +share +100\.0 % +tight/);
  });

  it('prints JSON', async () => {
    const { out } = await verify(handMadePlan, '--preset', 'corrected', '--json');
    const verification = JSON.parse(out);
    expect(verification).toMatchObject({ format: 'rolla-verification/1', ok: true, violations: [] });
    expect(verification.cost.total).toBeCloseTo(26.18, 12);
    expect(verification.cost.delay).toBeCloseTo(10.8, 12);
  });

  it('takes the options from a result, and flags on top of them', async () => {
    const costOf = async (...flags: string[]) => JSON.parse((await verify(result, '--json', ...flags)).out).cost.total;
    expect(await costOf()).toBeCloseTo(26.18, 12);
    // The deviation alone costs 0.01 * 10 * 200 * 0.9 * 0.1 = 1.8 instead of 10.8.
    expect(await costOf('--delay-cost', 'deviation')).toBeCloseTo(17.18, 12);
  });

  it('exits with 3 for a plan that drops more than its cap', async () => {
    const routing = [{ ...handMadePlan.routing[0], fraction: 0.8 }];
    const { exitCode, out } = await verify({ ...handMadePlan, routing, unmet: [{ queryType: 'Chat', fraction: 0.2 }] });
    expect(exitCode).toBe(3);
    expect(out).toContain('violates 1 constraint\n');
    expect(out).toMatch(/unmet +Chat +0\.2 +<= 0\.1 +share +200\.0 % +VIOLATED/);
  });

  it('exits with 3 for a result whose cost is not that of its plan', async () => {
    const { exitCode, out } = await verify({ ...result, cost: { total: 25 } });
    expect(exitCode).toBe(3);
    expect(out).toContain('CLAIM     the result says $ 25.000000');
  });

  it.each([
    ['a truncated file', '{"format": "rolla-plan/1", "depl', /stdin: line 1, column .*found/],
    ['a plan without deployments', { ...handMadePlan, deployments: undefined }, /deployments: found missing, expected/],
    [
      'an unknown tier',
      { ...handMadePlan, routing: [{ ...handMadePlan.routing[0], tier: 'X' }] },
      /routing\[0\]\.tier: found "X"/,
    ],
    ['a number', '7', /found 7, expected/],
    ['a result without a plan', { ...result, plan: null }, /plan: found null, expected a rolla-plan\/1/],
    ['a result without a cost', { ...result, cost: null }, /cost: found null, expected/],
    ['a result with an unknown option', { ...result, options: { placement: 'both' } }, /placement: found "both"/],
  ])('refuses %s in one line', async (_, plan, message) => {
    const { exitCode, out, err } = await verify(plan);
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err).toMatch(/^rolla: [^\n]*\n$/);
  });

  it('refuses decision-dependent uncertainty without relief data', async () => {
    const { exitCode, err } = await verify(handMadePlan, '--uncertainty', 'decision-dependent');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/delay\.relief: found missing/);
  });
});
