/** Times of the kernels with tinybench: factorise, solve, reoptimise, price a pattern, separate cuts. */
import { readFileSync } from 'node:fs';
import { Bench } from 'tinybench';
import { SimplexSolver } from '../src/lp/simplexSolver.ts';
import { buildPublished } from '../src/model/formulations/published.ts';
import { buildStrengthened } from '../src/model/formulations/strengthened.ts';
import { findPlans } from '../src/model/heuristics/index.ts';
import { toPlan } from '../src/model/indexedPlan.ts';
import { presets } from '../src/model/options.ts';
import { compileProblem } from '../src/model/planningProblem.ts';
import { parseInstance } from '../src/model/validateInstance.ts';
import { verifyPlan } from '../src/model/verifier.ts';
import { separableOptions } from './cases.ts';
import { markdownTable, numberText, secondsText } from './tables.ts';

export async function benchKernels(): Promise<{ title: string; body: string }> {
  const read = (name: string) => readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8');
  const referenceText = read('reference-seed42');
  const reference = parseInstance(referenceText);
  const family = compileProblem(parseInstance(read('family-12x6x10')), separableOptions);
  const problem = compileProblem(reference, presets.recommended);
  const strengthened = buildStrengthened(family).program;
  const plan = toPlan(problem, findPlans(problem)[0]!);
  const warm = new SimplexSolver(strengthened);
  warm.solve();
  const integers = [...strengthened.integrality.keys()].filter((column) => strengthened.integrality[column] === 1);
  let turn = 0;

  const bench = new Bench({ time: 600, warmupTime: 200 });
  bench
    .add('parse and validate the reference instance', () => parseInstance(referenceText))
    .add('compile the family-12x6x10 problem', () => compileProblem(family.instance, family.options))
    .add('build the published program of the reference instance', () => buildPublished(reference, presets.recommended))
    .add('build the strengthened program of family-12x6x10', () => buildStrengthened(family))
    .add('solve its LP from scratch', () => {
      new SimplexSolver(strengthened).solve();
    })
    .add('fix a column in it and reoptimise, then release it', () => {
      const column = integers[turn++ % integers.length]!;
      warm.setColumnBounds(column, 0, 0);
      warm.solve();
      warm.setColumnBounds(column, strengthened.columnLower[column]!, strengthened.columnUpper[column]!);
      warm.solve();
    })
    .add('find plans for the reference instance by local search', () => findPlans(problem))
    .add('verify a plan of the reference instance', () => verifyPlan(reference, presets.recommended, plan));
  await bench.run();
  const rows = bench.tasks.map(({ name, result }) => {
    if (result?.state !== 'completed') return [name, 'failed', '-', '-'];
    const { latency } = result;
    return [name, secondsText(latency.p50 / 1000), secondsText(latency.p99 / 1000), numberText(latency.samplesCount)];
  });
  return { title: 'Kernels', body: markdownTable(['kernel', 'median', '99th percentile', 'samples'], rows) };
}
