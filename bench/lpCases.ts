/**
 * What the suite `lp` solves: the LP files of the tests, and the linear relaxations of both programs of a few
 * instances.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { generateInstance } from '../src/generator/generateInstance.ts';
import { generateReference } from '../src/generator/generateReference.ts';
import { readMps } from '../src/lp/files/mpsReader.ts';
import type { MixedIntegerProgram } from '../src/lp/linearProgram.ts';
import { compileProblem } from '../src/model/compiled/compileProblem.ts';
import { buildPublished } from '../src/model/formulations/published.ts';
import { buildStrengthened } from '../src/model/formulations/strengthened.ts';
import type { Instance } from '../src/model/instance.ts';
import { presets } from '../src/model/options.ts';

export type LpGroup = 'files' | 'relaxations';

export interface LpCase {
  readonly name: string;
  readonly group: LpGroup;
  readonly build: () => MixedIntegerProgram;
}

export function lpCases(): LpCase[] {
  const folder = new URL('../test/data/lp/', import.meta.url);
  const files: LpCase[] = readdirSync(folder)
    .filter((file) => file.endsWith('.mps'))
    .sort()
    .map((file) => ({
      name: file.replace('.mps', ''),
      group: 'files',
      build: () => readMps(readFileSync(new URL(file, folder), 'latin1')),
    }));
  const instances: [string, () => Instance][] = [
    ['reference', () => generateReference()],
    ['family 24x10x20', () => generateInstance({ seed: 1, queryTypes: 24, models: 10, tiers: 20 })],
    ['family 48x12x20', () => generateInstance({ seed: 1, queryTypes: 48, models: 12, tiers: 20 })],
  ];
  return [
    ...files,
    ...instances.flatMap(([name, instance]): LpCase[] => [
      {
        name: `${name} strengthened`,
        group: 'relaxations',
        build: () => buildStrengthened(compileProblem(instance(), presets.corrected)).program,
      },
      {
        name: `${name} published`,
        group: 'relaxations',
        build: () => buildPublished(instance(), presets.corrected).program,
      },
    ]),
  ];
}
