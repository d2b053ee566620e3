/**
 * Programs as written here have one optimum whoever reads them: HiGHS (always), and GLPK, CBC and lp_solve where they
 * are installed. One with a constant in the objective; those of ten planning problems of all kinds.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { writeLpFile } from '../../../src/lp/files/lpFileWriter.ts';
import { writeMps } from '../../../src/lp/files/mpsWriter.ts';
import type { MixedIntegerProgram } from '../../../src/lp/linearProgram.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../../src/model/instance.ts';
import { presets } from '../../../src/model/options.ts';
import { parseInstance } from '../../../src/model/validateInstance.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { arbitraryFleet } from '../../arbitrary/fleets.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { loadHighsOracle } from '../highsOracle.ts';

const highs = await loadHighsOracle();
const folder = mkdtempSync(join(tmpdir(), 'rolla-foreign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Format = 'mps' | 'lp';

/** How each solver is asked, and where it prints the optimum. */
const solvers: readonly {
  readonly name: string;
  readonly formats: readonly Format[];
  readonly args: (file: string, format: Format, output: string) => readonly string[];
  readonly objective: RegExp;
  readonly fromOutput?: boolean;
}[] = [
  {
    name: 'glpsol',
    formats: ['mps', 'lp'],
    args: (file, format, output) => [format === 'lp' ? '--lp' : '--freemps', file, '--mipgap', '1e-9', '-o', output],
    objective: /^Objective: +\S+ = (\S+)/m,
    fromOutput: true,
  },
  {
    name: 'cbc',
    formats: ['mps', 'lp'],
    args: (file, _, output) => [file, 'ratioGap', '0', 'allowableGap', '1e-9', 'solve', 'solution', output, 'quit'],
    objective: /objective value +(\S+)/,
    fromOutput: true,
  },
  // lp_solve's own LP format is another one.
  {
    name: 'lp_solve',
    formats: ['mps'],
    args: (file) => ['-fmps', file, '-e', '1e-9', '-ga', '1e-9', '-gr', '1e-9', '-S4'],
    objective: /Value of objective function: +(\S+)/,
  },
];

/** The optimum that a solver on the PATH finds in the text of a program. */
function foreignOptimum(
  { name, args, objective, fromOutput = false }: (typeof solvers)[number],
  format: Format,
  text: string,
  label: string,
): number {
  const file = join(folder, `${name}-${label}.${format}`);
  const output = join(folder, `${name}-${label}-${format}.txt`);
  writeFileSync(file, text);
  const { stdout } = spawnSync(name, args(file, format, output), { encoding: 'utf8', input: '' });
  return Number(objective.exec(fromOutput ? readFileSync(output, 'utf8') : stdout)?.[1]);
}

const isInstalled = (name: string) => spawnSync(name, [], { input: '', timeout: 10_000 }).error === undefined;
const word = (name: string) => (isInstalled(name) ? '' : ': not installed, skipped');

const text = readFileSync(new URL('../../data/programs/export-constant.json', import.meta.url), 'utf8');
const { program } = buildStrengthened(compileProblem(parseInstance(text), presets.corrected), {
  robust: 'projected',
});
/** Given with the data. */
const optimum = 587.16595;

describe('a program with a constant in its objective', () => {
  it('is one', () => expect(program.offset).not.toBe(0));

  it('has its optimum in HiGHS', () => {
    for (const answer of [highs.solveText('lp', writeLpFile(program)), highs.solveText('mps', writeMps(program))])
      expect(answer.objective).toBeCloseTo(optimum, 5);
  });

  for (const solver of solvers)
    it.skipIf(!isInstalled(solver.name)).each(solver.formats)(
      `has its optimum in ${solver.name} as %s${word(solver.name)}`,
      (format) => {
        const written = format === 'lp' ? writeLpFile(program) : writeMps(program);
        expect(foreignOptimum(solver, format, written, 'constant')).toBeCloseTo(optimum, 3);
      },
    );
});

/** Ten problems that have plans: published instances under drawn options, and fleets. */
function exported(): { readonly label: string; readonly program: MixedIntegerProgram; readonly optimum: number }[] {
  const list: ReturnType<typeof exported> = [];
  for (let seed = 1; list.length < 10; seed++) {
    const isFleet = list.length >= 6;
    const options = fc.sample(arbitraryOptions(isFleet ? { delayRule: 'per-deployment' } : {}), {
      seed,
      numRuns: 1,
    })[0];
    const planning = isFleet ? ({ ...options, uncertainty: 'budgeted', dropped: 'unplaced' } as const) : options;
    const instance = fc.sample<Instance>(
      isFleet ? arbitraryFleet(3, 2, 2) : arbitraryInstance({ queryTypes: 3, models: 2, tiers: 2 }),
      { seed, numRuns: 1 },
    )[0];
    const { status, cost } = optimize(instance, { ...planning, gap: 1e-9 });
    if (status !== 'optimal') continue;
    const problem = compileProblem(instance, planning);
    const { program } = list.length % 3 === 0 ? buildPublished(instance, planning) : buildStrengthened(problem);
    list.push({ label: `${seed}`, program, optimum: cost.total });
  }
  return list;
}

describe('ten planning problems, exported', () => {
  const ten = exported();
  // Others keep rows to 1e-6 or so of absolute data.
  const isNear = (found: number, value: number) => Math.abs(found - value) <= 1e-4 * Math.max(1, Math.abs(value));

  it('have our optimum in HiGHS', () => {
    const off = ten.filter(({ program: each, optimum: value }) => {
      const answers = [highs.solveText('lp', writeLpFile(each)), highs.solveText('mps', writeMps(each))];
      return !answers.every(({ objective }) => isNear(objective!, value));
    });
    expect(off.map(({ label }) => label)).toEqual([]);
  });

  for (const solver of solvers)
    it.skipIf(!isInstalled(solver.name)).each(solver.formats)(
      `have our optimum in ${solver.name} as %s${word(solver.name)}`,
      (format) => {
        const off = ten.flatMap(({ label, program: each, optimum: value }) => {
          const found = foreignOptimum(solver, format, format === 'lp' ? writeLpFile(each) : writeMps(each), label);
          return isNear(found, value) ? [] : [`${label}: ${found}, not ${value}`];
        });
        expect(off).toEqual([]);
      },
    );
});
