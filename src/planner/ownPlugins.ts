/**
 * Plugins of ours for the search of plans that no strategy has unless it names them: those of any program, and greedy
 * construction as a baseline for the others.
 */

import { loadPlugins } from '../bnb/plugins/loadPlugins.ts';
import { ownPlugins as programPlugins } from '../bnb/plugins/ours/index.ts';
import type { Plugin } from '../bnb/plugins/plugin.ts';
import { greedyPlan } from '../heuristics/greedy.ts';
import { drain } from '../lp/steps.ts';
import { compileProblem } from '../model/compiled/compileProblem.ts';
import { toPlan } from '../model/compiled/indexedPlan.ts';
import type { PlanHeuristic } from './solveOptions.ts';

export const ownPlugins: readonly Plugin[] = [
  ...programPlugins,
  greedy('greedy', false),
  greedy('adaptive-greedy', true),
];

/**
 * Plugins by name, or by the URL of their module.
 * @throws PluginModuleError
 */
export async function pluginsNamed(names: readonly string[]): Promise<readonly Plugin[]> {
  const found: Plugin[] = [];
  for (const wanted of names) {
    const own = ownPlugins.find(({ name }) => name === wanted);
    found.push(...(own === undefined ? await loadPlugins([wanted]) : [own]));
  }
  return found;
}

/** Runs once, before the root, beside or (`heuristics: false`) in place of our construction. */
function greedy(name: string, adapts: boolean): PlanHeuristic {
  return {
    kind: 'heuristic',
    for: 'plan',
    name,
    letter: 'G',
    wants: ({ nodes }) => nodes === 0,
    run: ({ instance, options, shouldStop }) => {
      const problem = compileProblem(instance, options);
      const plan = drain(greedyPlan(problem, { adapts, shouldStop }));
      return plan === null ? [] : [toPlan(problem, plan)];
    },
  };
}
