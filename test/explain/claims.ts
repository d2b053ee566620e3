/** Every claim that an explanation of infeasibility makes, checked by HiGHS on programs of the changed instances. */
import { expect } from 'vitest';
import { type Explanation, explain, type InfeasibleExplanation, type Loosening } from '../../src/explain/index.ts';
import { requirementsOf } from '../../src/explain/requirements.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../src/model/instance.ts';
import { resolveOptions } from '../../src/planner/resolveSolve.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { solveWithHighs } from '../oracle/highs.ts';

// biome-ignore lint/suspicious/noExplicitAny: fields are reached by the paths that explanations name
type Anything = any;

/** Whether HiGHS finds a plan: the independent judge of every claim. */
export async function isFeasible(instance: Instance, options: SolveOptions): Promise<boolean> {
  const { program } = buildStrengthened(compileProblem(instance, resolveOptions(options)));
  const { status } = await solveWithHighs({ ...program, cost: new Float64Array(program.numColumns) });
  if (status === 'limit') throw new Error('HiGHS ran into its limit');
  return status === 'optimal';
}

/**
 * The instance with loosenings applied through their paths, each to `part` of its change (or one unit less than all of
 * it).
 */
function relaxed(instance: Instance, loosenings: readonly Loosening[], less: readonly Loosening[] = []): Instance {
  const changed: Anything = structuredClone(instance);
  const dropped: number[] = [];
  for (const loosening of loosenings) {
    const { requirement, to } = loosening;
    const isLess = less.includes(loosening);
    const keys = requirement.path.split(/[.[\]]+/).filter((key) => key !== '');
    const holder = keys.slice(0, -1).reduce((at: Anything, key) => at[key], changed);
    const key = keys.at(-1)!;
    if (requirement.kind === 'replicas') {
      // The option's limit stands for the models that have none of their own.
      const most = isLess ? to! - 1 : to;
      for (const model of requirement.path === 'maxReplicas' ? changed.models : [holder]) model.maxReplicas = most;
    } else if (requirement.kind === 'allowed') {
      if (!isLess) delete changed.allowed;
    } else if (requirement.kind === 'forbidden') {
      if (!isLess) dropped.push(Number(key));
    } else if (requirement.kind === 'tp-degrees') {
      if (!isLess) holder[key] = [...(holder[key] ?? [1, 2, 4, 8]), to];
    } else if (requirement.kind === 'available') {
      holder[key] = isLess ? to! - 1 : to;
    } else {
      const from = requirement.value!;
      holder[key] = isLess ? from + 0.99 * (to! - from) : to;
    }
  }
  if (dropped.length > 0)
    changed.forbidden = changed.forbidden.filter((_: unknown, at: number) => !dropped.includes(at));
  return changed;
}

export function explainInfeasible(instance: Instance, options: SolveOptions): InfeasibleExplanation {
  const explanation: Explanation = explain(instance, options);
  if (explanation.status !== 'infeasible') throw new Error(`found ${explanation.status}, not infeasible`);
  return explanation;
}

/** Every claim of an explanation of infeasibility, by HiGHS. */
export async function checkClaims(instance: Instance, options: SolveOptions, explanation: InfeasibleExplanation) {
  expect(explanation).toMatchObject({ isIrreducible: true, isComplete: true });
  const requirements = requirementsOf(instance, resolveOptions(options));
  const named = new Set([...explanation.conflict, ...explanation.given].map(({ path }) => path));
  const only = (kept: ReadonlySet<string>) =>
    requirements.reduce((changed, each) => (kept.has(each.path) ? changed : each.without(changed)), instance);
  expect(await isFeasible(only(named), options)).toBe(false);
  for (const path of named) {
    const others = new Set(named);
    others.delete(path);
    expect({ path, isFeasible: await isFeasible(only(others), options) }).toEqual({ path, isFeasible: true });
  }
  const sets = [
    ...explanation.alone.map((loosening) => [loosening]),
    ...(explanation.together ? [explanation.together] : []),
  ];
  expect(sets.length).toBeGreaterThan(0);
  for (const set of sets) {
    expect(set.every(({ isVerified, isLeast }) => isVerified && isLeast)).toBe(true);
    expect(await isFeasible(relaxed(instance, set), options)).toBe(true);
    expect(await isFeasible(relaxed(instance, set, set), options)).toBe(false);
    for (const loosening of set) expect(await isFeasible(relaxed(instance, set, [loosening]), options)).toBe(false);
  }
}
