/** What users get: the tarball of `npm pack`, installed into an empty folder, imported, type-checked and run there. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rolla-pack-'));
/** The package is built from a copy, so that a test run leaves no `dist` in the checkout. */
const copy = join(folder, 'copy');
const schemas = ['instance', 'plan', 'result'].map((name) => `schema/rolla-${name}.json`);
const consumer = join(folder, 'consumer');
const installed = join(consumer, 'node_modules', 'rolla');
const packageJson = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

beforeAll(() => {
  mkdirSync(copy);
  mkdirSync(consumer);
  for (const name of [
    'src',
    'tools',
    'docs',
    'examples',
    'schema',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
  ]) {
    cpSync(join(repository, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: copy, stdio: 'pipe' });
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  install(join(folder, `rolla-${packageJson.version}.tgz`));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * By npm where the registry or its cache is at hand. Else the tarball is unpacked, and each package that it declares,
 * and no other, is linked beside it, so that an undeclared dependency is missing there too.
 */
function install(tarball: string): void {
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--fetch-retries=0', '--loglevel=error'];
  const run = spawnSync('npm', ['install', ...flags, tarball], { cwd: consumer, encoding: 'utf8', timeout: 120_000 });
  if (run.status === 0) return;
  const isOffline =
    run.error !== undefined || /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENOTCACHED|ENETUNREACH|E403/.test(run.stderr);
  if (!isOffline) throw new Error(`npm install failed:\n${run.stderr}`);
  rmSync(join(consumer, 'node_modules'), { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  for (const name of Object.keys(packageJson.dependencies)) {
    mkdirSync(join(consumer, 'node_modules', name, '..'), { recursive: true });
    symlinkSync(join(repository, 'node_modules', name), join(consumer, 'node_modules', name));
  }
}

function node(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: consumer, encoding: 'utf8' });
}

/** The files at the leaves of `exports`, whatever the conditions. */
function targetsOf(entry: string | object): string[] {
  return typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(targetsOf);
}

describe('the packed tarball', () => {
  it('holds the files that package.json promises, and no sources or tests', () => {
    expect(
      readdirSync(installed)
        .filter((name) => name !== 'node_modules')
        .sort(),
    ).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'examples', 'package.json', 'schema']);
    const targets = targetsOf(packageJson.exports).flatMap((target) =>
      target === './schema/*.json' ? schemas : target,
    );
    for (const target of [...targets, ...Object.values<string>(packageJson.bin)]) {
      expect(existsSync(join(installed, target)) ? '' : target).toBe('');
    }
  });

  it('holds the specification and every other page that the comments of its code cite', () => {
    const cited = new Set(['docs/specification.md']);
    for (const file of readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(js|d\.ts)$/.test(file)) continue;
      const text = readFileSync(join(installed, 'dist', file), 'utf8');
      for (const [page] of text.matchAll(/(?<![\w/.])docs\/[\w/-]+\.md\b/g)) cited.add(page);
    }
    expect(cited.size).toBeGreaterThan(2);
    expect([...cited].filter((page) => !existsSync(join(installed, page)))).toEqual([]);
  });

  it('holds the command line as one file, and the licences of what is in it', () => {
    const cli = join(installed, 'dist', 'cli');
    const files = readdirSync(cli).filter((name) => name !== 'program.bytecode');
    const named = files.filter((name) => !/^shared-\w+\.js$/.test(name));
    expect(named.sort()).toEqual(['LICENSES.txt', 'main.js', 'program.js', 'queueProcessor.js', 'scenarioWorker.js']);
    expect(files.length - named.length).toBe(1);
    const required = readFileSync(join(cli, 'program.js'), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g);
    const packages = [...required].map(([, name]) => name).filter((name) => !isBuiltin(name));
    expect(packages.filter((name) => name.startsWith('.') || !(name in packageJson.dependencies))).toEqual([]);
    const licences = readFileSync(join(cli, 'LICENSES.txt'), 'utf8');
    for (const name of ['commander', 'cli-progress', 'pure-rand', 'seedrandom', 'yaml', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} ${packageJson.dependencies[name]}$`, 'm'));
    expect(licences.match(/without restriction|with or without fee/g)?.length).toBeGreaterThan(5);
  });

  it('is imported and solves', () => {
    const script = `
      import { generateReference, optimize, presets, verifyPlan } from 'rolla';
      const instance = generateReference();
      const result = optimize(instance, { preset: 'corrected' });
      console.log(result.status, result.cost.total.toFixed(5), verifyPlan(instance, presets.corrected, result.plan).ok);`;
    writeFileSync(join(consumer, 'use.mjs'), script);
    const { stdout, stderr } = node('use.mjs');
    expect(stderr).toBe('');
    // The known optimum, 633.4639515, proven by other means (docs/variants.md).
    expect(stdout).toBe('optimal 633.46395 true\n');
  });

  it('compiles the fleet that it ships', () => {
    const script = `
      import { readFileSync } from 'node:fs';
      import { compileFleet, parseFleet } from 'rolla/fleet';
      const fleet = parseFleet(readFileSync('node_modules/rolla/examples/assistant.yaml', 'utf8'));
      console.log(compileFleet(fleet).tiers.length);`;
    writeFileSync(join(consumer, 'fleet.mjs'), script);
    const { stdout, stderr } = node('fleet.mjs');
    expect(stderr).toBe('');
    expect(stdout).toBe('6\n');
  });

  it('has types: right uses compile, wrong ones do not', () => {
    const use = (code: string) => {
      writeFileSync(join(consumer, 'use.ts'), code);
      const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
      return node(join(repository, 'node_modules/typescript-7/bin/tsc'), ...options, 'use.ts');
    };
    const right = use(`
      import { type Instance, type SolveResult, generateInstance, optimize } from 'rolla';
      const instance: Instance = generateInstance({ queryTypes: 4, models: 3, tiers: 2, seed: 1 });
      const result: SolveResult = optimize(instance, { preset: 'paper', placement: 'single', timeLimit: 1 });
      if (result.status === 'optimal') { const total: number = result.cost.total + result.bound; console.log(total); }
      if (result.status === 'infeasible') { const plan: null = result.plan; console.log(plan); }`);
    expect(right.stdout).toBe('');
    expect(right.status).toBe(0);
    // Every door has types, also where the optional packages are missing.
    const doors = Object.keys(packageJson.exports).filter((door) => door !== './lp/dense' && !door.endsWith('.json'));
    const all = use(doors.map((door, t) => `export * as door${t} from '${door.replace('.', 'rolla')}';`).join('\n'));
    expect(all.stdout.replaceAll(/^node_modules\/(piscina|@types)\/.*\n/gm, '')).toBe('');
    const wrong = use(`
      import { generateReference, optimize } from 'rolla';
      optimize(generateReference(), { placement: 'both' });`);
    expect(wrong.stdout).toContain('\'"both"\' is not assignable');
  });

  it("takes parts of a user's own, as the page on them writes them", () => {
    const page = readFileSync(join(installed, 'docs', 'plugins.md'), 'utf8');
    const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
    expect(blocks.length).toBe(2);
    // The parts of the general program serve the search for a plan as well, with a cut and a pricing rule for that.
    blocks.push(`${blocks[1]}
      import { generateReference, optimize } from 'rolla';
      import { type DualPricing, dualPricings } from 'rolla/lp';
      const bounds: ProgramSeparator = {
        kind: 'separator', sees: 'program', name: 'bounds',
        separate: (_point, { program, upper }) =>
          [{ lower: program.columnLower[0], upper: upper[0], indices: [0], values: [1] }],
      };
      const pricing: DualPricing = { ...dualPricings.devex, name: 'own devex' };
      const plugins = [closing, diving, roundDown, bounds, pricing, 'guided-dive'];
      const plan = optimize(generateReference(), {
        preset: 'corrected', relaxation: 'compact', strategy: { plugins, checkCuts: true },
      });
      console.log(plan.status, plan.cost?.total.toFixed(5), plan.strategy?.['branchingRule'], plan.strategy?.['lpPricing']);`);
    for (const [at, code] of blocks.entries()) writeFileSync(join(consumer, `plugins${at}.ts`), code);
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
    const files = blocks.map((_, at) => `plugins${at}.ts`);
    const compiled = node(join(repository, 'node_modules/typescript-7/bin/tsc'), ...options, ...files);
    expect(compiled.stdout).toBe('');
    expect(node('plugins0.js').stdout).toMatch(/^optimal \d+ \{[^}]*branchingRule: 'largest'/);
    // By hand: items of 5, 7 and 4 fill the capacity of 16 and are worth 8 + 11 + 6; nothing else is worth more.
    expect(node('plugins1.js').stdout).toBe('optimal -25\n');
    // The known optimum again.
    expect(node('plugins2.js').stdout).toBe('optimal -25\noptimal 633.46395 closing own devex\n');
  });

  it('draws plans without the optional packages, and says what charts need', () => {
    const cli = join(installed, packageJson.bin.rolla);
    const solve = node(cli, 'solve', '--svg', 'plan.svg', '--html', 'plan.html');
    expect(solve.stderr).toBe('plan.svg written\nplan.html written\n');
    expect(readFileSync(join(consumer, 'plan.svg'), 'utf8')).toMatch(/^<svg /);
    const sweep = node(cli, 'sweep', '--vary', 'price=0.9,1', '--output-dir', 'sweeps');
    expect(sweep).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'rolla: charts need vega and vega-lite, which rolla does not bring along: npm install vega vega-lite\n',
    });
    const tables = node(cli, 'sweep', '--vary', 'price=0.9,1', '--output-dir', 'sweeps', '--no-charts');
    expect(tables.status).toBe(0);
    const png = `
      import { MissingPackageError, renderPng } from 'rolla/report';
      const error = await renderPng('<svg/>').catch((error) => error);
      console.log(error instanceof MissingPackageError, error.packages.join());`;
    writeFileSync(join(consumer, 'png.mjs'), png);
    expect(node('png.mjs').stdout).toBe('true @napi-rs/canvas\n');
  });

  it('installs the command line', () => {
    const { stdout, status } = node(join(installed, packageJson.bin.rolla), '--version');
    expect(status).toBe(0);
    expect(stdout).toBe(`${packageJson.version}\n`);
    expect(readFileSync(join(installed, packageJson.bin.rolla), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
