/** `rolla deploy`: what is said beside the commands, and what is refused. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCaptured, temporaryFolder } from './capturedCli.ts';
import { handMadeInstance, handMadePlan } from './handMadePlan.ts';

const file = temporaryFolder();
const plan = file('plan.json');
const instance = file('instance.json');
writeFileSync(plan, JSON.stringify(handMadePlan));
const [card] = handMadeInstance.tiers;
writeFileSync(instance, JSON.stringify({ ...handMadeInstance, tiers: [{ ...card, precision: 'FP8' }] }));

const deploy = (...args: readonly string[]) => runCaptured(['deploy', plan, ...args]);

describe('rolla deploy', () => {
  it('takes a checkpoint for a tier, and has nothing to say then', async () => {
    const { exitCode, out, err } = await deploy(
      ...'--to commands --serve Small=hub/Small --serve Small@Card=hub/FP8 --instance'.split(' '),
      instance,
    );
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toContain('vllm serve hub/FP8 --served-model-name Small');
    expect(out).toContain('--kv-cache-dtype fp8');
  });

  it.each(['commands', 'kubernetes'])('notes on standard error what %s lack', async (target) => {
    const bare = await deploy('--to', target);
    expect(bare.exitCode).toBe(0);
    expect(bare.err).toMatch(/^rolla: note: without the instance .*\nrolla: note: nothing says where Small is.*\n$/);
    const planned = await deploy('--to', target, '--instance', instance, '--serve', 'Small=hub/Small');
    expect(planned.err).toMatch(/^rolla: note: Small on Card is planned at FP8.*Small@Card \(--serve\)\n$/);
  });

  it('metrics need no checkpoint', async () => {
    expect((await deploy('--to', 'prometheus')).err).toBe('');
  });

  it.each(['commands', 'kubernetes', 'prometheus'])('a model that is not planned is refused for %s', async (target) => {
    const { exitCode, out, err } = await deploy('--to', target, '--serve', 'Smal=x', '--serve', 'Small@card=y');
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/^rolla: --serve: found "Smal", expected a model of the plan \("Small"\).*"Small@Card"\)\n/);
    expect(err).toContain('rolla: --serve: found "Small@card"');
  });

  it('a model is named once, and with a path', async () => {
    expect((await deploy('--to', 'commands', '--serve', 'Small=x', '--serve', 'Small=y')).err).toContain('once');
    expect((await deploy('--to', 'commands', '--serve', 'Small')).err).toContain('expected model[@tier]=path');
  });
});
