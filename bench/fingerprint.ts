/**
 * `npm run fingerprint [file...]`: one line for each solve of a fixed list (all presets, single and split, compact and
 * patterns, and every instance file given): status, nodes, iterations, cost and bound to the last bit. Two versions of
 * the code that print the same search the same.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { generateInstance } from '../src/generator/generateInstance.ts';
import { generateReference } from '../src/generator/generateReference.ts';
import type { Instance } from '../src/model/instance.ts';
import { type PresetName, presets } from '../src/model/options.ts';
import { validateInstance } from '../src/model/validateInstance.ts';
import { optimize } from '../src/planner/optimize.ts';
import type { SolveOptions } from '../src/planner/solveOptions.ts';

/** The exact double, readable. */
const exact = (value: number | null): string => (value === null ? '-' : String(value));

function printSearch(name: string, instance: Instance, options: SolveOptions): void {
  let line: string;
  try {
    const result = optimize(instance, options);
    line = `${result.status} nodes ${result.nodes} iterations ${result.simplexIterations} cost ${exact(result.cost?.total ?? null)} bound ${exact(result.bound)}`;
  } catch (error) {
    line = `throws ${(error as Error).name}`;
  }
  process.stdout.write(`${name}  ${line}\n`);
}

function describe(options: SolveOptions): string {
  return Object.entries(options)
    .filter(([name]) => name !== 'nodeLimit')
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}

const reference = generateReference();
for (const preset of Object.keys(presets) as PresetName[]) {
  for (const changes of [
    {},
    { relaxation: 'compact' },
    { relaxation: 'compact', strategy: 'plain' },
    { placement: 'split' },
    { maxReplicas: 3 },
    { relaxation: 'compact', formulation: 'published' },
  ] as SolveOptions[]) {
    const options: SolveOptions = { preset, ...changes, nodeLimit: 10 };
    printSearch(`reference ${describe(options)}`, reference, options);
  }
}
for (const seed of [1, 2]) {
  const family = generateInstance({ queryTypes: 12, models: 6, tiers: 10, seed });
  for (const options of [{}, { relaxation: 'compact' }, { placement: 'split' }] as SolveOptions[]) {
    printSearch(`family-12x6x10-s${seed} ${describe(options)}`, family, { ...options, nodeLimit: 10 });
  }
}
for (const file of process.argv.slice(2)) {
  const data = JSON.parse(readFileSync(file, 'utf8'));
  const options: SolveOptions = data.options ?? {};
  printSearch(basename(file), validateInstance(data.instance ?? data), { ...options, nodeLimit: 5 });
}
