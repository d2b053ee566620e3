/** Times of single steps with tinybench: factorise, solve, pivot, price, separate, and what stands around them. */

import { readFileSync } from 'node:fs';
import { Bench } from 'tinybench';
import { generalCuts } from '../src/bnb/cuts/generalCuts.ts';
import { RowMatrix } from '../src/bnb/linear/rowMatrix.ts';
import { defaultSearchParameters } from '../src/bnb/parameters.ts';
import { findPlans } from '../src/heuristics/index.ts';
import { SimplexSolver } from '../src/lp/simplex/simplexSolver.ts';
import { checkPlan } from '../src/model/check/verifier.ts';
import { compileProblem } from '../src/model/compiled/compileProblem.ts';
import { toPlan } from '../src/model/compiled/indexedPlan.ts';
import { buildPublished } from '../src/model/formulations/published.ts';
import { buildStrengthened } from '../src/model/formulations/strengthened.ts';
import { presets } from '../src/model/options.ts';
import { parseInstance } from '../src/model/validateInstance.ts';
import { planCuts } from '../src/planner/cuts/planCuts.ts';
import { BasisKernel } from './basisKernel.ts';
import { separableOptions } from './cases.ts';
import { pricingKernel } from './pricingKernel.ts';
import type { Section } from './resultFiles.ts';
import { markdownTable, numberText, secondsText } from './tables.ts';

/** Milliseconds of measuring and of warming up for each kernel. */
const measuredTime = 600;
const warmUpTime = 200;

export async function benchKernels(): Promise<Section> {
  const read = (name: string) => readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8');
  const referenceText = read('reference-seed42');
  const reference = parseInstance(referenceText);
  const family = compileProblem(parseInstance(read('family-12x6x10')), separableOptions);
  const problem = compileProblem(reference, presets.corrected);
  const formulation = buildStrengthened(family);
  const { program } = formulation;
  const plan = toPlan(problem, findPlans(problem)[0]);
  const solver = new SimplexSolver(program);
  solver.solve();
  const point = solver.primal.slice(0, program.numColumns);
  const basis = new BasisKernel(program, solver.saveBasis());
  const separation = {
    program,
    rows: RowMatrix.fromProgram(program),
    numProgramRows: program.numRows,
    lower: program.columnLower,
    upper: program.columnUpper,
    reducedCosts: solver.reducedCosts,
    duals: solver.duals,
    rowActivity: solver.rowActivity,
    multipliersOf: (columns: ArrayLike<number>, values: ArrayLike<number>) => solver.multipliersOf(columns, values),
    round: 1,
    parameters: defaultSearchParameters,
  };
  const warm = new SimplexSolver(program);
  warm.solve();
  const integers = [...program.integrality.keys()].filter((column) => program.integrality[column] === 1);
  let turn = 0;
  const modelCuts = planCuts(formulation);
  const priceAllOptions = pricingKernel(family);

  const bench = new Bench({ time: measuredTime, warmupTime: warmUpTime });
  bench
    .add('parse and validate the reference instance', () => parseInstance(referenceText))
    .add('compile the family-12x6x10 problem', () => compileProblem(family.instance, family.options))
    .add('build the published program of the reference instance', () => buildPublished(reference, presets.corrected))
    .add('build the strengthened program of family-12x6x10', () => buildStrengthened(family))
    .add('its optimal LP basis: factorise', () => basis.factorise())
    .add('the same: solve with it for one column (ftran)', () => basis.solveForward())
    .add('the same: solve with its transpose for one row (btran)', () => basis.solveBackward())
    .add('the same: pivot (ftran, btran, update, factorise when worn)', () => basis.pivot())
    .add('solve its LP from scratch', () => {
      new SimplexSolver(program).solve();
    })
    .add('fix a column in it and reoptimise, then release it', () => {
      const column = integers[turn++ % integers.length];
      warm.setColumnBounds(column, 0, 0);
      warm.solve();
      warm.setColumnBounds(column, program.columnLower[column], program.columnUpper[column]);
      warm.solve();
    })
    .add('family-12x6x10: price every deployment at the duals of the first and the last round', priceAllOptions)
    .add('separate all planning cuts at the LP optimum', () => {
      for (const cut of modelCuts) for (const _ of cut.separate(point));
    });
  for (const separator of generalCuts) {
    bench.add(`separate ${separator.name} cuts there`, () => {
      for (const _ of separator.separate(point, separation));
    });
  }
  bench
    .add('find plans for the reference instance by local search', () => findPlans(problem))
    .add('verify a plan of the reference instance', () => checkPlan(reference, presets.corrected, plan));
  await bench.run();
  const measurements = bench.tasks.map(({ name, result }) => {
    if (result?.state !== 'completed') throw new Error(`kernel "${name}" failed`);
    const { p50, p99, samplesCount } = result.latency;
    return { kernel: name, medianSeconds: p50 / 1000, p99Seconds: p99 / 1000, samples: samplesCount };
  });
  const { numRows, numColumns } = program;
  const rows = measurements.map(({ kernel, medianSeconds, p99Seconds, samples }) => [
    kernel,
    secondsText(medianSeconds),
    secondsText(p99Seconds),
    numberText(samples),
  ]);
  const preface = `By tinybench. The strengthened program of family-12x6x10 has ${numRows} rows and ${numColumns} columns.`;
  const table = markdownTable({ head: ['kernel', 'median', '99th percentile', 'samples'], rows });
  return { title: 'Suite kernels: single steps', body: `${preface}\n\n${table}`, measurements };
}
