/** The recipes of docs/recipes, run as they are: each gives the rows of a plain run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtCli } from '../../builtPackage.ts';
import { scenarioFolder, smallInstance, timelessCsvRows } from '../../scenarios/smallScenarios.ts';
import { slurmParts, startSlurm } from './slurmCluster.ts';

const recipe = (name: string) => fileURLToPath(new URL(`../../../docs/recipes/${name}`, import.meta.url));
const isInstalled = (...commands: readonly string[]) =>
  commands.every((command) => spawnSync('which', [command]).status === 0);

const { at, write } = scenarioFolder();
const shards = 5;
const rates = [0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.7, 1.9, 2.1, 2.3, 2.5];

let env: NodeJS.ProcessEnv;
let scenarios: string;
let expected: Record<string, string>[];

/** Runs a command with `rolla` on its path. */
function run(command: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): string {
  return execFileSync(command, args, { cwd, env: { ...env, ...more }, encoding: 'utf8', stdio: 'pipe' });
}

beforeAll(() => {
  mkdirSync(at('bin'));
  writeFileSync(at('bin/rolla'), `#!/bin/sh\nexec "${process.execPath}" "${builtCli()}" "$@"\n`);
  chmodSync(at('bin/rolla'), 0o755);
  env = { ...process.env, PATH: `${at('bin')}${delimiter}${process.env.PATH}` };
  writeFileSync(at('small.json'), JSON.stringify(smallInstance));
  const head = { format: 'rolla-scenarios/1', title: 'Small', instance: 'small.json' };
  const tasks = rates.map((rate) => ({ patch: { factors: [['rate', rate]] }, options: { nodeLimit: 40 } }));
  scenarios = write(
    'scenarios.jsonl',
    [head, ...tasks].map((line) => `${JSON.stringify(line)}\n`),
  );
  run('rolla', ['run', scenarios, '--results', at('plain')], at('.'));
  run('rolla', ['merge', scenarios, '--results', at('plain'), '--output-dir', at('plain'), '--no-charts'], at('.'));
  expected = timelessCsvRows(at('plain/scenarios.csv'));
});

describe('recipes', () => {
  it.skipIf(!isInstalled('parallel'))('parallel.sh (GNU parallel; skipped where it is not installed)', () => {
    expect(expected.length).toBe(rates.length);
    run('sh', [recipe('parallel.sh'), scenarios, at('parallel'), String(shards)], at('.'));
    expect(timelessCsvRows(at('parallel/scenarios.csv'))).toEqual(expected);
  });

  it.skipIf(!isInstalled('snakemake'))('Snakefile (Snakemake; skipped where it is not installed)', () => {
    mkdirSync(at('snakemake'));
    copyFileSync(recipe('Snakefile'), at('snakemake/Snakefile'));
    run('snakemake', ['--cores', '2', '--config', `scenarios=${scenarios}`, `shards=${shards}`], at('snakemake'));
    expect(timelessCsvRows(at('snakemake/report/scenarios.csv'))).toEqual(expected);
  });

  it('kubernetes.yaml: its command, in the environment of every index', () => {
    const { spec } = parse(readFileSync(recipe('kubernetes.yaml'), 'utf8'));
    const [{ command, env: variables }] = spec.template.spec.containers;
    const given = Object.fromEntries(
      variables.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    expect(Number(given.JOB_COMPLETIONS)).toBe(spec.completions);
    const [program, ...args] = command.map((word: string) =>
      word.replace(/^\/data\/(.*)$/, (_, name: string) => at(name === 'results' ? 'kubernetes' : name)),
    );
    for (let index = 0; index < spec.completions; index++)
      run(program, args, at('.'), { ...given, JOB_COMPLETION_INDEX: String(index) });
    const merged = ['--results', at('kubernetes'), '--output-dir', at('kubernetes'), '--no-charts'];
    run('rolla', ['merge', scenarios, ...merged], at('.'));
    expect(timelessCsvRows(at('kubernetes/scenarios.csv'))).toEqual(expected);
  });

  describe.skipIf(!isInstalled(...slurmParts))('slurm.sh (Slurm; skipped where it is not installed)', () => {
    let stop: (() => void) | undefined;
    afterAll(() => stop?.());

    it('an array, and the merge that waits for it', () => {
      mkdirSync(at('cluster'));
      const cluster = startSlurm(at('cluster'));
      stop = cluster.stop;
      run('sh', [recipe('slurm.sh'), scenarios, at('slurm'), String(shards)], at('.'), cluster.env);
      // Jobs that are wrapped commands have one name, and `singleton` waits for all of the name.
      run(
        'sbatch',
        ['--wait', '--dependency=singleton', '--wrap', 'true', '--output', '/dev/null'],
        at('.'),
        cluster.env,
      );
      expect(timelessCsvRows(at('slurm/scenarios.csv'))).toEqual(expected);
    });
  });
});
