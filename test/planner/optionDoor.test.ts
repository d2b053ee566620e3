/** The one door for options: whatever is wrong with them is said by every call in the words that the caller used. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import { parseVary } from '../../src/analysis/grids.ts';
import { priceOfRobustness } from '../../src/analysis/priceOfRobustness.ts';
import { stressPlan } from '../../src/analysis/stress.ts';
import { runSweep } from '../../src/analysis/sweep.ts';
import { explain } from '../../src/explain/index.ts';
import { InputError } from '../../src/input/inputError.ts';
import type { Instance } from '../../src/model/instance.ts';
import { kebabCase } from '../../src/model/kebabCase.ts';
import { presets } from '../../src/model/options.ts';
import { optimize, optimizeAsync } from '../../src/planner/optimize.ts';
import { optionTable } from '../../src/planner/optionTable.ts';
import { lintInstance, verifyPlan } from '../../src/planner/questions.ts';
import { resolveOptions, resolveSolve } from '../../src/planner/resolveSolve.ts';
import { Solve } from '../../src/planner/solve.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { solveInWorker } from '../../src/worker/solveInWorker.ts';
import { withOptionsTable } from '../../tools/optionsPage.ts';
import { runCaptured } from '../cli/capturedCli.ts';
import { tinyInstance, tinyPlan } from '../model/tinyInstance.ts';

const folder = mkdtempSync(join(tmpdir(), 'rolla-door-'));
const instanceFile = join(folder, 'tiny.json');
writeFileSync(instanceFile, JSON.stringify(tinyInstance()));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = Object.keys(optionTable) as (keyof SolveOptions)[];
const grid = { name: 'own', title: 'own', axes: [parseVary('price=1')] };

/** Every call that takes options as a solve does. */
const calls: Readonly<Record<string, (instance: Instance, options: SolveOptions) => unknown>> = {
  resolveSolve,
  resolveOptions: (_instance, options) => resolveOptions(options),
  optimize,
  optimizeAsync,
  Solve: (instance, options) => new Solve(instance, options),
  explain,
  verifyPlan: (instance, options) => verifyPlan(instance, options, tinyPlan()),
  lintInstance,
  priceOfRobustness: (instance, options) => priceOfRobustness(instance, options as never),
  stressPlan: (instance, options) => stressPlan(instance, options, tinyPlan()),
  runSweep: (instance, options) => runSweep({ instance, options, grid }),
  solveInWorker,
};

async function faultsOf(act: () => unknown): Promise<InputError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Values that an option never has, but for those named. */
const neverRight: readonly [value: unknown, exceptions: readonly string[]][] = [
  [Number.NaN, []],
  ['nope', []],
  ['', []],
  [-1, []],
  [null, []],
  [[], []],
  [[1], []],
  [{ nope: true }, []],
  [true, ['reductions']],
  [3, ['maxReplicas', 'timeLimit', 'nodeLimit', 'memoryLimit', 'seed']],
  [1.5, ['timeLimit', 'memoryLimit']],
  [-Infinity, []],
  [() => 1, ['onProgress']],
];

describe.each(Object.entries(calls))('%s', (_name, call) => {
  it('refuses each option with each wrong value, naming it', async () => {
    for (const option of names) {
      for (const [value, exceptions] of neverRight) {
        if (exceptions.includes(option)) continue;
        const error = await faultsOf(() => call(tinyInstance(), { [option]: value } as SolveOptions));
        const paths = new Set(error.issues.map(({ path }) => path.split('.')[0]));
        expect({ option, value, paths: [...paths] }).toEqual({ option, value, paths: [option] });
        expect(error.message).toContain(option);
      }
    }
  });

  it('says all faults at once, unknown names too', async () => {
    const wrong = {
      gap: -1,
      memoryLimit: -1,
      seed: 'abc',
      relaxation: 'foo',
      sed: 3,
      placement: 'split',
      robust: 'projected',
    };
    const error = await faultsOf(() => call(tinyInstance(), wrong as never));
    expect(error.issues.map(({ path }) => path)).toEqual(['gap', 'memoryLimit', 'seed', 'relaxation', 'sed', 'robust']);
    expect(error.message.split('\n')).toHaveLength(6);
  });

  it('refuses what is no object of options', async () => {
    for (const value of [null, 3, 'reference', []]) {
      const error = await faultsOf(() => call(tinyInstance(), value as never));
      expect(error.issues.map(({ path }) => path)).toEqual(['options']);
    }
  });
});

/** Those that are given an instance too. */
const callsWithInstance = Object.entries(calls).filter(([name]) => name !== 'resolveOptions');

it.each(callsWithInstance)('%s refuses bad instances beside bad options', async (_name, call) => {
  const bad = { ...tinyInstance(), models: [], storagePrice: null } as never;
  const error = await faultsOf(() => call(bad, { gap: Number.NaN }));
  expect(error.issues.map(({ path }) => path)).toEqual(['models', 'storagePrice', 'gap']);
  const dependent = await faultsOf(() => call(tinyInstance(), { uncertainty: 'decision-dependent' }));
  expect(dependent.issues.map(({ path }) => path)).toEqual(['delay.relief', 'error.relief']);
});

const contradictory: readonly [SolveOptions, keyof SolveOptions][] = [
  [{ placement: 'split', relaxation: 'patterns' }, 'relaxation'],
  [{ placement: 'split', robust: 'projected' }, 'robust'],
  [{ relaxation: 'patterns', formulation: 'published' }, 'formulation'],
  [{ relaxation: 'patterns', formulation: 'strengthened' }, 'formulation'],
  [{ relaxation: 'patterns', robust: 'dual' }, 'robust'],
  [{ formulation: 'published' }, 'formulation'],
  [{ relaxation: 'auto', formulation: 'published', preset: 'paper' }, 'formulation'],
  [{ relaxation: 'compact', formulation: 'published', robust: 'adversarial' }, 'robust'],
  [{ relaxation: 'compact', formulation: 'published', reductions: true }, 'reductions'],
  [{ relaxation: 'compact', formulation: 'published', reductions: { dominatedPairs: false } }, 'reductions'],
];

const withoutEffect: readonly [SolveOptions, keyof SolveOptions][] = [
  [{ uncertainty: 'none', delayCost: 'total' }, 'delayCost'],
  [{ uncertainty: 'none', delayCostBudget: 'joint' }, 'delayCostBudget'],
  [{ uncertainty: 'none', relaxation: 'compact', robust: 'dual' }, 'robust'],
  [{ formulation: 'strengthened' }, 'formulation'],
  [{ robust: 'dual' }, 'robust'],
  [{ seed: 3, strategy: 'plain' }, 'seed'],
  [{ seed: 3, strategy: { heuristics: false } }, 'seed'],
];

const flagsOf = (options: SolveOptions) =>
  Object.entries(options).flatMap(([name, value]) => [
    `--${kebabCase(name)}`,
    name === 'reductions' ? (value === true ? 'all' : 'idle-deployments') : String(value),
  ]);

describe('options that do not go together', () => {
  it.each(contradictory)('are refused: %j', async (options, path) => {
    for (const call of [optimize, lintInstance, resolveSolve]) {
      const { issues } = await faultsOf(() => call(tinyInstance(), options));
      expect(issues.map((issue) => issue.path)).toEqual([path]);
    }
    const { exitCode: code, err } = await runCaptured(['solve', instanceFile, ...flagsOf(options)]);
    expect(code).toBe(2);
    expect(err.startsWith(`rolla: --${kebabCase(path)}: found `)).toBe(true);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it.each(withoutEffect)('or have no effect, which the result says: %j', async (options, path) => {
    const { notices } = optimize(tinyInstance(), options);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(new RegExp(`^${path} has no effect: `));
    if (typeof options.strategy === 'object') return;
    const { exitCode: code, err } = await runCaptured(['solve', instanceFile, ...flagsOf(options)]);
    expect(code).toBe(0);
    expect(err).toContain(`rolla: note: ${path} has no effect: `);
  });

  it('are seen in the instance too', () => {
    const { budget: _, ...unlimited } = tinyInstance();
    expect(optimize(unlimited, { rentalInBudget: 'once' }).notices).toEqual([
      'rentalInBudget has no effect: the instance has no budget',
    ]);
    expect(optimize(tinyInstance(), { rentalInBudget: 'once' }).notices).toEqual([]);
  });
});

describe('the command line', () => {
  const flags = names.filter((name) => optionTable[name].argument !== null);
  const commands = { solve: flags, lint: flags.slice(0, 9), explain: flags.slice(0, 9) };

  it.each(Object.entries(commands))('%s refuses each flag with each wrong value, naming it', async (command, known) => {
    for (const name of known) {
      for (const value of ['nope', '', 'NaN', '-1', 'constructor']) {
        const {
          exitCode: code,
          err,
          out,
        } = await runCaptured([command, instanceFile, `--${kebabCase(name)}=${value}`]);
        const lines = err.trim().split('\n');
        expect({ name, value, code, out, lines: lines.length }).toEqual({ name, value, code: 2, out: '', lines: 1 });
        expect(lines[0].startsWith(`rolla: --${kebabCase(name)}`)).toBe(true);
      }
    }
  });

  it('says all that is wrong at once', async () => {
    const { exitCode: code, err } = await runCaptured([
      'solve',
      instanceFile,
      '--gap',
      '2',
      '--memory-limit=-1',
      '--strategy',
      'x',
    ]);
    expect(code).toBe(2);
    expect(err.split('\n').map((line) => line.split(':')[1]?.trim())).toEqual([
      '--gap',
      '--memory-limit',
      '--strategy',
      undefined,
    ]);
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, JSON.stringify({ ...tinyInstance(), budget: -1, models: [], storagePrice: null }));
    const { err: faults } = await runCaptured(['solve', bad]);
    expect(
      faults
        .trim()
        .split('\n')
        .map((line) => line.split(': ')[2]),
    ).toEqual(['models', 'budget', 'storagePrice']);
  });

  it('shows every option in the help of solve, with its choices', async () => {
    const { out } = await runCaptured(['solve', '--help']);
    for (const name of flags) {
      expect(out).toContain(`--${kebabCase(name)} ${optionTable[name].argument}`);
      expect(out.replaceAll(/\s+/g, ' ')).toContain(optionTable[name].does);
    }
    expect(out.replaceAll(/\s+/g, ' ')).toContain('(choices: "projected", "dual", "adversarial"');
  });
});

describe('what a solve works with', () => {
  it('is complete, frozen, and what was asked for', () => {
    const resolved = resolveSolve(tinyInstance(), {
      preset: 'reference',
      gap: 0.1,
      reductions: { dominatedPairs: false },
    });
    expect(resolved.planning).toEqual(presets.reference);
    expect(resolved.settings).toMatchObject({ gap: 0.1, seed: 1, relaxation: 'auto', formulation: 'strengthened' });
    expect(resolved.settings.reductions.dominatedPairs).toBe(false);
    expect(resolved.settings.reductions.idleDeployments).toBe(true);
    expect(resolved.limits).toEqual({ timeLimit: Infinity, nodeLimit: Infinity, memoryLimit: Infinity });
    for (const part of [resolved, resolved.planning, resolved.settings, resolved.limits, resolved.settings.strategy])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('judges a plan by the variant of a preset', () => {
    const options = { preset: 'reference' } as const;
    const { plan, cost } = optimize(tinyInstance(), { preset: 'reference' });
    expect(verifyPlan(tinyInstance(), options, plan!)).toEqual(verifyPlan(tinyInstance(), presets.reference, plan!));
    expect(verifyPlan(tinyInstance(), options, plan!).cost).toEqual(cost);
    expect(verifyPlan(tinyInstance(), {}, plan!).cost).not.toEqual(cost);
  });

  it('leaves a plan to start from with names that the instance has', async () => {
    const startPlan = { ...tinyPlan(), routing: [{ queryType: 'chat', model: 'huge', tier: 'fast', fraction: 1 }] };
    const { issues } = await faultsOf(() => optimize(tinyInstance(), { startPlan }));
    expect(issues.map(({ path }) => path)).toEqual(['startPlan.routing[0].model']);
    const inside = await faultsOf(() => optimize(tinyInstance(), { strategy: { cuts: 'yes', base: 'x' } as never }));
    expect(inside.issues.map(({ path }) => path)).toEqual(['strategy.cuts', 'strategy.base']);
  });
});

describe('docs and schema', () => {
  it('docs/options.md has the table', () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/options.md', import.meta.url)), 'utf8');
    expect(page).toBe(withOptionsTable(page));
  });

  it('rolla-options.json accepts and refuses as the door does', () => {
    const file = fileURLToPath(new URL('../../schema/rolla-options.json', import.meta.url));
    const check = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
    const data = names.filter((name) => optionTable[name].group !== 'library');
    for (const name of data) {
      for (const [value, exceptions] of neverRight) {
        if (exceptions.includes(name) || typeof value === 'function' || !Number.isFinite(value ?? 0)) continue;
        expect({ name, value, accepted: check({ [name]: value }) }).toEqual({ name, value, accepted: false });
      }
    }
    const full = {
      ...presets.paper,
      preset: 'paper',
      gap: 0.01,
      seed: 7,
      timeLimit: 3.5,
      nodeLimit: 10,
      memoryLimit: 100,
    };
    expect(check({ ...full, reductions: { dominatedPairs: false }, strategy: { base: 'plain', cuts: true } })).toBe(
      true,
    );
    expect(check({ startPlan: tinyPlan(), strategy: 'plain', relaxation: 'compact', robust: 'dual' })).toBe(true);
    expect(check({ signal: { aborted: false } })).toBe(false);
  });
});
