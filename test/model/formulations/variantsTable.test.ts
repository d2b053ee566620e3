/**
 * Every figure of the table in docs/variants.md, by paths that do not build on each other: sizes and LP bounds by
 * building and relaxing each form, optima by the dynamic program over subsets, by HiGHS on the published program
 * (single placement), or by HiGHS on the dual form (split placement), and by the verifier's cost of the plan found.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../../src/model/compiled/indexedPlan.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { drawn } from '../../arbitrary/draws.ts';
import { solveWithHighs } from '../../oracle/highs.ts';
import { optimumOf, relativeDifference } from '../../oracle/optimum.ts';
import { subsetOptimum } from '../../oracle/subsetDynamicProgram.ts';
import { type Variant, variants } from '../../oracle/variants.ts';

const document = readFileSync(new URL('../../../docs/variants.md', import.meta.url), 'utf8');
const lines = new Map<string, string[]>();
for (const line of document.split('\n').filter((each) => each.startsWith('| '))) {
  const cells = line.split('|').map((cell) => cell.trim());
  lines.set(cells[1], cells.slice(2, -1));
}

/** Figures are printed with 6 decimals (optima) and 4 (LP bounds). */
const optimumDigits = 5e-6;
const boundDigits = 1e-4;

function isSeparable({ instance, options }: Variant): boolean {
  return (
    options.uncertainty === 'none' ||
    options.delayCostBudget === 'per-query' ||
    instance.uncertaintyBudget.delay >= instance.queryTypes.length
  );
}

describe('docs/variants.md', () => {
  it('lists every variant once', () => {
    const names = variants().map(({ name }) => name);
    expect(names.filter((name) => !lines.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(drawn(variants()))('variant $name of docs/variants.md', (variant) => {
  const { name, instance, options } = variant;
  const [optimum, ...figures] = lines.get(name) ?? [];
  const expected = Number(optimum);

  it('sizes and LP bounds', async () => {
    const problem = compileProblem(instance, options);
    const forms = [
      buildPublished(instance, options),
      buildStrengthened(problem, { robust: 'dual' }),
      buildStrengthened(problem),
    ];
    for (const [t, form] of forms.entries()) {
      expect(`${form.program.numRows} x ${form.program.numColumns}`).toBe(figures[2 * t]);
      expect(Math.abs((await optimumOf(form, true)) - Number(figures[2 * t + 1]))).toBeLessThan(boundDigits);
    }
  });

  it('optimum, and a plan of that cost that the verifier accepts', async () => {
    const problem = compileProblem(instance, options);
    const form =
      options.placement === 'single'
        ? buildPublished(instance, options)
        : buildStrengthened(problem, { robust: 'dual' });
    const solution = await solveWithHighs(form.program, { gap: 1e-9 });
    expect(solution.status).toBe('optimal');
    expect(Math.abs(solution.objective - expected)).toBeLessThan(optimumDigits);
    const { ok, cost } = checkPlan(instance, options, toPlan(problem, form.decode(solution.point)));
    expect(ok).toBe(true);
    expect(relativeDifference(cost.total, expected)).toBeLessThan(1e-8);
  });

  it.runIf(options.placement === 'single' && isSeparable(variant))('optimum by the dynamic program', () => {
    const { cost, isExact } = subsetOptimum(instance, options);
    expect(isExact).toBe(true);
    expect(Math.abs(cost - expected)).toBeLessThan(optimumDigits);
  });
});
