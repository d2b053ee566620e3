import { describe, expect, it } from 'vitest';
import { commandLine } from '../../web/state/commandLine.ts';
import { runCaptured } from '../cli/capturedCli.ts';

describe('commandLine', () => {
  it('has the flags of the options, and quotes what a shell would read', () => {
    const options = { preset: 'paper', timeLimit: 5, maxReplicas: 'none', strategy: "it's" } as never;
    expect(commandLine('fleet.json', options)).toBe(
      "npx rolla solve fleet.json --preset paper --time-limit 5 --max-replicas none --strategy 'it'\\''s' -o result.json",
    );
  });

  it('names flags that the command knows', async () => {
    const { out } = await runCaptured(['solve', '--help']);
    const options = { preset: 'paper', placement: 'split', delayRule: 'pooled', gap: 0.1, seed: 2 } as const;
    for (const [flag] of commandLine('f', options).matchAll(/--[\w-]+/g)) expect(out).toContain(`${flag} `);
  });
});
