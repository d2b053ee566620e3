/** The commands that the page shows are run and held against the library, asked as the page's worker is asked. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frontier, gpuFrontier } from '../../src/analysis/frontier.ts';
import { parseVary } from '../../src/analysis/grids.ts';
import { explain } from '../../src/explain/index.ts';
import { generateInstance, optimize } from '../../src/index.ts';
import { planAlternatives } from '../../src/planner/alternatives.ts';
import {
  alternativesCommand,
  analysisOnly,
  deployCommand,
  explainCommand,
  frontierCommand,
  proofCommand,
  robustnessCommand,
  solveCommand,
} from '../../web/state/commandLine.ts';
import { deployTargets } from '../../web/state/deployFiles.ts';
import { runCaptured, temporaryFolder } from '../cli/capturedCli.ts';

const path = temporaryFolder();
const instance = generateInstance({ seed: 3, queryTypes: 4, models: 3, tiers: 3 });
const file = 'instance.json';
writeFileSync(path(file), JSON.stringify(instance));
const options = { preset: 'paper', relaxation: 'compact', gap: 0.001, seed: 2 } as const;

/** Runs commands parted by `&&`, their files in the temporary folder; every one must end well. */
async function run(line: string): Promise<string> {
  let printed = '';
  for (const command of line.split(' && ')) {
    const [npx, rolla, ...words] = command.split(' ');
    expect([npx, rolla]).toEqual(['npx', 'rolla']);
    const { exitCode, out, err } = await runCaptured(words.map((word) => (/\.[a-z]+$/.test(word) ? path(word) : word)));
    expect(exitCode, `${command}: ${err}`).toBe(0);
    printed += out;
  }
  return printed;
}

const written = (name: string) => JSON.parse(readFileSync(path(name), 'utf8'));
/** Without the time that it took. */
const timeless = (data: object) => JSON.parse(JSON.stringify(data, (key, value) => (key === 'seconds' ? null : value)));

describe('commands of the page', () => {
  it('have the flags of the options, and quote what a shell would read', () => {
    const given = { preset: 'paper', timeLimit: 5, maxReplicas: 'none', strategy: "it's" } as never;
    expect(solveCommand('fleet.json', given)).toBe(
      "npx rolla solve fleet.json --preset paper --time-limit 5 --max-replicas none --strategy 'it'\\''s' -o result.json",
    );
  });

  it('solve gives the same plan', async () => {
    await run(solveCommand(file, options));
    const { cost, plan, nodes } = optimize(instance, options);
    expect(written('result.json')).toMatchObject(timeless({ cost, plan, nodes }));
  });

  it.each([
    ['error', [0.8, 1, 1.25]],
    ['gamma', [0, 0.5]],
  ] as const)('frontier over %s gives the same points', async (factor, values) => {
    const input = { instance, options: analysisOnly(options), factor, values, most: 12 };
    await run(`${frontierCommand(file, input)} --force`);
    const expected = frontier(instance, parseVary(`${factor}=${values.join(',')}`), analysisOnly(options));
    expect(expected.points.length).toBe(values.length);
    expect(timeless(written('frontier.json'))).toEqual(timeless(expected));
  });

  it('frontier over GPUs gives the same points', async () => {
    const input = { instance, options: analysisOnly(options), factor: 'gpus', values: null, most: 3 };
    await run(`${frontierCommand(file, input)} --force`);
    const expected = gpuFrontier(instance, 3, analysisOnly(options));
    expect(expected.points.length).toBeGreaterThan(1);
    expect(timeless(written('frontier.json'))).toEqual(timeless(expected));
  });

  it('alternatives are the same plans', async () => {
    const asked = { count: 3, differIn: 'tier' } as const;
    await run(alternativesCommand(file, { instance, options: { ...options, formulation: 'published' }, ...asked }));
    const expected = planAlternatives(instance, { ...options, ...asked });
    expect(expected.alternatives.length).toBeGreaterThan(1);
    expect(timeless(written('alternatives.json'))).toEqual(timeless(expected));
  });

  it('explain, compare, check and deploy take what they are given', async () => {
    await run(explainCommand(file, { options: analysisOnly(options) }));
    expect(timeless(written('explanation.json'))).toEqual(timeless(explain(instance, analysisOnly(options))));
    const asked = { gammas: [0, 0.5], distributions: ['uniform'], draws: 200 } as const;
    const uncertain = { ...analysisOnly(options), uncertainty: 'none' } as const;
    await run(robustnessCommand(file, { instance, options: uncertain, ...asked }));
    expect(readFileSync(path('robustness.csv'), 'utf8').trim().split('\n')).toHaveLength(4);
    expect(await run(proofCommand(file, options))).toContain('every one checked');
    for (const target of deployTargets) {
      await run(deployCommand(file, target, 'teams'));
      const { plan } = written('result.json');
      const text = await target.text(plan, { instance, namespace: 'teams' });
      expect(readFileSync(path(target.file), 'utf8')).toBe(text);
    }
  });
});
