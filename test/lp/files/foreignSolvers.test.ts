/**
 * Programs with a constant in the objective, as written here, have one optimum whoever reads them: HiGHS (always), and
 * GLPK, CBC and lp_solve where they are installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeLpFile } from '../../../src/lp/files/lpFileWriter.ts';
import { writeMps } from '../../../src/lp/files/mpsWriter.ts';
import { compileProblem } from '../../../src/model/compiled/planningProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { presets } from '../../../src/model/options.ts';
import { parseInstance } from '../../../src/model/validateInstance.ts';
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

  for (const { name, formats, args, objective, fromOutput = false } of solvers) {
    const isInstalled = spawnSync(name, [], { input: '', timeout: 10_000 }).error === undefined;
    it.skipIf(!isInstalled).each(formats)(
      `has its optimum in ${name} as %s${isInstalled ? '' : ': not installed, skipped'}`,
      (format) => {
        const file = join(folder, `${name}.${format}`);
        const output = join(folder, `${name}-${format}.txt`);
        writeFileSync(file, format === 'lp' ? writeLpFile(program) : writeMps(program));
        const { stdout } = spawnSync(name, args(file, format, output), { encoding: 'utf8', input: '' });
        const found = objective.exec(fromOutput ? readFileSync(output, 'utf8') : stdout)?.[1];
        expect(Number(found)).toBeCloseTo(optimum, 3);
      },
    );
  }
});
