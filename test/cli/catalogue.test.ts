/** `rolla catalogue` as users call it; figures from the makers' data sheets and model cards. */
import { describe, expect, it } from 'vitest';
import { parseFleet } from '../../src/exchange/fleet.ts';
import { compileFleet } from '../../src/generator/fleet/compileFleet.ts';
import { runCaptured } from './capturedCli.ts';

const listed = async (...args: readonly string[]) =>
  JSON.parse((await runCaptured(['catalogue', ...args, '--json'])).out);

describe('rolla catalogue', () => {
  it('lists GPUs, models and profiles', async () => {
    const { exitCode, out } = await runCaptured(['catalogue']);
    expect(exitCode).toBe(0);
    // 48 GB at 864 GB/s; 70.6e9 weights of two bytes, 2 * 80 layers * 8 heads * 128 entries of two bytes per token.
    expect(out).toMatch(/l40s +NVIDIA L40S +48 +864/);
    expect(out).toMatch(/llama-3.1-70b .* 141.2 .* 327.68 /);
  });

  it('names nothing that a fleet cannot name', async () => {
    const { gpus, models, profiles } = await listed();
    const fleetOf = (profile: { id: string; model: string; gpu: string; precision: string }) => `
format: rolla-fleet/1
period: 1 h
queryTypes: [{ name: q, rate: 1, inputTokens: 100, outputTokens: 100 }]
models: [{ name: m, catalogue: ${profile.model} }]
gpus: [{ name: g, catalogue: ${profile.gpu}, precision: ${profile.precision} }]
profiles: [{ model: m, gpu: g, catalogue: ${profile.id} }]`;
    for (const profile of profiles) {
      const [compiled] = compileFleet(parseFleet(fleetOf(profile))).profiles!;
      expect(compiled.secondsPerInputToken).toBe(profile.secondsPerInputToken);
      expect(models.some(({ id }: { id: string }) => id === profile.model)).toBe(true);
      expect(gpus.some(({ id }: { id: string }) => id === profile.gpu)).toBe(true);
    }
    expect(profiles.length).toBeGreaterThan(20);
  });

  it('lists a part, with the profiles that belong to it', async () => {
    const { gpus, models, profiles } = await listed('l40s');
    expect([gpus.length, models.length]).toEqual([1, 0]);
    expect(profiles.every(({ gpu }: { gpu: string }) => gpu === 'l40s')).toBe(true);
  });

  it('refuses what is no part of any id', async () => {
    const { exitCode, err } = await runCaptured(['catalogue', 'l40z']);
    expect(exitCode).toBe(2);
    expect(err).toContain('found "l40z", expected a part of an id');
  });
});
