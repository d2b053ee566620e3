/**
 * Solutions of exported programs come back as plans: of HiGHS, and of CBC and GLPK where they are installed, as these
 * write them; of SCIP and Gurobi in the form that their manuals show, with the point of HiGHS.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import { InputError } from '../../src/input/inputError.ts';
import { writeMps } from '../../src/lp/files/mpsWriter.ts';
import { readSolutionFile } from '../../src/lp/files/solutionReader.ts';
import type { MixedIntegerProgram } from '../../src/lp/linearProgram.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildPublished } from '../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import { presets } from '../../src/model/options.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { type ExportedProgram, planOfSolution } from '../../src/planner/planOfSolution.ts';
import { runCaptured } from '../cli/capturedCli.ts';
import { solveWithHighs } from '../oracle/highs.ts';

const generated = generateInstance({ queryTypes: 3, models: 2, tiers: 3, seed: 1 });
/** Something must be served, so that no columns at all are no plan. */
const instance = {
  ...generated,
  queryTypes: generated.queryTypes.map((query) => ({ ...query, unmetCap: 0.5 })),
};
const options = { preset: 'recommended' } as const;
const optimum = optimize(instance, options).cost!.total;
const exported: ExportedProgram = { formulation: 'strengthened', robust: 'projected' };
const program: MixedIntegerProgram = buildStrengthened(compileProblem(instance, presets.recommended), {
  robust: 'projected',
}).program;

const folder = mkdtempSync(join(tmpdir(), 'rolla-solution-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (name: string) => join(folder, name);

const isInstalled = (command: string) => spawnSync(command, ['--version'], { input: 'quit\n' }).error === undefined;

/** As each solver writes a point: all columns, or those that are not 0. */
const written = {
  HiGHS: (point: Float64Array) =>
    [
      'Model status',
      'Optimal',
      '',
      '# Primal solution values',
      'Feasible',
      `Objective ${optimum}`,
      `# Columns ${point.length}`,
      ...program.columnNames.map((name, j) => `${name} ${point[j]}`),
      '# Rows 1',
      'r 0',
      '',
    ].join('\n'),
  SCIP: (point: Float64Array) =>
    [
      'solution status: optimal solution found',
      `objective value:                     ${optimum}`,
      ...program.columnNames.flatMap((name, j) =>
        point[j] === 0 ? [] : [`${name.padEnd(40)} ${point[j]} \t(obj:${program.cost[j]})`],
      ),
      '',
    ].join('\n'),
  Gurobi: (point: Float64Array) =>
    [
      '# Solution for model strengthened-projected',
      `# Objective value = ${optimum}`,
      ...program.columnNames.map((name, j) => `${name} ${point[j]}`),
      '',
    ].join('\n'),
};

let point: Float64Array;
beforeAll(async () => {
  ({ point } = await solveWithHighs(program));
  writeFileSync(fileOf('program.mps'), writeMps(program));
});

function expectOptimum(text: string, which = exported): void {
  const { plan, verification, otherObjective } = planOfSolution(instance, options, which, readSolutionFile(text));
  expect(verification.ok).toBe(true);
  expect(verification.cost.total / optimum).toBeCloseTo(1, 5);
  expect(otherObjective).toBeNull();
  expect(plan.format).toBe('rolla-plan/1');
}

describe('a solution of an exported program', () => {
  it.each(Object.keys(written) as (keyof typeof written)[])(
    'in the form of %s is the plan of the optimum',
    (solver) => {
      const text = written[solver](point);
      expect(readSolutionFile(text)).toMatchObject({ solver, objective: optimum });
      expectOptimum(text);
    },
  );

  it.runIf(isInstalled('cbc'))('that CBC found and wrote is the plan of the optimum', () => {
    spawnSync('cbc', [fileOf('program.mps'), 'ratioGap', '0', 'solve', 'solution', fileOf('cbc.sol')]);
    expectOptimum(readFileSync(fileOf('cbc.sol'), 'utf8'));
  });

  it.runIf(isInstalled('glpsol'))('that GLPK found and wrote is the plan of the optimum', () => {
    spawnSync('glpsol', ['--freemps', fileOf('program.mps'), '--write', fileOf('glpk.sol')]);
    expectOptimum(readFileSync(fileOf('glpk.sol'), 'utf8'));
  });

  it('of the published program is one as well', async () => {
    const published = buildPublished(instance, presets.recommended).program;
    const solution = await solveWithHighs(published);
    const lines = published.columnNames.map((name, j) => `${name} ${solution.point[j]}`);
    expectOptimum(`# Objective value = ${solution.objective}\n${lines.join('\n')}\n`, {
      ...exported,
      formulation: 'published',
    });
  });
});

describe('what is no solution of the program', () => {
  const read = (text: string) => planOfSolution(instance, options, exported, readSolutionFile(text));

  it('names columns that are missing or strange', () => {
    const whole = written.Gurobi(point);
    const name = program.columnNames[0];
    expect(() => read(whole.replace(`${name} ${point[0]}\n`, ''))).toThrow(InputError);
    expect(() => read(whole.replace(`${name} ${point[0]}\n`, ''))).toThrow(`columns missing (${name})`);
    expect(() => read(`${whole}another 1\n`)).toThrow('does not have (another)');
    expect(() => read(`${whole}${name} 1\n`)).toThrow('each column once');
  });

  it.each([
    ['', 'first line'],
    ['{"format": "rolla-plan/1"}', 'first line'],
    ['Infeasible - objective value 0.00000000\n', 'a solve with a solution'],
    ['Model status\nInfeasible\n\n# Primal solution values\nNone\n', 'the status is Infeasible'],
    ['Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective 1\n# Columns 3\na 1\n', '3 columns'],
    ['solution status: infeasible\nno solution available\n', 'the status is infeasible'],
    ['s mip 3 2 n 0\nj 1 0\nj 2 0\n', 'o or f'],
    ['s mip 3 2 o 0\nj 1 0\n', '2 columns'],
    ['# Objective value = 1\nw_0 many\n', 'a finite number'],
  ])('says so of %j', (text, says) => {
    expect(() => readSolutionFile(text)).toThrow(says);
  });

  it('is no plan where it breaks a row: the verifier says which', () => {
    const { verification, otherObjective } = read(written.SCIP(new Float64Array(point.length)));
    expect(verification.ok).toBe(false);
    expect(otherObjective).toBe(optimum);
  });
});

describe('rolla import solution', () => {
  it('writes the plan that holds, and nothing for one that does not', async () => {
    writeFileSync(fileOf('instance.json'), JSON.stringify(instance));
    writeFileSync(fileOf('good.sol'), written.HiGHS(point));
    writeFileSync(fileOf('bad.sol'), written.HiGHS(new Float64Array(point.length)));
    const good = await runCaptured([
      'import',
      'solution',
      fileOf('instance.json'),
      fileOf('good.sol'),
      '-o',
      fileOf('p'),
    ]);
    expect(good).toMatchObject({ exitCode: 0 });
    const verified = await runCaptured(['verify', fileOf('instance.json'), fileOf('p')]);
    expect(verified.exitCode).toBe(0);
    const bad = await runCaptured(['import', 'solution', fileOf('instance.json'), fileOf('bad.sol')]);
    expect(bad).toMatchObject({ exitCode: 3, out: '' });
    expect(bad.err).toContain('violates');
  });
});
