import { describe, expect, it } from 'vitest';
import { runCaptured } from './capturedCli.ts';
import { handMadeInstance } from './handMadePlan.ts';

describe('rolla lint', () => {
  it('warns of tiers whose memory is not that of their name, and still exits with 0', async () => {
    const { exitCode, out } = await runCaptured(['lint', '--json']);
    expect(exitCode).toBe(0);
    const paths = JSON.parse(out).map((warning: { path: string }) => warning.path);
    // A6000_INT4 has 80 GB, RTX_4090_FP16 has 48 GB, A100_40GB_FP16 has 24 GB.
    expect(paths).toEqual(expect.arrayContaining(['tiers[2].memory', 'tiers[3].memory', 'tiers[6].memory']));
    expect(paths).not.toContain('tiers[0].memory');
  });

  it('reads an instance from stdin and counts its warnings', async () => {
    const { exitCode, out } = await runCaptured(['lint', '-'], JSON.stringify(handMadeInstance));
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^\d+ warnings?\n$/m);
  });

  it('speaks of a fleet in its own words, with the lines of YAML', async () => {
    const fleet = `format: rolla-fleet/1
period: 1 h
queryTypes:
  - { name: a, rate: 10 /h, inputTokens: 1, outputTokens: 1 }
  - { name: b, rate: 10 /h, inputTokens: 1, outputTokens: 1 }
  - { name: c, rate: 10 /s, inputTokens: 1, outputTokens: 1 }
models: [{ name: m, weights: 1 GB, cachePerToken: 1 kB }]
gpus: [{ name: g, memory: 80 GB, price: 1 }]
profiles:
  - { model: m, gpu: g, secondsPerInputToken: 1e-5, secondsPerOutputToken: 1e-5, secondsPerContextToken: 0,
      latency: { firstToken: 1, perInputToken: 0.01, perOutputToken: 1 } }
`;
    const { out } = await runCaptured(['lint', '-'], fleet);
    expect(out).toContain('queryTypes[2].rate (line 6): The arrival rate');
  });
});
